"""Flows as declarations: slots to fill, whether to confirm, and the act at the end. The next question is the first
empty required slot; nothing else decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.dialogue.effects import Weight

TIME_TO_LIVE = timedelta(minutes=30)

SlotValues = Mapping[str, Any]


def always(_: SlotValues) -> bool:
    """Required, whatever else is known."""
    return True


def never(_: SlotValues) -> bool:
    """Taken when it is said, never asked for."""
    return False


def anything(_: Any) -> str | None:
    """Every value will do."""
    return None


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing a flow must know.

    Attributes:
        ask: The response that asks for it, or the query that does, when it needs to look (`asks_by_query`).
        takes: The kind of value it takes: an entity of CONVERSATION §3, or "words" for whatever is said.
        required: Whether it is needed, given the other slots.
        refuse: The response that says why a value will not do, or None when it will.
        title: What a diner calls it (「取餐时间」), when a correction is told.
        offers: Labels with values, shown as choices from the second asking on.
        again: The response that repeats the question in short after a digression; none: it is asked as before.
        clears: Slots whose values belong to this one's: another value ends them (a new title the tax number of the one before).
        replaces: Slots that are chosen anew with any value of this one, the first too (a day said after the session was picked).
        quiet: A correction is not told by itself, as what follows says it all.
    """

    name: str
    ask: str
    takes: str
    required: Callable[[SlotValues], bool] = always
    refuse: Callable[[Any], str | None] = anything
    offers: tuple[tuple[str, Any], ...] = ()
    asks_by_query: bool = False
    title: str = ""
    again: str = ""
    clears: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation with an end.

    Attributes:
        title: What a diner calls it ("下单"), for cancelling and resuming it by name.
        slots: In the order of asking.
        read_back: The query that reads a weighty act back and gives its version; None when nothing is confirmed.
        act: The act at the end.
        take_back: What undoes the act once it has run: an intent that is offered, never done silently.
        lingers: After the act the flow stays at hand, so that a value said later (「不用券」 under a bill) does the act anew.
    """

    name: str
    title: str
    act: str
    weight: Weight
    slots: tuple[Slot, ...] = ()
    read_back: str | None = None
    time_to_live: timedelta = TIME_TO_LIVE
    take_back: str | None = None
    lingers: bool = False

    def __post_init__(self) -> None:
        if self.weight is Weight.WEIGHTY and self.read_back is None:
            raise ValueError(f"flow {self.name}: a weighty act needs a read-back")

    @property
    def amendable(self) -> bool:
        """Whether a diner can say something of it otherwise: a no to its read-back then means that they want to."""
        return self.read_back is not None and any(not slot.asks_by_query and not slot.quiet for slot in self.slots)

    def slot_for(self, said: str) -> Slot | None:
        """The slot of a name, or the first that takes such a kind of value."""
        return next((slot for slot in self.slots if said in {slot.name, slot.takes}), None)


Flows = Mapping[str, Flow]
