"""The customer-service window, and messages that leave at most as often as their purpose allows."""

import asyncio
from zoneinfo import ZoneInfo

import pytest

from domain.members.service import meet_diner, unfollow
from domain.members.vault import Vault
from domain.messages.departures import depart, requeue, settle
from domain.messages.facts import Channels
from domain.messages.models import Message
from domain.messages.rules import ChannelKind, MessageState, Purpose, Window
from domain.messages.service import close_windows, open_window, request
from domain.storage import Database
from tests.clock import SettableClock

SHANGHAI = ZoneInfo("Asia/Shanghai")
NONE: frozenset[str] = frozenset()
TEMPLATE = {"kind": "order_paid", "fields": {}}


class Desk:
    """One diner's messages."""

    def __init__(self, database: Database, clock: SettableClock, diner: str) -> None:
        self.database, self.clock, self.diner = database, clock, diner
        self._count = 0

    async def ask(self, purpose: Purpose = Purpose.SERVICE, *, template: bool = False) -> str:
        self._count += 1
        content = {"reply": {"kind": "text", "text": "好"}} | ({"template": TEMPLATE} if template else {})
        key = f"k{self._count}"
        assert await self.database.transaction(request, purpose, self.diner, content, key=key, now=self.clock.now())
        assert not await self.database.transaction(request, purpose, self.diner, content, key=key, now=self.clock.now())
        return await self.database.read(lambda session: session.query(Message.id).filter(Message.key == key).scalar())

    async def leaves(self, message: str, templates: frozenset[str] = NONE):
        channels = Channels(templates=templates)
        return await self.database.transaction(depart, message, channels=channels, zone=SHANGHAI, now=self.clock.now())

    async def state(self, message: str) -> tuple[str, str | None]:
        row = await self.database.read(lambda session: session.get(Message, message))
        return row.state, row.reason


@pytest.fixture
async def desk(database: Database, clock: SettableClock) -> Desk:
    diner = await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())
    return Desk(database, clock, diner)


async def test_a_message_opens_five_in_48_hours(desk: Desk) -> None:
    await desk.database.transaction(open_window, desk.diner, Window.MESSAGE, now=desk.clock.now())
    left = [await desk.leaves(await desk.ask()) for _ in range(6)]
    assert [departure.remaining for departure in left[:5]] == [4, 3, 2, 1, 0]
    assert left[5] is None

    await desk.database.transaction(open_window, desk.diner, Window.MESSAGE, now=desk.clock.now())
    desk.clock.advance(hours=48)
    message = await desk.ask()
    assert await desk.leaves(message) is None
    assert await desk.state(message) == ("suppressed", "no_window")


async def test_a_tap_opens_three_in_a_minute_and_is_spent_first(desk: Desk) -> None:
    await desk.database.transaction(open_window, desk.diner, Window.MESSAGE, now=desk.clock.now())
    await desk.database.transaction(open_window, desk.diner, Window.TAP, now=desk.clock.now())
    assert (await desk.leaves(await desk.ask())).remaining == 7
    desk.clock.advance(seconds=60)
    assert (await desk.leaves(await desk.ask())).remaining == 4


async def test_the_window_is_never_overdrawn_by_many_at_once(desk: Desk) -> None:
    await desk.database.transaction(open_window, desk.diner, Window.MESSAGE, now=desk.clock.now())
    messages = [await desk.ask() for _ in range(20)]
    left = await asyncio.gather(*(desk.leaves(message) for message in messages))
    assert sum(departure is not None for departure in left) == 5


async def test_without_a_window_the_template_goes_where_there_is_one(desk: Desk) -> None:
    message = await desk.ask(template=True)
    departure = await desk.leaves(message, frozenset({"order_paid"}))
    assert departure.channel is ChannelKind.TEMPLATE


async def test_nothing_goes_to_who_left(desk: Desk) -> None:
    await desk.database.transaction(open_window, desk.diner, Window.MESSAGE, now=desk.clock.now())
    await desk.database.transaction(unfollow, desk.diner, now=desk.clock.now())
    message = await desk.ask()
    assert await desk.leaves(message) is None
    assert await desk.state(message) == ("suppressed", "not_following")


async def test_too_late_is_not_sent(desk: Desk) -> None:
    await desk.database.transaction(open_window, desk.diner, Window.MESSAGE, now=desk.clock.now())
    message = await desk.ask(Purpose.REPLY)
    desk.clock.advance(minutes=10)
    assert await desk.leaves(message) is None
    assert await desk.state(message) == ("expired", "too_late")


@pytest.mark.parametrize(("purpose", "repeats"), [(Purpose.SERVICE, 0), (Purpose.PAYMENT, 1), (Purpose.REPLY, 1)])
async def test_an_interrupted_message_is_repeated_as_often_as_its_purpose_allows(desk: Desk, purpose: Purpose, repeats: int) -> None:
    await desk.database.transaction(open_window, desk.diner, Window.MESSAGE, now=desk.clock.now())
    message = await desk.ask(purpose)
    assert await desk.leaves(message) is not None

    again = [await desk.leaves(message) is not None for _ in range(3)]

    assert sum(again) == repeats
    assert await desk.state(message) == ("unknown", "interrupted")


async def test_what_surely_did_not_leave_waits_again_and_settled_is_settled(desk: Desk) -> None:
    await desk.database.transaction(open_window, desk.diner, Window.MESSAGE, now=desk.clock.now())
    message = await desk.ask()
    departure = await desk.leaves(message)
    await desk.database.transaction(requeue, departure, now=desk.clock.now())
    assert (await desk.leaves(message)).remaining == departure.remaining == 4
    await desk.database.transaction(settle, message, MessageState.SENT, None, now=desk.clock.now())
    assert await desk.leaves(message) is None
    await desk.database.transaction(settle, message, MessageState.FAILED, "late", now=desk.clock.now())
    assert await desk.state(message) == ("sent", None)


async def test_the_platforms_word_closes_the_window(desk: Desk) -> None:
    await desk.database.transaction(open_window, desk.diner, Window.MESSAGE, now=desk.clock.now())
    await desk.database.transaction(close_windows, desk.diner, now=desk.clock.now())
    assert await desk.leaves(await desk.ask()) is None
