"""The training data: enough of everything that was promised, nothing beside it, and nothing of what it is measured on."""

import re
from collections import Counter, defaultdict

import pytest

from bot.responses import NLU_DATA
from bot.understanding.normal_form import normal_form
from bot.understanding.training_data import Example, TrainingData, read_test_rows, read_training_data
from tests.bot.understanding.test_rasa_data import ENTITIES, INTENTS

_BUSIEST = """
    order_dishes change_order view_menu ask_dish view_cart checkout pay_bill order_status book_table join_queue points_balance call_waiter
"""
BUSIEST = frozenset(_BUSIEST.split())
LEAST_OF_THE_BUSIEST, LEAST, LEAST_OUT_OF_SCOPE = 40, 20, 200
LEAST_OF_AN_ENTITY = 10  # resolvers find what is rarer (phone numbers) without any example
EVALUATION = ("diners.yml", "dishes_elsewhere.yml")
SAID_BY_EVERYBODY = 4  # characters: 「你好」, 「买单」 stand everywhere


@pytest.fixture(scope="module")
def learned() -> TrainingData:
    return read_training_data(NLU_DATA / "nlu")


def words(example: Example) -> str:
    """A text without what nobody hears: spaces, signs, emoji, upper case."""
    return re.sub(r"[\W_]+", "", normal_form(example.text).text.lower()) or example.text


def test_every_intent_has_enough_examples(learned: TrainingData) -> None:
    counted = Counter(example.intent for example in learned.examples)
    promised = dict.fromkeys(INTENTS, LEAST) | dict.fromkeys(BUSIEST, LEAST_OF_THE_BUSIEST) | {"out_of_scope": LEAST_OUT_OF_SCOPE}

    assert len(BUSIEST & INTENTS) == 12
    assert {name: counted[name] for name, least in promised.items() if counted[name] < least} == {}
    assert counted.keys() == INTENTS


def test_every_entity_is_shown_often_enough_to_be_learned(learned: TrainingData) -> None:
    shown = Counter(entity.entity for example in learned.examples for entity in example.entities)

    assert shown.keys() == ENTITIES
    assert {name: count for name, count in shown.items() if count < LEAST_OF_AN_ENTITY} == {}


def test_no_text_has_two_intents(learned: TrainingData) -> None:
    intents: dict[str, set[str]] = defaultdict(set)
    for example in learned.examples:
        intents[words(example)].add(example.intent)

    assert learned.warnings == ()
    assert {text: names for text, names in intents.items() if len(names) > 1} == {}


@pytest.mark.parametrize("name", EVALUATION)
def test_nothing_it_is_measured_on_is_learned(learned: TrainingData, name: str) -> None:
    texts = {words(example): example.place for example in learned.examples}
    rows = [words(row) for row in read_test_rows(NLU_DATA / "evaluation" / name)]

    assert {row: texts[row] for row in rows if len(row) > SAID_BY_EVERYBODY and row in texts} == {}


def test_every_evaluation_is_looked_at() -> None:
    files = {path.name for path in (NLU_DATA / "evaluation").glob("*.yml")}

    assert files == set(EVALUATION)


def test_the_evaluation_asks_about_every_intent() -> None:
    asked = {row.intent for name in EVALUATION for row in read_test_rows(NLU_DATA / "evaluation" / name)}

    assert asked == INTENTS
