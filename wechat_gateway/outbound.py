"""A Reply becomes the answer of a push (passive reply) or the body of a customer message. Pure.

Nothing is ever split: a text over the limit ends in …, and whoever wrote it pages. Words may hold links to our own pages,
<a href="/p/…">words</a>: a link is completed with HAOWEI_PUBLIC_URL, and never cut in the middle.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bot.messages import Card, Choice, Reply, ReplyKind
from domain.kernel.text import clean, clip_bytes
from wechat_gateway.push import Push
from wechat_gateway.push_types import EventType
from wechat_gateway.xml import cdata

SUCCESS: Final = b"success"  # tells the platform to stop trying; needs no encryption
LONGEST_TEXT: Final = 2048  # bytes of UTF-8, passive and customer text. Source: reference wechat §1.1
MOST_ARTICLES: Final = 8  # answering an event; answering a message: 1, in a customer message: 1
MSGMENU_NEEDS: Final = 3  # customer messages left; taps on its items give none back. Source: CONVERSATION §2
_LONGEST_TITLE = 192  # bytes: 64 Chinese characters, three lines of a phone
_LONGEST_DESCRIPTION = 512
_PICTURE_TITLE = "点开看图"
_OWN_LINK = re.compile(r'<a href="(/p/[A-Za-z0-9/._~-]+)">')


def passive_reply(reply: Reply, push: Push, *, now: datetime, public_url: str, media_id: str = "") -> bytes:
    """The XML that answers a push, or `SUCCESS` when there is nothing to say.

    Cards become one article when a message is answered, up to eight when an event is. A picture goes out as an image
    when it was uploaded before, else as an article that shows it. Handing over says no words: the platform allows none.

    Args:
        now: Aware.
        public_url: HAOWEI_PUBLIC_URL, which completes the paths of cards and pictures.
        media_id: Of the reply's image, when it is uploaded.
    """
    if reply.kind is ReplyKind.SILENCE:
        return SUCCESS
    if reply.kind is ReplyKind.HANDOFF:
        return _reply_xml(push, now, "transfer_customer_service", "")
    if reply.kind is ReplyKind.IMAGE and media_id:
        return _reply_xml(push, now, "image", f"<Image><MediaId>{cdata(media_id)}</MediaId></Image>")
    cards = _cards(reply)[: MOST_ARTICLES if isinstance(push.kind, EventType) else 1]
    if cards:
        return _reply_xml(push, now, "news", _news_xml(cards, public_url))
    text = _text(reply, public_url)
    return _reply_xml(push, now, "text", f"<Content>{cdata(text)}</Content>") if text else SUCCESS


def customer_message(reply: Reply, to: str, *, public_url: str, remaining: int, media_id: str = "") -> dict[str, Any] | None:
    """The body of message/custom/send, or None when there is nothing to say.

    Args:
        to: The diner's openid.
        public_url: HAOWEI_PUBLIC_URL, which completes the paths of cards and pictures.
        remaining: Customer messages left in the diner's window, this one included. Choices are tappable only while
            there are at least three, and numbered text below, or when the words hold a link: only a text is known to show it.
        media_id: Of the reply's image, when it is uploaded.
    """
    if reply.kind is ReplyKind.SILENCE:
        return None
    if reply.kind is ReplyKind.IMAGE and media_id:
        return {"touser": to, "msgtype": "image", "image": {"media_id": media_id}}
    if reply.choices and reply.text and remaining >= MSGMENU_NEEDS and not _OWN_LINK.search(reply.text):
        items = [{"id": choice.id, "content": clean(choice.label)} for choice in reply.choices]
        menu = {"head_content": clip_bytes(clean(reply.text), LONGEST_TEXT), "list": items, "tail_content": ""}
        return {"touser": to, "msgtype": "msgmenu", "msgmenu": menu}
    cards = _cards(reply)[:1]
    if cards:
        return {"touser": to, "msgtype": "news", "news": {"articles": [_article(cards[0], public_url)]}}
    text = _text(reply, public_url)
    return {"touser": to, "msgtype": "text", "text": {"content": text}} if text else None


def _cards(reply: Reply) -> tuple[Card, ...]:
    if reply.kind is ReplyKind.CARDS:
        return reply.cards
    if reply.kind is ReplyKind.IMAGE and reply.image:
        title, _, rest = reply.text.partition("\n")
        return (Card(title or _PICTURE_TITLE, rest, reply.image, reply.image),)
    return ()


def _text(reply: Reply, public_url: str) -> str:
    """The text with its numbered choices; choices stay whole, the text before them gives way."""
    text = clean(reply.text)
    if not reply.choices:
        return _linked(text, LONGEST_TEXT, public_url)
    listed = _numbered(reply.choices)
    room = LONGEST_TEXT - len(listed.encode()) - 1
    if room < len("…".encode()):
        return clip_bytes(listed, LONGEST_TEXT)
    return f"{_linked(text, room, public_url)}\n{listed}" if text else listed


def _linked(text: str, limit: int, public_url: str) -> str:
    """A text with its links completed; where it is too long, the lines with links give way first, whole."""
    linked = _OWN_LINK.sub(lambda link: f'<a href="{_absolute(link[1], public_url)}">', text)
    if len(linked.encode()) <= limit:
        return linked
    return clip_bytes("\n".join(line for line in text.split("\n") if not _OWN_LINK.search(line)), limit)


def _numbered(choices: Sequence[Choice]) -> str:
    """One line a choice, under the number of its id: typing that number chooses it. One without a number is chosen by its words."""
    return "\n".join(_listed(choice) for choice in choices)


def _listed(choice: Choice) -> str:
    n = choice.id.rpartition(".")[2]
    return f"{n}. {clean(choice.label)}" if n.isdecimal() else f"· {clean(choice.label)}"


def _reply_xml(push: Push, now: datetime, msg_type: str, content: str) -> bytes:
    return (
        f"<xml><ToUserName>{cdata(push.from_user)}</ToUserName><FromUserName>{cdata(push.to_user)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime><MsgType><![CDATA[{msg_type}]]></MsgType>{content}</xml>"
    ).encode()


def _news_xml(cards: Sequence[Card], public_url: str) -> str:
    items = "".join(_item_xml(_article(card, public_url)) for card in cards)
    return f"<ArticleCount>{len(cards)}</ArticleCount><Articles>{items}</Articles>"


def _item_xml(article: dict[str, str]) -> str:
    return (
        f"<item><Title>{cdata(article['title'])}</Title><Description>{cdata(article['description'])}</Description>"
        f"<PicUrl>{cdata(article['picurl'])}</PicUrl><Url>{cdata(article['url'])}</Url></item>"
    )


def _article(card: Card, public_url: str) -> dict[str, str]:
    return {
        "title": clip_bytes(clean(card.title), _LONGEST_TITLE),
        "description": clip_bytes(clean(card.text), _LONGEST_DESCRIPTION),
        "url": _absolute(card.url, public_url),
        "picurl": _absolute(card.picture, public_url),
    }


def _absolute(url: str, public_url: str) -> str:
    if not url or url.startswith(("https://", "http://")):
        return url
    return f"{public_url.rstrip('/')}/{url.lstrip('/')}"
