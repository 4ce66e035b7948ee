"""Tables of points: points_account, points_lot, points_entry."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, UtcDateTime, not_personal


class PointsAccount(Base):
    """A member's balance: the cached sum of the entries."""

    __tablename__ = "points_account"
    __table_args__ = (CheckConstraint("balance >= 0", name="balance_not_negative"), Base.__table_args__)

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    balance: Mapped[int] = mapped_column(Integer)


class PointsLot(Base):
    """Points earned together, which expire together."""

    __tablename__ = "points_lot"
    __table_args__ = (CheckConstraint("remaining >= 0", name="remaining_not_negative"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    points: Mapped[int] = mapped_column(Integer)
    remaining: Mapped[int] = mapped_column(Integer)
    earned_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date)


class PointsEntry(Base):
    """One movement of points, with its reason. Never edited."""

    __tablename__ = "points_entry"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("points_lot.id"))
    delta: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
