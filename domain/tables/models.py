"""Tables of table sessions: table_session, table_guest."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, UtcDateTime, not_personal


class TableSession(Base):
    """One party at one table. `active_key` is unique while the session lives and NULL after it."""

    __tablename__ = "table_session"
    __table_args__ = (Index("ix_table_session_store", "store_id", "opened_at"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32))
    table_code: Mapped[str] = mapped_column(String(16))
    active_key: Mapped[str | None] = mapped_column(String(64), unique=True, info=not_personal("store and table"))
    opened_by: Mapped[str] = mapped_column(ForeignKey("diner.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(16))


class TableGuest(Base):
    """A diner who scanned the table's code in this session."""

    __tablename__ = "table_guest"

    session_id: Mapped[str] = mapped_column(ForeignKey("table_session.id"), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
