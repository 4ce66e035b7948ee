"""What understanding costs: parses a second, the slow ones, time to load and resident memory.

The embedded engine is measured in a process of its own that imports what serving needs and nothing else.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from bot.understanding.engine import Engine

_STATUS = Path("/proc/self/status")
_WARM_UP = 50


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast an engine answers, one text after the other; milliseconds."""

    per_second: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class ServingCost:
    """What a process that serves the embedded engine needs.

    Attributes:
        load_seconds: From the files of training data to an engine that answers, model in the cache.
        resident_mb: The whole process after all texts.
    """

    speed: Speed
    load_seconds: float
    resident_mb: float


async def measure_speed(engine: Engine, texts: Sequence[str]) -> Speed:
    """Ask an engine for every text, once after a warm-up.

    Raises:
        ValueError: There is no text.
    """
    if not texts:
        raise ValueError("no text to measure on")
    for text in texts[:_WARM_UP]:
        await engine.parse(text)
    spent: list[float] = []
    for text in texts:
        start = perf_counter()
        await engine.parse(text)
        spent.append(perf_counter() - start)
    spent.sort()
    return Speed(len(spent) / sum(spent), 1000 * spent[len(spent) // 2], 1000 * spent[int(len(spent) * 0.99)])


def measure_serving(folders: Sequence[Path], settings_file: Path, cache: Path, texts: Sequence[str]) -> ServingCost:
    """Start a process that loads the embedded engine (its model must be in the cache already) and answers texts.

    Raises:
        subprocess.CalledProcessError: That process failed.
    """
    given = {"folders": [str(one) for one in folders], "settings": str(settings_file), "cache": str(cache), "texts": list(texts)}
    done = subprocess.run(  # noqa: S603  # this very module
        [sys.executable, "-m", __name__], input=json.dumps(given), capture_output=True, check=True, text=True, encoding="utf-8"
    )
    found = json.loads(done.stdout)
    return ServingCost(Speed(**found["speed"]), found["load_seconds"], found["resident_mb"])


def _resident_mb() -> float:
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024
    import resource  # where there is no /proc

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / (1024 if sys.platform == "darwin" else 1)


def _serve() -> None:
    """The process that is measured."""
    import asyncio

    given = json.load(sys.stdin)
    start = perf_counter()
    from bot.understanding.embedded import open_engine

    engine = open_engine([Path(one) for one in given["folders"]], Path(given["settings"]), Path(given["cache"]))
    engine.understand("")
    loaded = perf_counter() - start
    speed = asyncio.run(measure_speed(engine, given["texts"]))
    sys.stdout.write(json.dumps({"speed": asdict(speed), "load_seconds": loaded, "resident_mb": _resident_mb()}))


if __name__ == "__main__":
    _serve()
