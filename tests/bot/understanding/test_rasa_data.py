"""What Rasa is told beside the sentences: the domain and the recipe agree with nlu_data/nlu and with what the bot can do."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.responses import NLU_DATA
from bot.understanding.ranking import STAFF
from bot.understanding.training_data import TrainingData, read_training_data

# The names that this project promises: training data, both engines, evaluation and skills speak of these and of no others.
_INTENTS = """
    greet goodbye thank affirm deny help cancel_flow undo resume_flow talk_to_human out_of_scope
    view_menu order_dishes change_order view_cart checkout order_status cancel_order ask_dish
    recommend_dishes call_waiter pay_bill request_invoice
    book_table change_booking cancel_booking view_bookings book_event
    join_queue queue_status leave_queue
    member_card points_balance points_history redeem_points my_coupons update_profile
    view_promotions invite_friend start_group_buy join_group_buy
    spin_wheel guess_dish stamp_card
    view_plans subscribe_plan cancel_plan
    find_store store_info give_feedback
    export_my_data delete_my_data stop_marketing vote_dish donation_info
    call_next_number mark_sold_out mark_served reprint_ticket today_figures broadcast_message
"""
_ENTITIES = "dish quantity unit modifier store time people room phone birthday coupon plan event service table attribute code"
INTENTS, ENTITIES = frozenset(_INTENTS.split()), frozenset(_ENTITIES.split())
# A YAML file with one of these is a domain to Rasa, which reads every file of the folder it is given.
DOMAIN_KEYS = {"slots", "forms", "actions", "entities", "intents", "responses", "e2e_actions", "session_config"}


def written(name: str) -> Any:
    return yaml.safe_load((NLU_DATA / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def learned() -> TrainingData:
    return read_training_data(NLU_DATA / "nlu")


def test_the_domain_names_every_intent_once(learned: TrainingData) -> None:
    named = written("domain.yml")["intents"]

    assert len(named) == len(set(named))
    assert set(named) == INTENTS
    assert {example.intent for example in learned.examples} == INTENTS
    assert STAFF <= INTENTS


def test_the_domain_names_every_entity_once(learned: TrainingData) -> None:
    named = written("domain.yml")["entities"]

    assert len(named) == len(set(named))
    assert set(named) == ENTITIES
    assert {entity.entity for example in learned.examples for entity in example.entities} == ENTITIES


def test_only_the_domain_and_the_replies_look_like_a_domain_to_rasa() -> None:
    files = [path for ending in ("yml", "yaml") for path in NLU_DATA.rglob(f"*.{ending}")]
    looks_so = {
        path.relative_to(NLU_DATA) for path in files if DOMAIN_KEYS & (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).keys()
    }

    replies = {path.relative_to(NLU_DATA) for path in (NLU_DATA / "responses").glob("*.yml")}
    assert looks_so == replies | {Path("domain.yml")}


def test_the_recipe_is_the_one_that_was_measured() -> None:
    config = written("config.yml")
    parts = {part["name"]: part for part in config["pipeline"]}

    assert [part["name"] for part in config["pipeline"]] == [
        *("JiebaTokenizer", "RegexFeaturizer", "LexicalSyntacticFeaturizer", "CountVectorsFeaturizer", "CountVectorsFeaturizer"),
        *("DIETClassifier", "EntitySynonymMapper", "FallbackClassifier"),
    ]
    assert (config["recipe"], config["language"]) == ("default.v1", "zh")
    assert parts["RegexFeaturizer"]["use_word_boundaries"] is False
    assert parts["CountVectorsFeaturizer"] == {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}
    assert parts["DIETClassifier"] == {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True, "random_seed": 42}
    assert parts["FallbackClassifier"] == {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1}


def test_rasa_has_no_reason_to_write_into_the_recipe() -> None:
    config = written("config.yml")

    assert config["assistant_id"] not in {None, "", "placeholder_default"}
    assert config["policies"] == []


def test_rasas_packages_are_pinned_and_name_no_host() -> None:
    lines = (NLU_DATA / "rasa.requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))

    assert [line for line in lines if not re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) or "://" in line] == []
    assert (pins["rasa"], pins["jieba"], pins["tensorflow"]) == ("3.6.21", "0.42.1", "2.12.0")
