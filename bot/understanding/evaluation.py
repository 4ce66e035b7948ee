"""How well an engine understands: it answers sentences with known meaning, and this counts. Works on any `Engine`."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.calibration import expected_calibration_error
from bot.understanding.engine import ACT, ASK, MOST_CHOICES, Engine, Entity, Understanding
from bot.understanding.rasa_format import Example

_RESAMPLES = 2000

Known = Callable[[str], Sequence[Entity]]


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one name (an intent, an entity) is found.

    Attributes:
        rows: How often it is right.
    """

    precision: float
    recall: float
    rows: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """What an engine reaches on some sentences.

    Attributes:
        rows: How many sentences.
        macro_f1: Mean F1 of the intents that occur, each counting the same.
        entities: Over all entities: exact place and type.
        by_intent, by_entity: One by one.
        exact: Share of sentences with the right intent and exactly the right entities.
        calibration_error: Expected calibration error of the first intent.
        confusions: (right intent, said intent, how often), most frequent first.
        act: Share that is acted on, and the share of it that is right.
        ask: Share that is asked about, and the share of it whose choices hold the right intent.
        fallback: Share that is neither.
    """

    rows: int
    accuracy: float
    macro_f1: float
    entities: Quality
    by_intent: Mapping[str, Quality]
    by_entity: Mapping[str, Quality]
    exact: float
    calibration_error: float
    confusions: tuple[tuple[str, str, int], ...]
    act: tuple[float, float]
    ask: tuple[float, float]
    fallback: float

    @property
    def credit(self) -> float:
        """Share of sentences that are acted on rightly; choices that hold the right intent count half."""
        return self.act[0] * self.act[1] + self.ask[0] * self.ask[1] / 2


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much the second of two engines is better on the same sentences, with its 95 % interval."""

    mean: float
    low: float
    high: float


async def answer(engine: Engine, rows: Iterable[Example], known: Known | None = None) -> list[Understanding]:
    """What an engine makes of each sentence.

    Args:
        known: What resolvers find in a text before the engine reads it.
    """
    return [await engine.parse(row.text, known=known(row.text) if known is not None else ()) for row in rows]


def score(rows: Sequence[Example], answers: Sequence[Understanding]) -> Scores:
    """Compare answers with what is right, sentence by sentence.

    Raises:
        ValueError: There is no sentence, or not one answer for each.
    """
    if not rows or len(rows) != len(answers):
        raise ValueError(f"{len(rows)} sentences, {len(answers)} answers")
    size = len(rows)
    pairs = Counter((row.intent, said.intent) for row, said in zip(rows, answers, strict=True))
    by_intent = _by_name(
        Counter({name: count for (name, said), count in pairs.items() if name == said}),
        _summed((said, count) for (_, said), count in pairs.items()),
        Counter(row.intent for row in rows),
    )
    found, said_entities, right_entities = Counter[str](), Counter[str](), Counter[str]()
    exact = 0
    for row, said in zip(rows, answers, strict=True):
        wanted, got = _places(row.entities), _places(said.entities)
        found.update(place[0] for place in wanted & got)
        said_entities.update(place[0] for place in got)
        right_entities.update(place[0] for place in wanted)
        exact += wanted == got and row.intent == said.intent
    occurring = [quality.f1 for quality in by_intent.values() if quality.rows]
    confused = ((right, said, count) for (right, said), count in pairs.items() if right != said)
    act, ask, fallback = _decisions(rows, answers)
    return Scores(
        rows=size,
        accuracy=sum(count for (right, said), count in pairs.items() if right == said) / size,
        macro_f1=sum(occurring) / len(occurring),
        entities=_quality(found.total(), said_entities.total(), right_entities.total()),
        by_intent=by_intent,
        by_entity=_by_name(found, said_entities, right_entities),
        exact=exact / size,
        calibration_error=expected_calibration_error(
            (said.confidence, said.intent == row.intent) for row, said in zip(rows, answers, strict=True)
        ),
        confusions=tuple(sorted(confused, key=lambda one: (-one[2], one))),
        act=act,
        ask=ask,
        fallback=fallback,
    )


def compare_accuracy(rows: Sequence[Example], first: Sequence[Understanding], second: Sequence[Understanding]) -> Difference:
    """How much better the second engine's intents are (share of sentences), by a paired bootstrap."""
    gains = [
        float(theirs.intent == row.intent) - float(ours.intent == row.intent) for row, ours, theirs in zip(rows, first, second, strict=True)
    ]
    return _bootstrap(len(gains), lambda chosen: sum(gains[at] for at in chosen) / len(gains))


def compare_entities(rows: Sequence[Example], first: Sequence[Understanding], second: Sequence[Understanding]) -> Difference:
    """How much better the second engine's entity F1 is, by a paired bootstrap over sentences."""
    counts = [[_counts(row, said) for row, said in zip(rows, answers, strict=True)] for answers in (first, second)]

    def gain(chosen: Sequence[int]) -> float:
        ours, theirs = (_quality(*map(sum, zip(*(found[at] for at in chosen), strict=True))).f1 for found in counts)
        return theirs - ours

    return _bootstrap(len(rows), gain)


def _bootstrap(size: int, gain: Callable[[Sequence[int]], float]) -> Difference:
    if not size:
        raise ValueError("no sentence to compare on")
    chance = random.Random(size)
    every = range(size)
    drawn = sorted(gain(chance.choices(every, k=size)) for _ in range(_RESAMPLES))
    return Difference(gain(every), drawn[int(0.025 * _RESAMPLES)], drawn[int(0.975 * _RESAMPLES)])


def _decisions(rows: Sequence[Example], answers: Sequence[Understanding]) -> tuple[tuple[float, float], tuple[float, float], float]:
    """(share, how much of it is right) of acting and of asking, and the share of falling back."""
    acted: list[bool] = []
    asked: list[bool] = []
    for row, said in zip(rows, answers, strict=True):
        if said.confidence >= ACT:
            acted.append(said.intent == row.intent)
        elif said.confidence >= ASK:
            asked.append(row.intent in {name for name, _ in said.intents[:MOST_CHOICES]})
    act, ask = ((len(found) / len(rows), sum(found) / len(found) if found else 0.0) for found in (acted, asked))
    return act, ask, (len(rows) - len(acted) - len(asked)) / len(rows)


def _counts(row: Example, said: Understanding) -> tuple[int, int, int]:
    wanted, got = _places(row.entities), _places(said.entities)
    return len(wanted & got), len(got), len(wanted)


def _places(entities: Iterable[Entity]) -> set[tuple[str, int, int]]:
    return {(one.entity, one.start, one.end) for one in entities}


def _by_name(found: Mapping[str, int], said: Mapping[str, int], right: Mapping[str, int]) -> dict[str, Quality]:
    return {name: _quality(found.get(name, 0), said.get(name, 0), right.get(name, 0)) for name in sorted({*said, *right})}


def _quality(found: int, said: int, right: int) -> Quality:
    return Quality(found / said if said else 0.0, found / right if right else 0.0, right)


def _summed(counts: Iterable[tuple[str, int]]) -> Counter[str]:
    total = Counter[str]()
    for name, count in counts:
        total[name] += count
    return total
