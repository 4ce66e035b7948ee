"""Customer-service messages: what the account sends on its own while a window is open."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from domain.kernel.clock import Clock
from haowei.simulators.wechat.chat import Article, Choice, Content
from haowei.simulators.wechat.diners import Diner
from haowei.simulators.wechat.endpoints import ESCAPE, OK, Endpoint, json_object, part, words
from haowei.simulators.wechat.errors import ApiError
from haowei.simulators.wechat.media import MediaStore
from haowei.simulators.wechat.replies import LONGEST_TEXT

# Kinds that need material, cards or articles which this account does not have.
_NOT_GRANTED = {"mpnews", "mpnewsarticle", "wxcard"}


class CustomerMessages:
    """Sends to the diners of one account."""

    def __init__(self, diners: Mapping[str, Diner], media: MediaStore, clock: Clock) -> None:
        self._diners = diners
        self._media = media
        self._clock = clock
        self._readers: dict[str, Callable[[dict[str, Any]], Content]] = {
            "text": _text,
            "image": self._image,
            "voice": self._voice,
            "video": self._video,
            "music": _music,
            "news": _news,
            "msgmenu": _choices,
            "miniprogrampage": self._mini_program,
        }

    def send(self, raw: bytes) -> None:
        """Send one message.

        Raises:
            ApiError: 40003, 40007, 40008, 44003, 44004, 45002, 45008, 45015, 45047, 47001, 48001.
        """
        # The platform does not read backslash-u escapes here: the diner sees them as they stand.
        sent = json_object(ESCAPE.sub(rb"\1\\\\u", raw))
        diner = self._diner(sent)
        kind = words(sent, "msgtype")
        if kind in _NOT_GRANTED:
            raise ApiError(48001)
        if kind not in self._readers:
            raise ApiError(40008)
        content = self._readers[kind](sent)
        diner.windows.spend(self._clock.now())
        diner.shows_typing(on=False)
        diner.sees(replace(content, channel="customer"))

    def type(self, raw: bytes) -> None:
        """Show or hide that the account is typing.

        Raises:
            ApiError: 40003, 45015, 45047, 45072, 45080, 45081.
        """
        sent = json_object(raw)
        diner = self._diner(sent)
        command = sent.get("command")
        if command not in {"Typing", "CancelTyping"}:
            raise ApiError(45072)
        diner.windows.require(self._clock.now())
        if not diner.spoke_recently():
            raise ApiError(45080)
        if command == "Typing" and diner.is_shown_typing:
            raise ApiError(45081)
        diner.shows_typing(on=command == "Typing")

    def _diner(self, sent: dict[str, Any]) -> Diner:
        diner = self._diners.get(words(sent, "touser"))
        if diner is None:
            raise ApiError(40003)
        return diner

    def _image(self, sent: dict[str, Any]) -> Content:
        return Content(kind="image", media=self._media.get(words(part(sent, "image"), "media_id"), "image").id)

    def _voice(self, sent: dict[str, Any]) -> Content:
        return Content(kind="voice", media=self._media.get(words(part(sent, "voice"), "media_id"), "voice").id)

    def _video(self, sent: dict[str, Any]) -> Content:
        video = part(sent, "video")
        self._media.get(words(video, "thumb_media_id"))
        text = "\n".join(filter(None, (words(video, "title"), words(video, "description"))))
        return Content(kind="video", text=text, media=self._media.get(words(video, "media_id"), "video").id)

    def _mini_program(self, sent: dict[str, Any]) -> Content:
        page = part(sent, "miniprogrampage")
        self._media.get(words(page, "thumb_media_id"))
        return Content(kind="miniprogram", articles=(Article(words(page, "title"), url=words(page, "pagepath")),))


def _text(sent: dict[str, Any]) -> Content:
    text = words(part(sent, "text"), "content")
    if not text:
        raise ApiError(44004)
    if len(text.encode()) > LONGEST_TEXT:
        raise ApiError(45002)
    machine = sent.get("aimsgcontext")
    return Content(kind="text", text=text, by_machine=isinstance(machine, dict) and machine.get("is_ai_msg") == 1)


def _music(sent: dict[str, Any]) -> Content:
    music = part(sent, "music")
    return Content(kind="music", articles=(Article(words(music, "title"), words(music, "description"), words(music, "musicurl")),))


def _news(sent: dict[str, Any]) -> Content:
    articles = part(sent, "news").get("articles")
    if not isinstance(articles, list) or not articles:
        raise ApiError(44003)
    if len(articles) > 1:
        raise ApiError(45008)
    if not isinstance(articles[0], dict):
        raise ApiError(47001)
    return Content(kind="news", articles=(Article(*(words(articles[0], name) for name in ("title", "description", "url", "picurl"))),))


def _choices(sent: dict[str, Any]) -> Content:
    menu = part(sent, "msgmenu")
    listed = menu.get("list")
    if not isinstance(listed, list) or not listed or not all(isinstance(choice, dict) for choice in listed):
        raise ApiError(47001, "list")
    choices = tuple(Choice(words(choice, "id"), words(choice, "content")) for choice in listed)
    if not all(choice.id and choice.label for choice in choices):
        raise ApiError(47001, "list")
    content = Content(kind="menu", text=words(menu, "head_content"), choices=choices, tail=words(menu, "tail_content"))
    if len(content.text.encode()) + len(content.tail.encode()) > LONGEST_TEXT:
        raise ApiError(45002)
    return content


def endpoints(messages: CustomerMessages) -> list[Endpoint]:
    """message/custom/send and message/custom/typing."""

    async def send(request: web.Request) -> dict[str, Any]:
        messages.send(await request.read())
        return OK

    async def typing(request: web.Request) -> dict[str, Any]:
        messages.type(await request.read())
        return OK

    return [
        Endpoint("POST", "/cgi-bin/message/custom/send", send),
        Endpoint("POST", "/cgi-bin/message/custom/typing", typing),
    ]
