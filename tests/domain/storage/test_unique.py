"""A row that may stand only once is inserted once, whoever tries."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.storage import Database, insert_once
from tests.domain.scratch import Note, add, how_many, keys


def put(session: Session, key: str) -> bool:
    """Insert it once."""
    return insert_once(session, Note, {"key": key, "number": 0})


async def test_of_fifty_callers_at_once_exactly_one_is_first(scratch: Database) -> None:
    answers = await asyncio.gather(*(scratch.transaction(put, "message 1") for _ in range(50)))

    assert sorted(answers) == [False] * 49 + [True]
    assert await scratch.read(how_many) == 1


async def test_callers_of_several_keys_do_not_stop_each_other(scratch: Database) -> None:
    answers = await asyncio.gather(*(scratch.transaction(put, f"message {i % 10}") for i in range(100)))

    assert sum(answers) == 10
    assert await scratch.read(how_many) == 10


async def test_a_transaction_goes_on_after_a_duplicate(scratch: Database) -> None:
    await scratch.transaction(add, "taken")

    def try_and_go_on(session: Session) -> bool:
        add(session, "before")
        first = put(session, "taken")
        add(session, "after")
        return first

    assert await scratch.transaction(try_and_go_on) is False
    assert await scratch.read(keys) == {"taken", "before", "after"}


async def test_another_broken_rule_is_not_taken_for_a_duplicate(scratch: Database) -> None:
    with pytest.raises(IntegrityError):
        await scratch.transaction(lambda session: insert_once(session, Note, {"key": None, "number": 0}))


async def test_keys_that_differ_in_case_or_accent_are_two(scratch: Database) -> None:
    for key in ("oAbC", "oabc", "é", "e", "straße", "strasse"):
        assert await scratch.transaction(put, key) is True


async def test_another_row_that_clashes_is_not_taken_for_a_duplicate_of_this_one(scratch: Database) -> None:
    await scratch.transaction(add, "taken")

    def clash_and_put(session: Session) -> bool:
        session.add(Note(key="taken", number=0))
        return put(session, "new")

    with pytest.raises(IntegrityError):
        await scratch.transaction(clash_and_put)
    assert await scratch.read(keys) == {"taken"}
