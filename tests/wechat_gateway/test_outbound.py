"""Replies as passive XML and as customer messages."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy import create_reply, parse_message
from wechatpy.replies import ArticlesReply, ImageReply, TransferCustomerServiceReply, deserialize_reply

from bot.messages import SILENCE, Card, Choice, Reply, ReplyKind
from tests.wechat_gateway.samples import event_xml, push_xml, text_xml
from wechat_gateway.outbound import LONGEST_TEXT, MOST_ARTICLES, SUCCESS, customer_message, passive_reply
from wechat_gateway.push import parse_push
from wechat_gateway.xml import read_fields

NOW = datetime(2026, 11, 21, 10, 30, 1, tzinfo=UTC)
PUBLIC = "https://haowei.example"
TEXT_PUSH = text_xml("菜单")
CLICK_PUSH = event_xml("CLICK", "<EventKey>menu.view_menu</EventKey>")
DISH = Card("秘制红烧肉", "58 元", "/p/dishes/d1", "/p/pictures/d1.jpg")
HOSTILE = [
    "]]>",
    "]]></Content><MsgType><![CDATA[image]]></MsgType><Content><![CDATA[",
    "\x00\x08\x1b[31m\x7f\ufffe",
    "🍜👨‍👩‍👧 é \u202e",
    "饭" * 3000,
    "]]>" * 900,
    "<xml>&amp;</xml>",
]


def sent(reply: Reply, body: bytes = TEXT_PUSH, media_id: str = "") -> dict[str, Any]:
    """The fields of the passive reply."""
    return dict(read_fields(passive_reply(reply, parse_push(body), now=NOW, public_url=PUBLIC, media_id=media_id)))


def theirs(reply: Any) -> dict[str, Any]:
    """The fields of a reply that wechatpy renders."""
    reply.time = int(NOW.timestamp())
    return dict(read_fields(reply.render().encode()))


def customer(reply: Reply, remaining: int = 5, media_id: str = "") -> dict[str, Any] | None:
    return customer_message(reply, "oDiner", public_url=PUBLIC, remaining=remaining, media_id=media_id)


_ASKS = '想在轮到您时收到通知？<a href="/p/consent/C.x~y.1.M-_">点这里允许一次</a>'
_ASKED = _ASKS.replace('href="', f'href="{PUBLIC}')


class TestLinks:
    @pytest.mark.parametrize("choices", [(), (Choice("t.1", "不排了"),)])
    def test_a_link_to_our_own_page_is_completed(self, choices: tuple[Choice, ...]) -> None:
        kind = ReplyKind.CHOICES if choices else ReplyKind.TEXT
        reply = Reply(kind, f"取好号了\n{_ASKS}", choices)
        listed = "".join(f"\n{n}. {choice.label}" for n, choice in enumerate(choices, start=1))

        assert sent(reply)["Content"] == f"取好号了\n{_ASKED}{listed}"
        assert customer(reply) == {"touser": "oDiner", "msgtype": "text", "text": {"content": f"取好号了\n{_ASKED}{listed}"}}

    @pytest.mark.parametrize("words", ['<a href="/admin">x</a>', '<a href="//evil.example/p/x">x</a>', '<a href="/p/x" onclick="y">x</a>'])
    def test_no_other_link_is_made_ours(self, words: str) -> None:
        assert PUBLIC not in sent(Reply(ReplyKind.TEXT, words))["Content"]

    @pytest.mark.parametrize("length", range(600, 690, 7))
    def test_a_text_that_is_too_long_loses_the_whole_line_with_the_link_and_never_half_of_it(self, length: int) -> None:
        content = sent(Reply(ReplyKind.TEXT, "饭" * length + "\n" + _ASKS))["Content"]

        assert len(content.encode()) <= LONGEST_TEXT
        assert content.endswith("</a>") or "<" not in content
        assert content.startswith("饭" * min(length, 681))


class TestText:
    def test_goes_back_to_who_wrote(self) -> None:
        assert sent(Reply(ReplyKind.TEXT, "好的")) == {
            "ToUserName": "oDiner-1234567890abcdefghijk",
            "FromUserName": "gh_0123456789ab",
            "CreateTime": str(int(NOW.timestamp())),
            "MsgType": "text",
            "Content": "好的",
        }

    @settings(max_examples=200)
    @given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp", "Cs", "Cn"]), min_size=1, max_size=200))
    def test_same_as_wechatpy(self, text: str) -> None:
        if "]]>" in text:
            return  # where wechatpy writes broken XML
        assert sent(Reply(ReplyKind.TEXT, text)) == theirs(create_reply(text, parse_message(TEXT_PUSH)))

    @pytest.mark.parametrize("text", HOSTILE)
    def test_wechatpy_reads_what_is_written_here(self, text: str) -> None:
        reply = Reply(ReplyKind.TEXT, text + "完")

        xml = passive_reply(reply, parse_push(TEXT_PUSH), now=NOW, public_url=PUBLIC)

        assert deserialize_reply(xml.decode()).content == sent(reply)["Content"]

    @settings(max_examples=300)
    @given(text=st.one_of(st.text(), st.sampled_from(HOSTILE)), extra=st.text("]>[<!&", max_size=8))
    def test_whatever_the_text_the_reply_keeps_its_form(self, text: str, extra: str) -> None:
        fields = sent(Reply(ReplyKind.TEXT, f"好{text}{extra}"))

        assert set(fields) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
        assert fields["MsgType"] == "text"
        assert 0 < len(fields["Content"].encode()) <= LONGEST_TEXT

    def test_cut_visibly_and_never_inside_a_character(self) -> None:
        content = sent(Reply(ReplyKind.TEXT, "饭" * 3000))["Content"]

        assert content == "饭" * 681 + "…"
        assert len(content.encode()) == 2046

    def test_exactly_the_limit_is_not_cut(self) -> None:
        assert sent(Reply(ReplyKind.TEXT, "a" * LONGEST_TEXT))["Content"] == "a" * LONGEST_TEXT

    @pytest.mark.parametrize("text", ["", "\x00\u200b"])
    def test_no_words_no_reply(self, text: str) -> None:
        assert passive_reply(Reply(ReplyKind.TEXT, text), parse_push(TEXT_PUSH), now=NOW, public_url=PUBLIC) == SUCCESS
        assert customer(Reply(ReplyKind.TEXT, text)) is None


class TestChoices:
    REPLY = Reply(ReplyKind.CHOICES, "要哪一份?", (Choice("T1.1", "宫保鸡丁"), Choice("T1.2", "宫保虾球"), Choice("T1.10", "都不是")))

    def test_numbered_by_their_ids(self) -> None:
        assert sent(self.REPLY)["Content"] == "要哪一份?\n1. 宫保鸡丁\n2. 宫保虾球\n10. 都不是"

    def test_stay_whole_when_the_text_is_too_long(self) -> None:
        content = sent(Reply(ReplyKind.CHOICES, "饭" * 3000, self.REPLY.choices))["Content"]

        assert content.endswith("…\n1. 宫保鸡丁\n2. 宫保虾球\n10. 都不是")
        assert len(content.encode()) <= LONGEST_TEXT

    def test_more_choices_than_a_message_holds(self) -> None:
        choices = tuple(Choice(f"T1.{n}", "菜" * 20) for n in range(1, 60))

        content = sent(Reply(ReplyKind.CHOICES, "要哪一份?", choices))["Content"]

        assert content.startswith("1. 菜")
        assert content.endswith("…")

    def test_tappable_while_three_customer_messages_remain(self) -> None:
        assert customer(self.REPLY, remaining=3) == {
            "touser": "oDiner",
            "msgtype": "msgmenu",
            "msgmenu": {
                "head_content": "要哪一份?",
                "list": [
                    {"id": "T1.1", "content": "宫保鸡丁"},
                    {"id": "T1.2", "content": "宫保虾球"},
                    {"id": "T1.10", "content": "都不是"},
                ],
                "tail_content": "",
            },
        }

    def test_numbered_text_below_three(self) -> None:
        assert customer(self.REPLY, remaining=2) == {
            "touser": "oDiner",
            "msgtype": "text",
            "text": {"content": "要哪一份?\n1. 宫保鸡丁\n2. 宫保虾球\n10. 都不是"},
        }


class TestCards:
    def cards(self, count: int) -> Reply:
        return Reply(ReplyKind.CARDS, "今日菜单", cards=(DISH,) * count)

    @pytest.mark.parametrize("msg_type", ["text", "image", "voice", "video", "shortvideo", "location", "link"])
    def test_one_article_when_a_message_is_answered(self, msg_type: str) -> None:
        fields = sent(self.cards(3), push_xml(msg_type, "<MsgId>1</MsgId>"))

        assert fields["MsgType"] == "news"
        assert fields["ArticleCount"] == "1"
        assert fields["Articles"] == {
            "item": {
                "Title": "秘制红烧肉",
                "Description": "58 元",
                "PicUrl": "https://haowei.example/p/pictures/d1.jpg",
                "Url": "https://haowei.example/p/dishes/d1",
            }
        }

    def test_up_to_eight_when_an_event_is_answered(self) -> None:
        fields = sent(self.cards(12), CLICK_PUSH)

        assert fields["ArticleCount"] == str(MOST_ARTICLES)
        assert len(fields["Articles"]["item"]) == MOST_ARTICLES

    def test_same_as_wechatpy(self) -> None:
        reply = ArticlesReply(message=parse_message(CLICK_PUSH))
        for _ in range(3):
            reply.add_article(
                {"title": DISH.title, "description": DISH.text, "image": f"{PUBLIC}{DISH.picture}", "url": f"{PUBLIC}{DISH.url}"}
            )

        assert sent(self.cards(3), CLICK_PUSH) == {name: value for name, value in theirs(reply).items() if name != "Content"}

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_words_stay_inside(self, text: str) -> None:
        card = Card(f"名{text}", text, f"/p/{text[:60]}", text[:60])

        fields = sent(Reply(ReplyKind.CARDS, "x", cards=(card, card)), CLICK_PUSH)

        assert [set(item) for item in fields["Articles"]["item"]] == [{"Title", "Description", "PicUrl", "Url"}] * 2

    def test_more_words_than_a_phone_shows_are_cut(self) -> None:
        card = Card("名" * 200, "字" * 2000, "/p/x")

        item = sent(Reply(ReplyKind.CARDS, "x", cards=(card,)))["Articles"]["item"]

        assert (item["Title"], item["Description"]) == ("名" * 63 + "…", "字" * 169 + "…")

    def test_addresses_that_are_whole_stay(self) -> None:
        card = Card("a", "", "http://other.example/x", "")

        item = sent(Reply(ReplyKind.CARDS, "x", cards=(card,)))["Articles"]["item"]

        assert (item["Url"], item["PicUrl"]) == ("http://other.example/x", "")

    def test_no_cards_leave_the_text(self) -> None:
        assert sent(self.cards(0))["Content"] == "今日菜单"

    def test_customer_message_has_one_article(self) -> None:
        body = customer(self.cards(3))

        assert body is not None
        assert body["msgtype"] == "news"
        assert body["news"]["articles"] == [
            {
                "title": "秘制红烧肉",
                "description": "58 元",
                "url": "https://haowei.example/p/dishes/d1",
                "picurl": "https://haowei.example/p/pictures/d1.jpg",
            }
        ]


class TestPictures:
    REPLY = Reply(ReplyKind.IMAGE, "您的会员卡\n出示给店员", image="/p/cards/7.png")

    def test_uploaded_before(self) -> None:
        theirs_reply = ImageReply(message=parse_message(TEXT_PUSH), media_id="MEDIA")

        assert sent(self.REPLY, media_id="MEDIA") == theirs(theirs_reply)
        assert customer(self.REPLY, media_id="MEDIA") == {"touser": "oDiner", "msgtype": "image", "image": {"media_id": "MEDIA"}}

    def test_not_uploaded_is_shown_by_an_article(self) -> None:
        assert sent(self.REPLY)["Articles"]["item"] == {
            "Title": "您的会员卡",
            "Description": "出示给店员",
            "PicUrl": "https://haowei.example/p/cards/7.png",
            "Url": "https://haowei.example/p/cards/7.png",
        }

    def test_without_words_it_has_a_title_all_the_same(self) -> None:
        assert sent(Reply(ReplyKind.IMAGE, image="/p/cards/7.png"))["Articles"]["item"]["Title"] == "点开看图"


class TestHandoffAndSilence:
    def test_handoff_same_as_wechatpy(self) -> None:
        reply = Reply(ReplyKind.HANDOFF, "请稍等,店员马上来")

        assert sent(reply) == theirs(TransferCustomerServiceReply(message=parse_message(TEXT_PUSH)))
        assert customer(reply) == {"touser": "oDiner", "msgtype": "text", "text": {"content": "请稍等,店员马上来"}}

    def test_silence(self) -> None:
        assert passive_reply(SILENCE, parse_push(TEXT_PUSH), now=NOW, public_url=PUBLIC) is SUCCESS
        assert customer(SILENCE) is None


@pytest.mark.parametrize("remaining", [0, 5])
@pytest.mark.parametrize("text", HOSTILE)
def test_customer_messages_are_json_in_utf8_within_the_limit(text: str, remaining: int) -> None:
    body = customer(Reply(ReplyKind.CHOICES, f"好{text}", (Choice("T.1", text[:20]),)), remaining)

    assert body is not None
    assert json.loads(json.dumps(body, ensure_ascii=False).encode()) == body
    longest = body["msgmenu"]["head_content"] if remaining else body["text"]["content"]
    assert len(longest.encode()) <= LONGEST_TEXT
