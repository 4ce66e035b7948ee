"""Tables of invoices: invoice_request."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.kernel.money import Fen
from domain.storage import Base, FenColumn, UtcDateTime, not_personal, personal


class InvoiceRequest(Base):
    """An invoice that a diner asked for; one an order. Title, number and address are blanked 30 days after it is issued."""

    __tablename__ = "invoice_request"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    order_id: Mapped[str] = mapped_column(String(26), unique=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    store_id: Mapped[str] = mapped_column(String(32))
    number: Mapped[str] = mapped_column(String(8))
    fen: Mapped[Fen] = mapped_column(FenColumn)
    title: Mapped[str | None] = mapped_column(
        String(100), info=personal("write the invoice", basis="contract", retention="30 days after it is issued", erase="blank")
    )
    tax_number: Mapped[str | None] = mapped_column(
        String(20), info=personal("write the invoice", basis="contract", retention="30 days after it is issued", erase="blank")
    )
    email: Mapped[str | None] = mapped_column(
        String(254), info=personal("send the invoice", basis="contract", retention="30 days after it is issued", erase="blank")
    )
    state: Mapped[str] = mapped_column(String(10))
    link: Mapped[str | None] = mapped_column(String(500), info=not_personal("where the tax office shows the invoice"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(String(32))
