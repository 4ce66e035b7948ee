"""Refusals of coupons.

DomainError
└── CouponNotUsableError   the coupon cannot be used on this order
"""

from domain.kernel.errors import DomainError


class CouponNotUsableError(DomainError):
    """The coupon cannot be used now. Details: name, reason ("unknown", "used", "held", "expired", "not_started", "void")."""

    code = "coupons.not_usable"
