"""A member of the account's staff takes a talk over, writes, and gives it back."""

from typing import Any

import pytest
from wechatpy.replies import TransferCustomerServiceReply

from haowei.simulators.wechat import Diner, WeChatPlatform
from tests.clock import SettableClock
from tests.simulators.wechat.wechatpy_account import Callback

TO_A_PERSON = "找人工"


@pytest.fixture
def diner(platform: WeChatPlatform, callback: Callback) -> Diner:
    """Follows an account that hands over whoever asks for it, and echoes everything else."""
    platform.line.envelope.mode = "plain"  # so that a reply of wechatpy can be answered as it is

    async def answers(message: Any) -> str | bytes | None:
        if message.type == "text" and message.content == TO_A_PERSON:
            return TransferCustomerServiceReply(message=message).render().encode()
        if message.type == "event":
            return "我又在了。" if message._data["Event"] == "kf_close_session" else None
        return f"你说:{message.content}"

    callback.answers = answers
    return platform.diner(following=True)


def events(callback: Callback) -> list[tuple[str, str]]:
    return [(message._data["Event"], message._data["KfAccount"]) for message in callback.messages if "KfAccount" in message._data]


async def test_whoever_is_handed_over_is_taken_at_once_and_the_account_hears_it(callback: Callback, diner: Diner) -> None:
    answer = await diner.says(TO_A_PERSON)

    assert answer.reply is None
    assert diner.talks_to == f"kf2001@{callback.account.original_id}"
    assert events(callback) == [("kf_create_session", diner.talks_to)]
    assert diner.handoffs == [""]


async def test_events_of_a_talk_are_written_as_the_platform_writes_them(callback: Callback, diner: Diner) -> None:
    await diner.says(TO_A_PERSON)
    await diner.staff_leaves()

    for body, event in zip(callback.bodies[1:], (b"kf_create_session", b"kf_close_session"), strict=True):
        assert b"<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[" + event + b"]]></Event>\n<KfAccount><![CDATA[kf2001@gh_" in body
        assert b"MsgId" not in body


async def test_messages_go_to_the_staff_and_taps_to_the_account(callback: Callback, diner: Diner) -> None:
    await diner.says(TO_A_PERSON)
    before = len(callback.messages)

    said = await diner.says("菜里有根头发")
    await diner.speaks("快一点")
    await diner.sends_picture()
    await diner.sends_location(30.6, 104.0, "门口")

    assert (said.reply, said.tries) == (None, ())
    assert [item.kind for item in diner.chat if item.from_diner] == ["text", "text", "voice", "image", "location"]
    assert len(callback.messages) == before
    await diner.taps_menu("menu.help")
    await diner.scans("t.s1.A08")
    assert [message.event for message in callback.messages[before:]] == ["click", "scan"]


async def test_what_the_staff_write_stands_in_the_chat_and_is_not_pushed(callback: Callback, diner: Diner) -> None:
    await diner.says(TO_A_PERSON)
    before = len(callback.messages)

    item = diner.staff_writes("您好，我是小梅。")

    assert (diner.chat[-1], item.from_diner, item.by_person) == (item, False, True)
    assert item.to_json()["by_person"] is True
    assert len(callback.messages) == before


async def test_when_the_staff_leave_the_account_answers_again(callback: Callback, diner: Diner) -> None:
    await diner.says(TO_A_PERSON)

    goodbye = await diner.staff_leaves()

    assert goodbye.text == "我又在了。"
    assert diner.talks_to == ""
    assert events(callback)[-1][0] == "kf_close_session"
    assert (await diner.says("在吗")).text == "你说:在吗"


async def test_a_talk_that_nobody_closes_ends_after_half_an_hour(callback: Callback, diner: Diner, clock: SettableClock) -> None:
    await diner.says(TO_A_PERSON)

    clock.advance(minutes=29, seconds=59)
    assert (await diner.says("还在吗")).tries == ()
    clock.advance(seconds=1)

    assert (await diner.says("还在吗")).text == "你说:还在吗"
    assert [event for event, _ in events(callback)] == ["kf_create_session"]
    with pytest.raises(ValueError, match="nobody of the staff"):
        diner.staff_writes("在的")


async def test_whoever_waits_for_the_staff_is_still_heard_by_the_account(
    callback: Callback, platform: WeChatPlatform, diner: Diner
) -> None:
    platform.staff.on_duty = ""

    await diner.says(TO_A_PERSON)

    assert (diner.talks_to, diner.handoffs, events(callback)) == ("", [""], [])
    assert (await diner.says("算了")).text == "你说:算了"
    with pytest.raises(ValueError, match="nobody of the staff"):
        await diner.staff_leaves()


async def test_one_talk_is_not_anothers(platform: WeChatPlatform, diner: Diner) -> None:
    await diner.says(TO_A_PERSON)

    assert (await platform.diner(following=True).says("在吗")).text == "你说:在吗"


async def test_an_account_that_hands_everything_over_is_not_asked_for_ever(callback: Callback, diner: Diner) -> None:
    async def hands_over(message: Any) -> bytes:
        return bytes(TransferCustomerServiceReply(message=message).render().encode())

    callback.answers = hands_over
    await diner.says("在吗")
    await diner.taps_menu("menu.help")
    await diner.staff_leaves()

    assert [event for event, _ in events(callback)] == ["kf_create_session", "kf_close_session"]
    assert diner.talks_to == ""


async def test_a_dead_callback_at_the_end_of_a_talk_is_not_shown_to_the_diner(platform: WeChatPlatform, diner: Diner) -> None:
    await diner.says(TO_A_PERSON)
    platform.callback_url += "/nothing"

    answer = await diner.staff_leaves()

    assert len(answer.tries) == 3
    assert [item.text for item in diner.chat] == [TO_A_PERSON]


async def test_whoever_leaves_the_account_leaves_the_talk(diner: Diner) -> None:
    await diner.says(TO_A_PERSON)

    await diner.unfollows()

    assert diner.talks_to == ""
