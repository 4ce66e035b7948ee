"""Diners and members for the tests of this slice."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.kernel.money import Fen
from domain.members.levels import record_spending
from domain.members.models import Membership
from domain.members.service import join, meet_diner
from domain.members.vault import Vault
from domain.messaging.models import OutboxEvent

VAULT = Vault(b"s" * 32)
TODAY = date(2026, 11, 21)


def new_diner(session: Session, name: str, *, now: datetime) -> str:
    """Somebody who wrote from this address."""
    return meet_diner(session, VAULT, name, now=now)


def new_member(session: Session, name: str, *, now: datetime) -> str:
    """Somebody who wrote from this address and joined."""
    diner_id = meet_diner(session, VAULT, name, now=now)
    join(session, diner_id, text_version="2026-11", now=now)
    return diner_id


def number_of(session: Session, diner_id: str) -> str:
    """The number on a member's card."""
    return session.execute(select(Membership.member_number).where(Membership.diner_id == diner_id)).scalar_one()


def spend(session: Session, diner_id: str, order: str, yuan: int, *, now: datetime, day: date = TODAY, visit: str = "") -> bool:
    """A paid order; a visit of its own unless one is named."""
    return record_spending(session, diner_id, order_id=order, visit=visit or order, business_day=day, net_fen=Fen(yuan * 100), now=now)


def events(session: Session, name: str) -> list[dict[str, object]]:
    """What was told under a name, oldest first."""
    told = select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.id)
    return list(session.execute(told).scalars())
