"""`haowei nlu parse|chat`: what the bot understands, line by line, and as a talk."""

import json
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.understanding.interpretation import Interpreter, Situation
from bot.understanding.shop_words import local_time, words_of
from domain.kernel.clock import Clock, SystemClock
from domain.shop.document import ShopDocument
from domain.shop.errors import ShopFileError
from domain.shop.partial import read_partial_shop
from domain.shop.snapshot import snapshot_of
from haowei.settings import PREFIX, Nlu, Settings, SettingsError
from haowei.understanding import engine_of, load_responses

_DEMO_SHOP = Path(__file__).parent / "demo" / "shop.yaml"
_ENDS_OF_LINES = str.maketrans({char: f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"})  # to some readers; JSON leaves them bare


class ShopUnreadableError(Exception):
    """A shop file cannot be used; the message says why, one fault a line."""


class MomentClock:
    """A clock that stands at one moment."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """The moment."""
        return self._moment


def with_engine(settings: Settings, name: str | None) -> Settings:
    """The settings with another engine, when one is named.

    Raises:
        SettingsError: The engine needs an address that is missing.
    """
    if name == Nlu.RASA and not settings.rasa_url:
        raise SettingsError([f"{PREFIX}RASA_URL is missing: the address of the Rasa server, for --engine rasa"])
    return settings.model_copy(update={"nlu": Nlu(name)}) if name else settings


def shop_to_try(file: Path | None) -> ShopDocument:
    """A shop file, whole or with gaps; without one, the demo's.

    Raises:
        ShopUnreadableError: With every fault.
    """
    try:
        return read_partial_shop((file or _DEMO_SHOP).read_bytes())
    except ShopFileError as error:
        raise ShopUnreadableError(f"{file}: the shop cannot be read\n{error}") from error
    except OSError as error:
        raise ShopUnreadableError(f"{file}: the shop cannot be read: {error.strerror}") from error


async def parse(settings: Settings, shop: Path | None, now: datetime | None) -> int:
    """Understand each line of standard input, and print one JSON object for each. Returns: the exit code."""
    try:
        snapshot = snapshot_of(shop_to_try(shop))
    except ShopUnreadableError as error:
        print(error, file=sys.stderr)
        return 2
    words = words_of(snapshot)
    clock = clock_at(now, snapshot.brand.timezone)
    titles = load_responses(settings.nlu_overlay).intent_titles()
    async with engine_of(settings) as engine:
        interpreter = Interpreter(engine, titles)
        for text in lines_heard():
            reading = await interpreter.read(text, words, Situation(local_time(snapshot, None, clock.now()), staff=True))
            decided = {"text": text, "decision": reading.decision.value, "choices": list(reading.choices)}
            _write_line(reading.understanding.to_json() | decided)  # of a very long text only the beginning is read
    return 0


async def chat(settings: Settings, shop: Path | None, now: datetime | None, *, show: bool) -> int:
    """Talk to the bot. Returns: the exit code."""
    from haowei import nlu_chat  # late: the talk needs the whole bot

    try:
        document = shop_to_try(shop)
    except ShopUnreadableError as error:
        print(error, file=sys.stderr)
        return 2
    async with engine_of(settings) as engine:
        clock = clock_at(now, document.brand.timezone)
        said = (text for line in lines_heard() if (text := line.strip()))
        await nlu_chat.chat(engine, document, clock, said, overlay=settings.nlu_overlay, show=show, say=_say)
    return 0


def clock_at(now: datetime | None, zone: str) -> Clock:
    """The machine's clock, or one that stands at `now`; without a zone of its own, in the shop's."""
    if now is None:
        return SystemClock()
    return MomentClock((now if now.tzinfo else now.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC))


def lines_heard() -> Iterator[str]:
    """The lines of standard input, whatever bytes they hold, as they come; Ctrl-C ends the waiting for one.

    They are UTF-8 in every locale, and end with a line feed only: other characters that end lines are part of a message.
    """
    # asyncio would turn the first Ctrl-C into a cancelled task, which nobody notices while a read waits.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\r\n").decode(errors="replace")


def _write_line(answer: dict[str, Any]) -> None:
    _say(json.dumps(answer, ensure_ascii=False).translate(_ENDS_OF_LINES))


def _say(text: str) -> None:
    """Print in UTF-8, in every locale."""
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()
