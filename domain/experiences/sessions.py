"""Sessions as rows: read, made when somebody needs one, held while it is written to, and brought in line with the shop file."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.experiences.errors import NoSuchSessionError
from domain.experiences.models import ExperienceSession
from domain.experiences.rules import Amount, Room, amount_of
from domain.kernel.ids import new_id
from domain.kernel.money import Fen
from domain.shop.experience import Experience
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.storage import insert_once


@dataclass(frozen=True, slots=True)
class SessionNow:
    """A session as it stood when it was read: its terms, and what is taken."""

    id: str
    store_id: str
    experience_id: str
    starts_at: datetime
    ends_at: datetime
    business_day: date
    zone: str
    name: str
    called_off_at: datetime | None
    called_off_by: str | None
    level: str
    adult_fen: Fen
    child_fen: Fen
    places: int
    adults_most: int | None
    children_most: int | None
    kits_most: int | None
    kit_name: str
    kit_per: str
    places_taken: int
    adults_taken: int
    children_taken: int
    kits_taken: int
    minimum: int
    decide_at: datetime
    decided_at: datetime | None
    closes_at: datetime
    cancel_hours: int
    offer_minutes: int
    last_place: int

    @property
    def room(self) -> Room:
        """What is free."""
        return Room(
            self.places - self.places_taken,
            None if self.adults_most is None else self.adults_most - self.adults_taken,
            None if self.children_most is None else self.children_most - self.children_taken,
            None if self.kits_most is None else self.kits_most - self.kits_taken,
        )

    def amount(self, adults: int, children: int) -> Amount:
        """What a party takes of it."""
        return amount_of(adults, children, self.kit_per)

    def refund_until(self, fen: Fen) -> datetime | None:
        """Cancelled until then, what was paid goes back whole; None when nothing is paid."""
        return self.starts_at - timedelta(hours=self.cancel_hours) if fen else None


_COLUMNS = [getattr(ExperienceSession, field.name) for field in fields(SessionNow)]


def get_session(session: Session, session_id: str) -> SessionNow:
    """A session as it stands now. Raises: NoSuchSessionError."""
    row = session.execute(select(*_COLUMNS).where(ExperienceSession.id == session_id)).first()
    if row is None:
        raise NoSuchSessionError
    return SessionNow(*row)


def find_session(session: Session, store_id: str, experience_id: str, starts_at: datetime) -> SessionNow | None:
    """The session of that store and time, if anybody has ever booked it."""
    row = session.execute(select(*_COLUMNS).where(*_that_of(store_id, experience_id, starts_at))).first()
    return None if row is None else SessionNow(*row)


def sessions_between(session: Session, first: datetime, last: datetime) -> list[SessionNow]:
    """The sessions of all stores that begin from one instant to another, both included, and that anybody has ever booked."""
    between = select(*_COLUMNS).where(ExperienceSession.starts_at >= first, ExperienceSession.starts_at <= last)
    return [SessionNow(*row) for row in session.execute(between.order_by(ExperienceSession.starts_at, ExperienceSession.id))]


def sessions_on(session: Session, store_id: str, day: date) -> list[SessionNow]:
    """The sessions of a store's business day that anybody has ever booked, in the order of time."""
    on_day = select(*_COLUMNS).where(ExperienceSession.store_id == store_id, ExperienceSession.business_day == day)
    return [SessionNow(*row) for row in session.execute(on_day.order_by(ExperienceSession.starts_at, ExperienceSession.id))]


def lock_session(session: Session, session_id: str) -> SessionNow:
    """Hold a session until the transaction ends: one writes, the others wait. Raises: NoSuchSessionError."""
    session.execute(select(ExperienceSession.id).where(ExperienceSession.id == session_id).with_for_update())
    return get_session(session, session_id)


def make_session(session: Session, shop: ShopSnapshot, experience: Experience, store: Store, starts_at: datetime, *, now: datetime) -> bool:
    """Make the row of a session of the shop file. Returns: False when somebody else has made it."""
    zeros = {"places_taken": 0, "adults_taken": 0, "children_taken": 0, "kits_taken": 0, "last_place": 0}
    row = {"id": new_id(now), "store_id": store.id, "experience_id": experience.id, "starts_at": starts_at, **zeros}
    return insert_once(session, ExperienceSession, row | terms_of(shop, experience, store, starts_at))


def terms_of(shop: ShopSnapshot, experience: Experience, store: Store, starts_at: datetime) -> dict[str, Any]:
    """The terms of a session as the shop file has them."""
    kits = experience.kits
    return {
        "ends_at": starts_at + timedelta(minutes=experience.minutes),
        "business_day": shop.brand.business_day(starts_at, store.timezone),
        "zone": store.timezone,
        "name": experience.name,
        "level": experience.level,
        "adult_fen": experience.adult_fen,
        "child_fen": experience.child_fen,
        "places": experience.places,
        "adults_most": experience.adults,
        "children_most": experience.children,
        "kits_most": None if kits is None else kits.number,
        "kit_name": "" if kits is None else kits.name,
        "kit_per": "" if kits is None else kits.per,
        "minimum": experience.minimum,
        "decide_at": starts_at - timedelta(hours=experience.decide_hours),
        "closes_at": starts_at - timedelta(minutes=experience.close_minutes),
        "cancel_hours": experience.cancel_hours,
        "offer_minutes": experience.offer_minutes,
    }


def on_sale(shop: ShopSnapshot, there: SessionNow) -> Experience | None:
    """The experience, while the shop file still has this session of it."""
    experience, store = shop.experiences.get(there.experience_id), shop.stores.get(there.store_id)
    if experience is None or store is None or not experience.has_session(store, there.starts_at):
        return None
    return experience


def bring_in_line(session: Session, shop: ShopSnapshot, there: SessionNow) -> SessionNow:
    """Bring a session that is held in line with the shop file. What the file no longer has stays as it was.

    It becomes no smaller than what is booked; how kits are counted stays while somebody has one.
    """
    experience = on_sale(shop, there)
    if experience is None:
        return there
    terms = terms_of(shop, experience, shop.stores[there.store_id], there.starts_at)
    for most, taken in (
        ("places", there.places_taken),
        ("adults_most", there.adults_taken),
        ("children_most", there.children_taken),
        ("kits_most", there.kits_taken),
    ):
        terms[most] = None if terms[most] is None else max(terms[most], taken)
    if there.places_taken and (there.kit_name, there.kit_per) != (terms["kit_name"], terms["kit_per"]):
        terms |= {name: getattr(there, name) for name in ("kit_name", "kit_per", "kits_most")}
    changed = {name: value for name, value in terms.items() if getattr(there, name) != value}
    if not changed:
        return there
    session.execute(
        update(ExperienceSession).where(ExperienceSession.id == there.id).values(changed), execution_options={"synchronize_session": False}
    )
    return get_session(session, there.id)


def _that_of(store_id: str, experience_id: str, starts_at: datetime) -> tuple[Any, ...]:
    return (
        ExperienceSession.store_id == store_id,
        ExperienceSession.experience_id == experience_id,
        ExperienceSession.starts_at == starts_at,
    )
