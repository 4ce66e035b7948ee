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
└── IllegalMoveError      the order is not in a state from which this may follow
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
