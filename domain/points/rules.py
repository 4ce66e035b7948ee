"""Pure decisions about points."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from domain.kernel.money import Fen

LIFE_DAYS = 365  # business days of the books after earning. Source: RESTAURANT, Points
YUAN_PER_POINT = 10  # Source: RESTAURANT, Points (1 point per 10 yuan)
RETURNED_LIFE_DAYS = 7  # at least so many business days are left to use points that a refund gave back. Source: reference peers §4


class Reason(StrEnum):
    """Why points moved."""

    ORDER_PAID = "order_paid"  # earned
    GRANTED = "granted"  # given by a campaign or by staff
    SPENT = "spent"  # paid a part of a bill
    EXCHANGED = "exchanged"  # went for a reward
    EXPIRED = "expired"
    REVERSED = "reversed"  # a refund took back what the order had earned
    RETURNED = "returned"  # a refund gave back what had paid the bill
    OWED = "owed"  # what a refund could not take back
    SETTLED = "settled"  # owed points, paid from a new earning
    FORFEITED = "forfeited"  # given up: the member left
    MERGED = "merged"  # another account came in; its movements follow with it


class HoldState(StrEnum):
    """Held until the order is paid (captured) or given up (released)."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"


def points_for(net_paid: Fen, yuan_per_point: int = YUAN_PER_POINT) -> int:
    """Points earned on an amount paid, fees left out, rounded down for the whole order."""
    return max(0, net_paid) // (yuan_per_point * 100)


def expires_on(earned_on: date, life_days: int = LIFE_DAYS) -> date:
    """The last business day on which points earned on this business day are good."""
    return earned_on + timedelta(days=life_days)


def usable_from(earned_on: date) -> date:
    """The first business day on which points of an order can be used: until then a refund takes them back unspent."""
    return earned_on + timedelta(days=1)


def returned_expires_on(expires_on: date, day: date) -> date:
    """The last day of points given back by a refund on this day: their old one, but a week is left at least."""
    return max(expires_on, day + timedelta(days=RETURNED_LIFE_DAYS))


def take_in_order(parts: Sequence[tuple[str, int]], points: int) -> list[tuple[str, int]]:
    """Take points from the first part, then from the next; as many as there are when they do not suffice.

    Args:
        parts: (id, points) in the order in which they are taken from.

    Returns:
        (id, points taken), none of them 0.
    """
    taken = []
    for part, there in parts:
        if points <= 0:
            break
        share = min(there, points)
        if share > 0:
            taken.append((part, share))
            points -= share
    return taken
