"""Flows as declarations: slots to fill, whether to confirm, and the act at the end. The next question is the first
empty required slot; nothing else decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.dialogue.effects import Weight

TIME_TO_LIVE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing a flow must know. `ask` is the response that asks for it."""

    name: str
    ask: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation with an end.

    Attributes:
        title: What a diner calls it ("下单"), for cancelling and resuming it by name.
        slots: In the order of asking.
        read_back: The query that reads a weighty act back and gives its version; None when nothing is confirmed.
        act: The act at the end.
    """

    name: str
    title: str
    act: str
    weight: Weight
    slots: tuple[Slot, ...] = ()
    read_back: str | None = None
    time_to_live: timedelta = TIME_TO_LIVE

    def __post_init__(self) -> None:
        if self.weight is Weight.WEIGHTY and self.read_back is None:
            raise ValueError(f"flow {self.name}: a weighty act needs a read-back")


Flows = Mapping[str, Flow]
