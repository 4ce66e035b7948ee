"""Chooses how the embedded engine learns, by cross-validation on the training data, and says what to expect of it.

Dev-time work of minutes (`haowei nlu train --tune`); what it chooses is kept with the data. A sentence is always judged by models that have
not learned from it. Resolvers are not here to help: half of the sentences get what they would find from the annotation, half get nothing.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Any

from bot.understanding.calibration import fit_temperature
from bot.understanding.embedded import EmbeddedEngine
from bot.understanding.engine import Entity, Understanding
from bot.understanding.evaluation import Scores, score
from bot.understanding.features import RESOLVED
from bot.understanding.model_settings import ModelSettings
from bot.understanding.training import describe_model, sentences_of, train_intents, train_slots
from bot.understanding.training_data import Example, TrainingData

FOLDS = 3
_SEED = 20261121
_LEAST = 1e-6

_SLOT_CHANGES: tuple[Mapping[str, Any], ...] = ({}, {"slot_c1": 0.05}, {"slot_c1": 0.2}, {"slot_c2": 0.005})
_INTENT_CHANGES: tuple[tuple[Mapping[str, Any], ...], ...] = (
    ({}, {"scaled": False, "intent_c2": 0.5}),
    ({"orders": (1, 2, 3)},),
    ({"intent_c2": 0.002}, {"intent_c2": 0.01}),
    ({"intent_c1": 0.005},),
)


@dataclass(frozen=True, slots=True)
class Tuned:
    """What cross-validation has chosen, and the out-of-fold scores with it."""

    settings: ModelSettings
    scores: Scores


@dataclass(slots=True)
class _Fold:
    """A part of the data, and models that have not learned from it."""

    learned: TrainingData
    held: Sequence[int]
    parts: dict[str, bytes]


def tune(data: TrainingData, tell: Callable[[str], None] = lambda _: None) -> Tuned:
    """Choose settings, first for slots, then for intents, one group after the other; then fit the temperature.

    Args:
        tell: Called with a line about each candidate.
    """
    settings = ModelSettings()
    folds = _folds(data)
    best = -1.0
    for change in _SLOT_CHANGES:
        candidate = replace(settings, **change)
        tried = _with_intents(_with_slots(folds, candidate), candidate)
        reached = score(data.examples, _answers(data, tried)).entities.f1
        tell(f"{_said(change)}: entity F1 {reached:.4f}")
        if reached > best:
            best, chosen, chosen_folds = reached, candidate, tried
    settings, folds = chosen, chosen_folds
    least = float("inf")
    for group in _INTENT_CHANGES:
        base = settings
        for change in group:
            candidate = replace(base, **change)
            tried = _with_intents(folds, candidate)
            answers = _answers(data, tried)
            loss = _log_loss(data.examples, answers)
            tell(f"{_said(change)}: log loss {loss:.4f}, accuracy {score(data.examples, answers).accuracy:.4f}")
            if loss < least:
                least, settings, folds = loss, candidate, tried
    settings = replace(settings, temperature=fit_temperature(list(_placed(data.examples, _answers(data, folds)))))
    return Tuned(settings, score(data.examples, _answers(data, _with_intents(folds, settings))))


def cross_validate(data: TrainingData, settings: ModelSettings) -> list[Understanding]:
    """Every sentence of the data, understood by models that learned from two thirds of the others."""
    return _answers(data, _with_intents(_with_slots(_folds(data), settings), settings))


def _folds(data: TrainingData) -> list[_Fold]:
    """Thirds, each with a like share of every intent."""
    order = list(range(len(data.examples)))
    random.Random(_SEED).shuffle(order)
    order.sort(key=lambda at: data.examples[at].intent)  # stable: shuffled within an intent
    folds = []
    for number in range(FOLDS):
        held = order[number::FOLDS]
        out = set(held)
        examples = tuple(example for at, example in enumerate(data.examples) if at not in out)
        folds.append(_Fold(replace(data, examples=examples), held, {}))
    return folds


def _with_slots(folds: Sequence[_Fold], settings: ModelSettings) -> list[_Fold]:
    return [
        replace(fold, parts={**fold.parts, "slots": train_slots(sentences_of(fold.learned.examples), fold.learned.lookups, settings)})
        for fold in folds
    ]


def _with_intents(folds: Sequence[_Fold], settings: ModelSettings) -> list[_Fold]:
    found = []
    for fold in folds:
        sentences = sentences_of(fold.learned.examples)
        parts = {
            "intents": train_intents(sentences, fold.learned.lookups, settings),
            "about": describe_model(sentences, fold.learned, settings),
        }
        found.append(replace(fold, parts={**fold.parts, **parts}))
    return found


def _answers(data: TrainingData, folds: Sequence[_Fold]) -> list[Understanding]:
    """Out of fold, with every intent ranked."""
    answers: dict[int, Understanding] = {}
    for fold in folds:
        engine = EmbeddedEngine(fold.parts)
        for at in fold.held:
            example = data.examples[at]
            answers[at] = engine.understand(example.text, known=_resolved(example), most=len(engine.intents))
    return [answers[at] for at in range(len(data.examples))]


def _resolved(example: Example) -> Sequence[Entity]:
    """What resolvers would find: for half of the sentences all, for half nothing."""
    if random.Random(f"{_SEED}{example.text}").random() < 0.5:
        return ()
    return [entity for entity in example.entities if entity.entity in RESOLVED]


def _log_loss(examples: Sequence[Example], answers: Sequence[Understanding]) -> float:
    losses = (-log(max(_LEAST, dict(said.intents).get(row.intent, 0.0))) for row, said in zip(examples, answers, strict=True))
    return sum(losses) / len(examples)


def _placed(examples: Sequence[Example], answers: Sequence[Understanding]) -> Iterator[tuple[list[float], int | None]]:
    """The probabilities of each answer, and at which place the right intent is."""
    for example, said in zip(examples, answers, strict=True):
        names = [name for name, _ in said.intents]
        place = names.index(example.intent) if example.intent in names else None
        yield [confidence for _, confidence in said.intents], place


def _said(change: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in change.items()) or "as it is"
