"""Refusals when paying and giving back.

DomainError
├── UnknownPaymentError   no such bill
├── PaymentClosedError    the bill was replaced by a newer one, or lapsed
├── WrongAmountError      the provider says another amount than the bill
├── NotPaidError          nothing to give back: nobody paid
├── RefundTooMuchError    more than is left of what was paid
├── TooManyRefundsError   the provider takes no more refunds of this payment
├── RefundTooLateError    the provider takes no refund of so old a payment
├── UnknownRefundError    no such refund
└── RefundNotFailedError  only a refund that failed is taken up again by staff
"""

from domain.kernel.errors import DomainError


class UnknownPaymentError(DomainError):
    """No such bill."""

    code = "payments.unknown"


class PaymentClosedError(DomainError):
    """The bill was closed, because the order has changed since or it lay too long; a newer one stands in the chat."""

    code = "payments.closed"


class WrongAmountError(DomainError):
    """The amount confirmed is not the amount asked. Details: asked_fen, confirmed_fen."""

    code = "payments.wrong_amount"


class NotPaidError(DomainError):
    """Nobody has paid this bill, so nothing can be given back."""

    code = "payments.not_paid"


class RefundTooMuchError(DomainError):
    """More than is left of what was paid. Details: left (yuan, as said), left_fen, asked_fen."""

    code = "payments.refund_too_much"


class TooManyRefundsError(DomainError):
    """This payment has been refunded in as many parts as the provider takes. Details: most."""

    code = "payments.too_many_refunds"


class RefundTooLateError(DomainError):
    """The payment is older than the provider refunds; the money goes back by hand. Details: days."""

    code = "payments.refund_too_late"


class UnknownRefundError(DomainError):
    """No such refund."""

    code = "payments.unknown_refund"


class RefundNotFailedError(DomainError):
    """The refund is done or on its way: staff have nothing to do for it. Details: state."""

    code = "payments.refund_not_failed"
