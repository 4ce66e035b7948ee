"""Chat scripts: a journey written down as the chat it is, and run against the real bot.

    # what the journey shows
    @now 2026-11-21T18:30+08:00
    阿强 扫码 t.chunxi.A01
    阿强: 来两份红烧肉
    好味: 秘制红烧肉×2 … 合计116元          each part between … is in the last reply
    好味! 可乐                              and this is not
    阿强 点 确认下单                        taps that choice of the last reply; 旧卡 taps it on an older one
    同时                                    what is indented below happens at once
      小美: 一瓶可乐
      阿强 再发                             the platform sends the same push again
    … 过了 1天
    订单 1                                  orders placed so far; 票 kitchen:热菜 1 counts tickets, 付款 116元 pays the open bill

chat_lines.FORMS has every line there is. A line that fits none is an error with its place, and a line that does not come true
shows the talk as it really went.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.chat_lines import FORMS, SPOKEN, Talk
from tests.journeys.restaurant import Restaurant

_AT_ONCE = "同时"


class ScriptError(Exception):
    """A line that no form fits, or a script without a title. The message starts with file and line."""


class JourneyError(AssertionError):
    """The talk did not go as it is written."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script with the form that fits it."""

    number: int
    written: str
    act: Callable[..., Awaitable[None]]
    parts: dict[str, str]
    block: int  # of what happens at once; 0 when it happens alone


@dataclass(frozen=True, slots=True)
class Script:
    """A journey."""

    name: str
    title: str
    steps: tuple[Step, ...]


def read_script(path: Path) -> Script:
    """Read a script. Raises: ScriptError."""
    lines = path.read_text("utf-8").splitlines()
    if not lines or not lines[0].startswith("# "):
        raise ScriptError(f"{path.name}:1: a script starts with what it shows: # …")
    steps, block, blocks = list[Step](), 0, 0
    for number, line in enumerate(lines, start=1):
        written = line.strip()
        if written == _AT_ONCE:
            block = blocks = blocks + 1
        elif written and not written.startswith("# "):
            block = block if line.startswith(" ") else 0
            steps.append(_step(path.name, number, written, block))
    return Script(path.stem, lines[0].removeprefix("# "), tuple(steps))


def _step(file: str, number: int, written: str, block: int) -> Step:
    for pattern, act in FORMS:
        match = pattern.fullmatch(written)
        if match is not None:
            if block and act not in SPOKEN:
                raise ScriptError(f"{file}:{number}: only what diners do happens at once: {written}")
            return Step(number, written, act, match.groupdict(), block)
    raise ScriptError(f"{file}:{number}: no form fits: {written}")


async def run_script(script: Script, restaurant: Restaurant) -> None:
    """Run a journey. Raises: JourneyError: With the talk as it went, and the line that did not come true."""
    talk = Talk(restaurant)
    for _, steps in itertools.groupby(script.steps, key=lambda step: step.block or -step.number):
        together = list(steps)
        try:
            await asyncio.gather(*(_run(talk, step) for step in together))
        except AssertionError as failed:
            place = f"{script.name}.chat:{together[0].number}"
            raise JourneyError("\n".join((script.title, *talk.lines, f"✗ {place}: {failed}"))) from None


async def _run(talk: Talk, step: Step) -> None:
    talk.lines.append(f"{step.number:3} {step.written}")
    await step.act(talk, **step.parts)
    if step.act in SPOKEN:
        talk.lines += [f"      ┆ {line}" for line in talk.diner(step.parts["who"]).heard.splitlines() if line]
