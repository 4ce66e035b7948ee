"""Refusals when ordering.

DomainError
├── EmptyCartError        nothing to place
├── CartChangedError      the cart is not the one that was read back
├── NoSuchLineError       the dish is not in the cart
├── UnknownDishError      the store does not sell the dish
├── NotServedNowError     the dish is not served at this hour
├── UnknownOptionError    the dish has no such choice, or too many were taken
├── WrongQuantityError    not a possible quantity of this dish
├── CartFullError         more lines than one bill takes
├── NothingToPayError     no open bill
├── StoreClosedNowError   the kitchen is closed
├── JustPaidError         the bill is being settled at this moment
├── OnlyOpenerError       at a table, who opened it places the order
├── IllegalMoveError      the order is not in a state from which this may follow
├── PickupTimeError       a takeaway cannot be fetched then
├── TooLateToCancelError  the kitchen has it, or it is paid
├── NothingToCancelError  no order that could be cancelled
├── NothingToVoidError    the order has no dishes that could be taken back
├── VoidPaidError         it is paid: what is taken back now is a refund
├── TooManyVoidedError    more of a dish than still stands on the bill
├── NothingToFireError    no round waits for its time
├── NothingToRushError    nothing is being cooked
├── RushedAlreadyError    the kitchen was called a moment ago
├── CartGoneError         the order was paid, merged or cancelled a moment ago
├── NotSplittableError    no unpaid order of a table
├── NotJoinableError      no unpaid part of an unpaid order
├── WrongSplitError       nothing was to be split off, or everything
├── WrongShareError       more of a dish than stands on the bill, or not so divided
└── LineGoneError         a dish no longer stands on the bill
"""

from domain.kernel.errors import DomainError


class EmptyCartError(DomainError):
    """Nothing is in the cart."""

    code = "orders.empty_cart"


class CartChangedError(DomainError):
    """Someone changed the cart after it was read back; it is read back again."""

    code = "orders.cart_changed"


class NoSuchLineError(DomainError):
    """The dish is not in the cart. Details: dish."""

    code = "orders.no_such_line"


class UnknownDishError(DomainError):
    """The store does not sell this dish. Details: dish."""

    code = "orders.unknown_dish"


class NotServedNowError(DomainError):
    """The dish is served at other hours. Details: dish."""

    code = "orders.not_served_now"


class UnknownOptionError(DomainError):
    """The dish has no such choice. Details: dish, option."""

    code = "orders.unknown_option"


class WrongQuantityError(DomainError):
    """Not a quantity this dish is sold in. Details: dish, step, most."""

    code = "orders.wrong_quantity"


class CartFullError(DomainError):
    """The bill has as many lines as it takes. Details: most."""

    code = "orders.cart_full"


class NothingToPayError(DomainError):
    """There is no bill to pay."""

    code = "orders.nothing_to_pay"


class StoreClosedNowError(DomainError):
    """The store does not cook now. Details: store."""

    code = "orders.store_closed"


class JustPaidError(DomainError):
    """The bill was paid a moment ago; the next dish starts a new one."""

    code = "orders.just_paid"


class OnlyOpenerError(DomainError):
    """At a shared table the diner who opened it places the order. Details: table."""

    code = "orders.only_opener"


class IllegalMoveError(DomainError):
    """The order's state does not allow it. Details: state, to."""

    code = "orders.illegal_move"


class PickupTimeError(DomainError):
    """The takeaway cannot be picked up then. Details: store, at (HH:MM), minutes it takes to cook."""

    code = "orders.pickup_time"


class TooLateToCancelError(DomainError):
    """The kitchen has it, or it is paid: only the staff can take it back. Details: number."""

    code = "orders.too_late_to_cancel"


class NothingToCancelError(DomainError):
    """There is no order that could be cancelled."""

    code = "orders.nothing_to_cancel"


class NothingToVoidError(DomainError):
    """No such order is open, or no such dish stands on it. Details: number."""

    code = "orders.nothing_to_void"


class VoidPaidError(DomainError):
    """The order is paid: its dishes are refunded, not voided. Details: number."""

    code = "orders.void_paid"


class TooManyVoidedError(DomainError):
    """Less of the dish stands on the bill than is to be taken back. Details: dish, left, unit."""

    code = "orders.too_many_voided"


class NothingToFireError(DomainError):
    """No round of the order waits for its time (叫起). Details: number."""

    code = "orders.nothing_to_fire"


class NothingToRushError(DomainError):
    """No dish of the order is being cooked: all are there, wait for their time, or were never placed. Details: number."""

    code = "orders.nothing_to_rush"


class RushedAlreadyError(DomainError):
    """The kitchen was called for this order less than five minutes ago. Details: number, minutes until it may be called again."""

    code = "orders.rushed_already"


class CartGoneError(DomainError):
    """The order was paid, merged or cancelled a moment ago: what is said next goes into the one that stands now."""

    code = "orders.cart_gone"


class NotSplittableError(DomainError):
    """Only an unpaid order of a table that was placed can be split. Details: number."""

    code = "orders.not_splittable"


class NotJoinableError(DomainError):
    """Only an unpaid part goes back into the order it was split from, while that is unpaid too. Details: number."""

    code = "orders.not_joinable"


class WrongSplitError(DomainError):
    """A split takes at least one dish, and leaves at least one. Details: number."""

    code = "orders.wrong_split"


class WrongShareError(DomainError):
    """The bill has less of the dish, or it is not shared in such parts. Details: dish, left, unit, step."""

    code = "orders.wrong_share"


class LineGoneError(DomainError):
    """A dish to be split off no longer stands on the bill. Details: number."""

    code = "orders.line_gone"
