"""What the bot hears of a push, and which quota of customer messages the push opens."""

import pytest

from bot.messages import InboundKind, InboundMessage
from domain.messages.rules import Window
from tests.wechat_gateway import samples
from tests.wechat_gateway.samples import event_xml, push_xml, text_xml
from wechat_gateway.inbound import LONGEST_TEXT, to_inbound
from wechat_gateway.push import parse_push
from wechat_gateway.push_types import EventType

HEARD_EVENTS = {EventType.SUBSCRIBE, EventType.UNSUBSCRIBE, EventType.KF_CREATE_SESSION, EventType.KF_CLOSE_SESSION}
NOT_HEARD = [kind for kind in EventType if kind not in HEARD_EVENTS]


def heard(body: bytes) -> InboundMessage | None:
    return to_inbound(parse_push(body))


def must_hear(body: bytes) -> InboundMessage:
    message = heard(body)
    assert message is not None
    return message


def scan_button(event: str, result: str) -> bytes:
    return event_xml(event, f"<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult><![CDATA[{result}]]></ScanResult></ScanCodeInfo>")


class TestText:
    def test_who_when_and_what(self) -> None:
        message = must_hear(text_xml("来两份宫保鸡丁", msg_id=77))

        assert message == InboundMessage(
            dedupe_key="m.77",
            sender="oDiner-1234567890abcdefghijk",
            kind=InboundKind.TEXT,
            sent_at=samples.SENT_AT,
            text="来两份宫保鸡丁",
            window=Window.MESSAGE,
        )

    def test_control_and_direction_signs_are_removed(self) -> None:
        assert must_hear(text_xml("来\u202e两\u200b份\x7f米饭\t加辣")).text == "来两份米饭\t加辣"

    def test_cut_at_two_thousand_characters(self) -> None:
        assert must_hear(text_xml("饭" * 3000)).text == "饭" * LONGEST_TEXT

    def test_tap_on_a_choice_of_ours(self) -> None:
        message = must_hear(text_xml("下一页", extra="<bizmsgmenuid>01KAJ3M8QZ5X7V9T2R4W6Y8B0C.2</bizmsgmenuid>"))

        assert (message.kind, message.key, message.text) == (InboundKind.CHOICE, "01KAJ3M8QZ5X7V9T2R4W6Y8B0C.2", "下一页")

    @pytest.mark.parametrize("item", ["101", "a.b", ".1", "a.", "a.1.2", "a b.1", "轮.1", "a.1000", "x" * 41 + ".1"])
    def test_tap_on_somebody_elses_item_is_just_its_text(self, item: str) -> None:
        message = must_hear(text_xml("满意", extra=f"<bizmsgmenuid>{item}</bizmsgmenuid>"))

        assert (message.kind, message.key, message.text) == (InboundKind.TEXT, "", "满意")


class TestVoiceAndPictures:
    def test_recognised_words_are_text(self) -> None:
        message = must_hear(push_xml("voice", "<Recognition><![CDATA[来一份鱼香肉丝]]></Recognition>"))

        assert (message.kind, message.text) == (InboundKind.TEXT, "来一份鱼香肉丝")

    @pytest.mark.parametrize("fields", ["", "<Recognition></Recognition>", "<Recognition><![CDATA[ \u200b ]]></Recognition>"])
    def test_voice_without_words(self, fields: str) -> None:
        message = must_hear(push_xml("voice", f"<MediaId>m</MediaId>{fields}"))

        assert (message.kind, message.text) == (InboundKind.VOICE, "")

    @pytest.mark.parametrize("kind", ["image", "video", "shortvideo"])
    def test_nothing_to_read(self, kind: str) -> None:
        assert must_hear(push_xml(kind, "<MediaId>m</MediaId>")).kind is InboundKind.PICTURE

    @pytest.mark.parametrize("kind", ["link", "miniprogrampage"])
    def test_links_are_not_heard(self, kind: str) -> None:
        assert heard(push_xml(kind)) is None


class TestPlaces:
    def test_a_place_that_the_diner_sends(self) -> None:
        message = must_hear(push_xml("location", "<Location_X>31.23</Location_X><Location_Y>121.47</Location_Y><Label>人民广场</Label>"))

        assert (message.kind, message.latitude, message.longitude, message.text) == (InboundKind.LOCATION, 31.23, 121.47, "人民广场")

    def test_a_place_without_numbers_is_none(self) -> None:
        assert heard(push_xml("location", "<Label>人民广场</Label>")) is None

    def test_pushed_positions_are_dropped(self) -> None:
        assert heard(event_xml("LOCATION", "<Latitude>31.2</Latitude><Longitude>121.4</Longitude><Precision>30</Precision>")) is None


class TestMenuAndCodes:
    @pytest.mark.parametrize(
        ("event", "kind"), [("kf_create_session", InboundKind.PERSON_CAME), ("kf_close_session", InboundKind.PERSON_LEFT)]
    )
    def test_a_person_of_the_staff_comes_and_leaves(self, event: str, kind: InboundKind) -> None:
        assert must_hear(event_xml(event, "<KfAccount>mei@haowei</KfAccount>")).kind is kind

    def test_menu_button(self) -> None:
        message = must_hear(event_xml("CLICK", "<EventKey>menu.view_menu</EventKey>"))

        assert (message.kind, message.key) == (InboundKind.MENU, "menu.view_menu")

    def test_menu_button_without_a_key_says_nothing(self) -> None:
        assert heard(event_xml("CLICK")) is None

    def test_scanned_table(self) -> None:
        message = must_hear(event_xml("SCAN", "<EventKey>t.s1.A08</EventKey><Ticket>T</Ticket>"))

        assert (message.kind, message.key) == (InboundKind.SCAN, "t.s1.A08")

    def test_followed_by_way_of_a_table(self) -> None:
        message = must_hear(event_xml("subscribe", "<EventKey>qrscene_t.s1.A08</EventKey><Ticket>T</Ticket>"))

        assert (message.kind, message.key) == (InboundKind.FOLLOW, "t.s1.A08")

    def test_followed_and_left(self) -> None:
        assert must_hear(event_xml("subscribe")).key == ""
        assert must_hear(event_xml("unsubscribe")).kind is InboundKind.UNFOLLOW

    @pytest.mark.parametrize("event", ["scancode_waitmsg", "scancode_push"])
    @pytest.mark.parametrize("result", ["t.s1.A08", "https://haowei.example/qr?x=1&scene=t.s1.A08#top"])
    def test_scan_button_on_a_code_of_ours(self, event: str, result: str) -> None:
        message = must_hear(scan_button(event, result))

        assert (message.kind, message.key) == (InboundKind.SCAN, "t.s1.A08")

    @pytest.mark.parametrize(
        "result", ["", "6901234567892", "https://haowei.example/?scene=zz", "https://[::1/?scene=t.s1.A1", "?" + "a=1&" * 500, "t.s1.A08 "]
    )
    def test_scan_button_on_anything_else(self, result: str) -> None:
        message = heard(scan_button("scancode_waitmsg", result))

        assert message is None or message.key == "t.s1.A08"

    @pytest.mark.parametrize("kind", NOT_HEARD)
    def test_other_events_are_not_heard(self, kind: EventType) -> None:
        assert heard(event_xml(kind.value)) is None

    def test_unknown_pushes_are_not_heard(self) -> None:
        assert heard(event_xml("telepathy", "<EventKey>menu.help</EventKey>")) is None
        assert heard(push_xml("hologram", "<Content>hi</Content>")) is None


class TestQuota:
    @pytest.mark.parametrize("body", [text_xml("hi"), push_xml("image"), push_xml("voice"), push_xml("shortvideo")])
    def test_a_message_opens_five_in_forty_eight_hours(self, body: bytes) -> None:
        assert must_hear(body).window is Window.MESSAGE

    @pytest.mark.parametrize(
        "body",
        [
            event_xml("CLICK", "<EventKey>menu.help</EventKey>"),
            event_xml("SCAN", "<EventKey>t.s1.A08</EventKey>"),
            event_xml("subscribe"),
            scan_button("scancode_push", "t.s1.A08"),
            scan_button("scancode_waitmsg", "t.s1.A08"),
        ],
    )
    def test_a_tap_opens_three_in_a_minute(self, body: bytes) -> None:
        assert must_hear(body).window is Window.TAP

    @pytest.mark.parametrize("item", ["101", "01KAJ3M8QZ5X7V9T2R4W6Y8B0C.2"])
    def test_a_tap_on_a_choice_is_no_message_although_it_comes_as_text(self, item: str) -> None:
        assert must_hear(text_xml("满意", extra=f"<bizmsgmenuid>{item}</bizmsgmenuid>")).window is Window.TAP

    def test_leaving_opens_none(self) -> None:
        assert must_hear(event_xml("unsubscribe")).window is None
