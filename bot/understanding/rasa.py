"""Rasa as the engine: its own process, asked over HTTP (`POST /model/parse`), with the embedded engine behind it.

Whatever goes wrong there (slow, dead, another answer), the embedded engine answers this turn and the reason is counted. After three
failures in a row Rasa is left alone for ten seconds, so that a dead one costs no diner a second and a half each time.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from bot.understanding.engine import Engine, Entity, Understanding

PATIENCE = 1.5  # seconds. Source: ARCHITECTURE §2
_FAILURES = 3
_REST = 10.0


class RasaAnswerError(Exception):
    """Rasa answered something else than an understanding."""


class RasaEngine:
    """Asks a Rasa server, or the embedded engine when that fails."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        instead: Engine,
        *,
        token: str = "",
        on_fallback: Callable[[str], None] = lambda reason: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Args:
        url: Of the server, without a path.
        instead: Answers when Rasa does not.
        token: Of `rasa run --auth-token`; "" for none.
        on_fallback: Told why, each time: slow, dead, wrong, resting.
        """
        self._http = http
        self._url = url.rstrip("/") + "/model/parse"
        self._params = {"token": token} if token else {}
        self._instead = instead
        self._on_fallback = on_fallback
        self._monotonic = monotonic
        self._failures = 0
        self._rests_until = 0.0

    async def parse(self, text: str, *, expected: str | None = None, known: Sequence[Entity] = ()) -> Understanding:
        """As Engine.parse; always answers within about `PATIENCE`."""
        reason = "resting"
        if self._monotonic() >= self._rests_until:
            try:
                understood = await self._ask(text)
            except TimeoutError:
                reason = "slow"
            except (aiohttp.ClientError, OSError):
                reason = "dead"
            except RasaAnswerError:
                reason = "wrong"
            else:
                self._failures = 0
                return understood
            self._failures += 1
            if self._failures >= _FAILURES:
                self._failures, self._rests_until = 0, self._monotonic() + _REST
        self._on_fallback(reason)
        return await self._instead.parse(text, expected=expected, known=known)

    async def _ask(self, text: str) -> Understanding:
        async with asyncio.timeout(PATIENCE), self._http.post(self._url, params=self._params, json={"text": text}) as response:
            if response.status != 200:
                raise RasaAnswerError(f"status {response.status}")
            try:
                return _understanding(text, await response.json(content_type=None))
            except (KeyError, TypeError, ValueError) as error:
                raise RasaAnswerError(str(error)) from error


def _understanding(text: str, answer: Any) -> Understanding:
    ranking = tuple((str(item["name"]), float(item["confidence"])) for item in answer["intent_ranking"])
    best = (str(answer["intent"]["name"]), float(answer["intent"]["confidence"]))
    others = tuple(item for item in ranking if item[0] != best[0])
    found = sorted((_entity(item) for item in answer["entities"]), key=lambda item: item.start)
    kept: list[Entity] = []
    for item in found:  # DIET's spans do not overlap, those of a regex extractor beside it may
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return Understanding(text, (best, *others), tuple(kept))


def _entity(item: Any) -> Entity:
    return Entity(str(item["entity"]), item["value"], int(item["start"]), int(item["end"]))
