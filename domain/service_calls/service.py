"""Call, take, finish, take back; and call louder when nobody comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.messaging import emit
from domain.service_calls.errors import CallOverError, CallTakenError, NotYourCallError, TooManyCallsError
from domain.service_calls.events import CallEscalated, CallMade, CallNudged, CallTaken, CallUntakenDue, CallWithdrawn
from domain.service_calls.listing import Call, find_call, get_call
from domain.service_calls.models import ServiceCall
from domain.service_calls.rules import (
    CALLS_WITHIN,
    ESCALATES_AFTER,
    LIVE,
    MOST_CALLS,
    MOST_KEPT,
    MOST_NUDGES,
    MOST_WORDS,
    CallKind,
    CallState,
)
from domain.shop.store import Store
from domain.storage import insert_once
from domain.stores.models import StoreTable
from domain.tables.errors import UnknownTableError
from domain.tables.models import TableSession
from domain.tables.service import find_seat_at

_LIVE = [state.value for state in LIVE]
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Called:
    """What calling came to. `fresh`: nobody had called for this; `nudged`: the staff were told once more."""

    call: Call
    fresh: bool
    nudged: bool = False


def call_staff(
    session: Session, store: Store, table_code: str, kind: CallKind, *, diner_id: str | None, words: str = "", now: datetime
) -> Called:
    """A table calls for the staff. One open call for each party and kind: who calls again is told so, and the staff hear it once more.

    Args:
        diner_id: None when no diner calls, but the staff for a table, or a bell on it.
        words: The diner's own; 40 characters are kept.

    Raises:
        UnknownTableError: The store has no such table.
        TooManyCallsError: This diner has called so often that the staff come first.

    Emits: CallMade, or CallNudged at the first repetition while nobody has taken it.
    Source: RESTAURANT, Service calls.
    """
    if table_code not in store.tables:
        raise UnknownTableError(store=store.name, table=table_code)
    # Calls of one table wait in one line: at its row, which nothing else holds for long.
    session.execute(select(StoreTable.code).where(StoreTable.store_id == store.id, StoreTable.code == table_code).with_for_update()).all()
    seat = find_seat_at(session, store.id, table_code, now=now)
    session_id = seat.session_id if seat else None
    key = f"{session_id or f'{store.id}:{table_code}'}:{kind.value}"
    # Nobody finishes it while it is looked at: who calls again is not told that a call stands which is over.
    session.execute(select(ServiceCall.id).where(ServiceCall.active_key == key).with_for_update()).all()
    standing = find_call(session, ServiceCall.active_key == key)
    if standing is not None and standing.is_forgotten(now):
        _settle(session, standing.id, CallState.ENDED, now=now)
        standing = None
    if standing is not None:
        return _called_before(session, store, standing, words.strip()[:MOST_WORDS], now=now)
    if diner_id is not None and _calls_lately(session, diner_id, now=now) >= MOST_CALLS:
        raise TooManyCallsError(most=MOST_CALLS)
    row = {
        "id": new_id(now),
        "store_id": store.id,
        "table_code": table_code,
        "session_id": session_id,
        "diner_id": diner_id,
        "kind": kind.value,
        "words": words.strip()[:MOST_WORDS],
        "state": CallState.OPEN.value,
        "active_key": key,
        "nudges": 0,
        "escalations": 0,
        "called_at": now,
    }
    fresh = insert_once(session, ServiceCall, row)
    call = find_call(session, ServiceCall.active_key == key)
    assert call is not None
    if fresh:
        emit(session, CallMade(**_fields(store, call)), now=now)
        _look_again(session, call, 1, now=now)
    return Called(call, fresh=fresh)


def take_call(session: Session, store: Store, call_id: str, *, by: str, now: datetime) -> Call:
    """A member of staff is on the way. Of two who take it one has it.

    Args:
        by: Id of the member of staff.

    Raises:
        CallTakenError: A colleague was quicker.
        CallOverError: It is finished, taken back, or the party has left.

    Emits: CallTaken.
    """
    call = _of_store(session, store, call_id)
    taken = _move(session, call_id, (CallState.OPEN,), state=CallState.TAKEN.value, taken_by=by, taken_at=now)
    if not taken:
        raise _why_not(session, call, by)
    emit(session, CallTaken(**_fields(store, call), taken_by=by, taken_at=now.isoformat()), now=now)
    return get_call(session, call_id)


def finish_call(session: Session, store: Store, call_id: str, *, by: str, now: datetime) -> Call:
    """What was called for is done, also by somebody who never said that they go.

    Raises:
        CallOverError: It was finished or taken back before.
    """
    call = _of_store(session, store, call_id)
    done = {"state": CallState.DONE.value, "active_key": None, "settled_at": now, "taken_by": func.coalesce(ServiceCall.taken_by, by)}
    if not _move(session, call_id, tuple(LIVE), **done):
        raise CallOverError(table=call.table_code, title=call.title)
    return get_call(session, call_id)


def withdraw_call(session: Session, store: Store, call_id: str, *, diner_id: str, session_id: str | None, now: datetime) -> Call:
    """不用了: whoever called, or somebody at the same table, needs nobody any more.

    Args:
        session_id: The party the diner sits with; None when nowhere.

    Raises:
        NotYourCallError: Another table's.
        CallOverError: It is over already.

    Emits: CallWithdrawn.
    """
    mine = session.execute(select(ServiceCall.diner_id, ServiceCall.session_id).where(ServiceCall.id == call_id)).first()
    if mine is None or (mine.diner_id != diner_id and (session_id is None or mine.session_id != session_id)):
        raise NotYourCallError
    call = get_call(session, call_id)
    if not _settle(session, call_id, CallState.WITHDRAWN, now=now):
        raise CallOverError(table=call.table_code, title=call.title)
    emit(session, CallWithdrawn(**_fields(store, call), withdrawn_at=now.isoformat()), now=now)
    return call


def end_calls_at(session: Session, store_id: str, table_code: str, *, now: datetime, session_id: str | None = None) -> None:
    """A party has left its table: nobody waits for what it called, and who sits down there next has called for nothing.

    Args:
        now: When it left; what is called at the table later is another party's.
        session_id: Its session, when somebody had scanned: its calls end wherever it had moved.
    """
    of_table = (ServiceCall.table_code == table_code) & ServiceCall.session_id.is_(None) & (ServiceCall.called_at <= now)
    ended = (
        update(ServiceCall)
        .where(ServiceCall.store_id == store_id, ServiceCall.state.in_(_LIVE), or_(of_table, ServiceCall.session_id == session_id))
        .values(state=CallState.ENDED.value, active_key=None, settled_at=now)
    )
    session.execute(ended.execution_options(synchronize_session=False))


def merge_calls(session: Session, source: str, target: str) -> None:
    """Two diners are one person: the calls of `source` are those of `target`. Twice is once."""
    moved = update(ServiceCall).where(ServiceCall.diner_id == source).values(diner_id=target)
    session.execute(moved.execution_options(synchronize_session=False))


def escalate(session: Session, store: Store, call_id: str, times: int, *, now: datetime) -> bool:
    """Three minutes have passed, or six: when nobody has taken the call, the house hears it again, marked.

    Args:
        times: 1 or 2: the how-manieth look this is. Each counts once.

    Returns:
        Whether it was called again. False when it is taken or over; a call whose party has left, or whose table is forgotten after
        an outage, ends here.

    Emits: CallEscalated.
    """
    call = find_call(session, ServiceCall.id == call_id)
    if call is None or call.state is not CallState.OPEN:
        return False
    if call.is_forgotten(now) or _left(session, call_id):
        _settle(session, call_id, CallState.ENDED, now=now)
        return False
    louder = (
        update(ServiceCall)
        .where(ServiceCall.id == call_id, ServiceCall.state == CallState.OPEN.value, ServiceCall.escalations == times - 1)
        .values(escalations=times)
    )
    if session.execute(louder.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        return False
    minutes = max(1, (now - call.called_at) // _MINUTE)
    emit(session, CallEscalated(**_fields(store, call), minutes=minutes, times=times, escalated_at=now.isoformat()), now=now)
    if times < len(ESCALATES_AFTER):
        _look_again(session, call, times + 1, now=now)
    return True


def _calls_lately(session: Session, diner_id: str, *, now: datetime) -> int:
    lately = select(func.count()).where(ServiceCall.diner_id == diner_id, ServiceCall.called_at > now - CALLS_WITHIN)
    return session.execute(lately).scalar_one()


def _called_before(session: Session, store: Store, call: Call, words: str, *, now: datetime) -> Called:
    """The same again: the staff hear it once more while nobody goes. Something else, of what has no kind, is put to it."""
    more = call.kind is CallKind.OTHER and bool(words) and words not in call.words
    told = update(ServiceCall).where(ServiceCall.id == call.id)
    if more:
        told = told.where(ServiceCall.state.in_(_LIVE), ServiceCall.nudges < MOST_NUDGES)
        values = {"nudges": ServiceCall.nudges + 1, "words": f"{call.words}；{words}"[-MOST_KEPT:]}
    else:
        told = told.where(ServiceCall.state == CallState.OPEN.value, ServiceCall.nudges == 0)
        values = {"nudges": ServiceCall.nudges + 1}
    if session.execute(told.values(**values).execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        return Called(get_call(session, call.id), fresh=False)
    emit(session, CallNudged(**{**_fields(store, call), "words": words or call.words}, nudged_at=now.isoformat()), now=now)
    return Called(get_call(session, call.id), fresh=False, nudged=True)


def _look_again(session: Session, call: Call, times: int, *, now: datetime) -> None:
    due_at = call.called_at + ESCALATES_AFTER[times - 1]
    emit(session, CallUntakenDue(call_id=call.id, times=times), now=now, due_at=due_at, key=f"call:{call.id}:{times}")


def _of_store(session: Session, store: Store, call_id: str) -> Call:
    """A call of a store whose party is still there. Raises: CallOverError."""
    call = find_call(session, ServiceCall.id == call_id)
    if call is None or call.store_id != store.id or _left(session, call_id):
        raise CallOverError(table=call.table_code if call else "", title=call.title if call else "")
    return call


def _why_not(session: Session, call: Call, by: str) -> CallTakenError | CallOverError:
    now_is = get_call(session, call.id)
    kind = CallTakenError if now_is.state is CallState.TAKEN and now_is.taken_by != by else CallOverError
    return kind(table=call.table_code, title=call.title)


def _left(session: Session, call_id: str) -> bool:
    party = select(TableSession.active_key).join(ServiceCall, ServiceCall.session_id == TableSession.id).where(ServiceCall.id == call_id)
    row = session.execute(party).first()
    return row is not None and row[0] is None


def _settle(session: Session, call_id: str, state: CallState, *, now: datetime) -> bool:
    return _move(session, call_id, tuple(LIVE), state=state.value, active_key=None, settled_at=now)


def _move(session: Session, call_id: str, origins: Sequence[CallState], **values: Any) -> bool:
    moved = update(ServiceCall).where(ServiceCall.id == call_id, ServiceCall.state.in_([state.value for state in origins])).values(**values)
    return bool(session.execute(moved.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def _fields(store: Store, call: Call) -> dict[str, Any]:
    return {
        "call_id": call.id,
        "store_id": store.id,
        "zone": store.timezone,
        "table_code": call.table_code,
        "kind": call.kind.value,
        "title": call.title,
        "words": call.words,
        "diner_id": call.diner_id,
        "called_at": call.called_at.isoformat(),
    }
