"""Pure decisions about orders."""

from datetime import datetime, timedelta
from enum import StrEnum

CLOSES_AFTER = timedelta(hours=3)  # Source: RESTAURANT, Orders: closed = paid and served, or 3 h
MOST_LINES = 60  # one bill; a party of forty orders less
PREPARING = timedelta(minutes=20)  # what a takeaway diner is told; measured times replace it later
LATEST_PICKUP = timedelta(hours=12)  # the ticket is printed when it is paid
MOST_OF_ONE_DISH = 200  # a banquet of twenty tables at ten


class Channel(StrEnum):
    """How the food is eaten."""

    DINE_IN = "dine_in"
    TAKEAWAY = "takeaway"


class OrderState(StrEnum):
    """Where an order is on its way to the table."""

    CART = "cart"
    PLACED = "placed"
    ACCEPTED = "accepted"
    COOKING = "cooking"
    READY = "ready"
    SERVED = "served"
    CLOSED = "closed"
    CANCELLED = "cancelled"  # by the diner, before anything was paid or cooked


class PaymentStatus(StrEnum):
    """Where an order is on its way to being paid."""

    NONE = "none"
    PENDING = "pending"
    PAID = "paid"


_ORDER: list[OrderState] = [state for state in OrderState if state is not OrderState.CANCELLED]


def may_move(current: OrderState, to: OrderState) -> bool:
    """Whether a state may follow another: forward only, skipping is legal; a cart must be placed first, only a placed one is cancelled."""
    if OrderState.CANCELLED in {current, to}:
        return current is OrderState.PLACED
    if current is OrderState.CART:
        return to is OrderState.PLACED
    return _ORDER.index(to) > _ORDER.index(current)


def paid_first(pay: str, channel: Channel) -> bool:
    """Whether the kitchen waits for the money. Takeaway always does. Source: RESTAURANT, Orders (`pay: after|first`)."""
    return channel is Channel.TAKEAWAY or pay == "first"


def may_be_picked_up(at: datetime, *, now: datetime) -> bool:
    """Whether a takeaway can be ready by then: not before it is cooked, and not later than its ticket would be remembered."""
    return now + PREPARING <= at + timedelta(minutes=1) and at - now <= LATEST_PICKUP
