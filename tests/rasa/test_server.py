"""What we take for granted of Rasa's server, shown by the real one."""

import asyncio
import signal

import aiohttp
import pytest
from prometheus_client import REGISTRY

from bot.understanding.embedded import EmbeddedEngine
from bot.understanding.engine import Engine
from bot.understanding.rasa import FAILURES, PATIENCE, RasaEngine
from tests.rasa.server import RasaServer


def fallbacks(reason: str) -> float:
    """How many turns the embedded engine answered instead, as the operator's metrics say."""
    return REGISTRY.get_sample_value("haowei_rasa_fallbacks_total", {"reason": reason}) or 0.0


def all_fallbacks() -> float:
    """The same for every reason."""
    return sum(fallbacks(reason) for reason in ("slow", "dead", "wrong", "resting"))


@pytest.mark.parametrize(
    "said",
    [
        "来两份红烧肉",
        "  来两份紅燒肉 ",
        "/来两份红烧肉",
        "😀来 两份\n红烧肉!",
        "Ｗｉｆｉ密码多少",
        "呃",
        "asdf {0} %s <xml>",
        "\u200b一份宫保鸡丁 " * 200,
    ],
)
async def test_every_answer_has_the_shape_of_an_understanding(asking: Engine, engine: EmbeddedEngine, said: str) -> None:
    before = all_fallbacks()

    understood = await asking.parse(said)

    assert all_fallbacks() == before
    assert understood.text == said
    assert {name for name, _ in understood.intents} <= set(engine.intents)
    shares = [share for _, share in understood.intents]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
    assert sum(shares) <= 1.001
    ends = 0
    for entity in understood.entities:
        assert ends <= entity.start < entity.end <= len(said)
        ends = entity.end


async def test_it_has_learned_from_our_data(asking: Engine) -> None:
    understood = await asking.parse("来两份紅燒肉")

    assert understood.intent == "order_dishes"
    assert ("dish", "紅燒肉", 3, 6) in [(found.entity, found.value, found.start, found.end) for found in understood.entities]


async def test_rasa_itself_takes_a_slash_for_a_command(rasa: RasaServer, asking: Engine) -> None:
    async with aiohttp.ClientSession() as http:
        url, params = f"{rasa.url}/model/parse", {"token": rasa.token}
        async with http.post(url, params=params, json={"text": "/delete_my_data"}) as answer:
            assert (await answer.json())["intent"] == {"name": "delete_my_data", "confidence": 1.0}

    assert (await asking.parse("/delete_my_data")).confidence < 1


async def test_without_the_token_nobody_is_answered(rasa: RasaServer, engine: EmbeddedEngine) -> None:
    reasons: list[str] = []
    async with aiohttp.ClientSession() as http:
        asking = RasaEngine(http, rasa.url, engine, token="guessed", on_fallback=reasons.append)
        assert await asking.parse("买单") == await engine.parse("买单")
    assert reasons == ["wrong"]


async def test_a_rasa_that_hangs_costs_a_turn_its_patience_and_then_nothing(
    rasa: RasaServer, asking: Engine, engine: EmbeddedEngine
) -> None:
    slow, resting = fallbacks("slow"), fallbacks("resting")
    rasa.signal(signal.SIGSTOP)
    try:
        async with asyncio.timeout(FAILURES * PATIENCE + 4):
            for _ in range(FAILURES + 5):
                assert await asking.parse("买单") == await engine.parse("买单")
    finally:
        rasa.signal(signal.SIGCONT)
    assert (fallbacks("slow"), fallbacks("resting")) == (slow + FAILURES, resting + 5)
