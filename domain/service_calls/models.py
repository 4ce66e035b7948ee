"""Table of service calls: service_call."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, UtcDateTime, not_personal, personal


class ServiceCall(Base):
    """Somebody at a table calls for the staff. `active_key` is unique while the call lives: the party, or the table, and the kind.

    `session_id` is the party that called, None where nobody has scanned the table's code. `diner_id` is None for a call of the
    staff, or of a bell on the table.
    """

    __tablename__ = "service_call"
    __table_args__ = (Index("ix_service_call_store", "store_id", "state", "called_at"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32))
    table_code: Mapped[str] = mapped_column(String(16))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("table_session.id"), index=True)
    diner_id: Mapped[str | None] = mapped_column(ForeignKey("diner.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(
        String(64), info=personal("bring what was asked for", basis="contract", retention="until erased", erase="blank")
    )
    state: Mapped[str] = mapped_column(String(10))
    active_key: Mapped[str | None] = mapped_column(String(72), unique=True, info=not_personal("party or table, and kind"))
    nudges: Mapped[int] = mapped_column(SmallInteger)
    escalations: Mapped[int] = mapped_column(SmallInteger)
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by: Mapped[str | None] = mapped_column(String(32))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
