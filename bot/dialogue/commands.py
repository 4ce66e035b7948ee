"""What a message asks of the conversation, and what the domain answers. Plain values, no I/O.

Source: CONVERSATION §2. The reducer's inputs are commands and answers; its effects are in effects.py.
"""

from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a declared flow, or raise it when it is open already."""

    flow: str
    slots: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetSlot:
    """A value for a slot: of the open question, or of the topmost frame that declares it.

    Attributes:
        slot: The slot's name, or the kind of value it takes (time, people, phone).
    """

    slot: str
    value: Any


class LineOp(StrEnum):
    """What to do with a line of the cart."""

    ADD = "add"  # 来两份X, 再来一份X
    SET = "set"  # X改成3份
    REMOVE = "remove"  # 不要X了, 去掉X (n None), 少一份X (n 1)
    SWAP = "swap"  # X换成Y: `dish_id` X, `other_id` Y
    MODIFY = "modify"  # 不要香菜, 少辣: `options`; of the last line (`dish_id` None), or all with `every`
    REMAKE = "remake"  # `line_id` made with exactly these `options`: takes a MODIFY back


@dataclass(frozen=True, slots=True)
class Line:
    """One change to the cart.

    Attributes:
        dish_id: None means the line last spoken of.
        n: How many; None lets the operation decide (add: 1, remove: the whole line).
        candidates: More than one dish fits the words: ids, best first; `dish_id` then is None.
        words: What the diner wrote for the dish, for reading a guess back.
        exact: Whether those words are a name or alias as it stands.
    """

    op: LineOp
    dish_id: str | None = None
    n: Decimal | None = None
    other_id: str | None = None
    options: tuple[str, ...] = ()
    every: bool = False
    candidates: tuple[str, ...] = ()
    words: str = ""
    exact: bool = True
    line_id: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question or wish that needs no flow: an intent of CONVERSATION §3 with what was found in it."""

    intent: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Affirm:
    """A yes. `version` when a button carried it: it must be the version read back last. `named`: it says to what (确认下单)."""

    version: str | None = None
    named: bool = False


@dataclass(frozen=True, slots=True)
class Deny:
    """A no to what was asked."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """算了: leave the top frame."""


@dataclass(frozen=True, slots=True)
class Undo:
    """撤销: take back one's own last step."""


@dataclass(frozen=True, slots=True)
class Resume:
    """继续: bring back the frame parked last."""


@dataclass(frozen=True, slots=True)
class Choose:
    """A tap on a choice, or its number typed while choices are open. `count` is how many, where the choice is a dish."""

    turn: str
    n: int
    count: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Clarify:
    """It was not sure what was meant: ask. `options` are what each choice would do, `labels` what it is called."""

    labels: tuple[str, ...]
    options: tuple[tuple["Command", ...], ...]


@dataclass(frozen=True, slots=True)
class NoneOfThese:
    """都不是: what was asked is not what was meant."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """转人工: a person takes over, and the bot is silent."""


@dataclass(frozen=True, slots=True)
class ToPerson:
    """Said while a person has the talk: nothing for the bot."""


@dataclass(frozen=True, slots=True)
class HandBack:
    """The person has finished: the bot talks again."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing was understood: the honest fallback."""


@dataclass(frozen=True, slots=True)
class LateTap:
    """A tap on something that no longer stands, or on nothing we offered."""


Command = (
    Start
    | SetSlot
    | Line
    | Ask
    | Affirm
    | Deny
    | Cancel
    | Undo
    | Resume
    | Choose
    | Clarify
    | NoneOfThese
    | Handoff
    | ToPerson
    | HandBack
    | Nothing
    | LateTap
)

# What a choice or an undo step may hold, and so is stored. The others live no longer than their message.
_BY_NAME: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Start, SetSlot, Line, Ask, Affirm, Deny, Cancel, Undo, Resume, NoneOfThese, Handoff)
}


_DEFAULTS = {
    kind: {item.name: item.default if item.default_factory is MISSING else item.default_factory() for item in fields(kind)}
    for kind in _BY_NAME.values()
}


def command_to_json(command: Command) -> list[Any]:
    """The stored form: the name and the fields that differ from their defaults."""
    kind = type(command)
    stored = {}
    for name, default in _DEFAULTS[kind].items():
        value = getattr(command, name)
        if value != default:
            stored[name] = str(value) if isinstance(value, Decimal) else value
    return [kind.__name__, stored]


def command_from_json(stored: list[Any]) -> Command:
    """Read the stored form back."""
    name, values = stored
    if name == "Line":
        values = values | {"op": LineOp(values["op"])}
        values |= {key: tuple(values[key]) for key in ("options", "candidates") if key in values}
        if "n" in values:
            values["n"] = Decimal(values["n"])
    command: Command = _BY_NAME[name](**values)
    return command
