"""The bot's whole vocabulary with the outside: what a diner said or did, and what we answer.

A Reply is abstract: it is stored with the turn that made it and rendered by the channel, so the
same reply can leave as passive XML now or as a customer message later.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.messages.rules import Window


class InboundKind(StrEnum):
    """What a diner can say or do in a chat."""

    TEXT = "text"  # text; voice with recognised words comes as TEXT too
    MENU = "menu"  # tapped the account's menu bar: `key` is the EventKey, "menu.<intent>"
    CHOICE = "choice"  # tapped a choice we offered: `key` is "<turn>.<n>"
    SCAN = "scan"  # scanned a QR code of ours: `key` is the scene, "t.<store>.<table>"
    FOLLOW = "follow"  # followed the account; `key` is the scene when a QR code led here, else ""
    UNFOLLOW = "unfollow"
    LOCATION = "location"  # sent a place: `latitude`, `longitude`, `text` is its label
    PICTURE = "picture"  # picture, video or sticker: nothing to read
    VOICE = "voice"  # voice without recognised words
    PERSON_CAME = "person_came"  # a person of the staff took the talk over in WeChat's customer service
    PERSON_LEFT = "person_left"  # they closed it


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message of one diner.

    Attributes:
        dedupe_key: The same for every delivery of the same message.
        sender: The diner's address in the channel (an openid). Contact data: never stored as it is.
        sent_at: When the diner sent it, by the channel's clock, aware.
        window: What it lets us write to the diner afterwards; None when nothing.
    """

    dedupe_key: str
    sender: str
    kind: InboundKind
    sent_at: datetime
    text: str = ""
    key: str = ""
    latitude: float | None = None
    longitude: float | None = None
    window: Window | None = None


class ReplyKind(StrEnum):
    """How a reply wants to look."""

    TEXT = "text"
    CHOICES = "choices"  # text plus numbered choices; typing the number works
    CARDS = "cards"  # text (for channels without cards) plus cards with picture and link
    IMAGE = "image"  # a PNG or JPEG of ours by its path under /p/, uploaded after commit
    HANDOFF = "handoff"  # a person takes over; text says so
    SILENCE = "silence"  # nothing is to be said (unfollowed, or a person is talking)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tap or to type by number. `id` is "<turn>.<n>"; `label` at most 20 characters.

    In a message that no turn made, `id` has no number ("say-1"): a tap then says the label, as if it were typed.
    """

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Card:
    """A card with a picture that opens a page.

    `url` and `picture` are absolute, or paths that the channel completes with HAOWEI_PUBLIC_URL.
    """

    title: str
    text: str
    url: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one turn says. `text` is complete without choices and cards, so any channel can say it."""

    kind: ReplyKind
    text: str = ""
    choices: tuple[Choice, ...] = ()
    cards: tuple[Card, ...] = ()
    image: str = ""

    def to_json(self) -> dict[str, Any]:
        """The stored form; empty parts are left out."""
        stored: dict[str, Any] = {"kind": self.kind.value}
        if self.text:
            stored["text"] = self.text
        if self.choices:
            stored["choices"] = [[choice.id, choice.label] for choice in self.choices]
        if self.cards:
            stored["cards"] = [[card.title, card.text, card.url, card.picture] for card in self.cards]
        if self.image:
            stored["image"] = self.image
        return stored

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Reply":
        """Read the stored form back."""
        return cls(
            kind=ReplyKind(stored["kind"]),
            text=stored.get("text", ""),
            choices=tuple(Choice(*choice) for choice in stored.get("choices", ())),
            cards=tuple(Card(*card) for card in stored.get("cards", ())),
            image=stored.get("image", ""),
        )


SILENCE = Reply(ReplyKind.SILENCE)
