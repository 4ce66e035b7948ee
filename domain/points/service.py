"""Everything the rest of the house may do with points; each use case stands in the module it is imported from."""

from domain.points.earning import Reversal, credit_points, earn_points, reverse_credit, reverse_earning
from domain.points.expiry import expire_points, expiring
from domain.points.forfeiting import forfeit_points
from domain.points.merging import merge_points
from domain.points.spending import capture_hold, hold_points, release_hold, return_points, spend_points
from domain.points.statement import Movement, Points, balance_of, points_of, statement

__all__ = [
    "Movement",
    "Points",
    "Reversal",
    "balance_of",
    "capture_hold",
    "credit_points",
    "earn_points",
    "expire_points",
    "expiring",
    "forfeit_points",
    "hold_points",
    "merge_points",
    "points_of",
    "release_hold",
    "return_points",
    "reverse_credit",
    "reverse_earning",
    "spend_points",
    "statement",
]
