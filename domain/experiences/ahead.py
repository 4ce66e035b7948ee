"""The sessions to come, as the shop file has them, with what is free in each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.experiences.models import WaitingParty
from domain.experiences.rules import SessionState, WaitingState
from domain.experiences.seen import SessionSeen
from domain.experiences.sessions import SessionNow, sessions_between
from domain.shop.experience import Experience
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store

AHEAD = 45  # days; from a first Saturday to the next are at most 35

_At = tuple[str, str, datetime]


def sessions_ahead(
    session: Session,
    shop: ShopSnapshot,
    *,
    now: datetime,
    store_id: str | None = None,
    experience_id: str | None = None,
    day: date | None = None,
    days: int = AHEAD,
) -> list[SessionSeen]:
    """The sessions that have not begun, in the order of time.

    Args:
        store_id, experience_id: Of this one only; None for all.
        day: Of this day of the stores' calendar only, however far ahead.
        days: So many days ahead, today not counted.
    """
    found = list(_planned(shop, store_id, experience_id, day, days, now=now))
    rows = _rows(session, {starts_at for _, _, starts_at in found})
    waiting = _waiting(session, [row.id for row in rows.values()])
    seen = [
        see(shop, experience, store, starts_at, rows.get((store.id, experience.id, starts_at)), waiting, now=now)
        for experience, store, starts_at in found
    ]
    return sorted(seen, key=lambda one: (one.starts_at, list(shop.experiences).index(one.experience_id), one.store_id))


def see(
    shop: ShopSnapshot,
    experience: Experience,
    store: Store,
    starts_at: datetime,
    there: SessionNow | None,
    waiting: Mapping[str, int],
    *,
    now: datetime,
) -> SessionSeen:
    """One session of the shop file. Args: there: Its row, if anybody has booked it. waiting: By the id of a session."""
    places = experience.places - (there.places_taken if there else 0)
    adults, children = experience.adults, experience.children
    adults_left = places if adults is None else min(places, adults - (there.adults_taken if there else 0))
    children_left = places if children is None else min(places, children - (there.children_taken if there else 0))
    kits_left = None if experience.kits is None else max(0, experience.kits.number - (there.kits_taken if there else 0))
    business_day = shop.brand.business_day(starts_at, store.timezone)
    opens_on = business_day - timedelta(days=experience.open_days)
    return SessionSeen(
        experience_id=experience.id,
        name=experience.name,
        store_id=store.id,
        session_id=there.id if there else "",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=experience.minutes),
        adult_fen=experience.adult_fen,
        child_fen=experience.child_fen,
        level=experience.level,
        places_left=max(0, places),
        adults_left=max(0, adults_left),
        children_left=max(0, children_left),
        kits_left=kits_left,
        kit_per="" if experience.kits is None else experience.kits.per,
        waiting=waiting.get(there.id, 0) if there else 0,
        state=_state(
            experience, starts_at, there, full=adults_left <= 0, soon=shop.brand.business_day(now, store.timezone) < opens_on, now=now
        ),
        opens_on=opens_on,
    )


def _state(experience: Experience, starts_at: datetime, there: SessionNow | None, *, full: bool, soon: bool, now: datetime) -> SessionState:
    if there is not None and there.called_off_at is not None:
        return SessionState.CALLED_OFF
    if is_too_few(experience, starts_at, there, now=now):
        return SessionState.CALLED_OFF
    if now >= starts_at - timedelta(minutes=experience.close_minutes):
        return SessionState.CLOSED
    if soon:
        return SessionState.SOON
    return SessionState.FULL if full else SessionState.OPEN


def is_too_few(experience: Experience, starts_at: datetime, there: SessionNow | None, *, now: datetime) -> bool:
    """Whether it is past the hour of the decision, and too few places are booked: it will be called off as soon as that is heard."""
    if not experience.minimum or now < starts_at - timedelta(hours=experience.decide_hours):
        return False
    return there is None or (there.decided_at is None and there.places_taken < experience.minimum)


def waiting_at(session: Session, session_id: str) -> int:
    """How many parties wait for places in a session."""
    return _waiting(session, [session_id]).get(session_id, 0)


def _planned(
    shop: ShopSnapshot, store_id: str | None, experience_id: str | None, day: date | None, days: int, *, now: datetime
) -> Iterator[tuple[Experience, Store, datetime]]:
    for experience in shop.experiences.values():
        if experience_id not in {None, experience.id}:
            continue
        for store in (shop.stores[at] for at in experience.stores if store_id in {None, at}):
            today = store.local(now).date()
            first, last = (today, today + timedelta(days=days)) if day is None else (day, day)
            for starts_at in experience.starts(store, first, last):
                if starts_at > now:
                    yield experience, store, starts_at


def _rows(session: Session, starts: set[datetime]) -> Mapping[_At, SessionNow]:
    if not starts:
        return {}
    rows = sessions_between(session, min(starts), max(starts))
    return {(row.store_id, row.experience_id, row.starts_at): row for row in rows}


def _waiting(session: Session, session_ids: Sequence[str]) -> Mapping[str, int]:
    if not session_ids:
        return {}
    counted = (
        select(WaitingParty.session_id, func.count())
        .where(WaitingParty.session_id.in_(session_ids), WaitingParty.state == WaitingState.WAITING)
        .group_by(WaitingParty.session_id)
    )
    return {row[0]: int(row[1]) for row in session.execute(counted)}
