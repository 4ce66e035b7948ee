"""A party at another table: its session moves there, or goes up in the session that is there. Its orders are domain/orders/moving.py."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.shop.store import Store
from domain.storage import Prepared, UtcDateTime, insert_once
from domain.storage.unique import is_duplicate
from domain.tables.errors import SessionEndedError, TableTakenError, UnknownTableError
from domain.tables.models import TableGuest, TableSession
from domain.tables.rules import is_idle
from domain.tables.service import LIVE_SEAT, Seat, active_key, end_session, find_seat_at, touch

_SIT_AT = Prepared(
    update(TableSession)
    .where(TableSession.id == bindparam("of"), TableSession.active_key.is_not(None))
    .values(
        table_code=bindparam("to_code"),
        active_key=bindparam("to_key"),
        touched_at=bindparam("now", type_=UtcDateTime),
    )
)


def lock_sessions(session: Session, store: Store, session_ids: Iterable[str], *, now: datetime) -> dict[str, Seat]:
    """The live sessions of these ids, locked in the order of their ids. Who locks orders too locks those first.

    Raises:
        SessionEndedError: One of them is over, or is no session of this store.
    """
    seats = {}
    for session_id in sorted(set(session_ids)):
        locked = LIVE_SEAT.where(TableSession.id == session_id, TableSession.store_id == store.id).with_for_update()
        seat = next((Seat(*row) for row in session.execute(locked)), None)
        if seat is None or is_idle(seat.touched_at, now):
            raise SessionEndedError
        seats[session_id] = seat
    return seats


def move_session(session: Session, store: Store, seat: Seat, to_code: str, *, now: datetime) -> Seat:
    """Sit a locked session down at a free table of its store. The session stays the same, and so do its guests.

    Raises:
        UnknownTableError: No such table in this store.
        TableTakenError: Another party sits there.
    """
    if to_code not in store.tables:
        raise UnknownTableError(store=store.name, table=to_code)
    if find_seat_at(session, store.id, to_code, now=now) is not None:
        raise TableTakenError(table=to_code)
    try:
        moved = _SIT_AT.run(session, of=seat.session_id, to_code=to_code, to_key=active_key(store.id, to_code), now=now)
    except IntegrityError as error:
        if is_duplicate(error):  # someone sat down there since the look
            raise TableTakenError(table=to_code) from None
        raise
    if not moved:
        raise SessionEndedError
    return replace(seat, table_code=to_code, touched_at=now)


def merge_sessions(session: Session, source: Seat, target: Seat, *, now: datetime) -> None:
    """End a locked session for good; its guests sit at the other one. Who opened the other one speaks for all."""
    guests = select(TableGuest.diner_id, TableGuest.joined_at).where(TableGuest.session_id == source.session_id)
    for diner_id, joined_at in session.execute(guests.order_by(TableGuest.joined_at)).all():
        insert_once(session, TableGuest, {"session_id": target.session_id, "diner_id": diner_id, "joined_at": joined_at})
    end_session(session, source.session_id, reason="merged", now=now)
    touch(session, target.session_id, now=now)
