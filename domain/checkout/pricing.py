"""The one pricing function. Pure: lines in, a bill that explains itself out.

The order of steps is RESTAURANT, Checkout: (1) line sums, (2) member prices, (6) fees. Steps (3)–(5) and (7)
come with the features they belong to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from domain.kernel.money import ZERO, Fen, times
from domain.orders.rules import Channel

GOODS = "菜品合计"
MEMBER_PRICE = "会员价优惠"
SERVICE_FEE = "服务费"
PACKAGING = "打包费"


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What pricing needs to know of a line. Prices are of one unit, choices included."""

    name: str
    unit: str
    quantity: Decimal
    options: tuple[str, ...]
    unit_price_fen: Fen
    member_price_fen: Fen | None
    packaging_fen: Fen


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of the bill: its sum at the menu price, and what was taken off it."""

    name: str
    unit: str
    quantity: Decimal
    options: tuple[str, ...]
    unit_price_fen: Fen
    amount_fen: Fen
    reduced_fen: Fen


@dataclass(frozen=True, slots=True)
class Part:
    """One step of the explanation; reductions are negative. The parts add up to the total."""

    label: str
    fen: int


@dataclass(frozen=True, slots=True)
class Bill:
    """What an order costs and why."""

    lines: tuple[BillLine, ...]
    parts: tuple[Part, ...]
    total_fen: Fen
    fees_fen: Fen

    @property
    def goods_fen(self) -> Fen:
        """What was paid for food: the part that earns points."""
        return Fen(self.total_fen - self.fees_fen)

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "lines": [
                {
                    "name": line.name,
                    "unit": line.unit,
                    "quantity": str(line.quantity),
                    "options": list(line.options),
                    "unit_price_fen": line.unit_price_fen,
                    "amount_fen": line.amount_fen,
                    "reduced_fen": line.reduced_fen,
                }
                for line in self.lines
            ],
            "explanation": [{"label": part.label, "fen": part.fen} for part in self.parts],
            "total_fen": self.total_fen,
            "fees_fen": self.fees_fen,
        }


def price(lines: Sequence[PricedLine], *, member: bool, channel: Channel, service_fee_ratio: Decimal) -> Bill:
    """Price an order.

    Args:
        member: Whether the payer is a member: member prices hold then, where they are lower.
        service_fee_ratio: Share of the sum after reductions, dine-in only; 0 for none.

    Returns:
        The bill. Every reduction sits on its line; fees are never discounted; half-up to whole fen.
    """
    priced = tuple(_line(line, member=member) for line in lines)
    goods = sum(line.amount_fen for line in priced)
    reduced = sum(line.reduced_fen for line in priced)
    service = packaging = ZERO
    if channel is Channel.DINE_IN and service_fee_ratio:
        service = Fen(int((Decimal(goods - reduced) * service_fee_ratio).quantize(Decimal(1), rounding=ROUND_HALF_UP)))
    if channel is Channel.TAKEAWAY:
        packaging = Fen(sum(line.packaging_fen * int(line.quantity.to_integral_value(ROUND_CEILING)) for line in lines))
    parts = [Part(GOODS, goods)]
    parts += [Part(label, fen) for label, fen in ((MEMBER_PRICE, -reduced), (SERVICE_FEE, service), (PACKAGING, packaging)) if fen]
    return Bill(priced, tuple(parts), Fen(sum(part.fen for part in parts)), Fen(service + packaging))


def _line(line: PricedLine, *, member: bool) -> BillLine:
    amount = times(line.unit_price_fen, line.quantity)
    reduced = ZERO
    if member and line.member_price_fen is not None:
        reduced = Fen(max(0, amount - times(line.member_price_fen, line.quantity)))
    return BillLine(line.name, line.unit, line.quantity, line.options, line.unit_price_fen, amount, reduced)
