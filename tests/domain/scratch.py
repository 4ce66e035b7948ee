"""A table that only tests of storage and messaging have, apart from the house's own."""

import time
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, String, func, select, text, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from domain.kernel.money import Fen
from domain.storage import Base, FenColumn, Json, LongText, QuantityColumn, UtcDateTime


class Scratch(DeclarativeBase):
    """A base of its own, so that the house's metadata stays clean."""

    __table_args__ = Base.__table_args__


class Note(Scratch):
    """A row with a key, and one of every column type."""

    __tablename__ = "scratch_note"
    __table_args__ = (CheckConstraint("number >= 0", name="ck_scratch_note_number"), Scratch.__table_args__)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    fen: Mapped[Fen | None] = mapped_column(FenColumn)
    quantity: Mapped[Decimal | None] = mapped_column(QuantityColumn)
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    json: Mapped[Any] = mapped_column(Json, nullable=True)
    words: Mapped[str | None] = mapped_column(LongText)


def add(session: Session, key: str, number: int = 0) -> str:
    """Write one row, and return its key."""
    session.add(Note(key=key, number=number))
    session.flush()
    return key


def add_slowly(session: Session, key: str, seconds: float) -> str:
    """Write one row and keep the transaction open for a while."""
    add(session, key)
    pause(session, seconds)
    return key


def pause(session: Session, seconds: float) -> None:
    """Let time pass inside a transaction, in the way that blocks nobody else on this engine."""
    if session.get_bind().dialect.name == "sqlite":
        time.sleep(seconds)
    else:
        session.execute(text("SELECT SLEEP(:seconds)"), {"seconds": seconds})


def count_up(session: Session, key: str) -> None:
    """Add one to a row's number, by one conditional statement."""
    session.execute(update(Note).where(Note.key == key).values(number=Note.number + 1))


def read_then_write(session: Session, key: str) -> None:
    """Add one to a row's number, in the way that loses updates where transactions are not serial."""
    number = session.execute(select(Note.number).where(Note.key == key)).scalar_one()
    session.execute(update(Note).where(Note.key == key).values(number=number + 1))


def keys(session: Session) -> set[str]:
    """The keys of all rows."""
    return set(session.execute(select(Note.key)).scalars())


def number_of(session: Session, key: str) -> int:
    """A row's number."""
    return session.execute(select(Note.number).where(Note.key == key)).scalar_one()


def how_many(session: Session) -> int:
    """The number of rows."""
    return session.execute(select(func.count()).select_from(Note)).scalar_one()
