"""The embedded engine on a small training set: intents, slots, what resolvers know, and texts nobody expects."""

import math
from itertools import pairwise
from pathlib import Path

import pytest

from bot.understanding.embedded import MOST_READ, EmbeddedEngine, open_engine
from bot.understanding.engine import Engine, Entity
from bot.understanding.model_files import BrokenModelError
from bot.understanding.model_settings import ModelSettings, write_model_settings
from tests.bot.understanding.small_data import write_small_data


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    folder = tmp_path_factory.mktemp("nlu")
    return open_engine([write_small_data(folder / "data")], folder / "embedded.yml", folder / "models")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("帮我结账", "pay_bill"),
        ("要掏钱了", "pay_bill"),  # in no example: a word of a class
        ("领号", "join_queue"),
        ("我们还有多少积分呀", "points_balance"),
        ("来一碗油泼面", "order_dishes"),
        ("葫芦鸡多少钱", "ask_dish"),
        ("不排队了", "leave_queue"),
        ("您好", "greet"),
    ],
)
def test_sentences_it_has_not_learned(engine: EmbeddedEngine, text: str, intent: str) -> None:
    assert engine.understand(text).intent == intent


def test_without_resolvers_a_dish_of_an_unknown_menu_is_read_from_its_context(tmp_path: Path) -> None:
    settings = tmp_path / "embedded.yml"
    write_model_settings(settings, ModelSettings(resolved=False))
    engine = open_engine([write_small_data(tmp_path / "data")], settings, tmp_path / "models")
    found = {(one.entity, one.value) for one in engine.understand("来两碗油泼面").entities}
    assert found == {("quantity", "两"), ("unit", "碗"), ("dish", "油泼面")}


def test_places_and_words_are_those_of_the_text_as_written(engine: EmbeddedEngine) -> None:
    text = "來\u200b２\u200b碗牛肉麵"
    said = engine.understand(text)
    assert said.text == text
    assert [(one.entity, text[one.start : one.end]) for one in said.entities][-1] == ("dish", "牛肉麵")
    assert said.entities[-1].value == "牛肉拉面"  # a synonym, whatever the spelling


def test_what_resolvers_know_stays_and_wins(engine: EmbeddedEngine) -> None:
    name = {"name": "夫妻肺片凉皮"}
    known = [Entity("dish", name, 3, 9), Entity("dish", "凉皮", 7, 9)]
    said = engine.understand("来一份夫妻肺片凉皮", known=known)
    assert [one for one in said.entities if one.entity == "dish"] == [known[0]]
    spans = sorted((one.start, one.end) for one in said.entities)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_a_known_dish_makes_the_sentence_like_any_other_with_a_dish(engine: EmbeddedEngine) -> None:
    text = "来份买单猪蹄"  # a name that sounds of paying
    knowing = dict(engine.understand(text, known=[Entity("dish", "买单猪蹄", 2, 6)]).intents)
    guessing = dict(engine.understand(text).intents)
    assert knowing["order_dishes"] > 0.8
    assert knowing["pay_bill"] < guessing["pay_bill"]


def test_confidences_are_a_ranking(engine: EmbeddedEngine) -> None:
    said = engine.understand("买单吧谢谢", most=len(engine.intents))
    values = [confidence for _, confidence in said.intents]
    assert {name for name, _ in said.intents} == set(engine.intents)
    assert values == sorted(values, reverse=True)
    assert math.isclose(sum(values), 1.0, abs_tol=1e-6)
    assert len(engine.understand("买单吧谢谢", most=2).intents) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "😀😀",
        "\u200b",
        "\x00\x07",
        "\ud800",
        "<xml>&'\"{0}%s</xml>",
        "?" * 2000,
        "我" * 5000,
        "的排队买单积分" * 400,
        "\ue000\ue001牛肉面",
    ],
)
def test_any_text_gets_an_answer_within_the_rules(engine: EmbeddedEngine, text: str) -> None:
    said = engine.understand(text)
    assert said.text == text
    assert all(0 <= confidence <= 1 for _, confidence in said.intents)
    assert all(0 <= one.start < one.end <= min(len(text), MOST_READ) for one in said.entities)


@pytest.mark.parametrize("text", ["", "😀😀", "xyzzy"])
def test_nothing_known_is_nothing_sure(engine: EmbeddedEngine, text: str) -> None:
    assert engine.understand(text).confidence < 0.5


def test_known_things_beyond_what_is_read_do_no_harm(engine: EmbeddedEngine) -> None:
    text = "嗯" * MOST_READ + "牛肉面"
    said = engine.understand(text, known=[Entity("dish", "牛肉面", MOST_READ, MOST_READ + 3)])
    assert said.entities[-1].entity == "dish"


async def test_it_is_an_engine(engine: EmbeddedEngine) -> None:
    one: Engine = engine
    assert await one.parse("买单", expected="people") == engine.understand("买单")


def test_parts_of_something_else_are_refused() -> None:
    with pytest.raises(BrokenModelError):
        EmbeddedEngine({"about": b"{}", "intents": b"", "slots": b""})
    with pytest.raises(BrokenModelError):
        EmbeddedEngine({})


def test_an_overlay_teaches_it_more(engine: EmbeddedEngine, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    lines = "".join(f"    - {text}\n" for text in ("可以带狗吗", "狗能进吗", "带狗狗行不行", "你们让带宠物不"))
    (own / "pets.yml").write_text(f"nlu:\n- intent: store_info\n  examples: |\n{lines}", encoding="utf-8")
    folders = [write_small_data(tmp_path / "data"), own]
    taught = open_engine(folders, tmp_path / "embedded.yml", tmp_path / "models")
    assert "store_info" not in engine.intents
    assert taught.understand("能带狗进去吗").intent == "store_info"
