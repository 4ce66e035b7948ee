"""The demo page's server: for this machine only, and clear about what it cannot do."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientSession

from haowei.simulators.printers import Fault
from haowei.simulators.wechat import Content
from tests.demo.conftest import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def posts(world: World, path: str, body: Any, **headers: str) -> tuple[int, str]:
    async with ClientSession() as client:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with client.post(world.page_url + path, data=sent, headers={"Content-Type": "application/json", **headers}) as answer:
            return answer.status, await answer.text()


@pytest.mark.parametrize("host", ["haowei.example", "127.0.0.1.haowei.example:8080", "192.168.1.5", "localhost:", ""])
async def test_a_rebound_host_name_is_refused(world: World, host: str) -> None:
    async with ClientSession() as client, client.get(world.page_url, headers={"Host": host}) as answer:
        assert answer.status == 403
        assert "只接受本机访问" in await answer.text()


async def test_localhost_is_this_machine_too(world: World) -> None:
    port = world.page_url.rpartition(":")[2]

    async with ClientSession() as client, client.get(world.page_url, headers={"Host": f"localhost:{port}"}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_an_act_from_another_page_is_refused(world: World, origin: str) -> None:
    status, words = await posts(world, "/act", {"openid": world.diners[0].openid, "act": "follow"}, Origin=origin)

    assert (status, world.diners[0].is_following) == (403, False)
    assert words == "演示页只接受自己页面发来的操作。"


async def test_pictures_and_frames_come_from_the_gateway_only(world: World) -> None:
    async with ClientSession() as client, client.get(world.page_url) as answer:
        policy = answer.headers["Content-Security-Policy"]

    assert policy.startswith(f"default-src 'self'; img-src 'self' data: blob: {world.gateway_url}; frame-src {world.gateway_url} ")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "请求体不是能读懂的 JSON。"),
        (b"\xff", "请求体不是能读懂的 JSON。"),
        (b"[" * 5000, "请求体不是能读懂的 JSON。"),
        (b"[]", "请求体应当是一个 JSON 对象。"),
        ({"act": "says", "text": "在吗"}, "openid 应当是不超过 64 个字的文字。"),
        ({"act": "dances"}, "不认识这个动作。"),
        ({"act": "says"}, "text 应当是不超过 2000 个字的文字。"),
        ({"act": "says", "text": " \u0000 "}, "text 是空的。"),
        ({"act": "says", "text": "长" * 2001}, "text 应当是不超过 2000 个字的文字。"),
        ({"act": "location", "latitude": 91, "longitude": 0, "label": "x"}, "latitude 应当是 -90 到 90 之间的数。"),
        ({"act": "location", "latitude": float("nan"), "longitude": 0, "label": "x"}, "latitude 应当是 -90 到 90 之间的数。"),
        ({"act": "scan", "scene": "t.s1.A05?"}, "这不是我们的二维码。"),
    ],
)
async def test_an_unreadable_act_is_told_in_a_sentence(world: World, body: Any, words: str) -> None:
    diner = world.platform.diner(following=True)
    if isinstance(body, dict) and words[:6] != "openid":
        body = {"openid": diner.openid, **body}

    assert await posts(world, "/act", body) == (400, words)
    assert diner.chat == []


async def test_a_form_post_is_no_act(world: World) -> None:
    status, _ = await posts(world, "/act", b"openid=x", **{"Content-Type": "application/x-www-form-urlencoded"})

    assert status == 400


async def test_whoever_does_not_follow_cannot_write_and_nobody_follows_twice(world: World) -> None:
    stranger, follower = world.diners[0], world.platform.diner(following=True)

    assert (await posts(world, "/act", {"openid": stranger.openid, "act": "says", "text": "在吗"}))[0] == 409
    assert await posts(world, "/act", {"openid": follower.openid, "act": "follow"}) == (409, "已经关注了。")
    assert (await posts(world, "/act", {"openid": "nobody", "act": "follow"}))[0] == 404


@pytest.mark.parametrize("done", [{"act": "staff_writes", "text": "您好"}, {"act": "staff_leaves"}])
async def test_staff_serve_only_whom_they_were_given(world: World, done: dict[str, str]) -> None:
    diner = world.platform.diner(following=True)

    assert await posts(world, "/act", {"openid": diner.openid, **done}) == (409, "现在没有客服在接待这位食客。")
    assert (diner.chat, world.pushes) == ([], [])


async def test_a_late_callback_does_not_hold_the_page_up(world: World) -> None:
    world.platform.callback_url = f"{world.gateway_url}/nothing"
    world.platform.line.answer_within = 30
    loop = asyncio.get_running_loop()
    began = loop.time()

    status, _ = await posts(world, "/act", {"openid": world.diners[0].openid, "act": "follow"})

    assert status == 202
    assert loop.time() - began < 2


async def test_a_printer_is_broken_and_mended(world: World) -> None:
    assert await posts(world, "/printers/s1/hot/fault", {"fault": "slow", "on": True}) == (200, '{"faults": ["slow"]}')
    assert world.printers[0].faults == {Fault.SLOW}
    assert await posts(world, "/printers/s1/hot/fault", {"fault": "slow", "on": False}) == (200, '{"faults": []}')


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/printers/s1/nobody/fault", {"fault": "off", "on": True}, 404),
        ("/printers/s9/hot/fault", {"fault": "off", "on": True}, 404),
        ("/printers/s1/hot/fault", {"fault": "melts", "on": True}, 400),
        ("/printers/s1/hot/fault", {"fault": "off", "on": "yes"}, 400),
    ],
)
async def test_an_unknown_printer_or_fault_is_told(world: World, path: str, body: dict[str, Any], status: int) -> None:
    answered, words = await posts(world, path, body)

    assert answered == status
    assert words.endswith("。")
    assert world.printers[0].faults == set()


async def test_events_begin_with_the_state_and_end_with_the_server(world: World) -> None:
    world.diners[0].sees(Content(kind="text", text="先来的"))
    async with ClientSession() as client, client.get(f"{world.page_url}/events") as stream:
        lines = [(await stream.content.readline()).decode() for _ in range(4)]
        state = json.loads(lines[2].removeprefix("data: "))

        world.diners[0].sees(Content(kind="text", text="后来的"))
        while "后来的" not in (await stream.content.readline()).decode():
            pass
        await world.shut()
        rest = await stream.content.read()

    assert lines[1] == "event: state\n"
    assert [item["text"] for item in state["chats"][world.diners[0].openid]] == ["先来的"]
    assert rest == b"\n"  # the end of the last event, then the end


async def test_a_picture_of_the_chat_is_shown_and_other_media_are_not(world: World) -> None:
    picture = world.platform.media.add("image", b"\x89PNG\r\n\x1a\n and so on")
    voice = world.platform.media.add("voice", b"#!AMR\n")

    async with ClientSession() as client:
        shown = await client.get(f"{world.page_url}/media/{picture.id}")
        others = [await client.get(f"{world.page_url}/media/{media_id}") for media_id in (voice.id, "nothing")]

        assert (shown.status, shown.content_type, await shown.read()) == (200, "image/png", picture.data)
        assert [other.status for other in others] == [404, 404]


async def test_the_state_can_be_read_at_once(world: World) -> None:
    async with ClientSession() as client, client.get(f"{world.page_url}/state") as answer:
        state = await answer.json()

    assert [diner["name"] for diner in state["live"]["diners"]] == ["甲", "乙", "丙"]
    assert state["stores"][0]["printers"] == [{"id": "hot", "label": "后厨 · 热菜"}, {"id": "front", "label": "收银"}]
