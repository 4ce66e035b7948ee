"""Column types that mean the same on SQLite and on MySQL, and the declarative base."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from domain.kernel.money import Fen


class Base(DeclarativeBase):
    """The declarative base of every table. Text compares byte by byte: an openid is case-sensitive."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    __table_args__: Any = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}  # noqa: RUF012 - SQLAlchemy reads it


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return value.astimezone(UTC).replace(tzinfo=None)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, to the microsecond. Takes and gives aware datetimes; stores UTC."""

    impl = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _utc(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)
        # The text that SQLAlchemy's own type writes, in a fifth of the time.
        return lambda value: None if value is None else _utc(value).isoformat(" ", "microseconds")

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class FenColumn(TypeDecorator[Fen]):
    """Money in whole fen. Refuses anything but int, so that no float can slip in."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Fen | None, dialect: Dialect) -> int | None:
        if value is not None and type(value) is not int:
            raise TypeError(f"money is whole fen, not {value!r}")
        return value

    def process_result_value(self, value: int | None, dialect: Dialect) -> Fen | None:
        return None if value is None else Fen(int(value))

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any] | None:
        return None if dialect.name == "sqlite" else super().result_processor(dialect, coltype)  # there an int is an int, sums too


class QuantityColumn(TypeDecorator[Decimal]):
    """How many of a dish, in steps of 0.1 (half a catty is 0.5). Stored as whole tenths."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        tenths = value * 10
        if tenths != tenths.to_integral_value():
            raise ValueError(f"quantities go in tenths, not {value}")
        return int(tenths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        whole, tenth = divmod(int(value), 10)
        return Decimal(whole) if tenth == 0 else Decimal(int(value)) / 10


LongText = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # json.dumps makes a new one each time
_DECODER = json.JSONDecoder()


class Json(TypeDecorator[Any]):
    """A JSON value as compact text."""

    impl = LongText
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return _to_text  # the engines' own types do nothing to a text

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any]:
        return _from_text


def _to_text(value: Any) -> str | None:
    return None if value is None else _ENCODER.encode(value)


def _from_text(text: str | None) -> Any:
    return None if text is None else _DECODER.raw_decode(text)[0]
