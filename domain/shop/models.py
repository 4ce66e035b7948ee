"""Table of shop imports: shop_version."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, Json, UtcDateTime, not_personal


class ShopVersion(Base):
    """A shop document that was imported. The newest one holds the brand and what no other table holds yet.

    Whoever changes rows of stores or menu adds a version in the same transaction: every process reloads its snapshot then.
    """

    __tablename__ = "shop_version"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(Json, info=not_personal("the shop file"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by: Mapped[str] = mapped_column(String(32))
