"""Refusals at checkout.

DomainError
├── NotRefundableError   nothing was paid, or nothing is left of it
└── TooMuchBackError     more of a dish than is left of it
"""

from domain.kernel.errors import DomainError


class NotRefundableError(DomainError):
    """Nothing of this order can be given back. Details: number."""

    code = "checkout.not_refundable"


class TooMuchBackError(DomainError):
    """More of a dish than is left of it. Details: dish, left."""

    code = "checkout.too_much_back"
