"""The brand in the shop file: its name, zone and books, levels and points, and how totals are rounded."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from domain.kernel.money import Fen
from domain.shop.records import Record
from domain.shop.value_records import (
    HOUSE_BUDGETS,
    BirthdayRecord,
    BudgetRecord,
    CouponRecord,
    QueuePromiseRecord,
    RewardRecord,
    StackingRecord,
)
from domain.shop.values import Between, Name, Price, Ratio, TimeOfDay, Zone


class LevelRecord(Record):
    """A level of membership, by rolling 12-month net spend or visits."""

    name: Name
    """What diners read."""
    spend: Price = Fen(0)
    """Net spend in 12 months that reaches it, yuan."""
    visits: Annotated[int, Between(0, 1000)] = 0
    """Or visits in 12 months."""
    benefits: tuple[Literal["birthday_dessert", "priority_queue", "free_delivery"], ...] = ("birthday_dessert",)
    """What the level entitles to."""


LEVELS = (
    LevelRecord(name="普通"),
    LevelRecord.model_validate({"name": "白银", "spend": "500", "visits": 3}),
    LevelRecord.model_validate({"name": "黄金", "spend": "2000", "visits": 12}),
    LevelRecord.model_validate({"name": "VIP", "spend": "6000", "visits": 30}),
)
"""Source: RESTAURANT, Members."""


class PointsRecord(Record):
    """How points are earned and what they are worth. Source of the defaults: RESTAURANT, Points."""

    yuan_per_point: Annotated[int, Between(1, 10_000)] = 10
    """Net paid whole yuan that earn one point."""
    value: Price = Fen(10)
    """What one point pays, yuan."""
    expire_days: Annotated[int, Between(1, 3650)] = 365
    """Business days from earning to expiry."""
    most: Ratio = Decimal("0.1")
    """The most of a bill that points pay."""


class BrandRecord(Record):
    """The brand: one installation is one brand."""

    name: Name | None = None
    """What diners read; the first store's name when left out."""
    timezone: Zone = "Asia/Shanghai"
    """IANA zone of every store that names none."""
    business_day_starts: TimeOfDay = "05:00"
    """Local time at which the books turn to the next day."""
    levels: Annotated[tuple[LevelRecord, ...], Field(min_length=1)] = LEVELS
    """Levels of membership, lowest first."""
    points: PointsRecord = PointsRecord()
    rewards: tuple[RewardRecord, ...] = ()
    coupons: tuple[CouponRecord, ...] = ()
    stacking: StackingRecord = StackingRecord()
    budgets: tuple[BudgetRecord, ...] = HOUSE_BUDGETS
    birthday: BirthdayRecord | None = None
    queue_promise: QueuePromiseRecord | None = None
    favourites_pay: Ratio = Decimal("0.9")
    """The share of the price that members pay for their favourite dishes: 0.9 is 九折; 1 for none."""
    rounding: Literal["none", "jiao"] = "none"
    """Whether totals are rounded down to 0.10 yuan."""
