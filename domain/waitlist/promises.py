"""The time that was promised: made, judged, kept or not, and what the next promises learn from it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.shop.store import Store
from domain.storage import insert_once
from domain.tables.models import TableSession
from domain.waitlist.eta import Eta, Stretch
from domain.waitlist.floor import measured_turns
from domain.waitlist.models import QueuePromise, QueueTicket
from domain.waitlist.rules import letter_of_table

_MEASURED_OVER = timedelta(days=60)
_MOST_STAYS = 2000
_LEARNS_FROM = 200  # promises
_ENOUGH = 30
_WAITED_AT_ALL_S = 300  # who was told less had a free table, which teaches nothing about waiting
_STRETCH_BETWEEN = (20, 250)  # percent


def make_promise(session: Session, ticket_id: str, store_id: str, eta: Eta, *, now: datetime) -> None:
    """Write down what a party was told; told anew after it changed its size, the new word counts."""
    told = {"low": eta.low, "high": eta.high, "raw_low_s": eta.raw_low_s, "raw_high_s": eta.raw_high_s, "made_at": now}
    anew = update(QueuePromise).where(QueuePromise.ticket_id == ticket_id, QueuePromise.judged_at.is_(None)).values(**told)
    if not session.execute(anew.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
        insert_once(session, QueuePromise, {"ticket_id": ticket_id, "store_id": store_id} | told)


def find_promise(session: Session, ticket_id: str) -> tuple[datetime, datetime] | None:
    """From when to when a party was told it would be called."""
    found = select(QueuePromise.made_at, QueuePromise.low, QueuePromise.high).where(QueuePromise.ticket_id == ticket_id)
    row = session.execute(found).first()
    return None if row is None else (row.made_at + timedelta(minutes=row.low), row.made_at + timedelta(minutes=row.high))


def judge(session: Session, ticket_id: str, *, now: datetime) -> int | None:
    """A party is called: was it in time? Only its first call counts.

    Returns:
        By how many whole minutes the promise was broken; None when it was kept, or judged before.
    """
    found = select(QueuePromise.made_at, QueuePromise.high).where(QueuePromise.ticket_id == ticket_id, QueuePromise.judged_at.is_(None))
    promise = session.execute(found).first()
    if promise is None:
        return None
    waited = now - promise.made_at
    late = waited - timedelta(minutes=promise.high)
    kept = late <= timedelta()
    _settle(session, ticket_id, now=now, kept=kept, waited_s=int(waited.total_seconds()))
    return None if kept else late // timedelta(minutes=1)


def give_up(session: Session, ticket_id: str, *, now: datetime) -> None:
    """A party goes without having been called: after the promised time that is a broken promise, before it says nothing."""
    promise = find_promise(session, ticket_id)
    if promise is not None and now > promise[1]:
        _settle(session, ticket_id, now=now, kept=False, waited_s=None)


def find_late_call(session: Session, diner_id: str) -> tuple[str, str, int] | None:
    """The diner's newest number that was called later than it was told: its store, its id, and by how many whole minutes."""
    late = select(QueuePromise.ticket_id, QueuePromise.store_id, QueuePromise.waited_s, QueuePromise.high)
    late = late.join(QueueTicket, QueueTicket.id == QueuePromise.ticket_id).where(
        QueueTicket.diner_id == diner_id, QueuePromise.kept.is_(False), QueuePromise.waited_s.is_not(None)
    )
    row = session.execute(late.order_by(QueuePromise.judged_at.desc()).limit(1)).first()
    return None if row is None else (row.store_id, row.ticket_id, row.waited_s // 60 - row.high)


def kept_promises(session: Session, store_id: str, days: tuple[date, date]) -> tuple[int, int]:
    """The rate that is published (承诺兑现率): how many promises were kept, of how many that were judged.

    Args:
        days: First and last business day.
    """
    kept = select(QueuePromise.kept, func.count()).join(QueueTicket, QueueTicket.id == QueuePromise.ticket_id)
    kept = kept.where(QueueTicket.store_id == store_id, QueueTicket.business_day.between(*days), QueuePromise.judged_at.is_not(None))
    counts = {bool(row[0]): int(row[1]) for row in session.execute(kept.group_by(QueuePromise.kept))}
    return counts.get(True, 0), sum(counts.values())


def calibrated(session: Session, store_id: str) -> Stretch:
    """How simulated ranges are stretched, so that of the latest parties one in five would have been called before its range began,
    and four in five by its end.
    """
    judged = select(QueuePromise.waited_s, QueuePromise.raw_low_s, QueuePromise.raw_high_s).where(
        QueuePromise.store_id == store_id, QueuePromise.waited_s.is_not(None), QueuePromise.raw_high_s >= _WAITED_AT_ALL_S
    )
    rows = session.execute(judged.order_by(QueuePromise.judged_at.desc()).limit(_LEARNS_FROM)).all()
    lows = sorted((waited_s or 0) * 100 // low_s for waited_s, low_s, _ in rows if low_s >= _WAITED_AT_ALL_S)
    highs = sorted((waited_s or 0) * 100 // high_s for waited_s, _, high_s in rows)
    return Stretch(_within(lows, len(lows) // 5), _within(highs, len(highs) * 4 // 5))


def turn_times(session: Session, store: Store, *, now: datetime) -> dict[str, list[int]]:
    """How long parties stayed at the store's tables in the last 60 days, by line of the table; defaults where few did."""
    ended = (
        select(TableSession.table_code, TableSession.opened_at, TableSession.ended_at)
        .where(
            TableSession.store_id == store.id,
            TableSession.opened_at >= now - _MEASURED_OVER,
            TableSession.ended_at.is_not(None),
            TableSession.end_reason.in_(("paid", "staff")),
        )
        .order_by(TableSession.opened_at.desc())
        .limit(_MOST_STAYS)
    )
    stays: defaultdict[str, list[int]] = defaultdict(list)
    for table_code, opened_at, ended_at in session.execute(ended):
        if table_code in store.tables and ended_at is not None:
            stays[letter_of_table(store.tables[table_code].seats)].append(int((ended_at - opened_at).total_seconds()))
    return {letter: list(seconds) for letter, seconds in measured_turns(stays).items()}


def _settle(session: Session, ticket_id: str, *, now: datetime, kept: bool, waited_s: int | None) -> None:
    session.execute(
        update(QueuePromise)
        .where(QueuePromise.ticket_id == ticket_id, QueuePromise.judged_at.is_(None))
        .values(judged_at=now, kept=kept, waited_s=waited_s)
        .execution_options(synchronize_session=False)
    )


def _within(ratios: Sequence[int], place: int) -> int:
    """The ratio at a place of many; 100 while there are too few to learn from."""
    if len(ratios) < _ENOUGH:
        return 100
    least, most = _STRETCH_BETWEEN
    return min(max(ratios[place], least), most)
