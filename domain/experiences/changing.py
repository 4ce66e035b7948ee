"""Change a booking: another party, or another session of the same experience. The new places are taken before the old are given up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.experiences.errors import (
    BadPartyError,
    ChangeCostsMoreError,
    ExperienceOverError,
    NoSuchSessionError,
    SessionOverError,
    StaleExperienceError,
)
from domain.experiences.events import ExperienceChanged
from domain.experiences.lifecycle import experience_paid
from domain.experiences.listing import ExperienceBooking, get_booking
from domain.experiences.models import BookedExperience
from domain.experiences.offering import hold_session, offer_free, open_session
from domain.experiences.paying import PAYABLE, give_back_part, is_paid, keeps_money
from domain.experiences.places import give_back, take
from domain.experiences.reminders import about, look_again, print_again
from domain.experiences.rules import ExperienceState
from domain.experiences.sessions import SessionNow, find_session, get_session
from domain.experiences.wishes import (
    ExperienceProposal,
    ExperienceWish,
    amount_in,
    check_party,
    checked,
    full,
    refund_until,
    session_said,
)
from domain.experiences.writing import SERIES, already_booked, hold_booking, living_key
from domain.kernel.money import ZERO, Fen, short_yuan
from domain.messaging import emit
from domain.payments.service import close_pending
from domain.shop.snapshot import ShopSnapshot
from domain.storage import savepoint
from domain.storage.unique import is_duplicate
from domain.stores.numbers import next_number


@dataclass(frozen=True, slots=True)
class ExperienceChange:
    """What a booking would be after a change. `back_fen` of what was paid goes back then."""

    proposal: ExperienceProposal
    back_fen: Fen


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A change as it is asked for."""

    adults: int
    children: int
    ages: tuple[str, ...]
    starts_at: datetime
    store_id: str

    def of(self, booked: ExperienceBooking) -> ExperienceWish:
        return ExperienceWish(booked.experience_id, self.store_id, self.starts_at, self.adults, self.children, self.ages)

    def moves(self, booked: ExperienceBooking) -> bool:
        return (self.store_id, self.starts_at) != (booked.store_id, booked.starts_at)


def propose_change(
    session: Session,
    shop: ShopSnapshot,
    booking_id: str,
    *,
    diner_id: str | None,
    adults: int,
    children: int,
    ages: tuple[str, ...],
    starts_at: datetime | None = None,
    store_id: str | None = None,
    now: datetime,
) -> ExperienceChange:
    """What a booking would be after a change, to be read back before the diner says yes. Changes nothing.

    Raises:
        As `change_experience`, but StaleExperienceError.
    """
    booked = get_booking(session, booking_id, diner_id=diner_id)
    wanted = _wanted(booked, adults, children, ages, starts_at, store_id)
    change = _judged(session, shop, booked, wanted, now=now)
    there = find_session(session, wanted.store_id, booked.experience_id, wanted.starts_at)
    if there is not None:
        more = change.proposal.amount if wanted.moves(booked) else change.proposal.amount - booked.amount
        if there.room.refuses(more) is not None:
            raise _full(session, shop, booked, wanted, now=now)
    return change


def change_experience(
    session: Session,
    shop: ShopSnapshot,
    booking_id: str,
    *,
    diner_id: str | None,
    version: int,
    adults: int,
    children: int,
    ages: tuple[str, ...],
    starts_at: datetime | None = None,
    store_id: str | None = None,
    key: str,
    now: datetime,
) -> ExperienceBooking:
    """Bring a booking to another party, or to another session of the same experience.

    The prices stay those at which it was booked. Who becomes fewer gets the difference back, as long as cancelling would bring
    money back; what costs more than was paid is refused. Fewer may come until the session begins, more until booking closes.

    Args:
        diner_id: Whose booking it must be; None for staff.
        version: Of the booking as the diner saw it.
        starts_at, store_id: Of the other session; None for where it is.
        key: The change that was made under it is not made again.

    Returns:
        The booking; a change that changes nothing changes nothing.

    Raises:
        UnknownExperienceError, StaleExperienceError, ExperienceOverError, ChangeCostsMoreError.
        As `wishes.propose`, but LevelNeededError: the level counted when it was booked.

    Emits: ExperienceChanged; ExperienceReminderDue; RefundRequested; ExperienceOffered for what becomes free.
    """
    booked, here, there = _hold_both(session, shop, booking_id, starts_at, store_id, diner_id=diner_id, now=now)
    if booked.changed_key == key:
        return booked
    if booked.version != version:
        raise StaleExperienceError(number=booked.number)
    wanted = _wanted(booked, adults, children, ages, starts_at, store_id)
    if not wanted.moves(booked) and (adults, children, sorted(ages)) == (booked.adults, booked.children, sorted(booked.ages)):
        return booked
    if booked.state is ExperienceState.HELD and is_paid(session, booked.id):
        experience_paid(session, shop, booked.id, now=now)
        booked = get_booking(session, booked.id)
    change = _judged(session, shop, booked, wanted, now=now)
    with savepoint(session):
        if not take(session, there.id, change.proposal.amount if there.id != here.id else change.proposal.amount - booked.amount):
            raise _full(session, shop, booked, wanted, now=now)
        if there.id != here.id:
            give_back(session, here.id, booked.amount)
        after = _written(session, shop, booked, there, change, key=key, now=now)
    refunded = give_back_part(session, booked, change.back_fen, now=now) if change.back_fen else ZERO
    event = ExperienceChanged(
        **about(after),
        before_session_id=here.id,
        before_starts_at=booked.starts_at.isoformat(),
        before_adults=booked.adults,
        before_children=booked.children,
        refunded_fen=refunded,
    )
    emit(session, event, now=now)
    look_again(session, after, now=now)
    for session_id in dict.fromkeys((here.id, there.id)):
        touched = get_session(session, session_id)
        print_again(session, touched.id, touched.starts_at, now=now)
        offer_free(session, shop, touched, now=now)
    return after


def _wanted(
    booked: ExperienceBooking, adults: int, children: int, ages: tuple[str, ...], starts_at: datetime | None, store_id: str | None
) -> _Wanted:
    starts_at = booked.starts_at if starts_at is None else starts_at.astimezone(UTC)
    return _Wanted(adults, children, ages, starts_at, store_id or booked.store_id)


def _judged(session: Session, shop: ShopSnapshot, booked: ExperienceBooking, wanted: _Wanted, *, now: datetime) -> ExperienceChange:
    """A change that could be made if there is room."""
    here = get_session(session, booked.session_id)
    if not booked.is_living:
        raise ExperienceOverError(number=booked.number)
    if now >= booked.starts_at:
        raise SessionOverError(**session_said(shop, here))
    moves, wish = wanted.moves(booked), wanted.of(booked)
    experience = shop.experiences.get(booked.experience_id)
    if moves or wanted.adults > booked.adults or wanted.children > booked.children:
        experience, _, wish = checked(session, shop, wish, diner_id=booked.diner_id, now=now, but=booked.id)
    elif experience is not None:
        check_party(experience, wish.adults, wish.children, wish.ages)
    elif wish.adults < 1 or wish.children < 0:
        raise BadPartyError(hint="小朋友要有至少一位大人陪同。")
    fen = Fen(wish.adults * booked.adult_fen + wish.children * booked.child_fen)
    keeps, back = keeps_money(booked, now=now), ZERO
    if booked.state is ExperienceState.BOOKED:
        if fen > booked.fen:
            raise ChangeCostsMoreError(number=booked.number, more=short_yuan(fen - booked.fen))
        if keeps:  # too late to cancel is too late to become cheaper
            fen = booked.fen
        else:
            back = Fen(booked.fen - fen)
    until = booked.refund_until
    if moves and experience is not None and not keeps:
        until = refund_until(experience, wish.starts_at, fen)
    there = find_session(session, wish.store_id, wish.experience_id, wish.starts_at)
    kits = amount_in(shop.experiences[wish.experience_id], wish).kits if there is None else there.amount(wish.adults, wish.children).kits
    proposal = ExperienceProposal(
        experience_id=booked.experience_id,
        experience_name=booked.experience_name,
        store_id=wish.store_id,
        starts_at=wish.starts_at,
        ends_at=wish.starts_at + (here.ends_at - here.starts_at),
        adults=wish.adults,
        children=wish.children,
        ages=wish.ages,
        kits=kits,
        kit_name=booked.kit_name,
        fen=fen,
        refund_until=until if fen else None,
        level=here.level,
        places_left=max(0, (there or here).room.places),
    )
    return ExperienceChange(proposal, back)


def _full(session: Session, shop: ShopSnapshot, booked: ExperienceBooking, wanted: _Wanted, *, now: datetime) -> Exception:
    experience, store = shop.experiences.get(booked.experience_id), shop.stores.get(wanted.store_id)
    if experience is None or store is None:
        return NoSuchSessionError()
    return full(session, shop, experience, store, wanted.of(booked), now=now)


def _hold_both(
    session: Session,
    shop: ShopSnapshot,
    booking_id: str,
    starts_at: datetime | None,
    store_id: str | None,
    *,
    diner_id: str | None,
    now: datetime,
) -> tuple[ExperienceBooking, SessionNow, SessionNow]:
    """A booking with its session and the one it goes to, held in the order of their ids: one that is made now has the last."""
    seen = get_booking(session, booking_id, diner_id=diner_id)
    at, to = seen.starts_at if starts_at is None else starts_at.astimezone(UTC), store_id or seen.store_id
    other = find_session(session, to, seen.experience_id, at)
    if other is not None and other.id < seen.session_id:
        hold_session(session, shop, other.id, now=now)
    booked, here = hold_booking(session, shop, booking_id, diner_id=diner_id, now=now)
    if (to, at) == (here.store_id, here.starts_at):
        return booked, here, here
    experience, store = shop.experiences.get(booked.experience_id), shop.stores.get(to)
    if experience is None or store is None or not experience.has_session(store, at):
        raise NoSuchSessionError
    return booked, here, open_session(session, shop, experience, store, at, now=now)


def _written(
    session: Session, shop: ShopSnapshot, booked: ExperienceBooking, there: SessionNow, change: ExperienceChange, *, key: str, now: datetime
) -> ExperienceBooking:
    of = change.proposal
    values: dict[str, Any] = {
        "session_id": there.id,
        "adults": of.adults,
        "children": of.children,
        "kits": of.kits,
        "ages": list(of.ages) or None,
        "fen": of.fen,
        "refund_until": of.refund_until,
        "version": booked.version + 1,
        "changed_key": key,
        "living_key": living_key(booked.diner_id, there),
    }
    if (there.store_id, there.business_day) != (booked.store_id, booked.business_day):
        values["number"] = f"{SERIES}{next_number(session, there.store_id, there.business_day, SERIES):03d}"
    if booked.state is ExperienceState.HELD and of.fen != booked.fen:
        close_pending(session, PAYABLE, booked.id)
        if not of.fen:
            values |= {"state": ExperienceState.BOOKED.value, "hold_until": None}
    as_it_was = (BookedExperience.id == booked.id, BookedExperience.state == booked.state.value, BookedExperience.version == booked.version)
    try:
        with savepoint(session):
            written = session.execute(
                update(BookedExperience).where(*as_it_was).values(values), execution_options={"synchronize_session": False}
            )
    except IntegrityError as error:
        if is_duplicate(error):
            raise already_booked(session, shop, there, booked.diner_id) from error
        raise
    if written.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleExperienceError(number=booked.number)
    return get_booking(session, booked.id)
