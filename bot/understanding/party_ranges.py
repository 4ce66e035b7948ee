"""「六到八个人」: a table is for the most that may come; 「大约」 is read back with it."""

import re
from dataclasses import replace
from typing import Any

from bot.dialogue.commands import Ask, Command, SetSlot, Start
from bot.understanding.normal_form import normal_form
from bot.understanding.phrases import read_number

_N = "[0-9]{1,3}|[一二两三四五六七八九十]{1,3}"
_RANGE = re.compile(f"(?<![周期拜])(?P<least>{_N})(?:个人|[个位人名])?\\s*(?:[-~～—–]+|到|至|或者?)\\s*(?P<most>{_N})(?:个|位|名|人|大人)")
_NEIGHBOURS = re.compile(
    "(?<![周期拜第0-9一二三四五六七八九])(?P<tens>[二三]?十|)(?P<least>[一二两三四五六七八])(?P<most>[二两三四五六七八九])(?:个人|[个位名人]|大人)"
)
_PEOPLE = "people"


def for_the_most(text: str, commands: tuple[Command, ...]) -> tuple[Command, ...]:
    """The commands of a message that says a range of guests, for the most of them."""
    spelled = normal_form(text).text
    found, close = _RANGE.search(spelled), _NEIGHBOURS.search(spelled)
    if found is not None:
        least, most = read_number(found["least"]), read_number(found["most"])
    elif close is not None:  # 「五六个人」, 「十五六位」
        least, most = (read_number(f"{close['tens']}{close[digit].replace('两', '二')}") for digit in ("least", "most"))
    else:
        return commands
    if not least or not most or least >= most:
        return commands
    return tuple(_widened(command, least, most) for command in commands)


def _widened(command: Command, least: int, most: int) -> Command:
    match command:
        case SetSlot(slot, value) if slot == _PEOPLE:
            return replace(command, value=_most(value, least, most))
        case Ask(_, args) if _PEOPLE in args:
            return replace(command, args=args | {_PEOPLE: _most(args[_PEOPLE], least, most)})
        case Start(_, slots) if _PEOPLE in slots:
            return replace(command, slots=slots | {_PEOPLE: _most(slots[_PEOPLE], least, most)})
    return command


def _most(said: Any, least: int, most: int) -> Any:
    if not isinstance(said, dict) or said.get("delta") or said.get("n") not in {least, most}:
        return said
    return said | {"n": most, "approx": True}
