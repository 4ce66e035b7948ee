"""Sit down, find one's table, keep it alive, leave it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.messaging import emit
from domain.shop.store import Store, Table
from domain.storage import Prepared, UtcDateTime, insert_once
from domain.tables.errors import StoreClosedError, UnknownTableError
from domain.tables.events import PartyLeft
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


LIVE_SEAT = select(TableSession.id, TableSession.store_id, TableSession.table_code, TableSession.opened_by, TableSession.touched_at).where(
    TableSession.active_key.is_not(None)
)
"""Every live session, in the order of a Seat's fields."""
_AT_TABLE = Prepared(LIVE_SEAT.where(TableSession.active_key == bindparam("active_key")))
_BY_ID = Prepared(LIVE_SEAT.where(TableSession.id == bindparam("of")))
_OF_DINER = Prepared(
    LIVE_SEAT.join(TableGuest, TableGuest.session_id == TableSession.id).where(TableGuest.diner_id == bindparam("diner_id"))
)
_TOUCH = Prepared(update(TableSession).where(TableSession.id == bindparam("of")).values(touched_at=bindparam("now", type_=UtcDateTime)))


def scan_table(session: Session, store: Store, table_code: str, diner_id: str, *, now: datetime) -> Seat:
    """Start the table's session, or join the one that runs. A diner sits at one table at a time.

    Raises:
        UnknownTableError: No such table in this store.
        StoreClosedError: The store is closed and nobody sits there.
    """
    if table_code not in store.tables:
        raise UnknownTableError(store=store.name, table=table_code)
    seat = find_seat_at(session, store.id, table_code, now=now)
    if seat is None:
        if not store.is_open(now):
            raise StoreClosedError(store=store.name)
        row = {
            "id": new_id(now),
            "store_id": store.id,
            "table_code": table_code,
            "active_key": active_key(store.id, table_code),
            "opened_by": diner_id,
            "opened_at": now,
            "touched_at": now,
        }
        insert_once(session, TableSession, row)  # two phones scan at once: the unique key lets one open
        seat = find_seat_at(session, store.id, table_code, now=now)
        assert seat is not None
    session.execute(delete(TableGuest).where(TableGuest.diner_id == diner_id, TableGuest.session_id != seat.session_id))
    insert_once(session, TableGuest, {"session_id": seat.session_id, "diner_id": diner_id, "joined_at": now})
    sits = _OF_DINER.first(session, diner_id=diner_id)
    if sits is None or Seat(*sits).table_code != table_code:  # the party left or moved this moment
        return scan_table(session, store, table_code, diner_id, now=now)
    return seat


def active_key(store_id: str, table_code: str) -> str:
    """Under which key a live session is unique: its table."""
    return f"{store_id}:{table_code}"


def find_seat_at(session: Session, store_id: str, table_code: str, *, now: datetime) -> Seat | None:
    """The live session at a table, or None. One that was idle for too long is ended by the look at it."""
    row = _AT_TABLE.first(session, active_key=active_key(store_id, table_code))
    if row is None:
        return None
    seat = Seat(*row)
    if is_idle(seat.touched_at, now):
        end_session(session, seat.session_id, reason="idle", now=now)
        return None
    return seat


def find_seat(session: Session, diner_id: str, *, now: datetime) -> Seat | None:
    """The live session a diner sits in, or None."""
    row = _OF_DINER.first(session, diner_id=diner_id)
    if row is None:
        return None
    seat = Seat(*row)
    return None if is_idle(seat.touched_at, now) else seat


def free_tables(session: Session, store: Store, *, now: datetime) -> list[Table]:
    """The tables of a store where nobody sits, in the order of their codes; who has booked one is not looked at."""
    taken = {row[2] for row in session.execute(LIVE_SEAT.where(TableSession.store_id == store.id)) if not is_idle(row[4], now)}
    return [store.tables[code] for code in sorted(store.tables) if code not in taken]


def is_live(session: Session, seat: Seat) -> bool:
    """Whether the session has neither ended nor moved since it was looked at."""
    row = _BY_ID.first(session, of=seat.session_id)
    return row is not None and Seat(*row).table_code == seat.table_code


def touch(session: Session, session_id: str, *, now: datetime) -> None:
    """Something happened at the table: the idle clock starts again."""
    _TOUCH.run(session, of=session_id, now=now)


def end_session(session: Session, session_id: str, *, reason: str, now: datetime) -> bool:
    """End a session.

    Args:
        reason: "paid", "idle", "staff" or "merged".

    Returns:
        False when it had ended before.

    Emits: PartyLeft, when it is known that the party left: paid, or said by the staff.
    """
    ended = session.execute(
        update(TableSession)
        .where(TableSession.id == session_id, TableSession.active_key.is_not(None))
        .values(active_key=None, ended_at=now, end_reason=reason)
    )
    session.execute(delete(TableGuest).where(TableGuest.session_id == session_id))
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        return False
    if reason in {"paid", "staff"}:
        where = select(TableSession.store_id, TableSession.table_code, TableSession.opened_at).where(TableSession.id == session_id)
        store_id, table_code, opened_at = session.execute(where).one()
        emit(session, PartyLeft(session_id, store_id, table_code, opened_at.isoformat(), now.isoformat()), now=now)
    return True


def sessions_of(session: Session, diner_id: str) -> list[str]:
    """The live sessions in which a diner sits: one, but for who turns out to be two."""
    live = select(TableSession.id).join(TableGuest, TableGuest.session_id == TableSession.id).where(TableSession.active_key.is_not(None))
    return list(session.execute(live.where(TableGuest.diner_id == diner_id)).scalars())


def merge_guests(session: Session, source: str, target: str) -> None:
    """Two diners were one: who of them sits keeps the seat; of two seats the one that was taken last. Twice is once."""
    unsynchronized = {"synchronize_session": False}
    opened = update(TableSession).where(TableSession.opened_by == source, TableSession.active_key.is_not(None)).values(opened_by=target)
    session.execute(opened, execution_options=unsynchronized)
    seats = select(TableGuest.session_id, TableGuest.diner_id, TableGuest.joined_at).where(TableGuest.diner_id.in_((source, target)))
    taken = session.execute(seats.order_by(TableGuest.joined_at.desc(), TableGuest.session_id)).all()
    if source not in {row[1] for row in taken}:
        return
    for session_id, diner_id, _ in taken:
        session.execute(delete(TableGuest).where(TableGuest.session_id == session_id, TableGuest.diner_id == diner_id))
    insert_once(session, TableGuest, {"session_id": taken[0][0], "diner_id": target, "joined_at": taken[0][2]})


def guests_of(session: Session, session_id: str) -> list[str]:
    """The diners at the table, in the order in which they scanned."""
    rows = session.execute(select(TableGuest.diner_id).where(TableGuest.session_id == session_id).order_by(TableGuest.joined_at))
    return list(rows.scalars())
