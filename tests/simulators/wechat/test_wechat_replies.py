"""The passive reply is read as strictly as the platform reads it; wechatpy writes the good ones."""

from typing import Any

import pytest
from wechatpy import parse_message
from wechatpy.replies import ArticlesReply, ImageReply, MusicReply, TextReply, TransferCustomerServiceReply, VideoReply, VoiceReply

from haowei.simulators.wechat import Article, Content, InvalidAnswerError
from haowei.simulators.wechat.media import MediaStore
from haowei.simulators.wechat.replies import Transfer, read_reply
from tests.clock import SettableClock

PUSH = parse_message(
    "<xml><ToUserName>gh_1</ToUserName><FromUserName>oAlice</FromUserName><CreateTime>1</CreateTime>"
    "<MsgType>text</MsgType><Content>hi</Content><MsgId>1</MsgId></xml>"
)
CARD = {"title": "菜单", "description": "热销", "image": "http://host/p.png", "url": "http://host/menu"}


def read(xml: str, answered: str = "text", media: MediaStore | None = None) -> Content | Transfer:
    media = media or MediaStore(SettableClock())
    return read_reply(xml, openid="oAlice", original_id="gh_1", answered=answered, media=media)


def cards(count: int) -> str:
    return str(ArticlesReply(message=PUSH, articles=[CARD] * count).render())


class TestGoodReplies:
    def test_text(self) -> None:
        assert read(TextReply(message=PUSH, content="您好").render()) == Content(kind="text", text="您好")

    def test_text_may_have_2048_bytes(self) -> None:
        assert len(read(TextReply(message=PUSH, content="菜" * 682 + "ab").render()).text.encode()) == 2048

    def test_one_card(self) -> None:
        assert read(cards(1)).articles == (Article("菜单", "热销", "http://host/menu", "http://host/p.png"),)

    def test_eight_cards_answer_an_event(self) -> None:
        assert len(read(cards(8), answered="event").articles) == 8

    def test_picture_voice_and_video_that_were_uploaded(self) -> None:
        media = MediaStore(SettableClock())
        picture = media.add("image", b"\xff\xd8\xff\xe0").id
        voice = media.add("voice", b"ID3").id
        video = media.add("video", b"\0\0\0\x18ftypmp42").id

        assert read(ImageReply(message=PUSH, media_id=picture).render(), media=media) == Content(kind="image", media=picture)
        assert read(VoiceReply(message=PUSH, media_id=voice).render(), media=media) == Content(kind="voice", media=voice)
        reply = VideoReply(message=PUSH, media_id=video, title="厨房", description="现炒")
        assert read(reply.render(), media=media) == Content(kind="video", media=video, text="厨房\n现炒")

    def test_music(self) -> None:
        reply = MusicReply(
            message=PUSH, thumb_media_id="x", title="店歌", description="好味", music_url="http://host/a.mp3", hq_music_url=""
        )

        assert read(reply.render()).articles == (Article("店歌", "好味", "http://host/a.mp3"),)

    def test_transfer_to_anybody_or_to_somebody(self) -> None:
        xml = str(TransferCustomerServiceReply(message=PUSH).render())
        named = xml.replace("</xml>", "<TransInfo><KfAccount><![CDATA[mei@haowei]]></KfAccount></TransInfo></xml>")

        assert read(xml) == Transfer("")
        assert read(named) == Transfer("mei@haowei")


BAD = [
    (TextReply(message=PUSH, content="").render(), "empty Content"),
    (TextReply(message=PUSH, content="菜" * 683).render(), "2049 bytes"),
    (TextReply(message=PUSH, content="a]]>b").render(), "not XML"),
    (TextReply(source="gh_1", target="oBob", content="x").render(), "not the diner"),
    (TextReply(source="gh_2", target="oAlice", content="x").render(), "not the account"),
    (
        TextReply(message=PUSH, content="x").render().replace("<Content>", "<Text>").replace("</Content>", "</Text>"),
        "Content is missing",
    ),
    (TextReply(message=PUSH, content="x").render().replace("[text]", "[link]"), "no reply"),
    (cards(2), "2 articles, at most 1"),
    (cards(1).replace("<ArticleCount>1", "<ArticleCount>2"), "ArticleCount '2', but 1 items"),
    (cards(1).replace("菜单", ""), "without a title"),
    (ImageReply(message=PUSH, media_id="unknown").render(), "no such media"),
]


class TestBadReplies:
    @pytest.mark.parametrize(("xml", "reason"), BAD, ids=[reason for _, reason in BAD])
    def test_reply_is_refused(self, xml: Any, reason: str) -> None:
        with pytest.raises(InvalidAnswerError, match=reason):
            read(xml)

    def test_at_most_eight_cards(self) -> None:
        with pytest.raises(InvalidAnswerError, match="9 articles, at most 8"):
            read(cards(9), answered="event")

    def test_media_of_another_kind_is_refused(self) -> None:
        media = MediaStore(SettableClock())
        voice = media.add("voice", b"#!AMR\n").id

        with pytest.raises(InvalidAnswerError, match="no such media"):
            read(ImageReply(message=PUSH, media_id=voice).render(), media=media)
