"""Pure decisions about orders."""

from datetime import timedelta
from enum import StrEnum

CLOSES_AFTER = timedelta(hours=3)  # Source: RESTAURANT, Orders: closed = paid and served, or 3 h
MOST_LINES = 60  # one bill; a party of forty orders less
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


class PaymentStatus(StrEnum):
    """Where an order is on its way to being paid."""

    NONE = "none"
    PENDING = "pending"
    PAID = "paid"


_ORDER = list(OrderState)


def may_move(current: OrderState, to: OrderState) -> bool:
    """Whether a state may follow another: forward only; skipping is legal, but a cart must be placed first."""
    if current is OrderState.CART:
        return to is OrderState.PLACED
    return _ORDER.index(to) > _ORDER.index(current)


def paid_first(pay: str, channel: Channel) -> bool:
    """Whether the kitchen waits for the money. Takeaway always does. Source: RESTAURANT, Orders (`pay: after|first`)."""
    return channel is Channel.TAKEAWAY or pay == "first"
