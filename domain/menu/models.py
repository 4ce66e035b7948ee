"""Tables of the menu: category, dish, store_dish, dish_portions. What the shop file no longer names is retired, never deleted."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.kernel.money import Fen
from domain.storage import Base, FenColumn, Json, QuantityColumn, UtcDateTime, not_personal


class Category(Base):
    """A part of the menu, known by its name."""

    __tablename__ = "category"

    name: Mapped[str] = mapped_column(String(40), primary_key=True, info=not_personal("part of the menu"))
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Dish(Base):
    """A dish of the brand. `details` holds the rest of what the shop file says about it."""

    __tablename__ = "dish"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), info=not_personal("the dish"))
    category: Mapped[str] = mapped_column(ForeignKey("category.name"))
    price_fen: Mapped[Fen] = mapped_column(FenColumn)
    details: Mapped[dict[str, Any]] = mapped_column(Json, info=not_personal("aliases, options, station and the like"))
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StoreDish(Base):
    """A dish where a store differs from the brand: another price, or not sold there. No row: as the brand."""

    __tablename__ = "store_dish"

    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"), primary_key=True)
    dish_id: Mapped[str] = mapped_column(ForeignKey("dish.id"), primary_key=True)
    price_fen: Mapped[Fen | None] = mapped_column(FenColumn)
    excluded: Mapped[bool] = mapped_column(Boolean)


class DishPortions(Base):
    """How much of a dish a store has sold on one business day, and since when the staff call it sold out (估清)."""

    __tablename__ = "dish_portions"
    __table_args__ = (CheckConstraint("taken >= 0", name="taken_not_negative"), Base.__table_args__)

    store_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    dish_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    business_day: Mapped[date] = mapped_column(Date, primary_key=True)
    taken: Mapped[Decimal] = mapped_column(QuantityColumn)
    sold_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
