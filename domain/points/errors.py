"""Refusals about points.

DomainError
├── NotEnoughPointsError   fewer points can be used today than were asked for
└── HoldChangedError       the key holds another number of points, or another member's
"""

from domain.kernel.errors import DomainError


class NotEnoughPointsError(DomainError):
    """Fewer points can be used today than were asked for. Details: points (asked), usable."""

    code = "points.not_enough"


class HoldChangedError(DomainError):
    """Points are held under this key already, but not these. Details: points (asked), held (under the key now)."""

    code = "points.hold_changed"
