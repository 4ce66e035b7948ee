"""`haowei nlu parse|chat`: what the bot understands, line by line, and as a talk."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.understanding.interpretation import Interpreter, Situation
from bot.understanding.shop_words import local_time, words_of
from domain.kernel.clock import Clock, SystemClock
from domain.shop.errors import ShopFileError
from domain.shop.partial import read_partial_shop
from domain.shop.reading import read_shop
from domain.shop.snapshot import snapshot_of
from haowei.settings import Nlu, Settings
from haowei.understanding import engine_of, load_responses

_DEMO_SHOP = Path(__file__).parent / "demo" / "shop.yaml"


class MomentClock:
    """A clock that stands at one moment."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """The moment."""
        return self._moment


def with_engine(settings: Settings, name: str | None) -> Settings:
    """The settings with another engine, when one is named."""
    return settings.model_copy(update={"nlu": Nlu(name)}) if name else settings


async def parse(settings: Settings, shop: Path | None, now: datetime | None) -> int:
    """Understand each line of standard input, and print one JSON object for each. Returns: the exit code."""
    try:
        document = read_partial_shop((shop or _DEMO_SHOP).read_bytes())
    except (OSError, ShopFileError) as error:
        print(f"{shop}: the shop cannot be read\n{error}", file=sys.stderr)
        return 2
    snapshot = snapshot_of(document)
    words = words_of(snapshot)
    clock = clock_at(now, snapshot.brand.timezone)
    titles = load_responses(settings.nlu_overlay).intent_titles()
    async with engine_of(settings) as engine:
        interpreter = Interpreter(engine, titles)
        for line in sys.stdin:
            text = line.rstrip("\n")
            reading = await interpreter.read(text, words, Situation(local_time(snapshot, None, clock.now()), staff=True))
            answer = reading.understanding.to_json() | {"decision": reading.decision.value, "choices": list(reading.choices)}
            print(json.dumps(answer, ensure_ascii=False), flush=True)
    return 0


async def chat(settings: Settings, shop: Path | None, now: datetime | None, *, show: bool) -> int:
    """Talk to the bot. Returns: the exit code."""
    from haowei import nlu_chat  # late: the talk needs the whole bot

    try:
        document = read_shop((shop or _DEMO_SHOP).read_bytes()).document
    except (OSError, ShopFileError) as error:
        print(f"{shop}: the shop cannot be read\n{error}", file=sys.stderr)
        return 2
    async with engine_of(settings) as engine:
        clock = clock_at(now, document.brand.timezone)
        await nlu_chat.chat(engine, document, clock, overlay=settings.nlu_overlay, show=show, say=print)
    return 0


def clock_at(now: datetime | None, zone: str) -> Clock:
    """The machine's clock, or one that stands at `now`; without a zone of its own, in the shop's."""
    if now is None:
        return SystemClock()
    return MomentClock((now if now.tzinfo else now.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC))
