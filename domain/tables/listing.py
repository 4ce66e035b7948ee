"""The parties of a store as they sit now, for who looks at the whole floor. Only reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.tables.models import TableGuest, TableSession
from domain.tables.rules import is_idle


@dataclass(frozen=True, slots=True)
class Party:
    """A party at its table. Attributes: phones: How many diners have scanned the table's code; the party may be more."""

    session_id: str
    table_code: str
    opened_at: datetime
    phones: int


def parties_of(session: Session, store_id: str, *, now: datetime) -> Sequence[Party]:
    """The live parties of a store, who came first first; those that were idle for too long are none."""
    phones = select(func.count()).where(TableGuest.session_id == TableSession.id).correlate(TableSession).scalar_subquery()
    rows = session.execute(
        select(TableSession.id, TableSession.table_code, TableSession.opened_at, phones, TableSession.touched_at)
        .where(TableSession.store_id == store_id, TableSession.active_key.is_not(None))
        .order_by(TableSession.opened_at, TableSession.id)
    ).all()
    return [Party(*row[:4]) for row in rows if not is_idle(row[4], now)]
