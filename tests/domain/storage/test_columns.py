"""What goes into a column comes out of it, on both engines; what may not go in does not."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.storage import Database
from tests.domain.scratch import Note


async def stored(database: Database, column: InstrumentedAttribute[Any], value: Any) -> Any:
    """Write a value and read it back from a new transaction."""

    def write(session: Session) -> None:
        session.execute(insert(Note), {"key": "k", "number": 0, column.key: value})

    await database.transaction(write)
    return await database.read(lambda session: session.execute(select(column)).scalar_one())


@pytest.mark.parametrize("amount", [0, -5850, 2**40])
async def test_money_comes_back_as_whole_fen(scratch: Database, amount: int) -> None:
    value = await stored(scratch, Note.fen, amount)

    assert value == amount
    assert type(value) is int


@pytest.mark.parametrize("amount", [58.0, 58.5, Decimal(58), "58", True])
async def test_money_that_is_not_a_whole_number_is_refused(scratch: Database, amount: object) -> None:
    with pytest.raises(StatementError, match="whole fen"):
        await stored(scratch, Note.fen, amount)


async def test_an_instant_keeps_its_microseconds(scratch: Database) -> None:
    moment = datetime(2026, 11, 21, 10, 30, 59, 123457, tzinfo=UTC)

    assert await stored(scratch, Note.at, moment) == moment


async def test_an_instant_of_any_zone_comes_back_in_utc(scratch: Database) -> None:
    shanghai = timezone(timedelta(hours=8))

    value = await stored(scratch, Note.at, datetime(2026, 11, 22, 2, 0, tzinfo=shanghai))

    assert value == datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
    assert value.tzinfo is UTC


async def test_an_instant_without_a_zone_is_refused(scratch: Database) -> None:
    with pytest.raises(StatementError, match="needs a zone"):
        await stored(scratch, Note.at, datetime(2026, 11, 21, 10, 30))  # noqa: DTZ001 - the fault that is tried


async def test_instants_are_compared_as_instants(scratch: Database) -> None:
    moment = datetime(2026, 11, 21, 10, 30, 0, 500000, tzinfo=UTC)
    await stored(scratch, Note.at, moment)

    def due(session: Session, now: datetime) -> bool:
        return session.execute(select(Note.key).where(Note.at <= now)).scalar() is not None

    assert await scratch.read(due, moment) is True
    assert await scratch.read(due, moment + timedelta(microseconds=1)) is True
    assert await scratch.read(due, moment - timedelta(microseconds=1)) is False


@pytest.mark.parametrize("quantity", ["2", "0.5", "1.3", "120"])
async def test_a_quantity_comes_back_in_tenths(scratch: Database, quantity: str) -> None:
    value = await stored(scratch, Note.quantity, Decimal(quantity))

    assert value == Decimal(quantity)
    assert str(value) == quantity


async def test_a_quantity_finer_than_a_tenth_is_refused(scratch: Database) -> None:
    with pytest.raises(StatementError, match="tenths"):
        await stored(scratch, Note.quantity, Decimal("0.25"))


@pytest.mark.parametrize("value", [{"菜": ["🍜", "👨‍👩‍👧", "\U00020bb7"], "n": 1, "none": None}, [], "", 0, {"big": "满" * 100_000}])
async def test_json_comes_back_as_it_was_with_emoji_and_rare_characters(scratch: Database, value: object) -> None:
    assert await stored(scratch, Note.json, value) == value


async def test_long_text_keeps_emoji_and_rare_characters(scratch: Database) -> None:
    words = "𠮷野家的🍜 真香\n" * 1000

    assert await stored(scratch, Note.words, words) == words
