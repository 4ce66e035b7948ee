"""The arbiter's decision as it is carried out: counted, taken once, given back, repeated or not."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from domain.members.merging import Proof, merge
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.consents import accept_notice, notices_left
from domain.messages.departures import Departure, Postponed, depart, requeue, settle
from domain.messages.facts import Channels
from domain.messages.feedback import Lesson, learn
from domain.messages.models import Message
from domain.messages.quotas import mass_left, open_window, take_mass
from domain.messages.rules import ChannelKind, MessageState, Purpose, Window
from domain.messages.service import request
from domain.storage import Database
from tests.clock import SettableClock

SHANGHAI = ZoneInfo("Asia/Shanghai")
KIND = "booking_reminder"
TEMPLATE = Channels(templates=frozenset({KIND}), templates_a_day=10)
NOTICE = Channels(notices=frozenset({KIND}))
VAULT = Vault(b"s" * 32)


class Desk:
    """One diner's messages."""

    def __init__(self, database: Database, clock: SettableClock, diner: str) -> None:
        self.database, self.clock, self.diner = database, clock, diner
        self._count = 0

    async def asks(self, purpose: Purpose, *, diner: str = "", **more: Any) -> str:
        self._count += 1
        content: dict[str, Any] = {"reply": {"kind": "text", "text": "好"}}
        if purpose not in {Purpose.MARKETING, Purpose.REPLY}:
            content["template"] = {"kind": KIND, "fields": {}}
        key, now = f"k{self._count}", self.clock.now()
        await self.database.transaction(request, purpose, diner or self.diner, content, key=key, now=now, **more)
        return await self.database.read(lambda session: session.execute(select(Message.id).where(Message.key == key)).scalar_one())

    async def leaves(self, message: str, channels: Channels = TEMPLATE) -> Departure | Postponed | None:
        return await self.database.transaction(depart, message, channels=channels, zone=SHANGHAI, now=self.clock.now())

    async def told(self, message: str) -> tuple[str, str | None]:
        row = await self.database.read(lambda session: session.get(Message, message))
        return row.state, row.reason

    async def opens_window(self) -> None:
        await self.database.transaction(open_window, self.diner, Window.MESSAGE, now=self.clock.now())


@pytest.fixture
async def desk(database: Database, clock: SettableClock) -> Desk:
    diner = await database.transaction(meet_diner, VAULT, "o1", now=clock.now())
    return Desk(database, clock, diner)


@pytest.fixture
def noon(clock: SettableClock) -> datetime:
    clock.set(datetime(2026, 11, 21, 12, 0, tzinfo=SHANGHAI))
    return clock.now()


async def test_a_reminder_that_an_outage_carried_into_the_night_waits_for_the_morning(desk: Desk) -> None:
    reminder = await desk.asks(Purpose.REMINDER)  # 18:30
    desk.clock.advance(hours=3, minutes=30)
    assert await desk.leaves(reminder) is None
    assert await desk.told(reminder) == ("suppressed", "quiet_hours"), "its fourteen hours end at 8:30"
    late = await desk.asks(Purpose.REMINDER, not_before=desk.clock.now() + timedelta(hours=2))
    desk.clock.advance(hours=2)
    assert await desk.leaves(late) == Postponed(datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI))
    assert await desk.told(late) == ("queued", "quiet_hours")
    desk.clock.set(datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI))
    assert isinstance(await desk.leaves(late), Departure)
    assert await desk.told(late) == ("sending", None)
    desk.clock.set(datetime(2026, 11, 22, 23, 0, tzinfo=SHANGHAI))
    ended = await desk.asks(Purpose.BOOKING, not_after=desk.clock.now() + timedelta(hours=2))
    assert await desk.leaves(ended) is None
    assert await desk.told(ended) == ("suppressed", "quiet_hours")


async def test_a_reminder_of_what_has_begun_is_not_sent(desk: Desk, noon: datetime) -> None:
    reminder = await desk.asks(Purpose.BOOKING, not_after=noon + timedelta(hours=3))
    desk.clock.advance(hours=3)
    assert await desk.leaves(reminder) is None
    assert await desk.told(reminder) == ("expired", "too_late")


async def test_the_stores_own_night_counts(desk: Desk, noon: datetime) -> None:
    reminder = await desk.asks(Purpose.BOOKING, zone="America/New_York")  # 23:00 there
    assert isinstance(await desk.leaves(reminder), Postponed)


async def test_many_offers_at_once_are_one_a_day_and_three_in_seven_days(desk: Desk, noon: datetime) -> None:
    sent = []
    for _ in range(7):
        await desk.opens_window()
        offers = [await desk.asks(Purpose.MARKETING) for _ in range(3)]
        left = await asyncio.gather(*(desk.leaves(offer) for offer in offers))
        sent.append(sum(isinstance(departure, Departure) for departure in left))
        desk.clock.advance(days=1)
    assert sent == [1, 1, 1, 0, 0, 0, 0]
    await desk.opens_window()
    assert await desk.leaves(await desk.asks(Purpose.MARKETING)) is not None


async def test_marketing_has_no_form_as_a_template(desk: Desk) -> None:
    content = {"reply": {}, "template": {"kind": KIND, "fields": {}}}
    with pytest.raises(ValueError, match="marketing"):
        await desk.database.transaction(request, Purpose.MARKETING, desk.diner, content, key="k", now=desk.clock.now())


async def test_an_answer_that_waits_goes_before_a_reminder(desk: Desk, noon: datetime) -> None:
    await desk.opens_window()
    for _ in range(3):
        assert await desk.leaves(await desk.asks(Purpose.SERVICE)) is not None
    reply = await desk.asks(Purpose.REPLY)
    reminder = await desk.asks(Purpose.REMINDER)
    assert await desk.leaves(reminder, Channels()) is None
    assert await desk.told(reminder) == ("suppressed", "window_kept")
    assert await desk.leaves(reply) is not None


async def test_one_consent_is_one_notice_and_what_did_not_leave_gives_it_back(desk: Desk, noon: datetime) -> None:
    await desk.database.transaction(accept_notice, desk.diner, KIND)
    first, second = await desk.asks(Purpose.SERVICE), await desk.asks(Purpose.SERVICE)
    departure = await desk.leaves(first, NOTICE)
    assert isinstance(departure, Departure)
    assert departure.channel is ChannelKind.NOTICE
    assert await desk.leaves(second, NOTICE) is None
    assert await desk.told(second) == ("suppressed", "no_window+no_consent")
    await desk.database.transaction(requeue, departure, now=desk.clock.now())
    await desk.database.transaction(requeue, departure, now=desk.clock.now())
    assert await desk.database.read(notices_left, desk.diner, KIND) == 1, "given back once"


async def test_a_tenth_of_the_days_templates_is_kept_for_what_cannot_wait(desk: Desk, noon: datetime) -> None:
    for _ in range(9):
        assert await desk.leaves(await desk.asks(Purpose.SERVICE)) is not None
    assert isinstance(await desk.leaves(await desk.asks(Purpose.REMINDER)), Postponed), "until midnight"
    assert await desk.leaves(await desk.asks(Purpose.CALL)) is not None
    assert await desk.leaves(await desk.asks(Purpose.CALL)) is None
    desk.clock.advance(days=1)
    assert await desk.leaves(await desk.asks(Purpose.REMINDER)) is not None


async def test_the_accounts_day_is_never_overdrawn_by_many_at_once(desk: Desk, noon: datetime) -> None:
    diners = [await desk.database.transaction(meet_diner, VAULT, f"o{number}", now=noon) for number in range(20)]
    calls = [await desk.asks(Purpose.CALL, diner=diner) for diner in diners]
    left = await asyncio.gather(*(desk.leaves(call) for call in calls))
    assert sum(departure is not None for departure in left) == 10


async def test_four_mass_sends_a_month_and_never_a_fifth(desk: Desk) -> None:
    taken = await asyncio.gather(*(desk.database.transaction(take_mass, desk.diner, now=desk.clock.now()) for _ in range(10)))
    assert sum(taken) == 4
    desk.clock.set(datetime(2026, 12, 1, 0, 0, tzinfo=SHANGHAI))
    assert await desk.database.read(mass_left, desk.diner, now=desk.clock.now()) == 4


async def test_what_went_out_twice_stays_interrupted_when_the_second_surely_did_not(desk: Desk, noon: datetime) -> None:
    await desk.opens_window()
    call = await desk.asks(Purpose.CALL)
    assert await desk.leaves(call) is not None
    second = await desk.leaves(call)
    assert isinstance(second, Departure)
    await desk.database.transaction(requeue, second, now=desk.clock.now())
    assert (await desk.told(call))[0] == "sending"
    assert isinstance(await desk.leaves(call), Departure), "the second time was none, so there is still one"
    assert await desk.leaves(call) is None
    assert await desk.told(call) == ("unknown", "interrupted")


@pytest.mark.parametrize(("minutes", "again"), [(9, True), (10, False), (180, False)])
async def test_a_call_that_was_interrupted_is_not_said_again_when_it_is_worth_nothing(
    desk: Desk, noon: datetime, minutes: int, again: bool
) -> None:
    await desk.opens_window()
    call = await desk.asks(Purpose.CALL)
    await desk.leaves(call)
    desk.clock.advance(minutes=minutes)  # the worker was killed, and this is how long its lease, or an outage, lasts
    assert isinstance(await desk.leaves(call), Departure) is again
    assert await desk.told(call) == (("sending", None) if again else ("unknown", "interrupted"))


async def test_who_cannot_be_reached_is_reached_again_after_their_next_act(desk: Desk, noon: datetime) -> None:
    await desk.opens_window()
    departure = await desk.leaves(await desk.asks(Purpose.CALL))
    desk.clock.advance(seconds=1)
    await desk.database.transaction(learn, departure, Lesson.UNREACHABLE, now=desk.clock.now())
    call = await desk.asks(Purpose.CALL)
    assert await desk.leaves(call) is None
    assert await desk.told(call) == ("suppressed", "unreachable")
    desk.clock.advance(seconds=1)
    await desk.opens_window()
    assert await desk.leaves(await desk.asks(Purpose.CALL)) is not None


async def test_a_message_to_someone_who_turned_out_to_be_another_uses_their_window(desk: Desk, noon: datetime) -> None:
    other = await desk.database.transaction(meet_diner, VAULT, "o2", now=noon)
    call = await desk.asks(Purpose.CALL, diner=other)
    await desk.database.transaction(merge, desk.diner, other, proof=Proof.STAFF, now=noon)
    await desk.opens_window()
    departure = await desk.leaves(call)
    assert isinstance(departure, Departure)
    assert (departure.diner_id, departure.channel) == (desk.diner, ChannelKind.CUSTOMER)


async def test_what_is_settled_stays_settled(desk: Desk, noon: datetime) -> None:
    await desk.opens_window()
    departure = await desk.leaves(await desk.asks(Purpose.CALL))
    assert isinstance(departure, Departure)
    await desk.database.transaction(settle, departure.message_id, MessageState.SENT, None, now=noon)
    await desk.database.transaction(requeue, departure, now=noon)
    assert await desk.told(departure.message_id) == ("sent", None)
    assert await desk.leaves(departure.message_id) is None
