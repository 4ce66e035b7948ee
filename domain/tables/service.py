"""Sit down, find one's table, keep it alive, leave it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.shop.snapshot import Store
from domain.storage import Prepared, UtcDateTime, insert_once
from domain.tables.errors import StoreClosedError, UnknownTableError
from domain.tables.models import TableGuest, TableSession
from domain.tables.rules import is_idle


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a diner sits now."""

    session_id: str
    store_id: str
    table_code: str
    opened_by: str
    touched_at: datetime


_SEAT = select(TableSession.id, TableSession.store_id, TableSession.table_code, TableSession.opened_by, TableSession.touched_at).where(
    TableSession.active_key.is_not(None)
)
_AT_TABLE = Prepared(_SEAT.where(TableSession.active_key == bindparam("active_key")))
_OF_DINER = Prepared(_SEAT.join(TableGuest, TableGuest.session_id == TableSession.id).where(TableGuest.diner_id == bindparam("diner_id")))
_TOUCH = Prepared(update(TableSession).where(TableSession.id == bindparam("of")).values(touched_at=bindparam("now", type_=UtcDateTime)))


def scan_table(session: Session, store: Store, table_code: str, diner_id: str, *, now: datetime) -> Seat:
    """Start the table's session, or join the one that runs. A diner sits at one table at a time.

    Raises:
        UnknownTableError: No such table in this store.
        StoreClosedError: The store is closed and nobody sits there.
    """
    if table_code not in store.tables:
        raise UnknownTableError(store=store.name, table=table_code)
    active_key = f"{store.id}:{table_code}"
    seat = _active(session, active_key, now=now)
    if seat is None:
        if not store.is_open(now):
            raise StoreClosedError(store=store.name)
        row = {
            "id": new_id(now),
            "store_id": store.id,
            "table_code": table_code,
            "active_key": active_key,
            "opened_by": diner_id,
            "opened_at": now,
            "touched_at": now,
        }
        insert_once(session, TableSession, row)  # two phones scan at once: the unique key lets one open
        seat = _active(session, active_key, now=now)
        assert seat is not None
    session.execute(delete(TableGuest).where(TableGuest.diner_id == diner_id, TableGuest.session_id != seat.session_id))
    insert_once(session, TableGuest, {"session_id": seat.session_id, "diner_id": diner_id, "joined_at": now})
    return seat


def find_seat(session: Session, diner_id: str, *, now: datetime) -> Seat | None:
    """The live session a diner sits in, or None."""
    row = _OF_DINER.first(session, diner_id=diner_id)
    if row is None:
        return None
    seat = Seat(*row)
    return None if is_idle(seat.touched_at, now) else seat


def touch(session: Session, session_id: str, *, now: datetime) -> None:
    """Something happened at the table: the idle clock starts again."""
    _TOUCH.run(session, of=session_id, now=now)


def end_session(session: Session, session_id: str, *, reason: str, now: datetime) -> bool:
    """End a session. Args: reason: "paid", "idle" or "staff". Returns: False when it had ended before."""
    ended = session.execute(
        update(TableSession)
        .where(TableSession.id == session_id, TableSession.active_key.is_not(None))
        .values(active_key=None, ended_at=now, end_reason=reason)
    )
    session.execute(delete(TableGuest).where(TableGuest.session_id == session_id))
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def guests_of(session: Session, session_id: str) -> list[str]:
    """The diners at the table, in the order in which they scanned."""
    rows = session.execute(select(TableGuest.diner_id).where(TableGuest.session_id == session_id).order_by(TableGuest.joined_at))
    return list(rows.scalars())


def _active(session: Session, active_key: str, *, now: datetime) -> Seat | None:
    row = _AT_TABLE.first(session, active_key=active_key)
    if row is None:
        return None
    seat = Seat(*row)
    if is_idle(seat.touched_at, now):
        end_session(session, seat.session_id, reason="idle", now=now)
        return None
    return seat
