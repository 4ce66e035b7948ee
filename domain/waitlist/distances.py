"""From where a number is taken: at the door, near or far. Only that tick is kept, for the day of the number; no place ever is.

Source: peers §7 (d) 4 (take from afar only with a coarse distance tick, no stored location).
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.shop.distances import kilometres
from domain.shop.store import Store
from domain.waitlist.errors import AtTheDoorOnlyError, PlaceNotSaidError, TooFarError
from domain.waitlist.line import Ticket, change
from domain.waitlist.models import QueueTicket


class Distance(StrEnum):
    """How far a party is from the store, as coarsely as it helps."""

    DOOR = "door"  # scanned the code there
    NEAR = "near"
    FAR = "far"


def distance_of(store: Store, latitude: float, longitude: float) -> Distance | None:
    """How far a place is by the store's own measure (`near_km`), or None when the shop file does not say where the store is."""
    if store.latitude is None:
        return None
    return Distance.NEAR if kilometres(store, latitude, longitude) <= float(store.waitlist.near_km) else Distance.FAR


def check_distance(store: Store, distance: Distance | None) -> None:
    """Whether the store gives numbers to who is so far away. Args: distance: None when nobody said.

    Raises:
        AtTheDoorOnlyError: It gives them at its door alone.
        PlaceNotSaidError: It gives them to who is near, and nobody said.
        TooFarError: It gives them to who is near.
    """
    if distance is Distance.DOOR or store.waitlist.from_afar == "yes":
        return
    if store.waitlist.from_afar == "no":
        raise AtTheDoorOnlyError(store=store.name)
    if distance is None:
        raise PlaceNotSaidError(store=store.name)
    if distance is Distance.FAR:
        raise TooFarError(store=store.name, km=_plain(store))


def tell_distance(session: Session, ticket: Ticket, distance: Distance) -> Ticket:
    """A party in line says where it is: the door knows whether it is near. It loses nothing by being far."""
    return change(session, ticket, distance=distance.value)


def forget_distances(session: Session, store_id: str, *, before: date) -> None:
    """Forget how far parties of days that are over were. Args: before: The business day of now."""
    old = (QueueTicket.store_id == store_id, QueueTicket.business_day < before, QueueTicket.distance.is_not(None))
    session.execute(update(QueueTicket).where(*old).values(distance=None).execution_options(synchronize_session=False))


def _plain(store: Store) -> str:
    return f"{store.waitlist.near_km:f}"
