"""Subscription notices of the simulated platform: one accept, one send; and the day's limit of template messages."""

import json

import pytest

from haowei.simulators.wechat import Account, ApiError, Diner, WeChatPlatform
from haowei.simulators.wechat.templates import Template
from tests.clock import SettableClock


@pytest.fixture
def platform(clock: SettableClock) -> WeChatPlatform:
    return WeChatPlatform(Account.random(), "http://127.0.0.1:9", clock=clock, answer_within=0.01, retry_every=0)


@pytest.fixture
def notice(platform: WeChatPlatform) -> Template:
    return platform.add_notice("叫号提醒", "号码:{{character_string1.DATA}}")


@pytest.fixture
def diner(platform: WeChatPlatform) -> Diner:
    return platform.diner(following=True)


def body(diner: Diner, template: Template, value: str = "B018") -> bytes:
    return json.dumps({"touser": diner.openid, "template_id": template.id, "data": {"character_string1": {"value": value}}}).encode()


async def test_one_accept_is_one_send(platform: WeChatPlatform, notice: Template, diner: Diner) -> None:
    with pytest.raises(ApiError, match="43101"):
        platform.notices.send(body(diner, notice))
    await platform.notices.answers(diner, {notice.id: True})
    platform.notices.send(body(diner, notice))
    assert diner.chat[-1].words == "叫号提醒\n号码:B018"
    with pytest.raises(ApiError, match="43101"):
        platform.notices.send(body(diner, notice))
    await platform.close()


async def test_a_refused_question_allows_nothing(platform: WeChatPlatform, notice: Template, diner: Diner) -> None:
    await platform.notices.answers(diner, {notice.id: False})
    with pytest.raises(ApiError, match="43101"):
        platform.notices.send(body(diner, notice))


async def test_switching_off_voids_what_was_allowed(platform: WeChatPlatform, notice: Template, diner: Diner) -> None:
    await platform.notices.answers(diner, {notice.id: True})
    await platform.notices.switches_off(diner, notice.id)
    with pytest.raises(ApiError, match="43101"):
        platform.notices.send(body(diner, notice))


async def test_a_wrong_value_uses_no_consent(platform: WeChatPlatform, notice: Template, diner: Diner) -> None:
    await platform.notices.answers(diner, {notice.id: True})
    with pytest.raises(ApiError, match="47003"):
        platform.notices.send(body(diner, notice, "八十七"))
    platform.notices.send(body(diner, notice))
    await platform.close()


async def test_unknown_diners_and_notices(platform: WeChatPlatform, notice: Template, diner: Diner) -> None:
    with pytest.raises(ApiError, match="40037"):
        platform.notices.send(body(diner, Template.new("x", "x")))
    with pytest.raises(ValueError, match="no such notice"):
        await platform.notices.answers(diner, {"x": True})
    platform.diners.clear()
    with pytest.raises(ApiError, match="40003"):
        platform.notices.send(body(diner, notice))


async def test_template_messages_have_a_limit_a_day_in_beijing(platform: WeChatPlatform, diner: Diner, clock: SettableClock) -> None:
    template = platform.add_template("取餐提醒", "号码:{{character_string1.DATA}}")
    platform.template_messages.a_day = 2
    for _ in range(2):
        platform.template_messages.send(body(diner, template))
    with pytest.raises(ApiError, match="45009"):
        platform.template_messages.send(body(diner, template))
    clock.advance(hours=5, minutes=30)  # midnight
    platform.template_messages.send(body(diner, template))
    await platform.close()
