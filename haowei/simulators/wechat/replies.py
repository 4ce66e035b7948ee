"""Reads the passive reply: the XML that the account answers a push with."""

from collections.abc import Callable
from dataclasses import dataclass

from haowei.simulators.wechat.chat import Article, Content
from haowei.simulators.wechat.codec import Elements, element_of, elements_of, read_xml, text_of
from haowei.simulators.wechat.errors import ApiError, InvalidAnswerError
from haowei.simulators.wechat.media import MediaStore

LONGEST_TEXT = 2048  # bytes of UTF-8. Source: the platform's pages on passive replies and customer messages
_ONE_ARTICLE = {"text", "image", "voice", "video", "shortvideo", "location", "link"}  # may be answered with one card only
_MOST_ARTICLES = 8


@dataclass(frozen=True, slots=True)
class Transfer:
    """The account hands the diner to its customer-service staff; the diner sees nothing of it.

    Attributes:
        account: A named member of staff, or "" for anybody.
    """

    account: str


def read_reply(xml: str, *, openid: str, original_id: str, answered: str, media: MediaStore) -> Content | Transfer:
    """Read a reply as strictly as the platform.

    Args:
        xml: Plain, already opened.
        answered: MsgType of the push.

    Raises:
        InvalidAnswerError: Anything that the platform would not deliver.
    """
    root = read_xml(xml)
    if text_of(root, "ToUserName") != openid:
        raise InvalidAnswerError("ToUserName is not the diner")
    if text_of(root, "FromUserName") != original_id:
        raise InvalidAnswerError("FromUserName is not the account")
    if not text_of(root, "CreateTime").isdigit():
        raise InvalidAnswerError("CreateTime is not a number")
    kind = text_of(root, "MsgType")
    if kind == "text":
        return _text(root)
    if kind == "news":
        return _news(root, 1 if answered in _ONE_ARTICLE else _MOST_ARTICLES)
    if kind == "music":
        return _music(root)
    if kind == "transfer_customer_service":
        return Transfer(text_of(elements_of(root["TransInfo"]), "KfAccount") if "TransInfo" in root else "")
    if kind in _MEDIA:
        return _MEDIA[kind](root, media)
    raise InvalidAnswerError(f"MsgType {kind!r} is no reply")


def _text(root: Elements) -> Content:
    text = text_of(root, "Content")
    if not text:
        raise InvalidAnswerError("empty Content")
    if len(text.encode()) > LONGEST_TEXT:
        raise InvalidAnswerError(f"Content of {len(text.encode())} bytes, at most {LONGEST_TEXT}")
    return Content(kind="text", text=text)


def _news(root: Elements, most: int) -> Content:
    count = text_of(root, "ArticleCount")
    items = element_of(root, "Articles").findall("item")
    if count != str(len(items)):
        raise InvalidAnswerError(f"ArticleCount {count!r}, but {len(items)} items")
    if not 1 <= len(items) <= most:
        raise InvalidAnswerError(f"{len(items)} articles, at most {most} here")
    return Content(kind="news", articles=tuple(_article(elements_of(item)) for item in items))


def _article(item: Elements) -> Article:
    article = Article(*(text_of(item, name) for name in ("Title", "Description", "Url", "PicUrl")))
    if not article.title:
        raise InvalidAnswerError("article without a title")
    return article


def _image(root: Elements, media: MediaStore) -> Content:
    return Content(kind="image", media=_media_id(_inside(root, "Image"), "image", media))


def _voice(root: Elements, media: MediaStore) -> Content:
    return Content(kind="voice", media=_media_id(_inside(root, "Voice"), "voice", media))


def _video(root: Elements, media: MediaStore) -> Content:
    video = _inside(root, "Video")
    text = "\n".join(filter(None, (_optional(video, "Title"), _optional(video, "Description"))))
    return Content(kind="video", text=text, media=_media_id(video, "video", media))


def _music(root: Elements) -> Content:
    music = _inside(root, "Music")
    return Content(kind="music", articles=(Article(*(_optional(music, name) for name in ("Title", "Description", "MusicUrl"))),))


_MEDIA: dict[str, Callable[[Elements, MediaStore], Content]] = {"image": _image, "voice": _voice, "video": _video}


def _media_id(elements: Elements, kind: str, media: MediaStore) -> str:
    try:
        return media.get(text_of(elements, "MediaId"), kind).id
    except ApiError as error:
        raise InvalidAnswerError(f"{kind}: no such media, or older than three days") from error


def _inside(elements: Elements, name: str) -> Elements:
    return elements_of(element_of(elements, name))


def _optional(elements: Elements, name: str) -> str:
    return text_of(elements, name) if name in elements else ""
