"""Tables of stores: store, store_table, printer. What the shop file no longer names is retired, never deleted: old orders refer to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, Json, UtcDateTime, not_personal


class Store(Base):
    """A store. `details` holds the rest of what the shop file says about it."""

    __tablename__ = "store"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), info=not_personal("the store's name"))
    address: Mapped[str | None] = mapped_column(String(200), info=not_personal("the store's address"))
    phone: Mapped[str | None] = mapped_column(String(40), info=not_personal("the store's own number"))
    latitude: Mapped[str | None] = mapped_column(String(16))
    longitude: Mapped[str | None] = mapped_column(String(16))
    timezone: Mapped[str | None] = mapped_column(String(40), info=not_personal("IANA zone; empty: the brand's"))
    pay: Mapped[str] = mapped_column(String(8))
    details: Mapped[dict[str, Any]] = mapped_column(Json, info=not_personal("hours, rooms, fees of the store"))
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StoreTable(Base):
    """A table of a store."""

    __tablename__ = "store_table"

    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    seats: Mapped[int] = mapped_column(SmallInteger)
    area: Mapped[str | None] = mapped_column(String(40), info=not_personal("part of the floor"))
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Printer(Base):
    """A printer of a store."""

    __tablename__ = "printer"

    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    connection: Mapped[str] = mapped_column(String(120), info=not_personal("address of a machine"))
    width: Mapped[int] = mapped_column(SmallInteger)
    roles: Mapped[list[str]] = mapped_column(Json, info=not_personal("kitchen, pass, receipt, service, queue"))
    stations: Mapped[list[str]] = mapped_column(Json, info=not_personal("kitchen stations"))
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
