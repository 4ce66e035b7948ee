"""What the conversation wants done, and what comes back. Plain values, no I/O."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.dialogue.commands import Command
from bot.messages import Card


class Weight(StrEnum):
    """How much an act weighs. Source: CONVERSATION §2."""

    DRAFT = "draft"  # at once; undo is the inverse command
    SMALL = "small"  # at once, told with how to take it back
    WEIGHTY = "weighty"  # only after a read-back and a yes to that very version


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice that goes with a prompt: what tapping it means."""

    label: str
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to say: the name of a response in nlu_data/responses (without "utter_"), and the values in it."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    cards: tuple[Card, ...] = ()
    image: str = ""  # a picture of ours, by its path under /p/


@dataclass(frozen=True, slots=True)
class Effect:
    """Something the domain must do or tell. `weight` is None for a query, which changes nothing."""

    name: str
    args: dict[str, Any] = field(default_factory=dict)
    weight: Weight | None = None
    flow: str | None = None  # the flow whose read-back or act this is
    undoable: bool = True  # False for an undo, so that it does not undo itself next time


@dataclass(frozen=True, slots=True)
class Found:
    """A query's answer. `version` when it is a read-back: what a yes will be bound to; `then` is what it leads to."""

    say: tuple[Prompt, ...] = ()
    version: str | None = None
    last_dish: str | None = None  # the dish the talk is about from now on
    then: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was done. `inverse` are the commands that take it back, `then` what it leads to."""

    say: tuple[Prompt, ...] = ()
    inverse: tuple[Command, ...] = ()
    last_dish: str | None = None
    then: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The domain said no. `code` names the response ("refused_<code>", dots as underscores); `slot` is the value it does not take."""

    code: str
    details: dict[str, Any] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    slot: str | None = None


Answer = Found | Done | Refused


@dataclass(frozen=True, slots=True)
class Answered:
    """An effect with its answer: the reducer's other kind of input."""

    effect: Effect
    answer: Answer
