"""Learns both models of the embedded engine from training data. Deterministic: the same data and settings give the same model."""

import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pycrfsuite

from bot.understanding.features import (
    RESOLVED,
    Gazetteer,
    Span,
    in_normal_form,
    intent_features,
    labels_of,
    masked,
    masks_for,
    slot_features,
)
from bot.understanding.model_settings import ModelSettings
from bot.understanding.normal_form import normal_form
from bot.understanding.training_data import Example, TrainingData

_ROUND = re.compile(r"Iteration #(\d+)")
_HINTED = 0.5  # share of known things that are given as hints while learning
_INTENT_TOLD = 0.85  # share of sentences whose intent is the right one while learning slots: in serving some are wrong
_LEFT_OUT = 0.5
_SLOT_SHARE = 0.8  # of the time


@dataclass(frozen=True, slots=True)
class Sentence:
    """An example in normal form."""

    text: str
    intent: str
    spans: tuple[Span, ...]

    def names(self) -> list[tuple[str, str]]:
        """(entity, words) of what is named."""
        return [(span.entity, self.text[span.start : span.end]) for span in self.spans]


def sentences_of(examples: Iterable[Example]) -> list[Sentence]:
    """Examples as they are learned from."""
    found: list[Sentence] = []
    for example in examples:
        normal = normal_form(example.text)
        spans = [Span(*in_normal_form(normal, one.start, one.end), one.entity) for one in example.entities]
        found.append(Sentence(normal.text, example.intent, tuple(span for span in spans if span.start < span.end)))
    return found


def train_model(data: TrainingData, settings: ModelSettings, progress: Callable[[float], None] | None = None) -> dict[str, bytes]:
    """Both models, and what they need beside them: the parts of an `EmbeddedEngine`.

    Args:
        progress: Called with the share that is done, 0 to 1.
    """
    tell = progress or (lambda _: None)
    sentences = sentences_of(data.examples)
    slots = train_slots(sentences, data.lookups, settings, lambda done: tell(done * _SLOT_SHARE))
    intents = train_intents(sentences, data.lookups, settings, lambda done: tell(_SLOT_SHARE + done * (1 - _SLOT_SHARE)))
    tell(1.0)
    return {"about": describe_model(sentences, data, settings), "intents": intents, "slots": slots}


def describe_model(sentences: Sequence[Sentence], data: TrainingData, settings: ModelSettings) -> bytes:
    """What an engine needs beside the models, as JSON."""
    about: dict[str, Any] = {
        "names": {entity: sorted(found) for entity, found in sorted(_names(sentences, data.lookups).items())},
        "words": {name: sorted(found) for name, found in sorted(_word_classes(sentences, data.lookups).items())},
        "masks": _masks(sentences, settings),
        "synonyms": {normal_form(words).text: value for words, value in data.synonyms.items()},
        "orders": settings.orders,
        "scaled": settings.scaled,
        "temperature": settings.temperature,
    }
    return json.dumps(about, ensure_ascii=False).encode()


def train_intents(
    sentences: Sequence[Sentence],
    lookups: Mapping[str, Sequence[str]],
    settings: ModelSettings,
    progress: Callable[[float], None] | None = None,
) -> bytes:
    """The maximum-entropy model: one item a sentence."""
    words = Gazetteer(_word_classes(sentences, lookups))
    masks = _masks(sentences, settings)
    trainer = _trainer(settings.intent_c1, settings.intent_c2, settings.intent_rounds, progress)
    for sentence in sentences:
        texts = [sentence.text]
        if any(span.entity in masks for span in sentence.spans):
            texts.append(masked(sentence.text, sentence.spans, masks))
        for text in texts:  # with resolvers, and where they find nothing
            trainer.append([intent_features(text, words, orders=settings.orders, scaled=settings.scaled)], [sentence.intent])
    return _trained(trainer)


def train_slots(
    sentences: Sequence[Sentence],
    lookups: Mapping[str, Sequence[str]],
    settings: ModelSettings,
    progress: Callable[[float], None] | None = None,
) -> bytes:
    """The character CRF.

    A name that is said only once is not listed for its own sentence, so that lists are trusted as far as they help. Sentences without
    any named thing are many and teach little: half of them are left out.
    """
    listed = {(entity, normal_form(name).text) for entity, names in lookups.items() for name in names}
    said = Counter(name for sentence in sentences for name in set(sentence.names()))
    gazetteer, words = Gazetteer(_names(sentences, lookups)), Gazetteer(_word_classes(sentences, lookups))
    intents = sorted({sentence.intent for sentence in sentences})
    trainer = _trainer(settings.slot_c1, settings.slot_c2, settings.slot_rounds, progress)
    trainer.set_params({"feature.minfreq": settings.slot_least})
    for sentence in sentences:
        chance = random.Random(sentence.text)
        if not sentence.text or (not sentence.spans and chance.random() < _LEFT_OUT):
            continue
        hidden = frozenset(name[1] for name in sentence.names() if said[name] == 1 and name not in listed)
        intent = sentence.intent if chance.random() < _INTENT_TOLD else chance.choice(intents)
        known = [span for span in sentence.spans if settings.resolved and span.entity in RESOLVED and chance.random() < _HINTED]
        features = slot_features(sentence.text, intent, known, gazetteer.find(sentence.text, hidden=hidden), words.find(sentence.text))
        trainer.append(features, labels_of(len(sentence.text), sentence.spans))
    return _trained(trainer)


def _entities(sentences: Iterable[Sentence]) -> set[str]:
    return {span.entity for sentence in sentences for span in sentence.spans}


def _names(sentences: Sequence[Sentence], lookups: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """The names of each entity: those of its lookup, and all that are said."""
    names = {entity: {normal_form(value).text for value in lookups.get(entity, ())} for entity in _entities(sentences)}
    for sentence in sentences:
        for entity, words in sentence.names():
            names[entity].add(words)
    return names


def _word_classes(sentences: Iterable[Sentence], lookups: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """Lookups that are no entity: words that mean alike."""
    entities = _entities(sentences)
    return {name: {normal_form(value).text for value in values} for name, values in lookups.items() if name not in entities}


def _masks(sentences: Iterable[Sentence], settings: ModelSettings) -> dict[str, str]:
    return masks_for(_entities(sentences) & RESOLVED) if settings.resolved else {}


class _Trainer(pycrfsuite.Trainer):  # type: ignore[misc]  # the package has no types
    """Tells how far it is, by rounds of the optimiser."""

    rounds = 1
    progress: Callable[[float], None] | None = None

    def message(self, message: str) -> None:
        """What crfsuite would print, line by line."""
        found = _ROUND.search(message)
        if found is not None and self.progress is not None:
            self.progress(min(1.0, int(found[1]) / self.rounds))


def _trainer(c1: float, c2: float, rounds: int, progress: Callable[[float], None] | None) -> _Trainer:
    trainer = _Trainer(verbose=False)
    trainer.set_params({"c1": c1, "c2": c2, "max_iterations": rounds})
    trainer.rounds, trainer.progress = rounds, progress
    return trainer


def _trained(trainer: _Trainer) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model")
        trainer.train(str(path))
        return path.read_bytes()
