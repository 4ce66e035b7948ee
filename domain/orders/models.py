"""Tables of orders: customer_order, order_round, order_line, order_void."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.kernel.money import Fen
from domain.orders.rules import FireState
from domain.storage import Base, FenColumn, Json, QuantityColumn, UtcDateTime, not_personal, personal


class Order(Base):
    """One bill. `active_key` is unique while lines may still join: of a table session, of a number that waits for its table
    (channel dine_in with no session yet), or of a takeaway diner.

    `split_from` is the order that a part of a split bill came from. An order with `merged_into` is cancelled and empty:
    all of it stands in that other order.
    """

    __tablename__ = "customer_order"  # "order" is a word of SQL
    __table_args__ = (Index("ix_customer_order_number", "store_id", "business_day", "number"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(10))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("table_session.id"), index=True)
    table_code: Mapped[str | None] = mapped_column(String(16))
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    active_key: Mapped[str | None] = mapped_column(String(32), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    payment_status: Mapped[str] = mapped_column(String(16))
    number: Mapped[str | None] = mapped_column(String(8))
    business_day: Mapped[date | None] = mapped_column(Date)
    draft_version: Mapped[int] = mapped_column(Integer)
    rounds: Mapped[int] = mapped_column(SmallInteger)
    paid_fen: Mapped[Fen | None] = mapped_column(FenColumn)
    bill: Mapped[dict[str, Any] | None] = mapped_column(Json, info=not_personal("how the amount asked adds up"))
    pickup_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rushes: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    rushed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    split_from: Mapped[str | None] = mapped_column(ForeignKey("customer_order.id"), index=True)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("customer_order.id"), index=True)


class OrderRound(Base):
    """Lines placed together. Released means: on its way to the kitchen's printers; waiting (叫起): not to be cooked yet."""

    __tablename__ = "order_round"

    order_id: Mapped[str] = mapped_column(ForeignKey("customer_order.id"), primary_key=True)
    round_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    placed_by: Mapped[str] = mapped_column(ForeignKey("diner.id"))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fire_state: Mapped[str] = mapped_column(String(8), default=FireState.FIRED.value, server_default=FireState.FIRED.value)


class OrderLine(Base):
    """A dish on the bill. In round 0 it is a draft: its price is the menu's until it is placed.

    `quantity` is what was ordered, `voided` how much of it was taken back (退菜): only what stands is cooked and billed.
    """

    __tablename__ = "order_line"
    __table_args__ = (Index("ix_order_line_order", "order_id", "round_no"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("customer_order.id"))
    round_no: Mapped[int] = mapped_column(SmallInteger)
    dish_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(64), info=not_personal("the dish"))
    unit: Mapped[str] = mapped_column(String(8))
    station: Mapped[str] = mapped_column(String(16))
    quantity: Mapped[Decimal] = mapped_column(QuantityColumn)
    voided: Mapped[Decimal] = mapped_column(QuantityColumn, default=Decimal(0), server_default="0")
    options: Mapped[list[Any]] = mapped_column(Json, info=not_personal("choices of the menu"))
    note: Mapped[str] = mapped_column(
        String(64), info=personal("cook as the diner wishes", basis="contract", retention="until erased", erase="blank")
    )
    unit_price_fen: Mapped[Fen] = mapped_column(FenColumn)
    member_price_fen: Mapped[Fen | None] = mapped_column(FenColumn)
    packaging_fen: Mapped[Fen] = mapped_column(FenColumn)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def standing(self) -> Decimal:
        """How much of the line is cooked and billed: what was ordered without what was taken back."""
        return self.quantity - self.voided


class OrderVoid(Base):
    """Dishes taken back by the staff (退菜): who, why and what. Never edited; `key` is the idempotency key of the act."""

    __tablename__ = "order_void"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    order_id: Mapped[str] = mapped_column(ForeignKey("customer_order.id"), index=True)
    voided_by: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(
        String(64), info=personal("know why a dish was taken back", basis="contract", retention="until erased", erase="blank")
    )
    lines: Mapped[dict[str, Any]] = mapped_column(Json, info=not_personal("how much of which line"))
    voided_at: Mapped[datetime] = mapped_column(UtcDateTime)
