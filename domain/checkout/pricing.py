"""The one pricing function, for chat, till and refund. Pure: lines and what the payer has in, a bill that explains itself out.

The order of steps is RESTAURANT, Checkout: (1) line sums, (2) member or favourite price, (3) item coupons, (4) order
coupons, (5) points, (6) fees, (7) rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from domain.checkout.bill import Bill, BillLine, Part, Reduced
from domain.coupons.choosing import Choice, Occasion, choose
from domain.coupons.reductions import Line as CouponLine
from domain.coupons.reductions import Owned
from domain.coupons.terms import Terms
from domain.kernel.money import ZERO, Fen, share, times
from domain.orders.rules import Channel
from domain.shop.value_records import StackingRecord

GOODS = "菜品合计"
MEMBER_PRICE = "会员价优惠"
FAVOURITE = "最爱菜品优惠"
POINTS = "积分抵扣"
SERVICE_FEE = "服务费"
PACKAGING = "打包费"
ROUNDING = "抹零"
_JIAO = 10


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
    id: str = ""
    dish_id: str = ""


@dataclass(frozen=True, slots=True)
class Purse:
    """What the payer may pay with. Empty for someone who is no member.

    Attributes:
        favourites: Dishes at `favourites_pay` of their price, where that is less than the member price.
        spent: What the diner used on other parts of a split bill: they are one bill to the rules of stacking.
        pinned: Coupons that the diner asked for; banned: coupons they do not want.
        points: The most points to spend; the rule's share of the bill limits them further.
        point_value_fen: What one point pays.
        points_most: The most of a bill that points pay.
    """

    member: bool = False
    favourites: frozenset[str] = frozenset()
    favourites_pay: Decimal = Decimal(1)
    coupons: tuple[Owned, ...] = ()
    stacking: StackingRecord = field(default_factory=StackingRecord)
    spent: tuple[Terms, ...] = ()
    pinned: frozenset[str] = frozenset()
    banned: frozenset[str] = frozenset()
    points: int = 0
    point_value_fen: Fen = ZERO
    points_most: Decimal = Decimal(0)


NOTHING = Purse()


def price(
    lines: Sequence[PricedLine],
    *,
    channel: Channel,
    service_fee_ratio: Decimal,
    purse: Purse = NOTHING,
    occasion: Occasion | None = None,
    rounding: str = "none",
) -> Bill:
    """Price an order.

    Args:
        service_fee_ratio: Share of the sum after step (4), dine-in only; 0 for none.
        occasion: Where and when coupons must be good; None: no coupons.
        rounding: "none", or "jiao": down to 0.10 yuan.

    Returns:
        The bill. Each fen of each reduction and fee sits on a line; nothing is negative; half-up to whole fen.
    """
    priced = [_at_the_lower_price(line, purse) for line in lines]
    choice = _coupons(priced, purse, occasion)
    for reduction in choice.reductions if choice else ():
        priced = _reduced(priced, _coupon_label(reduction.name), list(map(Fen, reduction.shares)))
    left = Fen(sum(line.net_fen for line in priced))
    points = _points(left, purse)
    priced = _with_points(priced, points, Fen(points * purse.point_value_fen))
    service = packaging = ZERO
    if channel is Channel.DINE_IN and service_fee_ratio:
        service = Fen(int((Decimal(left) * service_fee_ratio).quantize(Decimal(1), rounding=ROUND_HALF_UP)))
    if channel is not Channel.DINE_IN:
        packaging = Fen(sum(line.packaging_fen * _portions(line.quantity) for line in lines))
    priced = _with_fees(priced, lines, service, packaging)
    priced = _rounded(priced) if rounding == "jiao" else priced
    return _bill(priced, service, packaging, points, choice)


def _at_the_lower_price(line: PricedLine, purse: Purse) -> BillLine:
    """Steps (1) and (2): the lower of member price and favourite, never both."""
    amount = times(line.unit_price_fen, line.quantity)
    offers: list[tuple[Fen, str]] = []
    if purse.member and line.member_price_fen is not None:
        offers.append((times(line.member_price_fen, line.quantity), MEMBER_PRICE))
    if purse.member and line.dish_id in purse.favourites:
        paid = (Decimal(amount) * purse.favourites_pay).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        offers.append((Fen(int(paid)), FAVOURITE))
    billed = BillLine(line.id, line.dish_id, line.name, line.unit, line.quantity, line.options, line.unit_price_fen, amount)
    if not offers:
        return billed
    lowest, label = min(offers, key=lambda offer: offer[0])
    return replace(billed, reductions=(Reduced(label, Fen(amount - lowest)),)) if lowest < amount else billed


def _coupons(lines: Sequence[BillLine], purse: Purse, occasion: Occasion | None) -> Choice | None:
    """Steps (3) and (4)."""
    if occasion is None or not purse.coupons:
        return None
    sums = [CouponLine(line.dish_id, line.quantity, line.net_fen) for line in lines]
    return choose(sums, purse.coupons, purse.stacking, occasion, spent=purse.spent, pinned=purse.pinned, banned=purse.banned)


def _points(left: Fen, purse: Purse) -> int:
    """Step (5): whole points, rounded down, at most `points_most` of what is left."""
    if not purse.points or not purse.point_value_fen:
        return 0
    most = int(Decimal(left) * purse.points_most) // purse.point_value_fen
    return min(purse.points, most)


def _with_points(lines: Sequence[BillLine], points: int, fen: Fen) -> list[BillLine]:
    if not points:
        return list(lines)
    weights = [line.net_fen for line in lines]
    counts = share(Fen(points), weights)
    reduced = _reduced(lines, POINTS, share(fen, weights))
    return [replace(line, points=count) for line, count in zip(reduced, counts, strict=True)]


def _with_fees(lines: Sequence[BillLine], ordered: Sequence[PricedLine], service: Fen, packaging: Fen) -> list[BillLine]:
    """Step (6): fees lie on the lines they are for, so that a refunded dish gives back its part of them."""
    if not service and not packaging:
        return list(lines)
    serving = share(service, [line.net_fen for line in lines])
    boxes = [line.packaging_fen * _portions(line.quantity) if packaging else 0 for line in ordered]
    return [replace(line, fees_fen=Fen(fee + box)) for line, fee, box in zip(lines, serving, boxes, strict=True)]


def _rounded(lines: Sequence[BillLine]) -> list[BillLine]:
    """Step (7): what is over whole 0.10 yuan is taken off the dishes; fees are never discounted."""
    odd = Fen(sum(line.payable_fen for line in lines) % _JIAO)
    weights = [line.net_fen for line in lines]
    return _reduced(lines, ROUNDING, share(odd, weights)) if 0 < odd <= sum(weights) else list(lines)


def _reduced(lines: Sequence[BillLine], label: str, shares: Sequence[Fen]) -> list[BillLine]:
    return [
        replace(line, reductions=(*line.reductions, Reduced(label, part))) if part else line
        for line, part in zip(lines, shares, strict=True)
    ]


def _coupon_label(name: str) -> str:
    """Never one of the labels above, whatever a coupon is called."""
    return f"优惠券「{name}」"


def _portions(quantity: Decimal) -> int:
    return int(quantity.to_integral_value(ROUND_CEILING))


def _bill(lines: Sequence[BillLine], service: Fen, packaging: Fen, points: int, choice: Choice | None) -> Bill:
    off: dict[str, int] = {}
    for line in lines:
        for reduction in line.reductions:
            off[reduction.label] = off.get(reduction.label, 0) - reduction.fen
    first = [label for label in (MEMBER_PRICE, FAVOURITE) if label in off]
    labels = [_coupon_label(reduction.name) for reduction in choice.reductions] if choice else []
    coupons = [label for label in dict.fromkeys(labels) if label in off]
    parts = [Part(GOODS, sum(line.amount_fen for line in lines))]
    parts += [Part(label, off[label]) for label in (*first, *coupons)]
    parts += [Part(POINTS, off[POINTS])] if POINTS in off else []
    parts += [Part(label, fen) for label, fen in ((SERVICE_FEE, service), (PACKAGING, packaging)) if fen]
    parts += [Part(ROUNDING, off[ROUNDING])] if ROUNDING in off else []
    return Bill(
        lines=tuple(lines),
        parts=tuple(parts),
        total_fen=Fen(sum(part.fen for part in parts)),
        fees_fen=Fen(service + packaging),
        points=points,
        coupons=choice.used if choice else (),
        why=choice.why if choice else (),
    )
