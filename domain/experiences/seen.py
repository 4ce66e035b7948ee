"""A session as diners see it, booked or not."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.experiences.rules import Amount, Room, SessionState
from domain.kernel.money import Fen


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A session of the shop file, with what is free in it at this moment.

    Attributes:
        session_id: "" while nobody has booked it.
        starts_at, ends_at: UTC.
        level: The name of the level it is for; "" for everybody.
        places_left, adults_left, children_left: How many can be booked yet; the latter never more than the first.
        kits_left: None without kits.
        waiting: How many parties wait for places.
        opens_on: From which business day on it can be booked.
    """

    experience_id: str
    name: str
    store_id: str
    session_id: str
    starts_at: datetime
    ends_at: datetime
    adult_fen: Fen
    child_fen: Fen
    level: str
    places_left: int
    adults_left: int
    children_left: int
    kits_left: int | None
    kit_per: str
    waiting: int
    state: SessionState
    opens_on: date

    def fits(self, adults: int, children: int) -> bool:
        """Whether a party could book it now."""
        kits = {"child": children, "adult": adults, "party": 1}.get(self.kit_per, 0)
        room = Room(self.places_left, self.adults_left, self.children_left, self.kits_left)
        return self.state is SessionState.OPEN and room.refuses(Amount(adults + children, adults, children, kits)) is None
