"""What stands in a diner's chat with the account."""

import itertools
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal

Kind = Literal["text", "news", "image", "voice", "video", "music", "miniprogram", "location", "menu", "template", "notice"]

_IDS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Article:
    """One card: title, text, picture, and the page it opens."""

    title: str
    text: str = ""
    url: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a choice message (msgmenu); a tap sends it back."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """A template message as the diner sees it: title, labelled lines, the page it opens."""

    title: str
    lines: tuple[tuple[str, str], ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the diner sent, in degrees."""

    latitude: float
    longitude: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one message shows.

    Attributes:
        text: The words; of a choice message what stands above the choices.
        tail: What stands below the choices.
        media: Media id of a picture, voice or video.
        channel: How the account sent it on its own: customer, notice or template. "" for an answer, and for what the diner wrote.
        by_machine: Marked as written by an AI (aimsgcontext).
        by_person: Written by a member of the account's customer service.
    """

    kind: Kind
    text: str = ""
    articles: tuple[Article, ...] = ()
    choices: tuple[Choice, ...] = ()
    tail: str = ""
    media: str = ""
    place: Place | None = None
    template: TemplateCard | None = None
    channel: str = ""
    by_machine: bool = False
    by_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatItem(Content):
    """One message in a chat.

    Attributes:
        id: Grows with every message of this process.
        at: When it appeared, aware, by the platform's clock.
    """

    id: int
    at: datetime
    from_diner: bool

    @classmethod
    def of(cls, content: Content, *, at: datetime, from_diner: bool) -> "ChatItem":
        """Put a content into a chat."""
        return cls(id=next(_IDS), at=at, from_diner=from_diner, **{name: getattr(content, name) for name in _CONTENT})

    @property
    def words(self) -> str:
        """Everything that can be read on it, one line each: what a person would look for."""
        parts = [self.text, *(line for article in self.articles for line in (article.title, article.text))]
        parts += [choice.label for choice in self.choices]
        parts.append(self.tail)
        if self.template:
            parts += [self.template.title, *(f"{label}{value}" for label, value in self.template.lines)]
        if self.place:
            parts.append(self.place.label)
        return "\n".join(filter(None, parts))

    def to_json(self) -> dict[str, Any]:
        """For a page; empty parts are left out."""
        shown = {name: value for name, value in asdict(self).items() if value or name == "from_diner"}
        return {**shown, "at": self.at.isoformat()}


_CONTENT = tuple(field.name for field in fields(Content))
