"""Rasa as the engine: a server that speaks `/model/parse` as Rasa 3.6 does, and every way in which it may fail a diner."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.understanding.embedded import EmbeddedEngine
from bot.understanding.engine import Entity
from bot.understanding.rasa import FAILURES, REST, RasaEngine

Answers = Callable[[str], Awaitable[web.StreamResponse]]


class RasaServer:
    """What Rasa is to us: one address, a token, an answer. `answers` is what a test changes."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.intents: dict[str, float] = {"order_dishes": 0.9, "change_order": 0.06}
        self.entities: list[dict[str, Any]] = []
        self.answers: Answers = self.understood
        app = web.Application()
        app.router.add_post("/model/parse", self._parse)
        self.web = TestServer(app)

    async def _parse(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("token") != "secret":
            return web.json_response({"status": "failure", "reason": "NotAuthenticated"}, status=401)
        self.asked.append((await request.json())["text"])
        return await self.answers(self.asked[-1])

    async def understood(self, text: str) -> web.StreamResponse:
        return web.json_response(self.answer(text))

    def answer(self, text: str) -> dict[str, Any]:
        ranking = [{"name": name, "confidence": confidence} for name, confidence in self.intents.items()]
        return {"text": text.strip(), "intent": ranking[0], "entities": self.entities, "text_tokens": [], "intent_ranking": ranking}


class Timer:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def rasa() -> AsyncIterator[RasaServer]:
    server = RasaServer()
    await server.web.start_server()
    yield server
    await server.web.close()


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def fallbacks() -> list[str]:
    return []


@pytest.fixture
async def asking(rasa: RasaServer, engine: EmbeddedEngine, timer: Timer, fallbacks: list[str]) -> AsyncIterator[RasaEngine]:
    async with aiohttp.ClientSession() as http:
        url = str(rasa.web.make_url("/"))
        yield RasaEngine(http, url, engine, token="secret", on_fallback=fallbacks.append, patience=0.3, monotonic=timer)


def entity(name: str, start: int, end: int, value: str) -> dict[str, Any]:
    return {"entity": name, "start": start, "end": end, "value": value, "confidence_entity": 0.9, "extractor": "DIETClassifier"}


async def test_an_answer_is_an_understanding(asking: RasaEngine, rasa: RasaServer, fallbacks: list[str]) -> None:
    rasa.entities = [entity("dish", 4, 7, "红烧肉"), entity("unit", 3, 4, "份")]

    understood = await asking.parse("来两分儿红烧肉")

    assert rasa.asked == ["来两分儿红烧肉"]
    assert understood.intents == (("order_dishes", 0.9), ("change_order", 0.06))
    assert understood.entities == (Entity("unit", "份", 3, 4), Entity("dish", "红烧肉", 4, 7))
    assert fallbacks == []


@pytest.mark.parametrize(
    ("written", "sent", "place", "words"),
    [
        ("  来份红烧肉 ", "来份红烧肉", (2, 5), (4, 7)),
        ("来份紅燒肉", "来份红烧肉", (2, 5), (2, 5)),
        ("\u200b来份\u200b红烧肉", "来份红烧肉", (2, 5), (4, 7)),
        ("/来份红烧肉", "来份红烧肉", (2, 5), (3, 6)),
        ("Ｗ套餐一份", "w套餐一份", (0, 3), (0, 3)),
        ("㎏①红烧肉", "kg1红烧肉", (3, 6), (2, 5)),
    ],
)
async def test_places_are_told_in_the_text_as_written(
    asking: RasaEngine, rasa: RasaServer, written: str, sent: str, place: tuple[int, int], words: tuple[int, int]
) -> None:
    rasa.entities = [entity("dish", *place, sent[slice(*place)])]

    understood = await asking.parse(written)

    assert rasa.asked == [sent]
    assert understood.text == written
    assert understood.entities == (Entity("dish", written[slice(*words)], *words),)


@pytest.mark.parametrize("said", ["/delete_my_data", " /delete_my_data", "//delete_my_data", "／delete_my_data", "\u200b/ /delete_my_data"])
async def test_no_diner_can_name_an_intent_as_programs_do(asking: RasaEngine, rasa: RasaServer, said: str) -> None:
    await asking.parse(said)

    assert rasa.asked == ["delete_my_data"]


@pytest.mark.parametrize("said", ["", " \n", "/", "\u200b"])
async def test_nothing_is_not_sent(asking: RasaEngine, rasa: RasaServer, engine: EmbeddedEngine, fallbacks: list[str], said: str) -> None:
    assert await asking.parse(said) == await engine.parse(said)
    assert rasa.asked == []
    assert fallbacks == []


async def test_unsure_is_a_low_confidence_and_no_intent(asking: RasaEngine, rasa: RasaServer) -> None:
    rasa.intents = {"nlu_fallback": 0.3, "deny": 0.25, "undo": 0.2}

    understood = await asking.parse("呃")

    assert understood.intents == (("deny", 0.25), ("undo", 0.2))


async def test_spans_never_overlap(asking: RasaEngine, rasa: RasaServer) -> None:
    rasa.entities = [entity("dish", 1, 4, "红烧肉"), entity("attribute", 3, 5, "肉辣"), entity("time", 5, 6, "晚")]

    understood = await asking.parse("来红烧肉辣晚")

    assert [(found.start, found.end) for found in understood.entities] == [(1, 4), (5, 6)]


async def test_a_long_message_is_cut(asking: RasaEngine, rasa: RasaServer) -> None:
    understood = await asking.parse("好" * 5000)

    assert len(rasa.asked[0]) <= 500
    assert len(understood.text) == 5000


def broken(change: Callable[[dict[str, Any]], Any]) -> Callable[[RasaServer], Answers]:
    """Rasa's answer, changed."""

    def answers(rasa: RasaServer) -> Answers:
        async def answer(text: str) -> web.StreamResponse:
            return web.json_response(change(rasa.answer(text)))

        return answer

    return answers


def plain(**response: Any) -> Callable[[RasaServer], Answers]:
    """Another answer, whatever was asked."""

    def answers(rasa: RasaServer) -> Answers:
        async def answer(text: str) -> web.StreamResponse:
            return web.Response(**response)

        return answer

    return answers


@pytest.mark.parametrize(
    "answers",
    [
        plain(status=409, text='{"reason": "Conflict", "message": "No agent loaded."}'),  # a server without a model
        plain(status=500, text="{}"),
        plain(status=302, headers={"Location": "http://127.0.0.1:1/"}),
        plain(text="<html>login</html>", content_type="text/html"),
        plain(body=b"\xff\xfe"),
        plain(text=""),
        plain(text="null"),
        plain(text="[]"),
        broken(lambda answer: [answer]),
        broken(lambda answer: {**answer, "text": "another"}),
        broken(lambda answer: {**answer, "intent": None}),
        broken(lambda answer: {**answer, "intent": {"name": None, "confidence": 0.0}, "intent_ranking": []}),
        broken(lambda answer: {**answer, "intent": {"name": "nlu_fallback", "confidence": 0.3}, "intent_ranking": []}),
        broken(lambda answer: {**answer, "intent": {"name": "undo", "confidence": float("nan")}}),
        broken(lambda answer: {**answer, "intent": {"name": "undo", "confidence": 7}}),
        broken(lambda answer: {**answer, "intent": {"name": "undo"}}),
        broken(lambda answer: {**answer, "intent_ranking": 3}),
        broken(lambda answer: {**answer, "entities": None}),
        broken(lambda answer: {**answer, "entities": [entity("dish", 3, 99, "x")]}),
        broken(lambda answer: {**answer, "entities": [entity("dish", 2, 2, "")]}),
        broken(lambda answer: {**answer, "entities": [{"entity": "dish"}]}),
    ],
)
async def test_another_answer_is_not_believed(
    asking: RasaEngine, rasa: RasaServer, engine: EmbeddedEngine, fallbacks: list[str], answers: Callable[[RasaServer], Answers]
) -> None:
    rasa.answers = answers(rasa)

    assert await asking.parse("来两份红烧肉") == await engine.parse("来两份红烧肉")
    assert fallbacks == ["wrong"]


async def test_a_wrong_token_is_a_wrong_answer(rasa: RasaServer, engine: EmbeddedEngine, fallbacks: list[str]) -> None:
    async with aiohttp.ClientSession() as http:
        asking = RasaEngine(http, str(rasa.web.make_url("/")), engine, token="other", on_fallback=fallbacks.append)
        assert await asking.parse("买单") == await engine.parse("买单")
    assert fallbacks == ["wrong"]


async def test_a_slow_rasa_is_not_waited_for(asking: RasaEngine, rasa: RasaServer, engine: EmbeddedEngine, fallbacks: list[str]) -> None:
    until_the_end = asyncio.Event()

    async def hangs(text: str) -> web.StreamResponse:
        await until_the_end.wait()
        return await rasa.understood(text)

    rasa.answers = hangs
    async with asyncio.timeout(10):
        assert await asking.parse("买单") == await engine.parse("买单")
    until_the_end.set()
    assert fallbacks == ["slow"]


async def test_a_dead_rasa_is_replaced_with_all_that_is_known(
    asking: RasaEngine, rasa: RasaServer, engine: EmbeddedEngine, fallbacks: list[str]
) -> None:
    known = (Entity("dish", {"name": "油泼面", "n": 1}, 2, 5),)
    await rasa.web.close()

    assert await asking.parse("来碗油泼面", known=known) == await engine.parse("来碗油泼面", known=known)
    assert fallbacks == ["dead"]


async def test_after_failures_it_rests_and_one_turn_tries_again(
    asking: RasaEngine, rasa: RasaServer, timer: Timer, fallbacks: list[str]
) -> None:
    rasa.answers = plain(status=500)(rasa)
    for _ in range(FAILURES + 2):
        await asking.parse("买单")
    assert fallbacks == ["wrong"] * FAILURES + ["resting"] * 2
    assert len(rasa.asked) == FAILURES

    timer.seconds += REST
    await asyncio.gather(*(asking.parse("买单") for _ in range(5)))
    assert len(rasa.asked) == FAILURES + 1
    assert sorted(fallbacks[-5:]) == ["resting"] * 4 + ["wrong"]

    await asking.parse("买单")
    assert fallbacks[-1] == "resting"

    rasa.answers = rasa.understood
    timer.seconds += REST
    fallbacks.clear()
    for _ in range(3):
        understood = await asking.parse("买单")
        assert understood.intent == "order_dishes"
    assert fallbacks == []


async def test_an_answer_makes_good_for_failures_before(asking: RasaEngine, rasa: RasaServer, fallbacks: list[str]) -> None:
    for _ in range(FAILURES):
        rasa.answers = plain(status=500)(rasa)
        await asking.parse("买单")
        rasa.answers = rasa.understood
        await asking.parse("买单")
    assert fallbacks == ["wrong"] * FAILURES
