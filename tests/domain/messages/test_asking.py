"""A diner is asked to allow a notice when nothing else is sure to reach them, and only then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.asking import Asking, worth_asking
from domain.messages.consent_links import ConsentQuestion, read_consent_token
from domain.messages.consents import NOT_ASKED_AGAIN, accept_notice, refuse_notice, take_consent
from domain.messages.facts import Channels
from domain.messages.kinds import BOOKING_REMINDER, INVOICE_ISSUED, NEEDS, ORDER_PAID, ORDER_READY, QUEUE_CALL
from domain.messages.models import MessageReach
from domain.messages.quotas import close_windows, open_window, take_from_window
from domain.messages.rules import QUOTAS, REFUSAL_LASTS, Window
from domain.storage import Database, insert_once
from tests.clock import SettableClock

ALL = Channels(notices=frozenset(NEEDS))
KEY = b"k" * 32
SOON, LATER = timedelta(minutes=20), timedelta(days=3)


class House:
    """One diner, who has just written."""

    def __init__(self, database: Database, clock: SettableClock, diner_id: str) -> None:
        self.database, self.clock, self.diner_id = database, clock, diner_id

    async def asks(self, kind: str, within: timedelta, channels: Channels = ALL) -> bool:
        now = self.clock.now()
        return await self.database.read(worth_asking, self.diner_id, kind, channels=channels, needed_at=now + within, now=now)

    async def opens(self, window: Window) -> None:
        await self.database.transaction(close_windows, self.diner_id, now=self.clock.now())
        await self.database.transaction(open_window, self.diner_id, window, now=self.clock.now())


@pytest.fixture
async def house(database: Database, clock: SettableClock) -> House:
    house = House(database, clock, await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now()))
    await house.opens(Window.MESSAGE)
    return house


async def test_what_comes_while_the_window_is_surely_open_is_not_asked_for(house: House) -> None:
    assert not await house.asks(ORDER_READY, SOON)
    assert not await house.asks(BOOKING_REMINDER, timedelta(hours=47))
    assert not await house.asks(INVOICE_ISSUED, SOON)
    assert not await house.asks(ORDER_PAID, SOON)


async def test_what_comes_after_the_window_is_asked_for(house: House) -> None:
    assert await house.asks(ORDER_READY, LATER)
    assert await house.asks(BOOKING_REMINDER, timedelta(hours=48))
    assert await house.asks(INVOICE_ISSUED, LATER)


async def test_a_scan_opens_a_minute_which_is_not_enough(house: House) -> None:
    await house.opens(Window.TAP)
    assert await house.asks(ORDER_READY, SOON)
    assert not await house.asks(ORDER_READY, timedelta(seconds=59))


async def test_five_messages_do_not_last_for_a_number_that_is_missed_and_called_again(house: House) -> None:
    assert NEEDS[QUEUE_CALL].before >= QUOTAS[Window.MESSAGE][0]
    assert await house.asks(QUEUE_CALL, SOON)


async def test_a_window_that_is_nearly_used_up_is_no_sure_way(house: House) -> None:
    for left in (4, 3, 2):
        assert not await house.asks(ORDER_READY, SOON), left
        await house.database.transaction(take_from_window, house.diner_id, now=house.clock.now())
    await house.database.transaction(take_from_window, house.diner_id, now=house.clock.now())
    assert await house.asks(ORDER_READY, SOON), "that it is paid takes the last one"


async def test_what_a_purpose_keeps_for_others_is_not_counted_on(house: House) -> None:
    for _ in range(2):
        assert not await house.asks(BOOKING_REMINDER, SOON)
        await house.database.transaction(take_from_window, house.diner_id, now=house.clock.now())
    await house.database.transaction(take_from_window, house.diner_id, now=house.clock.now())
    assert await house.asks(BOOKING_REMINDER, SOON)


async def test_a_kind_that_the_account_has_no_notice_for_is_never_asked_for(house: House) -> None:
    assert not await house.asks(QUEUE_CALL, SOON, Channels(notices=frozenset({ORDER_READY})))
    assert not await house.asks("nothing_known", SOON, Channels(notices=frozenset({"nothing_known"})))


async def test_a_template_message_is_a_sure_way_until_the_diner_blocks_it(house: House) -> None:
    both = replace(ALL, templates=frozenset({QUEUE_CALL}))
    assert not await house.asks(QUEUE_CALL, SOON, both)
    assert await house.asks(QUEUE_CALL, SOON, replace(both, templates_a_day=0))

    blocked = {"diner_id": house.diner_id, "templates_refused_at": house.clock.now()}
    await house.database.transaction(insert_once, MessageReach, blocked)
    assert await house.asks(QUEUE_CALL, SOON, both)
    house.clock.advance(REFUSAL_LASTS)
    assert not await house.asks(QUEUE_CALL, SOON, both)


async def test_who_has_a_consent_left_is_not_asked_until_it_is_used(house: House) -> None:
    await house.database.transaction(accept_notice, house.diner_id, QUEUE_CALL)
    assert not await house.asks(QUEUE_CALL, SOON)
    assert await house.asks(BOOKING_REMINDER, LATER)

    assert await house.database.transaction(take_consent, house.diner_id, QUEUE_CALL)
    assert await house.asks(QUEUE_CALL, SOON)


@pytest.mark.parametrize("for_good", [False, True])
async def test_after_a_no_nobody_is_asked_for_seven_days(house: House, for_good: bool) -> None:
    await house.database.transaction(refuse_notice, house.diner_id, QUEUE_CALL, for_good=for_good, now=house.clock.now())
    house.clock.advance(NOT_ASKED_AGAIN - timedelta(seconds=1))
    assert not await house.asks(QUEUE_CALL, SOON)
    house.clock.advance(seconds=1)
    assert await house.asks(QUEUE_CALL, SOON)


async def test_the_link_asks_this_diner_for_this_kind(house: House) -> None:
    now = house.clock.now()
    asked = {"needed_at": now + SOON, "now": now}
    path = await house.database.read(lambda s: Asking(KEY, ALL).link(s, house.diner_id, QUEUE_CALL, **asked))

    assert path is not None
    assert read_consent_token(KEY, path.removeprefix("/p/consent/"), now=now) == ConsentQuestion(house.diner_id, (QUEUE_CALL,))
    assert await house.database.read(lambda s: Asking().link(s, house.diner_id, QUEUE_CALL, **asked)) is None
