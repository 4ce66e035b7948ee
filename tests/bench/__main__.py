"""`python -m tests.bench`: run the benches, print their tables, and write var/bench/latest.json and latest.md.

A bench is a module with `run(*, requests, repetitions)`, named in BENCHES.
"""

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from tests.bench import demo, turns, value
from tests.bench.report import Report, publish

BENCHES: dict[str, Callable[..., Coroutine[Any, Any, Report]]] = {"turns": turns.run, "value": value.run, "demo": demo.run}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure; nothing fails because a machine is slow.")
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=f"which of them (default: all): {', '.join(BENCHES)}")
    parser.add_argument("--requests", type=int, default=800, help="requests in one shot (default 800)")
    parser.add_argument("--repetitions", type=int, default=5, help="alternating shots of each program (default 5)")
    given = parser.parse_args()
    unknown = set(given.benches) - BENCHES.keys()
    if unknown:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    names = given.benches or list(BENCHES)
    publish({name: asyncio.run(BENCHES[name](requests=given.requests, repetitions=given.repetitions)) for name in names})


if __name__ == "__main__":
    main()
