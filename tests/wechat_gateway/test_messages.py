"""What becomes of a message when the platform takes it, refuses it, or says nothing: against the simulated platform."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from bot.messages import Reply, ReplyKind
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.consents import accept_notice, notices_left
from domain.messages.events import MessageRequested, TemplateReportHeld
from domain.messages.models import Message
from domain.messages.quotas import open_window
from domain.messages.rules import Purpose, Window
from domain.messages.service import request
from domain.messaging import emit
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Worker
from domain.reactions.messages import hears_the_report_again
from domain.storage import Database
from haowei.routing import MESSAGES, REACTIONS, ROUTES
from haowei.runtime import wechat_client
from haowei.settings import load_settings
from haowei.simulators.wechat import Account, Diner, WeChatPlatform
from haowei.simulators.wechat.windows import Trigger
from tests.clock import SettableClock
from wechat_gateway.message_events import MessageEvents
from wechat_gateway.messages import MessageSender
from wechat_gateway.push import parse_push
from wechat_gateway.templates import KINDS, Template

KIND = "queue_call"
CUSTOMER = "/cgi-bin/message/custom/send"
NOTICE = "/cgi-bin/message/subscribe/bizsend"
TEMPLATE = "/cgi-bin/message/template/send"
VAULT = Vault(b"s" * 32)


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    heard = {MessageRequested.name, TemplateReportHeld.name}
    return {name: consumers if name in heard else () for name, consumers in ROUTES.items()}


class Post:
    """One diner, the platform, and the worker that sends."""

    def __init__(
        self, database: Database, clock: SettableClock, platform: WeChatPlatform, diner: Diner, diner_id: str, client: Any
    ) -> None:
        self.database, self.clock, self.platform, self.diner, self.diner_id = database, clock, platform, diner, diner_id
        templates, notices = {KIND: Template("template_1", KINDS[KIND])}, {KIND: Template("notice_1", KINDS[KIND])}
        sender = MessageSender(
            database, clock, VAULT, client, templates=templates, notices=notices, templates_a_day=2, public_url="https://example.com"
        )
        self.events = MessageEvents(database, clock, VAULT, notices=notices)
        heard = {REACTIONS: {TemplateReportHeld.name: hears_the_report_again}}
        self._worker = Worker(database, clock, Wakeup(), handlers=heard, effects={MESSAGES: sender})
        self._count = 0

    async def opens_window(self, *, there: bool = True) -> None:
        """The diner wrote; `there` False: the platform counts it as closed again already."""
        await self.database.transaction(open_window, self.diner_id, Window.MESSAGE, now=self.clock.now())
        if there:
            self.diner.windows.open(Trigger.MESSAGE, self.clock.now())

    async def allows(self, *, there: bool = True) -> None:
        """The diner allowed a notice."""
        await self.database.transaction(accept_notice, self.diner_id, KIND)
        if there:
            self.platform.notices.consents[self.diner.openid, "notice_1"] += 1

    async def sends(self, purpose: Purpose = Purpose.CALL, **fields: str) -> tuple[str, str | None, str | None]:
        """Ask for a message and let the worker work. Returns: state, channel, reason."""
        await self.asks(purpose, **fields)
        return await self.works()

    async def asks(self, purpose: Purpose, **fields: str) -> None:
        """Ask for a message."""
        self._count += 1
        content = {"reply": Reply(ReplyKind.TEXT, "到您了").to_json()}
        values = {"number": "B018", "store": "人民广场店", "table": "A08", "note": "请在五分钟内到店"}
        if purpose is not Purpose.MARKETING:
            content["template"] = {"kind": KIND, "fields": values | fields}
        key = f"k{self._count}"
        await self.database.transaction(request, purpose, self.diner_id, content, key=key, now=self.clock.now())

    async def works(self) -> tuple[str, str | None, str | None]:
        while await self._worker.work_once(MESSAGES) + await self._worker.work_once(REACTIONS):
            pass
        asked = select(Message.state, Message.channel, Message.reason).where(Message.key == f"k{self._count}")
        return tuple(await self.database.read(lambda session: session.execute(asked).one()))

    async def states(self) -> list[str]:
        """Of all messages, oldest first."""
        return list(await self.database.read(lambda session: session.execute(select(Message.state).order_by(Message.id)).scalars().all()))

    async def consents(self) -> int:
        return await self.database.read(notices_left, self.diner_id, KIND)

    async def hears(self, **fields: Any) -> None:
        """A push of the platform about messages."""
        push = {"FromUserName": self.diner.openid, "MsgType": "event", **fields}
        whole = self.platform.line.complete(self.diner.openid, push)
        query, body = self.platform.line.envelope.pack(whole, self.diner.openid, int(self.clock.now().timestamp()))
        assert query
        await self.events.take_in(parse_push(body))

    @property
    def shown(self) -> list[str]:
        return [item.kind for item in self.diner.chat if not item.from_diner]


@pytest.fixture
async def post(database: Database, clock: SettableClock) -> AsyncIterator[Post]:
    account = Account.random()
    platform = WeChatPlatform(account, "http://127.0.0.1:9", mode="plain", clock=clock, answer_within=0.05)
    lines = "\n".join(f"{name}:{{{{{field}.DATA}}}}" for name, field in KINDS[KIND].items())
    platform.add_template("叫号", lines, "template_1")
    platform.add_notice("叫号", lines, "notice_1")
    diner = platform.diner(following=True)
    diner_id = await database.transaction(meet_diner, VAULT, diner.openid, now=clock.now())
    async with platform.serving() as api_url:
        settings = load_settings(
            secret_key="s" * 32, wechat_app_id=account.app_id, wechat_app_secret=account.app_secret, wechat_api_url=api_url
        )
        async with wechat_client(settings, database, clock) as client:
            yield Post(database, clock, platform, diner, diner_id, client)


async def test_each_channel_in_its_turn(post: Post) -> None:
    assert await post.sends() == ("sent", "template", None)
    await post.allows()
    assert await post.sends() == ("sent", "notice", None)
    await post.opens_window()
    assert await post.sends() == ("sent", "customer", None)
    assert post.shown == ["template", "template", "text"]
    assert not post.platform.refusals


async def test_a_window_that_the_platform_has_closed_leads_to_the_next_channel(post: Post) -> None:
    await post.opens_window(there=False)
    await post.allows()
    assert await post.sends() == ("sent", "notice", None)
    assert await post.sends() == ("sent", "template", None)
    assert post.platform.calls[CUSTOMER] == 1, "what was learned is not asked again"


async def test_a_consent_that_is_gone_leads_to_the_template(post: Post) -> None:
    for _ in range(2):
        await post.allows(there=False)
    assert await post.sends() == ("sent", "template", None)
    assert await post.consents() == 0
    assert post.platform.refusals == {43101: 1}


async def test_who_blocks_template_messages_is_not_sent_another_for_a_month(post: Post) -> None:
    post.diner.refuses = True
    assert await post.sends() == ("suppressed", None, "no_window+no_consent+templates_refused")
    assert (await post.sends())[2] == "no_window+no_consent+templates_refused"
    assert post.platform.calls[TEMPLATE] == 1
    post.diner.refuses = False
    post.clock.advance(days=30)
    assert (await post.sends())[0] == "sent"


async def test_who_cannot_be_reached_is_left_alone_until_they_do_something(post: Post) -> None:
    await post.opens_window()
    post.platform.faults.refuse(40003, CUSTOMER, times=1)
    assert (await post.sends())[2] == "unreachable"
    assert (await post.sends())[2] == "unreachable"
    assert post.platform.calls[CUSTOMER] == 1
    post.clock.advance(seconds=1)
    await post.opens_window()
    assert await post.sends() == ("sent", "customer", None)


async def test_a_full_day_waits_for_midnight_in_beijing_or_is_given_up(post: Post) -> None:
    post.platform.faults.refuse(45009, TEMPLATE, times=1)
    assert (await post.sends(Purpose.CALL))[2] == "no_window+no_consent+day_full"
    assert (await post.sends(Purpose.PAYMENT))[0] == "queued"
    post.clock.advance(hours=5, minutes=29)
    assert (await post.works())[0] == "queued"
    post.clock.advance(minutes=1)
    assert await post.works() == ("sent", "template", None)


async def test_the_accounts_day_is_counted_before_the_platform_must_say_so(post: Post) -> None:
    post.platform.template_messages.a_day = 2
    assert [(await post.sends())[0] for _ in range(3)] == ["sent", "sent", "suppressed"]
    assert not post.platform.refusals


async def test_long_words_are_cut_and_a_wrong_number_is_never_sent(post: Post) -> None:
    assert (await post.sends(store="好味人民广场旗舰店二楼靠电梯的那一家不是三楼"))[0] == "sent"
    assert "好味人民广场旗舰店二楼靠电梯的那一家不…" in post.diner.chat[-1].words
    await post.allows()
    assert await post.sends(number="八十七号") == ("failed", "notice", "alarm_47003")
    assert await post.consents() == 1, "the consent was not used"
    assert not post.platform.refusals


class TestNobodyKnowsWhetherItArrived:
    async def test_a_reminder_is_never_said_again(self, post: Post) -> None:
        await post.opens_window()
        post.clock.advance(hours=15)  # half past nine in the morning
        post.platform.faults.outage(CUSTOMER, status=None, times=1)
        assert await post.sends(Purpose.REMINDER) == ("unknown", "customer", "no_answer")
        post.clock.advance(minutes=5)
        assert (await post.works())[0] == "unknown"
        assert post.platform.calls[CUSTOMER] == 1

    async def test_a_call_is_said_once_more(self, post: Post) -> None:
        await post.opens_window()
        post.platform.faults.outage(CUSTOMER, status=None)
        assert (await post.sends(Purpose.CALL))[0] == "sending"
        for _ in range(3):
            post.clock.advance(seconds=31)
            state = await post.works()
        assert state == ("unknown", "customer", "no_answer")
        assert post.platform.calls[CUSTOMER] == 2

    async def test_a_template_is_repeated_under_its_key_and_comes_once(self, post: Post) -> None:
        assert (await post.sends(Purpose.SERVICE))[0] == "sent"
        row = await post.database.read(lambda session: session.execute(select(Message)).scalar_one())
        await post.database.transaction(_as_if_interrupted, row.id)
        post.clock.advance(minutes=2)
        await _again(post, row.id)
        assert (await post.works())[0] == "sent"
        assert post.shown == ["template"]
        await post.database.transaction(_as_if_interrupted, row.id)
        post.clock.advance(minutes=8)
        await _again(post, row.id)
        assert await post.works() == ("unknown", "template", "interrupted")
        assert post.shown == ["template"], "after ten minutes the platform would not know the key any more"


async def test_of_messages_that_may_not_be_repeated_one_at_a_time_is_on_its_way(post: Post) -> None:
    await post.opens_window()
    post.platform.faults.delay(0.1, CUSTOMER)
    for _ in range(3):
        await post.asks(Purpose.SERVICE)
    under_way: list[int] = []

    async def looks() -> None:
        while "sent" not in await post.states() or "queued" in await post.states():
            under_way.append((await post.states()).count("sending"))
            await asyncio.sleep(0.01)

    await asyncio.gather(post.works(), looks())

    assert await post.states() == ["sent"] * 3
    assert max(under_way) == 1


class TestReports:
    async def test_a_template_that_was_blocked_failed_and_no_other_follows(self, post: Post) -> None:
        assert (await post.sends())[0] == "sent"
        [platform_id] = await post.database.read(lambda session: session.execute(select(Message.platform_id)).scalars().all())
        await post.hears(Event="TEMPLATESENDJOBFINISH", MsgID=int(platform_id), Status="failed:user block")
        assert await post.works() == ("failed", "template", "user_block")
        assert (await post.sends())[2] == "no_window+no_consent+templates_refused"

    @pytest.mark.parametrize(("status", "state"), [("success", "sent"), ("failed: system failed", "failed")])
    async def test_a_report_that_comes_before_we_wrote_the_send_down_settles_it(self, post: Post, status: str, state: str) -> None:
        assert (await post.sends())[0] == "sent"
        row = await post.database.read(lambda session: session.execute(select(Message)).scalar_one())
        await post.database.transaction(_as_if_interrupted, row.id)
        await post.hears(Event="TEMPLATESENDJOBFINISH", MsgID=int(row.platform_id), Status=status)
        assert (await post.works())[0] == state

    async def test_a_report_that_may_mean_one_of_two_is_heard_again_when_they_are_written_down(self, post: Post) -> None:
        assert [(await post.sends())[0] for _ in range(2)] == ["sent", "sent"]
        rows = await post.database.read(lambda session: session.execute(select(Message).order_by(Message.id)).scalars().all())
        for row in rows:
            await post.database.transaction(_as_if_interrupted, row.id)
        await post.hears(Event="TEMPLATESENDJOBFINISH", MsgID=int(rows[0].platform_id), Status="failed: system failed")
        assert await post.states() == ["sending", "sending"]
        for row in rows:
            await post.database.transaction(_as_if_interrupted, row.id, state="sent", platform_id=row.platform_id)
        post.clock.advance(seconds=5)
        assert await post.works() == ("sent", "template", None)
        assert await post.states() == ["failed", "sent"]

    async def test_a_report_of_a_message_that_is_none_of_ours_is_let_be(self, post: Post) -> None:
        await post.hears(Event="TEMPLATESENDJOBFINISH", MsgID=7, Status="failed:user block")

    async def test_what_a_diner_allows_is_counted_once_for_each_push(self, post: Post) -> None:
        item = {"TemplateId": "notice_1", "SubscribeStatusString": "accept", "PopupScene": 0}
        pushed = {"Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": {"List": [item]}}
        for _ in range(3):  # the platform repeats a push that got no answer
            await post.hears(**pushed)
        assert await post.consents() == 1
        post.clock.advance(seconds=1)
        await post.hears(**pushed)
        assert await post.consents() == 2

    async def test_several_answers_of_one_second_are_several(self, post: Post) -> None:
        accept = {"TemplateId": "notice_1", "SubscribeStatusString": "accept"}
        other = {"TemplateId": "none of ours", "SubscribeStatusString": "accept"}
        await post.hears(Event="subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [accept]})
        await post.hears(Event="subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [other, accept]})
        assert await post.consents() == 2

    @pytest.mark.parametrize("wrapper", ["SubscribeMsgChangeEvent", "SubscribeMsgPopupEvent"])
    async def test_switching_off_voids_it_whatever_the_wrapper_is_called(self, post: Post, wrapper: str) -> None:
        await post.allows()
        item = {"TemplateId": "notice_1", "SubscribeStatusString": "reject"}
        await post.hears(Event="subscribe_msg_change_event", **{wrapper: {"List": [item]}})
        assert await post.consents() == 0

    async def test_a_notice_that_did_not_arrive_failed(self, post: Post) -> None:
        await post.allows()
        assert (await post.sends())[:2] == ("sent", "notice")
        item = {"TemplateId": "notice_1", "MsgID": 1, "ErrorCode": 20001, "ErrorStatus": "failed"}
        await post.hears(Event="subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": [item]})
        assert await post.works() == ("failed", "notice", "notice_20001")

    async def test_of_two_notices_that_did_not_arrive_both_failed(self, post: Post) -> None:
        for _ in range(2):
            await post.allows()
            assert (await post.sends())[:2] == ("sent", "notice")
        for message_id in (1, 2):
            item = {"TemplateId": "notice_1", "MsgID": message_id, "ErrorCode": 20001, "ErrorStatus": "failed"}
            await post.hears(Event="subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": [item]})
        assert await post.states() == ["failed", "failed"]

    @pytest.mark.parametrize("lists", [{"List": "x"}, {"List": [{"a": {"b": "c"}}, "x"]}, {}, {"List": {"TemplateId": {"a": "b"}}}])
    async def test_strange_lists_are_let_be(self, post: Post, lists: Any) -> None:
        for event in ("subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"):
            await post.hears(Event=event, Wrapper=lists)
        assert await post.consents() == 0


def _as_if_interrupted(session: Any, message_id: str, *, state: str = "sending", platform_id: str | None = None) -> None:
    row = session.get(Message, message_id)
    row.state, row.platform_id, row.settled_at = state, platform_id, None


async def _again(post: Post, message_id: str) -> None:
    """The lease of the worker that died has ended."""

    def give(session: Any) -> None:
        emit(session, MessageRequested(message_id=message_id), now=post.clock.now())

    await post.database.transaction(give)
