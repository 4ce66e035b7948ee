"""What happens to grants."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class BirthdayDessertGiven(Event):
    """A member has a dessert waiting for their birthday, good until this business day (ISO)."""

    name: ClassVar[str] = "birthday_dessert_given"

    diner_id: str
    grant_id: str
    dish: str
    good_until: str
