"""One accept is one send, never more, and a no is a no."""

import asyncio
from datetime import timedelta

import pytest

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.consent_links import ConsentQuestion, consent_path, read_consent_token
from domain.messages.consents import (
    accept_notice,
    may_ask,
    notices_left,
    refuse_notice,
    return_consent,
    take_consent,
    void_consents,
)
from domain.messages.errors import ConsentLinkExpiredError, ConsentLinkForgedError
from domain.storage import Database
from tests.clock import SettableClock

KIND = "queue_call"
KEY = b"k" * 32


@pytest.fixture
async def diner(database: Database, clock: SettableClock) -> str:
    return await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())


async def test_one_accept_is_one_send(database: Database, diner: str) -> None:
    assert not await database.transaction(take_consent, diner, KIND)
    for _ in range(2):
        await database.transaction(accept_notice, diner, KIND)
    assert [await database.transaction(take_consent, diner, KIND) for _ in range(3)] == [True, True, False]
    await database.transaction(return_consent, diner, KIND)
    assert await database.read(notices_left, diner, KIND) == 1
    assert await database.read(notices_left, diner, "booking_reminder") == 0


async def test_many_at_once_take_no_more_than_was_given(database: Database, diner: str) -> None:
    await asyncio.gather(*(database.transaction(accept_notice, diner, KIND) for _ in range(5)))
    taken = await asyncio.gather(*(database.transaction(take_consent, diner, KIND) for _ in range(20)))
    assert sum(taken) == 5


async def test_nothing_is_returned_that_was_not_taken(database: Database, diner: str) -> None:
    await database.transaction(accept_notice, diner, KIND)
    await database.transaction(return_consent, diner, KIND)
    assert await database.read(notices_left, diner, KIND) == 1


async def test_a_no_to_one_question_leaves_what_was_allowed_before_and_switching_off_does_not(
    database: Database, clock: SettableClock, diner: str
) -> None:
    await database.transaction(accept_notice, diner, KIND)
    await database.transaction(refuse_notice, diner, KIND, for_good=False, now=clock.now())
    assert await database.read(notices_left, diner, KIND) == 1
    await database.transaction(refuse_notice, diner, KIND, for_good=True, now=clock.now())
    assert await database.read(notices_left, diner, KIND) == 0


async def test_the_platforms_word_voids_what_we_counted(database: Database, diner: str) -> None:
    await database.transaction(accept_notice, diner, KIND)
    await database.transaction(void_consents, diner, KIND)
    assert await database.read(notices_left, diner, KIND) == 0


async def test_who_said_no_is_not_asked_for_a_week_and_who_said_yes_not_until_it_is_used(
    database: Database, clock: SettableClock, diner: str
) -> None:
    async def asked() -> bool:
        return await database.read(may_ask, diner, KIND, now=clock.now())

    assert await asked()
    await database.transaction(refuse_notice, diner, KIND, for_good=False, now=clock.now())
    assert not await asked()
    clock.advance(days=7)
    assert await asked()
    await database.transaction(accept_notice, diner, KIND)
    assert not await asked()
    await database.transaction(take_consent, diner, KIND)
    assert await asked()


class TestLinks:
    def test_a_link_names_the_diner_and_the_kinds_for_a_day(self, clock: SettableClock) -> None:
        diner = "0" * 26
        token = consent_path(KEY, diner, (KIND, "booking_reminder"), now=clock.now()).removeprefix("/p/consent/")
        assert read_consent_token(KEY, token, now=clock.now()) == ConsentQuestion(diner, (KIND, "booking_reminder"))
        with pytest.raises(ConsentLinkExpiredError):
            read_consent_token(KEY, token, now=clock.now() + timedelta(days=1))

    def test_another_diner_kind_or_key_is_forged(self, clock: SettableClock) -> None:
        token = consent_path(KEY, "0" * 26, (KIND,), now=clock.now()).removeprefix("/p/consent/")
        for forged in (token.replace("0" * 26, "1" * 26), token.replace(KIND, "order_paid"), token[:-1], "x" * 300, ""):
            with pytest.raises(ConsentLinkForgedError):
                read_consent_token(KEY, forged, now=clock.now())
        with pytest.raises(ConsentLinkForgedError):
            read_consent_token(b"x" * 32, token, now=clock.now())
