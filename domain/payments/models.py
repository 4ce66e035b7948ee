"""Tables of payments: payment."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.kernel.money import Fen
from domain.storage import Base, FenColumn, UtcDateTime, not_personal


class PaymentState(StrEnum):
    """Life of a payment."""

    PENDING = "pending"
    PAID = "paid"
    CLOSED = "closed"


class Payment(Base):
    """An amount asked for one payable. `pending_key` lets only one be open for it at a time."""

    __tablename__ = "payment"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    payable_kind: Mapped[str] = mapped_column(String(16))
    payable_id: Mapped[str] = mapped_column(String(26), index=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"))
    fen: Mapped[Fen] = mapped_column(FenColumn)
    state: Mapped[str] = mapped_column(String(8))
    pending_key: Mapped[str | None] = mapped_column(String(48), unique=True, info=not_personal("payable"))
    method: Mapped[str | None] = mapped_column(String(16))
    external_no: Mapped[str | None] = mapped_column(String(64), unique=True, info=not_personal("the provider's number"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
