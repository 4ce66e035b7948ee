"""Tables of checkout: bill_wish, order_refund, order_refund_line."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.kernel.money import Fen
from domain.storage import Base, FenColumn, Json, QuantityColumn, UtcDateTime, not_personal, personal


class BillWish(Base):
    """What a diner said about paying an order: which coupons, how many points. None said: what saves most."""

    __tablename__ = "bill_wish"

    order_id: Mapped[str] = mapped_column(ForeignKey("customer_order.id"), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    coupons: Mapped[dict[str, Any]] = mapped_column(Json, info=not_personal("ids of coupons"))
    points: Mapped[int | None] = mapped_column(Integer)


class OrderRefund(Base):
    """Dishes given back after they were paid; `key` lets each refund happen once."""

    __tablename__ = "order_refund"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("customer_order.id"), index=True)
    fen: Mapped[Fen] = mapped_column(FenColumn)
    goods_fen: Mapped[Fen] = mapped_column(FenColumn)
    points_taken: Mapped[int] = mapped_column(Integer)
    points_owed: Mapped[int] = mapped_column(Integer)
    points_returned: Mapped[int] = mapped_column(Integer)
    coupons_returned: Mapped[list[str]] = mapped_column(Json, info=not_personal("ids of coupons"))
    reason: Mapped[str] = mapped_column(
        String(64), info=personal("why a dish was given back", basis="contract", retention="until erased", erase="blank")
    )
    by: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OrderRefundLine(Base):
    """What of a line was given back, and the money and points that were."""

    __tablename__ = "order_refund_line"

    refund_id: Mapped[str] = mapped_column(ForeignKey("order_refund.id"), primary_key=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("order_line.id"), primary_key=True, index=True)
    quantity: Mapped[Decimal] = mapped_column(QuantityColumn)
    fen: Mapped[Fen] = mapped_column(FenColumn)
    points: Mapped[int] = mapped_column(Integer)
