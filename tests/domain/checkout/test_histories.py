"""Whatever happens in the house, in whatever order: lots, entries and balances agree, lines add up, every fen is accounted for."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import Engine, create_engine, insert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from domain.benefits.service import merge_benefits
from domain.checkout.billing import ask_for_payment
from domain.checkout.changes import cancel, join, merge, split, void
from domain.checkout.purses import Wish
from domain.checkout.refunds import refund_lines
from domain.checkout.service import lapse, settle
from domain.coupons.service import expire_coupons, merge_coupons
from domain.coupons.terms import Terms
from domain.grants.rewards import redeem_reward
from domain.grants.service import grant_coupon, grant_points, merge_grants, take_back
from domain.kernel.errors import DomainError
from domain.members.identities import resolve
from domain.members.merging import Proof
from domain.members.merging import merge as merge_members
from domain.messaging.models import OutboxEvent
from domain.orders.service import move_order
from domain.orders.rules import OrderState
from domain.payments.rules import BILL_LIFE
from domain.payments.service import get_payment
from domain.points.service import expire_points, merge_points
from domain.reactions.members import bring_level_in_line
from domain.reactions.proofs import prove
from domain.storage import savepoint
from domain.storage.database import ROUTES, WOKEN
from domain.storage.prepared import DRIVER
from domain.storage.sqlite import sqlite_engine
from haowei.routing import ROUTES as HOUSE_ROUTES
from tests.clock import SATURDAY_EVENING
from tests.domain.checkout import house
from tests.domain.checkout.books import Books, OrderRow, read_books
from tests.domain.checkout.house import SHOP
from tests.schema import SqliteTemplate
