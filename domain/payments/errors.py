"""Refusals when paying.

DomainError
├── UnknownPaymentError   no such bill
├── PaymentClosedError    the bill was replaced by a newer one
└── WrongAmountError      the provider says another amount than the bill
"""

from domain.kernel.errors import DomainError


class UnknownPaymentError(DomainError):
    """No such bill."""

    code = "payments.unknown"


class PaymentClosedError(DomainError):
    """The bill was closed, because the order has changed since; a newer one stands in the chat."""

    code = "payments.closed"


class WrongAmountError(DomainError):
    """The amount confirmed is not the amount asked. Details: asked_fen, confirmed_fen."""

    code = "payments.wrong_amount"
