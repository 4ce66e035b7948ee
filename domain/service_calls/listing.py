"""Calls as they stand: one of them, those of a store, those of a diner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from domain.service_calls.models import ServiceCall
from domain.service_calls.rules import FORGOTTEN_AFTER, LIVE, TITLES, CallKind, CallState
from domain.tables.models import TableSession

_LIVE = [state.value for state in LIVE]


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the database has it. `table_code` is where the party sits now, also when it has moved since."""

    id: str
    store_id: str
    table_code: str
    session_id: str | None
    diner_id: str | None
    kind: CallKind
    words: str
    state: CallState
    called_at: datetime
    taken_by: str | None

    def is_forgotten(self, now: datetime) -> bool:
        """Whether it was made so long ago, at a table where nobody scanned, that nobody waits for it any more."""
        return self.session_id is None and now - self.called_at > FORGOTTEN_AFTER

    @property
    def title(self) -> str:
        """What it is for, in a few words."""
        return TITLES[self.kind]


def get_call(session: Session, call_id: str) -> Call:
    """A call that is known to exist."""
    call = find_call(session, ServiceCall.id == call_id)
    assert call is not None
    return call


def find_call(session: Session, which: ColumnElement[bool]) -> Call | None:
    """The call of which something is true, or None. Args: which: About ServiceCall; true of one row at most."""
    row = session.execute(_rows().where(which)).first()
    return None if row is None else _call(row)


def list_calls(session: Session, store_id: str, *, now: datetime, table_code: str | None = None) -> Sequence[Call]:
    """The calls of a store that somebody still waits for, the oldest first. Calls of parties that have left are none.

    Args:
        table_code: Only of this table, by where its party sits now.
    """
    waits = or_(TableSession.active_key.is_not(None), ServiceCall.session_id.is_(None) & (ServiceCall.called_at > now - FORGOTTEN_AFTER))
    here = _rows().where(ServiceCall.store_id == store_id, ServiceCall.state.in_(_LIVE), waits)
    calls = [_call(row) for row in session.execute(here.order_by(ServiceCall.called_at, ServiceCall.id))]
    return [call for call in calls if table_code in {None, call.table_code}]


def calls_of_diner(session: Session, diner_id: str, session_id: str | None, *, now: datetime) -> Sequence[Call]:
    """What a diner, or the party they sit with, still waits for; the newest first."""
    mine = ServiceCall.session_id == session_id if session_id else ServiceCall.diner_id == diner_id
    recent = ServiceCall.called_at > now - FORGOTTEN_AFTER
    rows = session.execute(_rows().where(mine, recent, ServiceCall.state.in_(_LIVE)).order_by(ServiceCall.called_at.desc(), ServiceCall.id))
    return [_call(row) for row in rows]


def _rows() -> Any:
    sits_at = func.coalesce(TableSession.table_code, ServiceCall.table_code)
    return select(
        ServiceCall.id,
        ServiceCall.store_id,
        sits_at,
        ServiceCall.session_id,
        ServiceCall.diner_id,
        ServiceCall.kind,
        ServiceCall.words,
        ServiceCall.state,
        ServiceCall.called_at,
        ServiceCall.taken_by,
    ).join(TableSession, TableSession.id == ServiceCall.session_id, isouter=True)


def _call(row: Any) -> Call:
    return Call(row[0], row[1], row[2], row[3], row[4], CallKind(row[5]), row[6], CallState(row[7]), row[8], row[9])
