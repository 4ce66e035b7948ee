"""Tables of coupons: coupon."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, Json, UtcDateTime, not_personal


class CouponState(StrEnum):
    """issued → held → used; issued → expired; issued → void. Released it is issued again, and after a refund it is too."""

    ISSUED = "issued"
    HELD = "held"
    USED = "used"
    EXPIRED = "expired"
    VOID = "void"


class Coupon(Base):
    """A coupon in a diner's hands, with the terms of the day it was issued. `held_for` and `used_for` are orders.

    Good from and until are business days, both included. `returned_from` is the order whose refund gave it back last,
    `changed_at` the instant of the last change of state.
    """

    __tablename__ = "coupon"
    __table_args__ = (
        Index("ix_coupon_diner", "diner_id", "state"),
        Index("ix_coupon_good_until", "state", "good_until"),
        CheckConstraint("good_from <= good_until", name="days_in_order"),
        Base.__table_args__,
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"))
    template_id: Mapped[str] = mapped_column(String(32))
    campaign: Mapped[str] = mapped_column(String(32))
    terms: Mapped[dict[str, Any]] = mapped_column(Json, info=not_personal("what the coupon promises"))
    state: Mapped[str] = mapped_column(String(8))
    good_from: Mapped[date] = mapped_column(Date)
    good_until: Mapped[date] = mapped_column(Date)
    held_for: Mapped[str | None] = mapped_column(String(26), index=True)
    used_for: Mapped[str | None] = mapped_column(String(26), index=True)
    returned_from: Mapped[str | None] = mapped_column(String(26))
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
