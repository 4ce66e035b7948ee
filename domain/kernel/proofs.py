"""What a proof finds: a sum that is not the sum it must be. Source: RESTAURANT, Points (proven every night)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two numbers that must be equal and are not.

    Attributes:
        rule: What must hold, in plain words ("balance = sum of lots").
        subject: The id of the account, coupon, order or budget line.
        expected: What the records add up to.
        found: What is written beside them.
    """

    rule: str
    subject: str
    expected: int
    found: int
