"""Scores against figures worked out by hand, on made-up answers and on a real engine."""

from pathlib import Path

import pytest

from bot.understanding.embedded import open_engine
from bot.understanding.engine import Entity, Understanding
from bot.understanding.evaluation import answer, compare_accuracy, compare_entities, score
from bot.understanding.serving_cost import measure_serving, measure_speed
from bot.understanding.training_data import Example
from tests.bot.understanding.small_data import write_small_data

DISH = Entity("dish", "面", 1, 2)
ROWS = (
    Example("要面", "order", (DISH,)),
    Example("要账单", "bill"),
    Example("要走", "leave"),
    Example("要酒", "order", (Entity("dish", "酒", 1, 2),)),
)
ANSWERS = (
    Understanding("要面", (("order", 0.9), ("bill", 0.1)), (DISH,)),
    Understanding("要账单", (("order", 0.6), ("leave", 0.2), ("bill", 0.1)), (Entity("dish", "账单", 1, 3),)),
    Understanding("要走", (("order", 0.2), ("leave", 0.1))),
    Understanding("要酒", (("order", 0.8),), (Entity("drink", "酒", 1, 2),)),
)


def test_scores_of_four_sentences() -> None:
    scores = score(ROWS, ANSWERS)
    assert scores.rows == 4
    assert scores.accuracy == 0.5
    assert scores.macro_f1 == pytest.approx((2 / 3 + 0 + 0) / 3)  # order: precision 2/4, recall 2/2
    assert (scores.by_intent["order"].precision, scores.by_intent["order"].recall, scores.by_intent["order"].rows) == (0.5, 1.0, 2)
    assert (scores.entities.precision, scores.entities.recall) == (pytest.approx(1 / 3), 0.5)
    assert scores.entities.f1 == pytest.approx(0.4)
    assert scores.by_entity["drink"].rows == 0
    assert scores.exact == 0.25
    assert scores.confusions == (("bill", "order", 1), ("leave", "order", 1))


def test_decisions_of_four_sentences() -> None:
    scores = score(ROWS, ANSWERS)
    assert scores.act == (0.5, 1.0)
    assert scores.ask == (0.25, 1.0)  # its three choices hold the bill
    assert scores.fallback == 0.25
    assert scores.credit == 0.5 + 0.125
    assert scores.calibration_error == pytest.approx((0.1 + 0.6 + 0.2 + 0.2) / 4)


def test_an_entity_counts_only_at_its_place_and_by_its_name() -> None:
    shifted = Understanding("要面", (("order", 1.0),), (Entity("dish", "要面", 0, 2),))
    assert score(ROWS[:1], (shifted,)).entities.f1 == 0
    assert score(ROWS[:1], ANSWERS[:1]).entities.f1 == 1


def test_scores_need_an_answer_for_each_sentence() -> None:
    with pytest.raises(ValueError, match="4 sentences, 3 answers"):
        score(ROWS, ANSWERS[:3])
    with pytest.raises(ValueError, match="0 sentences"):
        score((), ())


def test_the_interval_of_a_difference_tells_chance_from_gain() -> None:
    rows = [Example(f"句{number}", "a", (DISH,)) for number in range(200)]
    right, wrong = Understanding("", (("a", 1.0),), (DISH,)), Understanding("", (("b", 1.0),))
    good = [right if number % 10 else wrong for number in range(200)]  # nine of ten
    fair = [right if number % 5 else wrong for number in range(200)]  # four of five
    same = [right if (number + 1) % 10 else wrong for number in range(200)]
    better = compare_accuracy(rows, fair, good)
    assert better.mean == pytest.approx(0.1)
    assert 0 < better.low < better.mean < better.high < 0.2
    level = compare_accuracy(rows, same, good)
    assert level.low < 0 < level.high
    entities = compare_entities(rows, fair, good)
    assert entities.mean == pytest.approx(2 * 0.9 / 1.9 - 2 * 0.8 / 1.8)
    assert 0 < entities.low < entities.high
    assert compare_accuracy(rows, good, good).high == 0


async def test_any_engine_is_asked_with_what_resolvers_know(tmp_path: Path) -> None:
    engine = open_engine([write_small_data(tmp_path / "data")], tmp_path / "none.yml", tmp_path / "models")
    text = "上三笼过桥抄手"
    row = Example(text, "order_dishes", (Entity("dish", "过桥抄手", 3, 7),))
    (told,) = await answer(engine, [row], lambda one: [Entity("dish", "gq", one.index("过"), len(one))])
    assert Entity("dish", "gq", 3, 7) in told.entities
    assert (await answer(engine, [row])) == [engine.understand(text)]
    speed = await measure_speed(engine, [text] * 20)
    assert speed.per_second > 0
    assert 0 < speed.p50 <= speed.p99


def test_serving_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    folders, settings, models = [write_small_data(tmp_path / "data")], tmp_path / "none.yml", tmp_path / "models"
    open_engine(folders, settings, models)
    before = {path: path.stat().st_mtime_ns for path in models.iterdir()}
    cost = measure_serving(folders, settings, models, ["来两碗牛肉面", "买单"] * 50)
    assert 5 < cost.resident_mb < 60
    assert cost.load_seconds > 0
    assert cost.speed.per_second > 0
    assert {path: path.stat().st_mtime_ns for path in models.iterdir()} == before  # it was loaded, not trained
