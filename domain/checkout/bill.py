"""A bill: what an order costs and why, line by line; in memory and as it is stored with the order."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.coupons.choosing import Why
from domain.kernel.money import ZERO, Fen

HOLD = "points_hold"  # of a stored bill: the key under which its points are held; bills of older versions have none


@dataclass(frozen=True, slots=True)
class Reduced:
    """What one reduction takes off a line; never negative."""

    label: str
    fen: Fen


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of the bill.

    Attributes:
        amount_fen: Its sum at the menu price.
        reductions: What was taken off it, in the order of pricing.
        fees_fen: Its part of the fees.
        points: Its part of the points that pay.
    """

    id: str
    dish_id: str
    name: str
    unit: str
    quantity: Decimal
    options: tuple[str, ...]
    unit_price_fen: Fen
    amount_fen: Fen
    reductions: tuple[Reduced, ...] = ()
    fees_fen: Fen = ZERO
    points: int = 0

    @property
    def reduced_fen(self) -> Fen:
        """All that was taken off."""
        return Fen(sum(reduction.fen for reduction in self.reductions))

    @property
    def net_fen(self) -> Fen:
        """What is left of the dish itself."""
        return Fen(self.amount_fen - self.reduced_fen)

    @property
    def payable_fen(self) -> Fen:
        """What is paid for the line, its part of the fees included. The lines add up to the total."""
        return Fen(self.net_fen + self.fees_fen)

    def to_json(self) -> dict[str, Any]:
        """The stored form, which receipts, pages and refunds read."""
        return {
            "id": self.id,
            "dish_id": self.dish_id,
            "name": self.name,
            "unit": self.unit,
            "quantity": str(self.quantity),
            "options": list(self.options),
            "unit_price_fen": self.unit_price_fen,
            "amount_fen": self.amount_fen,
            "reduced_fen": self.reduced_fen,
            "reductions": [{"label": reduction.label, "fen": reduction.fen} for reduction in self.reductions],
            "fees_fen": self.fees_fen,
            "points": self.points,
            "payable_fen": self.payable_fen,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """One step of the explanation; reductions are negative. The parts add up to the total."""

    label: str
    fen: int


@dataclass(frozen=True, slots=True)
class Bill:
    """What an order costs and why.

    Attributes:
        points: How many points pay; coupons: the ids of those that are used; why: what became of each coupon.
    """

    lines: tuple[BillLine, ...]
    parts: tuple[Part, ...]
    total_fen: Fen
    fees_fen: Fen
    points: int = 0
    coupons: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()

    @property
    def goods_fen(self) -> Fen:
        """What is paid for food: the part that earns points."""
        return Fen(max(0, self.total_fen - self.fees_fen))

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "lines": [line.to_json() for line in self.lines],
            "explanation": [{"label": part.label, "fen": part.fen} for part in self.parts],
            "total_fen": self.total_fen,
            "fees_fen": self.fees_fen,
            "points": self.points,
            "coupons": list(self.coupons),
        }
