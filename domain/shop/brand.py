"""The brand in memory: its clock, and the rules of its points, levels, coupons and budgets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from domain.kernel.clock import business_date
from domain.kernel.money import Fen
from domain.shop.brand_records import BrandRecord
from domain.shop.value_records import (
    HOUSE_BUDGETS,
    BirthdayRecord,
    BudgetRecord,
    CouponRecord,
    QueuePromiseRecord,
    RewardRecord,
    StackingRecord,
)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of membership: reached by net spend or by visits in 12 months."""

    name: str
    spend_fen: Fen
    visits: int
    benefits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brand:
    """The brand and its rules.

    Attributes:
        yuan_per_point: Net paid yuan that earn one point, which pays `point_value_fen`.
        points_most: The most of a bill that points pay.
        favourites_pay: The share of the price that members pay for a favourite dish.
        rounding: "none" or "jiao".
        coupons: Templates by id.
        budgets: By campaign.
        queue_promise: What makes good a late call; None for nothing.
    """

    name: str
    timezone: str
    business_day_starts: time
    yuan_per_point: int
    point_value_fen: Fen
    points_expire_days: int
    points_most: Decimal
    levels: tuple[Level, ...]
    favourites_pay: Decimal
    rounding: str
    coupons: Mapping[str, CouponRecord]
    stacking: StackingRecord
    rewards: tuple[RewardRecord, ...]
    budgets: Mapping[str, BudgetRecord]
    birthday: BirthdayRecord | None
    queue_promise: QueuePromiseRecord | None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the brand's own clock, where no store is meant."""
        return ZoneInfo(self.timezone)

    def business_day(self, now: datetime, zone: str = "") -> date:
        """The business day of an instant, in a store's zone or the brand's own."""
        return business_date(now, zone or self.timezone, self.business_day_starts)


def brand_from(record: BrandRecord, first_store: str) -> Brand:
    """The brand of the shop file; of a single store with no other name it has the store's."""
    return Brand(
        name=record.name or first_store,
        timezone=record.timezone,
        business_day_starts=time.fromisoformat(record.business_day_starts),
        yuan_per_point=record.points.yuan_per_point,
        point_value_fen=record.points.value,
        points_expire_days=record.points.expire_days,
        points_most=record.points.most,
        levels=tuple(Level(level.name, level.spend, level.visits, level.benefits) for level in record.levels),
        favourites_pay=record.favourites_pay,
        rounding=record.rounding,
        coupons=MappingProxyType({coupon.id: coupon for coupon in record.coupons}),
        stacking=record.stacking,
        rewards=record.rewards,
        budgets=MappingProxyType({budget.campaign: budget for budget in (*HOUSE_BUDGETS, *record.budgets)}),
        birthday=record.birthday,
        queue_promise=record.queue_promise,
    )
