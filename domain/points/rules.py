"""Pure decisions about points."""

from datetime import date, timedelta

from domain.kernel.money import Fen

LIFE_DAYS = 365  # business days of the books after earning. Source: RESTAURANT, Points
YUAN_PER_POINT = 10  # Source: RESTAURANT, Points (1 point per 10 yuan)


def points_for(net_paid: Fen, yuan_per_point: int = YUAN_PER_POINT) -> int:
    """Points earned on an amount paid, fees left out, rounded down for the whole order."""
    return max(0, net_paid) // (yuan_per_point * 100)


def expires_on(earned_on: date, life_days: int = LIFE_DAYS) -> date:
    """The last business day on which points earned on this business day are good."""
    return earned_on + timedelta(days=life_days)
