"""Understanding gets no worse: a floor under what it reaches on held-out sentences of two chains. README has the measured figures.

A sentence counts one when it is acted on rightly, and half when it is asked about and the right intent is among the choices.
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.responses import NLU_DATA, Responses
from bot.understanding.embedded import EmbeddedEngine
from bot.understanding.interpretation import Decision, Interpreter, Reading, Situation
from bot.understanding.shop_words import words_of
from bot.understanding.training_data import read_test_rows
from domain.shop.partial import read_partial_shop
from domain.shop.snapshot import snapshot_of
from tests.domain.shop.files import DEMO

EVALUATION = NLU_DATA / "evaluation"
NOW = datetime(2026, 11, 18, 14, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


def credit(reading: Reading, right: str) -> float:
    if reading.decision is Decision.ACT:
        return float(reading.understanding.intent == right)
    return 0.5 if reading.decision is Decision.ASK and right in reading.choices else 0.0


@pytest.mark.parametrize(
    ("sentences", "shop", "floor"),
    [("diners.yml", DEMO, 0.92), ("dishes_elsewhere.yml", EVALUATION / "elsewhere_shop.yaml", 0.90)],
    ids=["the demo's menu", "another menu"],
)
async def test_held_out_sentences_are_understood_as_well_as_before(
    engine: EmbeddedEngine, sentences: str, shop: Path, floor: float
) -> None:
    interpreter = Interpreter(engine, Responses.load(NLU_DATA / "responses").intent_titles())
    words = words_of(snapshot_of(read_partial_shop(shop.read_bytes())))
    rows = read_test_rows(EVALUATION / sentences)

    readings = [await interpreter.read(row.text, words, Situation(NOW, staff=True)) for row in rows]

    reached = sum(credit(reading, row.intent) for reading, row in zip(readings, rows, strict=True)) / len(rows)
    missed = [
        f"{row.text}: {row.intent}, not {reading.understanding.intent}"
        for reading, row in zip(readings, rows, strict=True)
        if credit(reading, row.intent) < 1
    ]
    print(f"{sentences}: {reached:.3f}")
    assert len(rows) >= 200
    assert reached >= floor, "\n".join(missed)
