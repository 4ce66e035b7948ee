"""What the brand gives, in the shop file: coupon templates, how coupons go together, the reward list, budgets, the birthday, late calls."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.kernel.money import Fen
from domain.shop.records import Record
from domain.shop.values import Between, Flag, Id, Name, Price, Ratio, fault


class CouponRecord(Record):
    """A template of coupons: a fixed amount off, or a share to pay; of the whole order, or of some dishes."""

    id: Id
    name: Name
    amount: Price | None = None
    """What it takes off, yuan."""
    pay: Ratio | None = None
    """Or the share that is paid: 0.8 is 八折, 0 is a gift."""
    dishes: tuple[Id, ...] = ()
    """The dishes it is for, by id; none: the whole order."""
    portions: Annotated[int, Between(1, 1000)] | None = None
    """How many portions of them it is for; all when left out."""
    minimum: Price = Fen(0)
    """Least spend, after member prices, yuan."""
    most: Price | None = None
    """The most it takes off, yuan."""
    days: Annotated[int, Between(1, 3650)] = 30
    """Business days it is good for, the day it is given included."""
    stores: tuple[Id, ...] = ()
    """Stores it is good in, by id; all when left out."""
    channels: tuple[Literal["dine_in", "takeaway", "delivery"], ...] = ()
    """How the food must be eaten; any way when left out."""
    group: Name | None = None
    """Coupons of one group share a limit (stacking.groups); left out: "item" for dishes, "order" for orders."""
    alone: Flag = False
    """Never together with another coupon."""

    @model_validator(mode="after")
    def _one_kind(self) -> "CouponRecord":
        if (self.amount is None) == (self.pay is None):
            raise fault("a coupon takes off an amount or lets a share be paid", "write one of amount: and pay:")
        return self


class StackingRecord(Record):
    """Which coupons may be used together on one order."""

    most: Annotated[int, Between(1, 12)] = 3
    """Coupons on one order."""
    groups: dict[Name, Annotated[int, Between(1, 12)]] = Field(default_factory=dict)
    """Coupons of one group on one order; 1 for a group that is not named."""


class RewardCouponRecord(Record):
    """A fixed-amount coupon that points buy."""

    amount: Price
    """Face, yuan."""
    minimum: Price = Fen(0)
    """Least spend, yuan."""
    days: Annotated[int, Between(1, 3650)] = 30
    """Business days it is good for."""


class RewardRecord(Record):
    """A line of the reward list: points for a dish or a coupon."""

    id: Id
    name: Name
    points: Annotated[int, Between(1, 1_000_000)]
    """What it costs."""
    dish: Id | None = None
    """The dish that is given, by id."""
    coupon: RewardCouponRecord | None = None
    """Or the coupon that is given."""


class BudgetRecord(Record):
    """How much a campaign may give away, in face value. What is left out has no limit of its own, but one must stand."""

    campaign: Id
    """"rewards" and "birthday" are the house's own; they have a budget of 1,000 yuan a day where none is written."""
    total: Price | None = None
    """In all, yuan."""
    per_day: Price | None = None
    """A business day, yuan."""
    per_store_day: Price | None = None
    """A store and business day, yuan."""

    @model_validator(mode="after")
    def _some_limit(self) -> "BudgetRecord":
        if self.total is None and self.per_day is None and self.per_store_day is None:
            raise fault("the budget has no limit", "write total:, per_day: or per_store_day:")
        return self


HOUSE_BUDGETS = tuple(BudgetRecord.model_validate({"campaign": name, "per_day": "1000"}) for name in ("rewards", "birthday"))


class QueuePromiseRecord(Record):
    """What makes good a call that came later than the range that was told: a coupon for members, at most one a day.

    It comes out of the budget "queue_promise"; without one nothing is given. Source: reference peers §7 (d) 5.
    """

    late_minutes: Annotated[int, Between(1, 600)] = 15
    """So late, or later, after the end of the range."""
    coupon: Id
    """The template of the coupon, by id."""


class BirthdayRecord(Record):
    """The birthday dessert: one a year, for members whose level or plan has the benefit birthday_dessert."""

    dish: Id
    """The dish that is given, by id."""
    days: Annotated[int, Between(1, 60)] = 15
    """Business days it is good for, beginning a week before the birthday."""
