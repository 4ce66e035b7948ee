"""Two diners who are one person: what they have booked, and where they wait, belongs to the one who remains."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.experiences.models import BookedExperience, WaitingParty


def merge_experiences(session: Session, source: str, target: str) -> None:
    """Bookings and waiting places of `source` are those of `target`. Twice is once.

    Nothing is lost: of two bookings of one day, or two places on one list, both stay until the diner gives one up.
    """
    for table in (BookedExperience, WaitingParty):
        _rekey(session, table, source, target)
        moved = update(table).where(table.diner_id == source).values(diner_id=target)
        session.execute(moved, execution_options=_UNSYNCHRONIZED)


def _rekey(session: Session, table: Any, source: str, target: str) -> None:
    """What is unique for a living one is unique for the diner who remains from now on, where nothing stands there already."""
    living = select(table.id, table.living_key).where(table.diner_id == source, table.living_key.is_not(None)).order_by(table.id)
    for row_id, key in session.execute(living).all():
        new = key.replace(source, target)
        if session.execute(select(table.id).where(table.living_key == new)).first() is None:
            session.execute(update(table).where(table.id == row_id).values(living_key=new), execution_options=_UNSYNCHRONIZED)


_UNSYNCHRONIZED = {"synchronize_session": False}
