"""Rasa as the engine: its own process, asked over HTTP (`POST /model/parse`), with the embedded engine behind it.

Whatever goes wrong there (slow, dead, another answer), the embedded engine answers this turn and the reason is counted. After three
failures in a row Rasa is left alone for ten seconds, and then asked by one turn before the others come back: a dead one costs few
diners their second and a half.
"""

import re
import time
from asyncio import timeout
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from bot.understanding.deterministic import MOST_READ
from bot.understanding.engine import Engine, Entity, Understanding
from bot.understanding.normal_form import NormalForm, normal_form

PATIENCE = 1.5  # seconds. Source: ARCHITECTURE §2
FAILURES = 3
REST = 10.0  # seconds
_UNSURE = "nlu_fallback"  # FallbackClassifier's word for a low confidence; what is done then is decided by the confidence itself
# Rasa takes words behind a slash as a command of a program: /delete_my_data would be an intent with confidence 1, whoever typed it.
# It strips spaces as well, and its offsets count from there.
_NOT_SENT = re.compile(r"[\s/]*")


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
        patience: float = PATIENCE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Args:
            url: Of the server, without a path.
            instead: Answers when Rasa does not.
            token: Of `rasa run --auth-token`; "" for none.
            on_fallback: Told why, each time: slow, dead, wrong, resting.
            patience: At most so many seconds are waited for an answer.
        """
        self._http = http
        self._url = url.rstrip("/") + "/model/parse"
        self._params = {"token": token} if token else {}
        self._instead = instead
        self._on_fallback = on_fallback
        self._patience = patience
        self._monotonic = monotonic
        self._failures = 0
        self._rests_until = 0.0

    async def parse(self, text: str, *, expected: str | None = None, known: Sequence[Entity] = ()) -> Understanding:
        """As Engine.parse; waits for Rasa at most `patience`."""
        sent = _Sent(text)
        if sent.text:
            try:
                return await self._ask(sent)
            except _NoAnswerError as failure:
                self._on_fallback(failure.reason)
        return await self._instead.parse(text, expected=expected, known=known)

    async def _ask(self, sent: "_Sent") -> Understanding:
        if self._failures >= FAILURES:
            if self._monotonic() < self._rests_until:
                raise _NoAnswerError("resting")
            self._rests_until = self._monotonic() + REST  # for the others: this turn finds out whether Rasa is back
        try:
            understood = await self._understanding(sent)
        except (aiohttp.ClientError, OSError, RasaAnswerError) as error:
            self._failures += 1
            self._rests_until = self._monotonic() + REST
            raise _NoAnswerError(_reason(error)) from error
        self._failures = 0
        return understood

    async def _understanding(self, sent: "_Sent") -> Understanding:
        request = self._http.post(self._url, params=self._params, json={"text": sent.text}, allow_redirects=False)
        async with timeout(self._patience), request as response:
            if response.status != 200:
                raise RasaAnswerError(f"status {response.status}")
            try:
                return sent.understanding(await response.json(content_type=None))
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise RasaAnswerError(repr(error)) from error


class _NoAnswerError(Exception):
    """Rasa did not help with this turn."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _reason(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "slow"
        case RasaAnswerError():
            return "wrong"
    return "dead"


class _Sent:
    """What Rasa is sent of a message: its normal form, without what Rasa would take for a command; and the way back."""

    def __init__(self, written: str) -> None:
        self._written = written
        self._normal: NormalForm = normal_form(written[:MOST_READ])
        skipped = _NOT_SENT.match(self._normal.text)
        self._start = skipped.end() if skipped else 0
        self.text = self._normal.text[self._start :].rstrip()

    def understanding(self, answer: Any) -> Understanding:
        """Rasa's answer, with places in the message as it was written."""
        if answer["text"] != self.text:
            raise ValueError("an answer to another text")
        ranked = {_name(item["name"]): _share(item["confidence"]) for item in (answer["intent"], *answer["intent_ranking"])}
        ranked.pop(_UNSURE, None)
        if not ranked:
            raise ValueError("no intent")
        best_first = sorted(ranked.items(), key=lambda item: -item[1])
        kept: list[Entity] = []
        for item in sorted((self._entity(item) for item in answer["entities"]), key=lambda entity: entity.start):
            if not kept or item.start >= kept[-1].end:  # DIET's spans do not overlap, those of an extractor beside it may
                kept.append(item)
        return Understanding(self._written, tuple(best_first), tuple(kept))

    def _entity(self, item: Any) -> Entity:
        first, end = int(item["start"]), int(item["end"])
        if not 0 <= first < end <= len(self.text):
            raise ValueError(f"no place in the text: {first}–{end}")
        value = item["value"]
        start, stop = self._normal.span(self._start + first, self._start + end)
        return Entity(_name(item["entity"]), self._written[start:stop] if value == self.text[first:end] else value, start, stop)


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"no name: {value!r}")
    return value


def _share(value: Any) -> float:
    share = float(value)
    if not 0 <= share <= 1.001:  # a float32 that was rounded up is 1
        raise ValueError(f"no confidence: {value!r}")
    return min(share, 1.0)
