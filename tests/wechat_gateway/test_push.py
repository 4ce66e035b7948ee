"""Every message and event of the platform as a typed push."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.wechat_gateway import samples
from tests.wechat_gateway.samples import event_xml, push_xml, text_xml
from wechat_gateway.errors import PushRefusedError
from wechat_gateway.push import Place, describe, parse_push
from wechat_gateway.push_types import EventType, MessageType

SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "wechat"


def collected_samples() -> list[Any]:
    if not SHARED.exists():
        return []
    index = json.loads((SHARED / "INDEX.json").read_text("utf-8"))
    return [pytest.param(entry, id=Path(entry["file"]).stem) for entry in index if entry["fields"]["CreateTime"].isdigit()]


class TestTypes:
    @pytest.mark.parametrize("kind", list(MessageType))
    def test_every_message(self, kind: MessageType) -> None:
        push = parse_push(push_xml(kind.value, "<MsgId>1</MsgId>"))

        assert (push.msg_type, push.event, push.kind, push.known) == (kind.value, "", kind, True)

    @pytest.mark.parametrize("kind", list(EventType))
    def test_every_event(self, kind: EventType) -> None:
        push = parse_push(event_xml(kind.value))

        assert (push.msg_type, push.event, push.kind, push.known) == ("event", kind.value, kind, True)

    @pytest.mark.parametrize("name", ["Subscribe", "SUBSCRIBE", "scan", "click", "ScanCode_WaitMsg", "templatesendjobfinish"])
    def test_events_are_known_in_any_case(self, name: str) -> None:
        push = parse_push(event_xml(name))

        assert push.known
        assert push.event == name

    def test_only_location_is_told_by_its_case(self) -> None:
        assert parse_push(event_xml("LOCATION")).kind is EventType.LOCATION
        assert parse_push(push_xml("location")).kind is MessageType.LOCATION
        assert not parse_push(event_xml("location")).known
        assert not parse_push(push_xml("LOCATION")).known

    @pytest.mark.parametrize("body", [push_xml("hologram"), event_xml("telepathy"), event_xml(""), push_xml("event"), push_xml("TEXT")])
    def test_what_nobody_knows_yet_is_read_all_the_same(self, body: bytes) -> None:
        push = parse_push(body)

        assert not push.known
        assert push.fields["ToUserName"] == "gh_0123456789ab"

    def test_blanks_around_names_are_not_part_of_them(self) -> None:
        body = b"""<xml><ToUserName> <![CDATA[gh]]> </ToUserName><FromUserName> <![CDATA[oA]]> </FromUserName>
<CreateTime> 1472551036 </CreateTime><MsgType> <![CDATA[event]]> </MsgType><Event> <![CDATA[user_get_card]]> </Event></xml>"""

        push = parse_push(body)

        assert (push.kind, push.to_user, push.from_user) == (EventType.USER_GET_CARD, "gh", "oA")
        assert push.fields["FromUserName"] == " oA "

    @pytest.mark.parametrize("entry", collected_samples())
    def test_collected_samples(self, entry: dict[str, Any]) -> None:
        told = describe(parse_push((SHARED / entry["file"]).read_bytes()))

        assert told["fields"] == entry["fields"]
        assert (told["msg_type"], told["event"]) == (entry["msg_type"], entry["event"])
        if "Unknown" not in entry.get("wechatpy_2.0.0.alpha26", ""):
            assert told["known"]


class TestTime:
    def test_create_time_is_utc(self) -> None:
        assert parse_push(push_xml("text", created=1348831860)).created_at == datetime(2012, 9, 28, 11, 31, tzinfo=UTC)

    @pytest.mark.parametrize("created", [b"", b"{time}", b"-5", b"1e9", b"1.5", "１２３".encode(), b"9" * 12, b"9" * 5000])
    def test_anything_else_is_refused(self, created: bytes) -> None:
        body = push_xml("text").replace(str(int(samples.SENT_AT.timestamp())).encode(), created)

        with pytest.raises(PushRefusedError, match="CreateTime"):
            parse_push(body)


class TestMissing:
    @pytest.mark.parametrize("name", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
    def test_no_push_without_them(self, name: str) -> None:
        body = text_xml("hi").replace(name.encode(), b"Else")

        with pytest.raises(PushRefusedError, match="malformed"):
            parse_push(body)

    @pytest.mark.parametrize("name", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
    def test_nor_when_they_come_twice(self, name: str) -> None:
        body = text_xml("hi").replace(b"</xml>", f"<{name}>1</{name}></xml>".encode())

        with pytest.raises(PushRefusedError, match="malformed"):
            parse_push(body)

    def test_nobody_has_so_long_a_name(self) -> None:
        with pytest.raises(PushRefusedError, match="malformed"):
            parse_push(push_xml("text", diner="o" * 129))

    def test_pushes_about_the_account_may_come_from_nobody(self) -> None:
        push = parse_push(
            b"<xml><ToUserName>ww</ToUserName><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>kf_msg_or_event</Event></xml>"
        )

        assert (push.known, push.from_user) == (False, "")

    def test_wrong_shapes_read_as_absent(self) -> None:
        push = parse_push(push_xml("text", "<Content><a>1</a></Content><bizmsgmenuid>1</bizmsgmenuid><bizmsgmenuid>2</bizmsgmenuid>"))

        assert (push.content, push.menu_item, push.event_key, push.scan_result) == ("", "", "", "")


class TestDedupeKey:
    def test_message_is_known_by_its_id(self) -> None:
        first = parse_push(text_xml("hi", msg_id=1))

        assert parse_push(text_xml("hi", msg_id=1)).dedupe_key == first.dedupe_key
        assert parse_push(text_xml("hi", msg_id=2)).dedupe_key != first.dedupe_key

    @pytest.mark.parametrize("msg_id", ["", "x", "9" * 200])
    def test_message_without_a_proper_id_by_all_it_says(self, msg_id: str) -> None:
        first, second = (push_xml("text", f"<Content>{content}</Content><MsgId>{msg_id}</MsgId>") for content in "ab")

        assert parse_push(first).dedupe_key == parse_push(first).dedupe_key != parse_push(second).dedupe_key
        assert len(parse_push(first).dedupe_key) < 40

    @pytest.mark.parametrize(
        "other",
        [
            event_xml("CLICK", "<EventKey>menu.help</EventKey>", created=1),
            event_xml("CLICK", "<EventKey>menu.view_cart</EventKey>"),
            event_xml("VIEW", "<EventKey>menu.help</EventKey>"),
            event_xml("CLICK", "<EventKey>menu.help</EventKey>").replace(b"oDiner", b"oOther"),
        ],
    )
    def test_event_by_who_when_and_what(self, other: bytes) -> None:
        first = event_xml("CLICK", "<EventKey>menu.help</EventKey>")

        assert parse_push(first).dedupe_key == parse_push(first).dedupe_key
        assert parse_push(other).dedupe_key != parse_push(first).dedupe_key

    @pytest.mark.parametrize("name", ["UserCardCode", "MsgID"])
    def test_two_cards_or_two_jobs_in_one_second_are_two(self, name: str) -> None:
        first, second = (event_xml("user_consume_card", f"<{name}>{code}</{name}>") for code in (1, 2))

        assert parse_push(first).dedupe_key != parse_push(second).dedupe_key

    @pytest.mark.parametrize("body", [text_xml("hi"), push_xml("text"), event_xml("subscribe")])
    def test_shows_no_openid(self, body: bytes) -> None:
        push = parse_push(body)

        assert push.from_user not in push.dedupe_key


class TestAccessors:
    def test_msgmenu_tap(self) -> None:
        push = parse_push(text_xml("满意", extra="<bizmsgmenuid>101</bizmsgmenuid>"))

        assert (push.content, push.menu_item) == ("满意", "101")

    def test_scene_of_a_follower_and_of_a_scan(self) -> None:
        followed = parse_push(event_xml("subscribe", "<EventKey>qrscene_t.s1.A8</EventKey><Ticket>T</Ticket>"))
        scanned = parse_push(event_xml("SCAN", "<EventKey>t.s1.A8</EventKey><Ticket>T</Ticket>"))

        assert (followed.scene, scanned.scene) == ("t.s1.A8", "t.s1.A8")

    @pytest.mark.parametrize("key", ["", "last_trade_no_4200000", "scanbarcode|ean13"])
    def test_follower_without_a_code_has_no_scene(self, key: str) -> None:
        assert parse_push(event_xml("subscribe", f"<EventKey>{key}</EventKey>")).scene == ""

    def test_menu_keys_are_no_scenes(self) -> None:
        assert parse_push(event_xml("CLICK", "<EventKey>qrscene_t.s1.A8</EventKey>")).scene == ""

    def test_place(self) -> None:
        push = parse_push(
            push_xml("location", "<Location_X>31.230416</Location_X><Location_Y>121.473701</Location_Y><Label>人民广场</Label>")
        )

        assert push.place == Place(31.230416, 121.473701, "人民广场")

    @pytest.mark.parametrize(
        ("x", "y"), [("", "1"), ("nan", "1"), ("inf", "1"), ("91", "1"), ("1", "-181"), ("1", "东"), ("1" * 5000, "1")]
    )
    def test_place_that_is_none(self, x: str, y: str) -> None:
        assert parse_push(push_xml("location", f"<Location_X>{x}</Location_X><Location_Y>{y}</Location_Y>")).place is None

    def test_scan_button_and_heard_words(self) -> None:
        info = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>t.s1.A8</ScanResult></ScanCodeInfo>"

        assert parse_push(event_xml("scancode_waitmsg", info)).scan_result == "t.s1.A8"
        assert parse_push(push_xml("voice", "<Recognition>来碗米饭</Recognition>")).recognition == "来碗米饭"


def test_describe_is_what_the_command_prints() -> None:
    told = describe(parse_push(event_xml("CLICK", "<EventKey>menu.help</EventKey>")))

    assert set(told) == {"msg_type", "event", "fields", "dedupe_key", "known"}
    assert (told["msg_type"], told["event"], told["known"]) == ("event", "CLICK", True)
    assert told["fields"]["EventKey"] == "menu.help"
    assert json.loads(json.dumps(told)) == told


def test_message_has_no_event() -> None:
    assert describe(parse_push(text_xml("hi")))["event"] is None
