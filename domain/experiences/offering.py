"""Offers to the waiting list: what is free in a session is kept for the first who fit. Whoever writes here holds the session."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.experiences.events import ExperienceOfferDue, ExperienceOffered, ExperienceWaitingEnded
from domain.experiences.listing import WaitingPlace, find_on_day, get_waiting, line_of
from domain.experiences.models import ExperienceSession, WaitingParty
from domain.experiences.places import give_back, take
from domain.experiences.reminders import about_place, plan_session
from domain.experiences.rules import Amount, WaitingState, offer_until
from domain.experiences.sessions import SessionNow, bring_in_line, find_session, get_session, lock_session, make_session, on_sale
from domain.messaging import emit
from domain.shop.experience import Experience
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store


def hold_session(session: Session, shop: ShopSnapshot, session_id: str, *, now: datetime) -> SessionNow:
    """Hold a session until the transaction ends, as the shop file has it now; what that frees goes to the waiting list first.

    Raises:
        NoSuchSessionError.

    Emits: ExperienceOffered; ExperienceDecisionDue, ExperienceClosingDue and ExperienceListDue for a session of other times.
    """
    before = lock_session(session, session_id)
    there = bring_in_line(session, shop, before)
    if (there.decide_at, there.closes_at, there.minimum) != (before.decide_at, before.closes_at, before.minimum):
        plan_session(session, there, now=now)
    return offer_free(session, shop, there, now=now)


def open_session(
    session: Session, shop: ShopSnapshot, experience: Experience, store: Store, starts_at: datetime, *, now: datetime
) -> SessionNow:
    """Hold a session of the shop file, made when nobody has booked it before.

    Emits: As `hold_session`.
    """
    there = find_session(session, store.id, experience.id, starts_at)
    if there is None and make_session(session, shop, experience, store, starts_at, now=now):
        there = _found(session, experience, store, starts_at)
        plan_session(session, there, now=now)
        return there
    there = there or _found(session, experience, store, starts_at)
    return hold_session(session, shop, there.id, now=now)


def tend_sessions(session: Session, shop: ShopSnapshot, *, after: str = "", limit: int = 200, now: datetime) -> Sequence[str]:
    """Every night: bring the sessions for which somebody waits in line with the shop file, and offer what it has added.

    Args:
        after: The last id of the page before; "" for the first.

    Returns:
        The ids of the sessions; at `limit` there may be more.

    Emits: As `hold_session`.
    """
    waited_for = (
        select(ExperienceSession.id)
        .where(ExperienceSession.id > after, ExperienceSession.closes_at > now, ExperienceSession.called_off_at.is_(None))
        .where(ExperienceSession.id.in_(select(WaitingParty.session_id).where(WaitingParty.state == WaitingState.WAITING)))
        .order_by(ExperienceSession.id)
        .limit(limit)
    )
    found = session.execute(waited_for).scalars().all()
    for session_id in found:
        hold_session(session, shop, session_id, now=now)
    return found


def offer_free(session: Session, shop: ShopSnapshot, there: SessionNow, *, now: datetime) -> SessionNow:
    """Offer what is free in a session to its waiting list: from the front, to each party that fits into what is left.

    None is made after booking has closed, of a session that was called off, or that the shop file no longer has. The rule, whole:
    `rules.offer_until`.

    Returns:
        The session as it is then.

    Emits: ExperienceOffered; ExperienceOfferDue; ExperienceWaitingEnded for who has places on that day already.
    """
    if there.called_off_at is not None or now >= there.closes_at or on_sale(shop, there) is None:
        return there
    there = bring_in_line(session, shop, there)  # once more: what was given back may be more than the shop file has now
    passed: list[tuple[WaitingPlace, str]] = []
    for place in line_of(session, there.id):
        if place.state is not WaitingState.WAITING:
            continue
        if find_on_day(session, place.diner_id, there.experience_id, there.business_day) is not None:
            end_waiting(session, place, WaitingState.ENDED, "booked", now=now)
            continue
        wanted = there.amount(place.adults, place.children)  # kits as they are counted now
        reason = there.room.refuses(wanted)
        if reason is not None:
            passed.append((place, reason.value))
        elif take(session, there.id, wanted):
            _offer(session, there, place, wanted, now=now)
            _note_passed(session, passed)
            passed = []
            there = get_session(session, there.id)
    return there


def end_waiting(session: Session, place: WaitingPlace, to: WaitingState, reason: str, *, now: datetime) -> bool:
    """Take a party off the waiting list, and give back what was kept for it, unless it takes it.

    Returns:
        False when it was off the list already, or no longer as it was seen: somebody else has moved it.

    Emits: ExperienceWaitingEnded.
    """
    values: dict[str, Any] = {"state": to.value, "settled_at": now, "living_key": None, "offer_until": None}
    moved = session.execute(
        update(WaitingParty).where(WaitingParty.id == place.id, WaitingParty.state == place.state.value).values(values),
        execution_options=_UNSYNCHRONIZED,
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        return False
    if place.state is WaitingState.OFFERED and to is not WaitingState.TAKEN:
        give_back(session, place.session_id, place.amount)
    emit(session, ExperienceWaitingEnded(**about_place(get_waiting(session, place.id)), reason=reason), now=now)
    return True


def _found(session: Session, experience: Experience, store: Store, starts_at: datetime) -> SessionNow:
    there = find_session(session, store.id, experience.id, starts_at)
    assert there is not None
    return there


def _offer(session: Session, there: SessionNow, place: WaitingPlace, kept: Amount, *, now: datetime) -> None:
    until = offer_until(now, minutes=there.offer_minutes, closes_at=there.closes_at, zone=there.zone)
    offered = {"state": WaitingState.OFFERED.value, "offered_at": now, "offer_until": until, "passed": None, "kits": kept.kits}
    session.execute(update(WaitingParty).where(WaitingParty.id == place.id).values(offered), execution_options=_UNSYNCHRONIZED)
    emit(session, ExperienceOffered(**about_place(get_waiting(session, place.id))), now=now)
    emit(session, ExperienceOfferDue(waiting_id=place.id), now=now, due_at=until, key=f"experience:{place.id}:offer")


def _note_passed(session: Session, passed: list[tuple[WaitingPlace, str]]) -> None:
    for place, reason in passed:
        session.execute(update(WaitingParty).where(WaitingParty.id == place.id).values(passed=reason), execution_options=_UNSYNCHRONIZED)


_UNSYNCHRONIZED = {"synchronize_session": False}
