"""A prepared statement says and does the same on both engines, and goes with the transaction like any other."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.kernel.money import Fen
from domain.storage import Database, Prepared, savepoint
from tests.domain.scratch import Note, Scratch, add, count_up, keys, number_of

TABLE = Scratch.metadata.tables[Note.__tablename__]
INSERT = Prepared(insert(TABLE))
INSERT_WHOLE = Prepared(insert(TABLE))
ALL = Prepared(select(Note.key, Note.fen, Note.quantity, Note.at, Note.json, Note.words).order_by(Note.key))
NUMBER = Prepared(select(Note.number).where(Note.key == bindparam("of")))
COUNT = Prepared(select(func.count()).select_from(Note))
RAISE = Prepared(
    update(Note).where(Note.key == bindparam("of"), Note.number < bindparam("most")).values(number=Note.number + bindparam("by"))
)
REMOVE = Prepared(delete(Note).where(Note.key == bindparam("of")))

ROW = {
    "key": "辣",
    "number": 1,
    "fen": Fen(5850),
    "quantity": Decimal("1.5"),
    "at": datetime(2026, 11, 21, 10, 30, 0, 123456, tzinfo=UTC),
    "json": {"菜": ["🍜", None, 2]},
    "words": "不要香菜🌿",
}


def put(session: Session, key: str) -> None:
    """Insert a row by a prepared statement."""
    INSERT.run(session, key=key, number=0)


async def test_values_come_back_as_their_columns_say(scratch: Database) -> None:
    await scratch.transaction(lambda session: INSERT_WHOLE.run(session, **ROW))

    ((key, fen, quantity, at, json, words),) = await scratch.read(ALL.all)

    assert (key, fen, quantity, at, json, words) == tuple(ROW[name] for name in ("key", "fen", "quantity", "at", "json", "words"))
    assert at.tzinfo is UTC


async def test_missing_values_come_back_as_none(scratch: Database) -> None:
    await scratch.transaction(Prepared(insert(TABLE)).run, key="bare", number=0, fen=None, at=None)

    assert await scratch.read(ALL.first) == ("bare", None, None, None, None, None)


async def test_nothing_found_is_none_or_empty(scratch: Database) -> None:
    assert await scratch.read(NUMBER.first, of="nobody") is None
    assert await scratch.read(NUMBER.scalar, of="nobody") is None
    assert await scratch.read(NUMBER.all, of="nobody") == []
    assert await scratch.read(COUNT.scalar) == 0


async def test_a_conditional_update_says_how_many_it_found(scratch: Database) -> None:
    await scratch.transaction(put, "counter")

    found = [await scratch.transaction(RAISE.run, of="counter", most=2, by=1) for _ in range(4)]

    assert found == [1, 1, 0, 0]
    assert await scratch.read(NUMBER.scalar, of="counter") == 2
    assert await scratch.transaction(REMOVE.run, of="counter") == 1
    assert await scratch.transaction(REMOVE.run, of="counter") == 0


async def test_it_sees_what_the_session_added_before(scratch: Database) -> None:
    def add_and_look(session: Session) -> object:
        session.add(Note(key="added", number=7))
        return NUMBER.scalar(session, of="added")

    assert await scratch.transaction(add_and_look) == 7


async def test_a_broken_constraint_is_an_integrity_error(scratch: Database) -> None:
    await scratch.transaction(put, "taken")

    with pytest.raises(IntegrityError):
        await scratch.transaction(put, "taken")


async def test_it_goes_with_a_transaction_that_fails(scratch: Database) -> None:
    def mixed(session: Session) -> None:
        put(session, "prepared before")
        add(session, "by the session")
        put(session, "prepared after")
        raise ValueError("refused")

    async def good(key: str) -> None:
        await scratch.transaction(put, key)

    outcomes = await asyncio.gather(good("one"), scratch.transaction(mixed), good("two"), return_exceptions=True)

    assert isinstance(outcomes[1], ValueError)
    assert await scratch.read(keys) == {"one", "two"}


async def test_what_fails_inside_a_savepoint_is_undone_and_the_rest_stands(scratch: Database) -> None:
    def work(session: Session, *, session_first: bool) -> None:
        if session_first:
            add(session, "by the session before")
        put(session, "before")
        with suppress(ValueError), savepoint(session):
            put(session, "prepared inside")
            add(session, "by the session inside")
            count_up(session, "before")
            raise ValueError("refused")
        put(session, "after")

    await scratch.transaction(work, session_first=False)
    assert await scratch.read(keys) == {"before", "after"}
    assert await scratch.read(number_of, "before") == 0

    await scratch.transaction(lambda session: [REMOVE.run(session, of=key) for key in ("before", "after")])
    await scratch.transaction(work, session_first=True)
    assert await scratch.read(keys) == {"by the session before", "before", "after"}


async def test_what_is_done_inside_a_savepoint_stays(scratch: Database) -> None:
    def work(session: Session) -> None:
        with savepoint(session):
            put(session, "prepared")
            session.add(Note(key="added", number=0))
            with savepoint(session):
                put(session, "deeper")

    await scratch.transaction(work)

    assert await scratch.read(keys) == {"prepared", "added", "deeper"}


async def test_a_flush_that_fails_inside_a_savepoint_is_undone_there(scratch: Database) -> None:
    await scratch.transaction(put, "taken")

    def work(session: Session) -> None:
        put(session, "before")
        with suppress(IntegrityError), savepoint(session):
            put(session, "inside")
            session.add(Note(key="taken", number=0))
        put(session, "after")

    await scratch.transaction(work)

    assert await scratch.read(keys) == {"taken", "before", "after"}
