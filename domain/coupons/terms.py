"""What a coupon promises: frozen when it is issued, so that a template changed later does not change coupons given before."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from domain.kernel.money import ZERO, Fen
from domain.shop.value_records import CouponRecord

ITEM_GROUP = "item"  # the group of coupons for dishes that name none
ORDER_GROUP = "order"  # the group of coupons for whole orders that name none
USUAL_ORDER = Fen(100_00)  # what a share off without a limit is budgeted on, when its minimum is not higher


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a coupon: a fixed amount off, or a share to pay; of some dishes or of the whole order.

    Attributes:
        name: What the diner reads.
        amount_fen: What it takes off, once; or
        pay_ratio: the share that is paid: 0.8 is 八折, 0 is a gift. One of the two is None.
        dishes: The dishes it is for, by id; none: any dish.
        portions: For how many portions, the dearest first; None: all of them.
        minimum_fen: Least spend on what it is for, after member prices.
        most_fen: The most it takes off.
        stores: Where it is good, by id; none: everywhere.
        channels: How the food must be eaten; none: any way.
        group: Coupons of one group share a limit.
        alone: Never together with another coupon.
    """

    name: str
    amount_fen: Fen | None = None
    pay_ratio: Decimal | None = None
    dishes: tuple[str, ...] = ()
    portions: int | None = None
    minimum_fen: Fen = ZERO
    most_fen: Fen | None = None
    stores: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    group: str = ORDER_GROUP
    alone: bool = False

    @property
    def is_item(self) -> bool:
        """Whether it is for dishes: named ones, or a number of portions of any. The others are for the whole order."""
        return bool(self.dishes) or self.portions is not None

    def face_fen(self, dish_prices: Mapping[str, Fen]) -> Fen:
        """What a budget reserves for it: the most it can take off, or an estimate where nothing limits it.

        A fixed amount: that amount. A share: its `most`; else, for a number of portions, that share of as many of the dearest
        dish; else that share of its minimum, or of 100 yuan when that is more.

        Args:
            dish_prices: Menu prices of one unit, by dish id. Dishes that are not there are left out.
        """
        if self.amount_fen is not None:
            return self.amount_fen if self.most_fen is None else min(self.amount_fen, self.most_fen)
        if self.most_fen is not None:
            return self.most_fen
        prices = [price for dish, price in dish_prices.items() if not self.dishes or dish in self.dishes]
        base = max(self.minimum_fen, USUAL_ORDER)
        if self.portions is not None and prices:
            base = Fen(max(prices) * self.portions)
        return Fen(int((base * (1 - (self.pay_ratio or Decimal(0)))).quantize(Decimal(1), rounding=ROUND_HALF_UP)))

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "name": self.name,
            "amount_fen": self.amount_fen,
            "pay_ratio": None if self.pay_ratio is None else str(self.pay_ratio),
            "dishes": list(self.dishes),
            "portions": self.portions,
            "minimum_fen": self.minimum_fen,
            "most_fen": self.most_fen,
            "stores": list(self.stores),
            "channels": list(self.channels),
            "group": self.group,
            "alone": self.alone,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Terms":
        """Read the stored form."""
        return cls(
            name=stored["name"],
            amount_fen=stored["amount_fen"],
            pay_ratio=None if stored["pay_ratio"] is None else Decimal(stored["pay_ratio"]),
            dishes=tuple(stored["dishes"]),
            portions=stored["portions"],
            minimum_fen=Fen(stored["minimum_fen"]),
            most_fen=stored["most_fen"],
            stores=tuple(stored["stores"]),
            channels=tuple(stored["channels"]),
            group=stored["group"],
            alone=stored["alone"],
        )


def terms_of(record: CouponRecord) -> Terms:
    """The terms that a template gives to coupons issued from it now."""
    is_item = bool(record.dishes) or record.portions is not None
    return Terms(
        name=record.name,
        amount_fen=record.amount,
        pay_ratio=record.pay,
        dishes=record.dishes,
        portions=record.portions,
        minimum_fen=record.minimum,
        most_fen=record.most,
        stores=record.stores,
        channels=record.channels,
        group=record.group or (ITEM_GROUP if is_item else ORDER_GROUP),
        alone=record.alone,
    )


def gift_terms(name: str, dish_id: str) -> Terms:
    """One portion of a dish as a gift: the birthday dessert, a dish for points."""
    return Terms(name=name, pay_ratio=Decimal(0), dishes=(dish_id,), portions=1, group=ITEM_GROUP)


def amount_terms(name: str, amount_fen: Fen, minimum_fen: Fen = ZERO) -> Terms:
    """A fixed amount off the whole order: 满50减20 is amount 20, minimum 50."""
    return Terms(name=name, amount_fen=amount_fen, minimum_fen=minimum_fen)
