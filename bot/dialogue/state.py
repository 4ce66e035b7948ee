"""Where a conversation stands: a stack of frames, parked frames, undo history, open choices. One JSON row a diner."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, overload

from bot.dialogue.commands import Ask, Command, Line, SetSlot, command_from_json, command_to_json

MOST_UNDO = 10
MOST_PARKED = 5


class StoredStep(Sequence[Command]):
    """Commands as they are stored, read when somebody uses them: nearly all wait in vain, and every turn carries them along."""

    __slots__ = ("stored",)

    def __init__(self, stored: list[Any]) -> None:
        self.stored = stored

    @overload
    def __getitem__(self, index: int) -> Command: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Command]: ...
    def __getitem__(self, index: int | slice) -> Command | Sequence[Command]:
        return tuple(command_from_json(command) for command in self.stored)[index]

    def __len__(self) -> int:
        return len(self.stored)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


Step = Sequence[Command]


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow under way.

    Attributes:
        asked: The slot that was asked for last.
        tries: How often that question was not answered.
        version: What a yes is bound to, while a read-back waits for it.
    """

    flow: str
    touched_at: datetime
    slots: dict[str, Any] = field(default_factory=dict)
    asked: str | None = None
    tries: int = 0
    version: str | None = None


@dataclass(frozen=True, slots=True)
class OpenChoices:
    """The choices offered last: a tap, the number or the label picks one. `turn` ties a tap to its card."""

    turn: str
    commands: tuple[Step, ...]
    labels: tuple[str, ...] = ()

    @property
    def dishes(self) -> frozenset[int]:
        """The numbers of the choices that put a dish into the cart: of these several may be picked at once, each with a count."""
        return frozenset(n for n, step in enumerate(self.commands, start=1) if step and isinstance(step[0], Line))

    @property
    def alternatives(self) -> bool:
        """Whether all of them answer one question (which dish, which store): then a part of a label says which."""
        asked = set[tuple[str, str]]()
        for step in self.commands:
            match step[0] if step else None:
                case Line(words=words) if words:
                    asked.add(("dish", words))
                case SetSlot(slot):
                    asked.add(("slot", slot))
                case Ask(intent):
                    asked.add(("intent", intent))
                case _:
                    return False
        return len(asked) == 1

    def labelled(self, text: str) -> int | None:
        """The number of the choice that a diner typed out, with its price or without, or None."""
        said = text.strip()
        return next((n for n, label in enumerate(self.labels, start=1) if said in {label, label.rsplit(" ", 1)[0]}), None)


@dataclass(frozen=True, slots=True)
class State:
    """A diner's conversation.

    Attributes:
        stack: Open frames, the topmost last.
        parked: Frames set aside, the newest last.
        undo: Inverse commands of one's own steps, the newest last.
        fallbacks: How many times in a row nothing was understood.
        clarifying: The last thing said was 「您是想…吗？」: there are never two of these in a row.
        asks_yes: The last thing said was a read-back, or a reminder of it with nothing else to say yes to: a bare yes is meant for it.
        person_until: A person has the talk until then, unless they give it back.
        done: The weighty flow that was done last: 撤销 then offers what takes it back.
        store_id: The store chosen by the diner, good for three hours after `store_at`.
        last_dish: The dish last spoken of, for 再来一份 and 少辣.
    """

    stack: tuple[Frame, ...] = ()
    parked: tuple[Frame, ...] = ()
    undo: tuple[Step, ...] = ()
    choices: OpenChoices | None = None
    fallbacks: int = 0
    clarifying: bool = False
    asks_yes: bool = False
    person_until: datetime | None = None
    done: str | None = None
    store_id: str | None = None
    store_at: datetime | None = None
    last_dish: str | None = None

    @property
    def top(self) -> Frame | None:
        """The frame that is talked about."""
        return self.stack[-1] if self.stack else None

    def frame(self, flow: str) -> Frame | None:
        """The open frame of a flow, or None."""
        return next((frame for frame in self.stack if frame.flow == flow), None)

    def with_frame(self, frame: Frame) -> "State":
        """The same with another frame in the place of the one of its flow."""
        return replace(self, stack=tuple(frame if old.flow == frame.flow else old for old in self.stack))

    def without(self, flow: str) -> "State":
        """The same with the frame of a flow gone."""
        return replace(self, stack=tuple(frame for frame in self.stack if frame.flow != flow))

    def without_top(self) -> "State":
        """The same with the topmost frame gone."""
        return replace(self, stack=self.stack[:-1])

    def out_of_place(self) -> frozenset[str]:
        """The intents that could refer to nothing as things stand."""
        open_ = self.top is not None
        meant = {"affirm": open_, "deny": open_, "cancel_flow": open_, "resume_flow": open_ or bool(self.parked)}
        meant["undo"] = bool(self.undo or self.done)
        return frozenset(name for name, stands in meant.items() if not stands)

    def with_person(self, now: datetime) -> bool:
        """Whether a person has the talk."""
        return self.person_until is not None and now < self.person_until

    def to_json(self) -> dict[str, Any]:
        """The stored form; what is empty is left out."""
        stored: dict[str, Any] = {}
        if self.stack:
            stored["stack"] = [_frame_to_json(frame) for frame in self.stack]
        if self.parked:
            stored["parked"] = [_frame_to_json(frame) for frame in self.parked]
        if self.undo:
            stored["undo"] = [_step_to_json(step) for step in self.undo]
        if self.choices:
            offered = [_step_to_json(step) for step in self.choices.commands]
            stored["choices"] = {"turn": self.choices.turn, "commands": offered, "labels": list(self.choices.labels)}
        if self.fallbacks:
            stored["fallbacks"] = self.fallbacks
        if self.clarifying:
            stored["clarifying"] = True
        if self.asks_yes:
            stored["asks_yes"] = True
        if self.person_until:
            stored["person_until"] = self.person_until.isoformat()
        if self.done:
            stored["done"] = self.done
        if self.store_id and self.store_at:
            stored["store"] = [self.store_id, self.store_at.isoformat()]
        if self.last_dish:
            stored["last_dish"] = self.last_dish
        return stored

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "State":
        """Read the stored form back."""
        choices = stored.get("choices")
        store_id, store_at = stored.get("store", (None, None))
        person_until = stored.get("person_until")
        return cls(
            stack=tuple(_frame_from_json(frame) for frame in stored.get("stack", ())),
            parked=tuple(_frame_from_json(frame) for frame in stored.get("parked", ())),
            undo=tuple(StoredStep(step) for step in stored.get("undo", ())),
            choices=choices
            and OpenChoices(choices["turn"], tuple(StoredStep(step) for step in choices["commands"]), tuple(choices["labels"])),
            fallbacks=stored.get("fallbacks", 0),
            clarifying=stored.get("clarifying", False),
            asks_yes=stored.get("asks_yes", False),
            person_until=person_until and datetime.fromisoformat(person_until),
            done=stored.get("done"),
            store_id=store_id,
            store_at=store_at and datetime.fromisoformat(store_at),
            last_dish=stored.get("last_dish"),
        )


def _step_to_json(step: Step) -> list[Any]:
    return step.stored if isinstance(step, StoredStep) else [command_to_json(command) for command in step]


def _frame_to_json(frame: Frame) -> dict[str, Any]:
    stored: dict[str, Any] = {"flow": frame.flow, "touched": frame.touched_at.isoformat()}
    if frame.slots:
        stored["slots"] = frame.slots
    if frame.asked:
        stored["asked"] = frame.asked
    if frame.tries:
        stored["tries"] = frame.tries
    if frame.version:
        stored["version"] = frame.version
    return stored


def _frame_from_json(stored: dict[str, Any]) -> Frame:
    return Frame(
        flow=stored["flow"],
        touched_at=datetime.fromisoformat(stored["touched"]),
        slots=stored.get("slots", {}),
        asked=stored.get("asked"),
        tries=stored.get("tries", 0),
        version=stored.get("version"),
    )
