"""Tables of staff: store_token."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, UtcDateTime, not_personal


class TokenScope(StrEnum):
    """What a store token may do."""

    TILL = "till"
    AGENT = "agent"
    SCREEN = "screen"


class StoreToken(Base):
    """A device's key to one store. Only its hash is kept; revoked, never deleted."""

    __tablename__ = "store_token"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32), index=True)
    scope: Mapped[str] = mapped_column(String(8))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True, info=not_personal("hash of a device's key"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
