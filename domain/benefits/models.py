"""Tables of benefits: benefit."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, UtcDateTime, not_personal


class Benefit(Base):
    """One thing that a diner is entitled to, on the business days `starts_on` <= day < `ends_on`.

    A row is never taken back: it ends. One that ended before its first day, or on it, never counted.
    """

    __tablename__ = "benefit"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(String(40), info=not_personal("what the kind leaves open: the name of a level"))
    source: Mapped[str] = mapped_column(String(48), info=not_personal("level, or plan:<id of the subscription>"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
