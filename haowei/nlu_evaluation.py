"""`haowei nlu train|test|compare`: how well diners are understood, by which engine, and at what cost."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.understanding.embedded import open_engine
from bot.understanding.engine import Engine, Entity, Understanding
from bot.understanding.evaluation import Difference, Scores, answer, compare_accuracy, compare_entities, score
from bot.understanding.interpretation import Decision, Interpreter, Situation
from bot.understanding.model_settings import ModelSettingsError, write_model_settings
from bot.understanding.rasa import RasaAnswerError, RasaEngine
from bot.understanding.report import write_report
from bot.understanding.serving_cost import ServingCost, Speed, measure_serving, measure_speed
from bot.understanding.shop_words import words_of
from bot.understanding.training_data import Example, TrainingDataError, read_test_rows, read_training_data
from bot.understanding.tuning import tune
from domain.shop.document import ShopDocument
from domain.shop.errors import ShopFileError
from domain.shop.partial import read_partial_shop
from domain.shop.snapshot import snapshot_of
from haowei.nlu import clock_at
from haowei.settings import Nlu, Settings
from haowei.understanding import MODELS, SETTINGS_FILE, Bar, embedded_engine, load_responses, training_folders

_WRONG = 2
_DIET = "Rasa DIET"
_OURS = "embedded"


def train(settings: Settings, *, tuned: bool) -> int:
    """Learn from nlu_data (and the overlay); with `tuned`, first choose by cross-validation how. Returns: the exit code."""
    try:
        if tuned:
            data = read_training_data(*training_folders(settings.nlu_overlay))
            found = tune(data, lambda line: print(line, flush=True))
            write_model_settings(SETTINGS_FILE, found.settings, _in_short(found.scores))
            print(f"kept in {SETTINGS_FILE}: {_in_short(found.scores)}")
        engine = embedded_engine(settings.nlu_overlay)
    except (TrainingDataError, ModelSettingsError) as error:
        print(error, file=sys.stderr)
        return _WRONG
    print(f"{len(engine.intents)} intents; the model is in {MODELS}")
    return 0


async def test(settings: Settings, file: Path, learn_from: Sequence[Path], shop: Path | None, report: Path | None) -> int:
    """Ask an engine about sentences with known meaning. Returns: the exit code.

    Args:
        learn_from: Data of another kind to learn from instead of nlu_data; the embedded engine only.
        shop: A shop file: judge the whole understanding (rules, resolvers, engine, decision), not the engine alone.
        report: Where a Markdown report goes, with a picture beside it.
    """
    try:
        rows = read_test_rows(file)
        document = _read_shop(shop) if shop else None
        async with _engine(settings, learn_from) as engine:
            answers = await (_answers_of_all(engine, settings, rows, document) if document else answer(engine, rows))
            speed = await measure_speed(engine, [row.text for row in rows])
    except (TrainingDataError, ShopFileError, OSError, aiohttp.ClientError, RasaAnswerError) as error:
        print(error, file=sys.stderr)
        return _WRONG
    scores = score(rows, answers)
    for line in _lines({file.name: (scores, speed, None)}):
        print(line)
    print("confused:", ", ".join(f"{right} → {said} ×{n}" for right, said, n in scores.confusions[:10]) or "nothing")
    if report is not None:
        picture = write_report(report, f"{settings.nlu} on {file.name}", rows, answers, scores, speed=speed)
        print(f"report: {report}, picture: {picture}")
    return 0


async def compare(settings: Settings, file: Path, learn_from: Sequence[Path], rasa_url: str) -> int:
    """Put both engines side by side on the same sentences. Returns: the exit code.

    Args:
        learn_from: What the embedded engine learns from instead of nlu_data; Rasa must have learned from the same.
        rasa_url: Of a Rasa server; without one, or when it does not answer, only the embedded engine is measured.
    """
    found: dict[str, tuple[Scores, Speed, ServingCost | None]] = {}
    answers: dict[str, list[Understanding]] = {}
    try:
        rows = read_test_rows(file)
        texts = [row.text for row in rows]
        folders = list(learn_from) or training_folders(settings.nlu_overlay)
        async with _engine(settings.model_copy(update={"nlu": Nlu.EMBEDDED}), learn_from) as engine:
            answers[_OURS] = await answer(engine, rows)
            cost = measure_serving(folders, SETTINGS_FILE, MODELS, texts)
            found[_OURS] = score(rows, answers[_OURS]), cost.speed, cost
        if rasa_url:
            async with _rasa(rasa_url, settings.rasa_token.get_secret_value()) as rasa:
                answers[_DIET] = await answer(rasa, rows)
                found[_DIET] = score(rows, answers[_DIET]), await measure_speed(rasa, texts), None
    except (TrainingDataError, OSError, RasaAnswerError) as error:
        print(error, file=sys.stderr)
        return _WRONG
    for line in _lines(found):
        print(line)
    if _DIET in answers:
        both = rows, answers[_DIET], answers[_OURS]
        print(f"\nembedded over DIET, 95 % interval of a paired bootstrap on {len(rows)} sentences:")
        print(f"intent accuracy {_gain(compare_accuracy(*both))}, entity F1 {_gain(compare_entities(*both))}")
    else:
        print(f"\n{_DIET} was not asked: give --rasa-url, for example after `make rasa`")
    return 0


@asynccontextmanager
async def _engine(settings: Settings, learn_from: Sequence[Path]) -> AsyncIterator[Engine]:
    if settings.nlu is Nlu.RASA:
        async with _rasa(settings.rasa_url, settings.rasa_token.get_secret_value()) as engine:
            yield engine
    elif learn_from:
        bar = Bar()
        yield open_engine(list(learn_from), SETTINGS_FILE, MODELS, bar)
        bar.close()
    else:
        yield embedded_engine(settings.nlu_overlay)


@asynccontextmanager
async def _rasa(url: str, token: str) -> AsyncIterator[Engine]:
    async with aiohttp.ClientSession() as http:
        yield RasaEngine(http, url, _NoOther(), token=token)


class _NoOther:
    """Stands behind a Rasa that is judged: nobody answers in its place."""

    async def parse(self, text: str, *, expected: str | None = None, known: Sequence[Entity] = ()) -> Understanding:
        raise RasaAnswerError("Rasa does not answer, or not in time; start it with: make rasa")


def _read_shop(file: Path) -> ShopDocument:
    return read_partial_shop(file.read_bytes())


async def _answers_of_all(engine: Engine, settings: Settings, rows: Sequence[Example], shop: ShopDocument) -> list[Understanding]:
    """What the whole understanding makes of sentences; what it would not act on keeps the confidence that says so."""
    snapshot = snapshot_of(shop)
    interpreter = Interpreter(engine, load_responses(settings.nlu_overlay).intent_titles())
    words = words_of(snapshot)
    situation = Situation(clock_at(None, snapshot.brand.timezone).now(), staff=True)
    readings = [await interpreter.read(row.text, words, situation) for row in rows]
    shares = {decision: sum(reading.decision is decision for reading in readings) / len(readings) for decision in Decision}
    print("decisions:", ", ".join(f"{decision} {share:.1%}" for decision, share in shares.items()))
    return [reading.understanding for reading in readings]


def _lines(found: dict[str, tuple[Scores, Speed, ServingCost | None]]) -> list[str]:
    """A Markdown table with a column for each."""
    measures = {
        "sentences": [f"{scores.rows}" for scores, _, _ in found.values()],
        "intent accuracy (macro F1)": [f"{scores.accuracy:.3f} ({scores.macro_f1:.3f})" for scores, _, _ in found.values()],
        "entity F1, exact place and type": [f"{scores.entities.f1:.3f}" for scores, _, _ in found.values()],
        "sentence exact": [f"{scores.exact:.3f}" for scores, _, _ in found.values()],
        "expected calibration error": [f"{scores.calibration_error:.3f}" for scores, _, _ in found.values()],
        "acts (rightly)": [f"{scores.act[0]:.1%} ({scores.act[1]:.1%})" for scores, _, _ in found.values()],
        "asks (right one among three)": [f"{scores.ask[0]:.1%} ({scores.ask[1]:.1%})" for scores, _, _ in found.values()],
        "parses a second": [f"{speed.per_second:.0f}" for _, speed, _ in found.values()],
        "p50, p99 of a parse": [f"{speed.p50:.2f} ms, {speed.p99:.2f} ms" for _, speed, _ in found.values()],
        "load": [f"{cost.load_seconds:.2f} s" if cost else "" for _, _, cost in found.values()],
        "resident memory of the process": [f"{cost.resident_mb:.0f} MB" if cost else "" for _, _, cost in found.values()],
    }
    rows = [f"| {name} | {' | '.join(values)} |" for name, values in measures.items() if any(values)]
    return [f"| | {' | '.join(found)} |", f"|---|{'---|' * len(found)}", *rows]


def _gain(difference: Difference) -> str:
    return f"{difference.mean:+.3f} ({difference.low:+.3f} to {difference.high:+.3f})"


def _in_short(scores: Scores) -> str:
    acts = f"acts on {scores.act[0]:.1%} ({scores.act[1]:.1%} right)"
    return f"out of fold: intent accuracy {scores.accuracy:.3f}, entity F1 {scores.entities.f1:.3f}, {acts}"
