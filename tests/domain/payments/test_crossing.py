"""A bill that is asked for once more in the moment in which it is paid, as it may be on MariaDB."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.payments.models import Payment
from domain.payments.prepaid import ask_once, money_left
from domain.payments.service import confirm_payment
from tests.domain.crossing import LONGEST, Act, crossed, done

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def pays(bill: Payment) -> Act:
    return partial(confirm_payment, payment_id=bill.id, fen=bill.fen, method="simulated", external_no=bill.id, now=NOW)


def test_who_asks_for_a_bill_while_paying_it_is_not_asked_to_pay_twice(server: Engine) -> None:
    diner = done(server, lambda session: meet_diner(session, Vault(b"s" * 32), "o1", now=NOW))
    for before in range(LONGEST):
        asks = partial(ask_once, kind="booking", payable_id=f"B{before}", diner_id=diner, fen=Fen(20000), now=NOW)
        bill = done(server, asks)

        again, _, crossing = crossed(server, asks, pays(bill), before=before)
        done(server, pays(again))

        assert done(server, partial(money_left, kind="booking", payable_id=f"B{before}")) == 20000, f"before statement {before}"
        if not crossing:
            return
    pytest.fail("the act had no end")
