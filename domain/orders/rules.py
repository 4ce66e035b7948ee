"""Pure decisions about orders."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

CLOSES_AFTER = timedelta(hours=3)  # Source: RESTAURANT, Orders: closed = paid and served, or 3 h
MOST_LINES = 60  # one bill; a party of forty orders less
PREPARING = timedelta(minutes=20)  # what a takeaway diner is told; measured times replace it later
LATEST_PICKUP = timedelta(hours=12)  # the ticket is printed when it is paid
MOST_OF_ONE_DISH = 200  # a banquet of twenty tables at ten
RUSH_AGAIN_AFTER = timedelta(minutes=5)  # a kitchen that is called every minute listens to nobody


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
    CANCELLED = "cancelled"  # by the diner before it is paid or cooked, by the staff taking back every dish; or a cart that came to nothing


class PaymentStatus(StrEnum):
    """Where an order is on its way to being paid."""

    NONE = "none"
    PENDING = "pending"
    PAID = "paid"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"


class FireState(StrEnum):
    """Whether the kitchen may cook a round."""

    FIRED = "fired"
    WAITING = "waiting"  # 叫起: prepared, and cooked when the table asks for it


# Source: RESTAURANT, Orders: skipping is legal. Taken back as a whole, an order is cancelled until it is closed;
# that a diner may do so only until the kitchen has it is the rule of `cancel_order`.
ORDER_MOVES: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.CART: frozenset({OrderState.PLACED}),
    OrderState.PLACED: frozenset(
        {OrderState.ACCEPTED, OrderState.COOKING, OrderState.READY, OrderState.SERVED, OrderState.CLOSED, OrderState.CANCELLED}
    ),
    OrderState.ACCEPTED: frozenset({OrderState.COOKING, OrderState.READY, OrderState.SERVED, OrderState.CLOSED, OrderState.CANCELLED}),
    OrderState.COOKING: frozenset({OrderState.READY, OrderState.SERVED, OrderState.CLOSED, OrderState.CANCELLED}),
    OrderState.READY: frozenset({OrderState.SERVED, OrderState.CLOSED, OrderState.CANCELLED}),
    OrderState.SERVED: frozenset({OrderState.CLOSED, OrderState.CANCELLED}),
    OrderState.CLOSED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}

PAYMENT_MOVES: Mapping[PaymentStatus, frozenset[PaymentStatus]] = {
    PaymentStatus.NONE: frozenset({PaymentStatus.PENDING, PaymentStatus.PAID}),  # a bill of nothing is paid without being asked for
    PaymentStatus.PENDING: frozenset({PaymentStatus.NONE, PaymentStatus.PAID}),  # the bill asked for is withdrawn, or paid
    PaymentStatus.PAID: frozenset({PaymentStatus.PART_REFUNDED, PaymentStatus.REFUNDED}),
    PaymentStatus.PART_REFUNDED: frozenset({PaymentStatus.PART_REFUNDED, PaymentStatus.REFUNDED}),  # another part, or the rest
    PaymentStatus.REFUNDED: frozenset(),
}

UNPAID: frozenset[PaymentStatus] = frozenset({PaymentStatus.NONE, PaymentStatus.PENDING})


def may_move(current: OrderState, to: OrderState) -> bool:
    """Whether a state may follow another."""
    return to in ORDER_MOVES[current]


def may_move_payment(current: PaymentStatus, to: PaymentStatus) -> bool:
    """Whether one status of payment may follow another."""
    return to in PAYMENT_MOVES[current]


def payment_origins(to: PaymentStatus) -> frozenset[PaymentStatus]:
    """From where a status of payment may be reached: the condition of the UPDATE that sets it."""
    return frozenset(current for current, following in PAYMENT_MOVES.items() if to in following)


def paid_first(pay: str, channel: Channel) -> bool:
    """Whether the kitchen waits for the money. Takeaway always does. Source: RESTAURANT, Orders (`pay: after|first`)."""
    return channel is Channel.TAKEAWAY or pay == "first"


def may_be_picked_up(at: datetime, *, now: datetime) -> bool:
    """Whether a takeaway can be ready by then: not before it is cooked, and not later than its ticket would be remembered."""
    return now + PREPARING <= at + timedelta(minutes=1) and at - now <= LATEST_PICKUP
