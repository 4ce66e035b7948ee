"""Tables of points: points_account, points_lot, points_hold, points_hold_lot, points_entry."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.points.rules import HoldState, Reason
from domain.storage import Base, UtcDateTime, not_personal

# A number that came after the first tables says in its server default what the rows from before get.


class PointsAccount(Base):
    """A member's points: cached sums of lots, holds and entries. Its row is locked first, so movements of one member wait in one line."""

    __tablename__ = "points_account"
    __table_args__ = (
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        CheckConstraint("held >= 0 AND held <= balance", name="held_is_part_of_balance"),
        CheckConstraint("owed >= 0", name="owed_not_negative"),
        Base.__table_args__,
    )

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    balance: Mapped[int] = mapped_column(Integer)
    held: Mapped[int] = mapped_column(Integer, server_default="0")
    owed: Mapped[int] = mapped_column(Integer, server_default="0")


class PointsLot(Base):
    """Points that came together and expire together.

    `remaining` counts the held ones too. `open_until` is `expires_on` as long as points remain and None afterwards: what spending
    and the nightly sweep look through stays short however long the history grows. `reversed` is what refunds took back or made
    owed of an earning.
    """

    __tablename__ = "points_lot"
    __table_args__ = (
        CheckConstraint("remaining >= 0", name="remaining_not_negative"),
        CheckConstraint("held >= 0 AND held <= remaining", name="held_is_part_of_remaining"),
        CheckConstraint("reversed >= 0 AND reversed <= points", name="reversed_is_part_of_points"),
        Index(None, "diner_id", "open_until"),
        Base.__table_args__,
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    points: Mapped[int] = mapped_column(Integer)
    remaining: Mapped[int] = mapped_column(Integer)
    held: Mapped[int] = mapped_column(Integer, server_default="0")
    reversed: Mapped[int] = mapped_column(Integer, server_default="0")
    earned_on: Mapped[date] = mapped_column(Date)
    usable_from: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date)
    open_until: Mapped[date | None] = mapped_column(Date, index=True)
    source: Mapped[Reason] = mapped_column(String(16), server_default=Reason.ORDER_PAID.value)
    order_id: Mapped[str | None] = mapped_column(String(26))


class PointsHold(Base):
    """Points set aside for a purpose, mostly an order that is not paid yet. Never a preview: two carts cannot plan the same points."""

    __tablename__ = "points_hold"

    key: Mapped[str] = mapped_column(String(96), primary_key=True, info=not_personal("idempotency key of ids"))
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    points: Mapped[int] = mapped_column(Integer)
    state: Mapped[HoldState] = mapped_column(String(16))
    order_id: Mapped[str | None] = mapped_column(String(26))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PointsHoldLot(Base):
    """What a hold took from which lot. `returned` is what refunds gave back after the capture; a released hold has no such rows."""

    __tablename__ = "points_hold_lot"
    __table_args__ = (CheckConstraint("returned >= 0 AND returned <= points", name="returned_is_part_of_points"), Base.__table_args__)

    hold_key: Mapped[str] = mapped_column(ForeignKey("points_hold.key"), primary_key=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("points_lot.id"), primary_key=True, index=True)
    points: Mapped[int] = mapped_column(Integer)
    returned: Mapped[int] = mapped_column(Integer)


class PointsEntry(Base):
    """One lot's part in one movement of points, with its reason. Never edited. A movement has one key and the parts 0, 1, 2, ..."""

    __tablename__ = "points_entry"
    __table_args__ = (UniqueConstraint("key", "part"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    lot_id: Mapped[str | None] = mapped_column(ForeignKey("points_lot.id"))
    delta: Mapped[int] = mapped_column(Integer)
    owed_delta: Mapped[int] = mapped_column(Integer, server_default="0")
    reason: Mapped[Reason] = mapped_column(String(32))
    order_id: Mapped[str | None] = mapped_column(String(26))
    key: Mapped[str] = mapped_column(String(128), info=not_personal("idempotency key of ids"))
    part: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
