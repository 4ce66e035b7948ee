"""Tables of payments: payment, payment_refund."""

from datetime import datetime

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.kernel.money import Fen
from domain.storage import Base, FenColumn, UtcDateTime, not_personal


class Payment(Base):
    """An amount asked for one payable. `pending_key` lets only one be open for it at a time.

    `refunded_fen` and `refunds` count every refund from the moment it is asked for, failed ones too: what a diner is owed
    is never given to someone else.
    """

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
    refunded_fen: Mapped[Fen] = mapped_column(FenColumn, server_default="0")
    refunds: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Refund(Base):
    """Money on its way back. The id is the number that the provider sees (out_refund_no): the same in every try."""

    __tablename__ = "payment_refund"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    payment_id: Mapped[str] = mapped_column(ForeignKey("payment.id"), index=True)
    fen: Mapped[Fen] = mapped_column(FenColumn)
    reason: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    state: Mapped[str] = mapped_column(String(8))
    fault: Mapped[str | None] = mapped_column(String(64), info=not_personal("the provider's code of a refusal"))
    tries: Mapped[int] = mapped_column(SmallInteger)
    external_no: Mapped[str | None] = mapped_column(String(64), unique=True, info=not_personal("the provider's number"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
