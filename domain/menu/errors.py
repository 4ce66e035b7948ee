"""Refusals of the menu.

DomainError
└── SoldOutError          today's portions of a dish are gone
    └── TooFewLeftError   there are some, but not as many as wanted
"""

from domain.kernel.errors import DomainError


class SoldOutError(DomainError):
    """Today's portions are gone. Details: dish (all such dishes), left (how much there is of each, in words)."""

    code = "menu.sold_out"


class TooFewLeftError(SoldOutError):
    """There is less of the dish than is wanted. Details: dish, left."""

    code = "menu.too_few_left"
