"""Tables of grants: budget_line, granted."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.kernel.money import Fen
from domain.storage import Base, FenColumn, UtcDateTime, not_personal


class GrantKind(StrEnum):
    """What is given."""

    COUPON = "coupon"
    POINTS = "points"
    GIFT = "gift"
    """A coupon for a dish that costs nothing."""


class BudgetLine(Base):
    """What a campaign has given away: in all (scope "*"), on a business day ("d:<date>"), in a store on a day ("s:<store>:<date>").

    Every grant is counted on all of its lines, limited or not, so that a limit written later knows what was given before.
    `limit_fen` is the limit under which the last grant was made; NULL for none.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        CheckConstraint("spent_fen >= 0", name="spent_not_negative"),
        CheckConstraint("limit_fen IS NULL OR spent_fen <= limit_fen", name="spent_within_limit"),
        Base.__table_args__,
    )

    campaign: Mapped[str] = mapped_column(String(32), primary_key=True)
    scope: Mapped[str] = mapped_column(String(48), primary_key=True, info=not_personal("store and day"))
    store_id: Mapped[str | None] = mapped_column(String(32))
    business_day: Mapped[date | None] = mapped_column(Date)
    limit_fen: Mapped[Fen | None] = mapped_column(FenColumn)
    spent_fen: Mapped[Fen] = mapped_column(FenColumn)


class Grant(Base):
    """One thing given to a diner. `key` makes it once; `cost_fen` is what it took from the budget."""

    __tablename__ = "granted"
    __table_args__ = (Index("ix_granted_campaign_business_day", "campaign", "business_day"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    points: Mapped[int] = mapped_column(Integer)
    coupon_id: Mapped[str | None] = mapped_column(ForeignKey("coupon.id"))
    campaign: Mapped[str] = mapped_column(String(32))
    rule_version: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    cost_fen: Mapped[Fen] = mapped_column(FenColumn)
    store_id: Mapped[str | None] = mapped_column(String(32))
    business_day: Mapped[date] = mapped_column(Date)
    good_until: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
