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


@dataclass(frozen=True, slots=True)
class LateCallMadeGood(Event):
    """A party was called `late` minutes after the time it was told. Its diner has a coupon for that, good until this business day
    (ISO); with None it is theirs when they join today, for only members have coupons.
    """

    name: ClassVar[str] = "late_call_made_good"

    diner_id: str
    ticket_id: str
    late: int
    coupon: str
    good_until: str | None
