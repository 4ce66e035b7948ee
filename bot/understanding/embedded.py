"""The engine inside this process: a maximum-entropy model for intents and a character CRF for slots, both python-crfsuite.

A CRF of one item is a maximum-entropy classifier, so one small library does both. What resolvers know about a text (`known`) goes into
both models: as hints on characters for slots, as masks for the intent. Texts are read in their normal form; places are told in the text
as it was written. Not safe for several threads at once: a tagger holds the sentence it was given.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pycrfsuite

from bot.understanding.calibration import tempered
from bot.understanding.engine import Entity, Understanding
from bot.understanding.features import RESOLVED, Gazetteer, Span, in_normal_form, intent_features, masked, slot_features, spans_of
from bot.understanding.model_files import BrokenModelError, model_name, read_model, write_model
from bot.understanding.normal_form import NormalForm, normal_form

MOST_READ = 200  # characters; what matters to a restaurant is said in fewer
_RANKED = 10
_EDGES = " \t\n,，。.!！?？~～、…;；:："

Progress = Callable[[float], None]


class EmbeddedEngine:
    """Understands texts with a trained model."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        """
        Args:
            parts: `intents` and `slots` (crfsuite models), and `about` (JSON), as `training.train_model` makes them.

        Raises:
            BrokenModelError: They are no such parts.
        """
        try:
            about = json.loads(parts["about"])
            self._kept = parts["intents"], parts["slots"]  # the taggers read from these bytes
            self._intents, self._slots = pycrfsuite.Tagger(), pycrfsuite.Tagger()
            self._intents.open_inmemory(self._kept[0])
            self._slots.open_inmemory(self._kept[1])
            self._gazetteer = Gazetteer(about["names"])
            self._words = Gazetteer(about["words"])
            self._masks: dict[str, str] = about["masks"]
            self._synonyms: dict[str, str] = about["synonyms"]
            self._orders: tuple[int, ...] = tuple(about["orders"])
            self._scaled: bool = about["scaled"]
            self._temperature: float = about["temperature"]
        except (KeyError, TypeError, ValueError) as error:
            raise BrokenModelError(f"not a model of this engine: {error!r}") from error
        self._names: list[str] = sorted(self._intents.labels())

    @property
    def intents(self) -> tuple[str, ...]:
        """Every intent it knows."""
        return tuple(self._names)

    async def parse(self, text: str, *, expected: str | None = None, known: Sequence[Entity] = ()) -> Understanding:
        """Understand one text; see `Engine.parse`. An open question changes nothing here: its answers are read before any engine."""
        return self.understand(text, known=known)

    def understand(self, text: str, *, known: Sequence[Entity] = (), most: int = _RANKED) -> Understanding:
        """Understand one text.

        Args:
            text: As the diner wrote it; what stands behind the first 200 characters is not read.
            known: What resolvers found. These entities are in the answer as they are, and win over slots of the model.
            most: At most so many intents are told.
        """
        normal = normal_form(text[:MOST_READ])
        sure = _apart(known)
        hints = _spans(normal, sure)
        ranking = self._ranking(normal.text, hints)
        entities = sure + self._slots_beside(text, normal, ranking[0][0], hints)
        return Understanding(text, ranking[:most], tuple(sorted(entities, key=lambda entity: entity.start)))

    def _ranking(self, text: str, known: Sequence[Span]) -> tuple[tuple[str, float], ...]:
        features = intent_features(masked(text, known, self._masks), self._words, orders=self._orders, scaled=self._scaled)
        self._intents.set([features])
        marginal = self._intents.marginal
        sure = tempered([marginal(name, 0) for name in self._names], self._temperature)
        return tuple(sorted(zip(self._names, sure, strict=True), key=lambda one: (-one[1], one[0])))

    def _slots_beside(self, written: str, normal: NormalForm, intent: str, known: Sequence[Span]) -> list[Entity]:
        """What the slot model names, without what known things cover."""
        text = normal.text
        if not text:
            return []
        hints = [span for span in known if span.entity in RESOLVED]
        labels = self._slots.tag(slot_features(text, intent, hints, self._gazetteer.find(text), self._words.find(text)))
        found: list[Entity] = []
        for span in spans_of(labels):
            words = text[span.start : span.end]
            start = span.start + len(words) - len(words.lstrip(_EDGES))
            words = words.strip(_EDGES)
            end = start + len(words)
            if words and not any(start < other.end and other.start < end for other in known):
                first, last = normal.span(start, end)
                found.append(Entity(span.entity, self._synonyms.get(words, written[first:last]), first, last))
        return found


def open_engine(folders: Sequence[Path], settings_file: Path, cache: Path, progress: Progress | None = None) -> EmbeddedEngine:
    """The engine for some training data: from the cache, or trained now if these data, settings or code are new.

    Args:
        folders: The training data, base first, then overlays.
        settings_file: See `model_settings`.
        cache: Folder of trained models; made if need be.
        progress: Called with the share of training that is done (0 to 1); never when the model was there already.

    Raises:
        TrainingDataError: The data cannot be learned from.
        ModelSettingsError: The settings cannot be used.
        OSError: The cache cannot be written to.
    """
    path = cache / model_name([*folders, settings_file])
    try:
        return EmbeddedEngine(read_model(path))
    except BrokenModelError:
        pass
    from bot.understanding.model_settings import read_model_settings  # late: serving from the cache reads no YAML
    from bot.understanding.training import train_model
    from bot.understanding.training_data import read_training_data

    parts = train_model(read_training_data(*folders), read_model_settings(settings_file), progress)
    write_model(path, parts)
    return EmbeddedEngine(parts)


def _spans(normal: NormalForm, entities: Sequence[Entity]) -> list[Span]:
    """Entities in the normal form, from left to right, without those that are not in it."""
    found: list[Span] = []
    for entity in sorted(entities, key=lambda one: one.start):
        start, end = in_normal_form(normal, entity.start, entity.end)
        if start < end <= len(normal.text):
            found.append(Span(start, end, entity.entity))
    return found


def _apart(known: Sequence[Entity]) -> list[Entity]:
    """Known entities without those that overlap an earlier or, from the same place, a longer one."""
    kept: list[Entity] = []
    for entity in sorted(known, key=lambda one: (one.start, -one.end)):
        if not kept or entity.start >= kept[-1].end:
            kept.append(entity)
    return kept
