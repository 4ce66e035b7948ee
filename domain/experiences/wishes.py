"""A wish, judged: whether the session can be booked, by this diner, for such a party, and what it costs. Only reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from domain.experiences.ahead import is_too_few, sessions_ahead, waiting_at
from domain.experiences.errors import (
    AdultsOnlyError,
    AlreadyBookedError,
    BadPartyError,
    LevelNeededError,
    NoSuchSessionError,
    NotOpenYetError,
    PartyTooLargeError,
    SessionCalledOffError,
    SessionFullError,
    SessionOverError,
    TooLateError,
)
from domain.experiences.levels import level_gap
from domain.experiences.listing import find_on_day
from domain.experiences.rules import LONGEST_NAME, LONGEST_NOTES, MOST_OTHERS, Amount, amount_of
from domain.experiences.seen import SessionSeen
from domain.experiences.sessions import SessionNow, find_session, terms_of
from domain.kernel.money import Fen
from domain.kernel.said import day_said
from domain.kernel.text import clean
from domain.shop.experience import Experience
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store


@dataclass(frozen=True, slots=True)
class ExperienceWish:
    """What a diner asks for.

    Attributes:
        starts_at: Aware; of one of the sessions.
        ages: The name of a band for each child, where the experience has bands.
        name: Whom to ask for at the door, an adult; at most 40 characters.
        notes: For the staff; at most 200 characters.
    """

    experience_id: str
    store_id: str
    starts_at: datetime
    adults: int
    children: int = 0
    ages: tuple[str, ...] = ()
    name: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ExperienceProposal:
    """What a wish would be as a booking.

    Attributes:
        fen: What it costs in all; 0 for nothing.
        refund_until: Cancelled until then, it goes back whole; None when it costs nothing.
        level: The name of the level that it is for, and that the diner has; "" for everybody.
        places_left: Places that are free before this party has its own.
    """

    experience_id: str
    experience_name: str
    store_id: str
    starts_at: datetime
    ends_at: datetime
    adults: int
    children: int
    ages: tuple[str, ...]
    kits: int
    kit_name: str
    fen: Fen
    refund_until: datetime | None
    level: str
    places_left: int

    @property
    def amount(self) -> Amount:
        """What it takes of its session."""
        return Amount(self.adults + self.children, self.adults, self.children, self.kits)


def propose(session: Session, shop: ShopSnapshot, wish: ExperienceWish, *, diner_id: str, now: datetime) -> ExperienceProposal:
    """What a wish would be as a booking at this moment, to be read back before the diner says yes. Takes nothing.

    Raises:
        NoSuchSessionError, BadPartyError, AdultsOnlyError, PartyTooLargeError, SessionOverError, SessionCalledOffError, NotOpenYetError,
        TooLateError, LevelNeededError, AlreadyBookedError.
        SessionFullError: With up to three other sessions.
    """
    experience, store, wish = checked(session, shop, wish, diner_id=diner_id, now=now)
    proposal = proposal_of(session, shop, experience, store, wish)
    there = find_session(session, store.id, experience.id, wish.starts_at)
    if there is not None and there.room.refuses(amount_in(experience, wish)) is not None:
        raise full(session, shop, experience, store, wish, now=now)
    return proposal


def checked(
    session: Session, shop: ShopSnapshot, wish: ExperienceWish, *, diner_id: str, now: datetime, but: str | None = None
) -> tuple[Experience, Store, ExperienceWish]:
    """A wish that could be booked if there is room: tidied, with what it is for and where.

    Args:
        but: The booking that is changed: its own day is no obstacle, and the level that counted when it was made still counts.

    Raises:
        As `propose`, but SessionFullError.
    """
    experience, store = _offered(shop, wish)
    wish = _tidied(experience, wish)
    check_open(session, shop, experience, store, wish.starts_at, now=now)
    if but is None:
        gap = level_gap(session, shop, experience.level, diner_id, now=now)
        if gap is not None:
            raise LevelNeededError(gap, name=experience.name)
    check_day(session, shop, experience, store, wish.starts_at, diner_id, but=but)
    return experience, store, wish


def check_open(session: Session, shop: ShopSnapshot, experience: Experience, store: Store, starts_at: datetime, *, now: datetime) -> None:
    """Whether a session is booked at this time.

    Raises:
        SessionOverError, SessionCalledOffError, NotOpenYetError, TooLateError.
    """
    said = {"name": experience.name, "time": time_said(store, starts_at)}
    there = find_session(session, store.id, experience.id, starts_at)
    if (there is not None and there.called_off_at is not None) or is_too_few(experience, starts_at, there, now=now):
        raise SessionCalledOffError(**said)
    if now >= starts_at:
        raise SessionOverError(**said)
    terms = terms_of(shop, experience, store, starts_at)
    if now >= terms["closes_at"]:
        raise TooLateError(**said)
    opens_on = terms["business_day"].toordinal() - experience.open_days
    if shop.brand.business_day(now, store.timezone).toordinal() < opens_on:
        raise NotOpenYetError(**said, opens=day_said(terms["business_day"].fromordinal(opens_on)))


def check_day(
    session: Session,
    shop: ShopSnapshot,
    experience: Experience,
    store: Store,
    starts_at: datetime,
    diner_id: str,
    *,
    but: str | None = None,
) -> None:
    """A diner has places in one session of an experience on a day. Raises: AlreadyBookedError."""
    day = shop.brand.business_day(starts_at, store.timezone)
    other = find_on_day(session, diner_id, experience.id, day, but=but)
    if other is not None:
        there = shop.known_stores[other.store_id]
        raise AlreadyBookedError(name=experience.name, number=other.number, time=time_said(there, other.starts_at))


def proposal_of(session: Session, shop: ShopSnapshot, experience: Experience, store: Store, wish: ExperienceWish) -> ExperienceProposal:
    """A wish with what it costs, by the prices of the shop file."""
    fen = Fen(wish.adults * experience.adult_fen + wish.children * experience.child_fen)
    there = find_session(session, store.id, experience.id, wish.starts_at)
    terms = terms_of(shop, experience, store, wish.starts_at)
    return ExperienceProposal(
        experience_id=experience.id,
        experience_name=experience.name,
        store_id=store.id,
        starts_at=wish.starts_at,
        ends_at=terms["ends_at"],
        adults=wish.adults,
        children=wish.children,
        ages=wish.ages,
        kits=amount_in(experience, wish).kits,
        kit_name=terms["kit_name"],
        fen=fen,
        refund_until=refund_until(experience, wish.starts_at, fen),
        level=experience.level,
        places_left=max(0, experience.places - (there.places_taken if there else 0)),
    )


def refund_until(experience: Experience, starts_at: datetime, fen: Fen) -> datetime | None:
    """Until when what is paid goes back whole; None when nothing is."""
    return starts_at - timedelta(hours=experience.cancel_hours) if fen else None


def amount_in(experience: Experience, wish: ExperienceWish) -> Amount:
    """What a party takes of a session."""
    return amount_of(wish.adults, wish.children, "" if experience.kits is None else experience.kits.per)


def full(
    session: Session, shop: ShopSnapshot, experience: Experience, store: Store, wish: ExperienceWish, *, now: datetime
) -> SessionFullError:
    """The refusal of a session that has no room for a party, with others that have: of the store first, then elsewhere, by time."""
    others = [
        seen
        for seen in sessions_ahead(session, shop, now=now, experience_id=experience.id)
        if (seen.store_id, seen.starts_at) != (store.id, wish.starts_at) and seen.fits(wish.adults, wish.children)
    ]
    others.sort(key=lambda seen: (seen.store_id != store.id, abs(seen.starts_at - wish.starts_at)))
    others = others[:MOST_OTHERS]
    there = find_session(session, store.id, experience.id, wish.starts_at)
    return SessionFullError(
        others,
        waiting_at(session, there.id) if there else 0,
        said=_said(shop, store, others),
        name=experience.name,
        time=time_said(store, wish.starts_at),
        people=wish.adults + wish.children,
    )


def time_said(store: Store, moment: datetime) -> str:
    """Day and time at the store: 「11月21日 18:45」."""
    return f"{day_said(store.local(moment))} {store.clock_said(moment)}"


def session_said(shop: ShopSnapshot, there: SessionNow) -> dict[str, str]:
    """What refusals say of a session: name and time."""
    return {"name": there.name, "time": time_said(shop.known_stores[there.store_id], there.starts_at)}


def check_party(experience: Experience, adults: int, children: int, ages: Sequence[str]) -> None:
    """Whether a party may come at all, whatever its size.

    Raises:
        BadPartyError, AdultsOnlyError.
    """
    if adults < 0 or children < 0 or adults + children == 0:
        raise BadPartyError(hint="请告诉我几位大人、几位小朋友。")
    if children and experience.for_adults_only:
        raise AdultsOnlyError(name=experience.name)
    if not adults:
        raise BadPartyError(hint="小朋友要有至少一位大人陪同。")
    bands = {band.name for band in experience.ages}
    if bands and (len(ages) != children or not set(ages) <= bands):
        raise BadPartyError(hint=f"请告诉我每位小朋友的年龄段：{'、'.join(band.name for band in experience.ages)}。")


def check_size(experience: Experience, amount: Amount) -> None:
    """Whether a session of the experience ever has room for a party. Raises: PartyTooLargeError."""
    for wanted, most in (
        (amount.places, experience.places),
        (amount.adults, experience.adults),
        (amount.children, experience.children),
        (amount.kits, None if experience.kits is None else experience.kits.number),
    ):
        if most is not None and wanted > most:
            raise PartyTooLargeError(name=experience.name, most=most)


def _offered(shop: ShopSnapshot, wish: ExperienceWish) -> tuple[Experience, Store]:
    experience, store = shop.experiences.get(wish.experience_id), shop.stores.get(wish.store_id)
    if experience is None or store is None or not experience.has_session(store, wish.starts_at.astimezone(UTC)):
        raise NoSuchSessionError
    return experience, store


def _tidied(experience: Experience, wish: ExperienceWish) -> ExperienceWish:
    check_party(experience, wish.adults, wish.children, wish.ages)
    check_size(experience, amount_in(experience, wish))
    return replace(
        wish,
        starts_at=wish.starts_at.astimezone(UTC),
        ages=wish.ages if experience.ages else (),
        notes=clean(wish.notes).strip()[:LONGEST_NOTES],
        name=clean(wish.name).strip()[:LONGEST_NAME],
    )


def _said(shop: ShopSnapshot, store: Store, others: Sequence[SessionSeen]) -> list[str]:
    there = {seen.store_id: shop.stores[seen.store_id] for seen in others}
    return [
        time_said(there[seen.store_id], seen.starts_at) + ("" if seen.store_id == store.id else f" {there[seen.store_id].name}")
        for seen in others
    ]
