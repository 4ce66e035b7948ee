"""`haowei nlu train|test|compare`: how well diners are understood, by which engine, and at what cost."""

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
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
from bot.understanding.shop_words import local_time, words_of
from bot.understanding.training_data import TrainingDataError, read_test_rows, read_training_data
from bot.understanding.tuning import tune
from domain.shop.document import ShopDocument
from domain.shop.snapshot import snapshot_of
from haowei.nlu import ShopUnreadableError, clock_at, shop_to_try
from haowei.settings import Nlu, Settings
from haowei.understanding import MODELS, SETTINGS_FILE, Bar, embedded_engine, load_responses, training_folders

_WRONG = 2
_JUDGED_PATIENCE_S = 60.0  # a Rasa that is judged is waited for, unlike one that serves
_FAILED = 1
_OTHER_MODELS = MODELS / "other-data"  # apart, so that trying out never pushes out the model that serves
_DIET = "Rasa DIET"
_OURS = "embedded"


def train(settings: Settings, *, tuned: bool) -> int:
    """Learn from nlu_data (and the overlay); with `tuned`, first choose by cross-validation how. Returns: the exit code.

    Raises:
        SettingsError: The data cannot be learned from.
    """
    folders = training_folders(settings.nlu_overlay)
    if tuned:
        try:
            found = tune(read_training_data(*folders), lambda line: print(line, flush=True))
        except TrainingDataError as error:
            print(error, file=sys.stderr)
            return _WRONG
        write_model_settings(SETTINGS_FILE, found.settings, _in_short(found.scores))
        print(f"kept in {SETTINGS_FILE}: {_in_short(found.scores)}")
    engine = embedded_engine(settings.nlu_overlay)
    data = read_training_data(*folders)
    for warning in data.warnings:
        print(f"note: {warning}")
    print(f"{len(data.examples)} sentences of {len(engine.intents)} intents are learned; the model is in {MODELS}")
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
        document = shop_to_try(shop) if shop else None
        async with _engine(settings, learn_from) as engine:
            judged = _WholeUnderstanding(engine, settings, document) if document else engine
            answers = await answer(judged, rows)
            decisions = Counter(judged.decisions) if isinstance(judged, _WholeUnderstanding) else None
            speed = await measure_speed(judged, [row.text for row in rows])
    except (TrainingDataError, ModelSettingsError, ShopUnreadableError, OSError, aiohttp.ClientError) as error:
        print(error, file=sys.stderr)
        return _WRONG
    except RasaAnswerError as error:
        print(error, file=sys.stderr)
        return _FAILED
    scores = score(rows, answers)
    name = f"{settings.nlu}" if document is None else f"the whole understanding with {settings.nlu}"
    for line in _lines({name: (scores, speed, None)}):
        print(line)
    if decisions is not None:
        print("entities: a dish of the shop carries its number and unit; they are not found again as quantity and unit")
        print("decisions:", ", ".join(f"{decision} {decisions[decision] / len(rows):.1%}" for decision in Decision))
    print("confused:", ", ".join(f"{right} → {said} ×{n}" for right, said, n in scores.confusions[:10]) or "nothing")
    if report is not None:
        try:
            picture = write_report(report, f"{name} on {file.name}", rows, answers, scores, speed=speed)
        except OSError as error:
            print(f"the report cannot be written: {error}", file=sys.stderr)
            return _WRONG
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
    silent = ""
    try:
        rows = read_test_rows(file)
        texts = [row.text for row in rows]
        with _learned_from(settings, learn_from) as learned:
            answers[_OURS] = await answer(learned.engine, rows)
            cost = measure_serving(learned.folders, learned.settings_file, learned.models, texts)
        found[_OURS] = score(rows, answers[_OURS]), cost.speed, cost
        if rasa_url:
            try:
                async with _rasa(rasa_url, settings.rasa_token.get_secret_value()) as rasa:
                    said = await answer(rasa, rows)
                    found[_DIET] = score(rows, said), await measure_speed(rasa, texts), None
                    answers[_DIET] = said
            except RasaAnswerError as error:
                silent = str(error)
    except (TrainingDataError, ModelSettingsError, OSError) as error:
        print(error, file=sys.stderr)
        return _WRONG
    except subprocess.CalledProcessError as error:
        print(f"the process that is measured has failed:\n{error.stderr}", file=sys.stderr)
        return _FAILED
    for line in _lines(found):
        print(line)
    if _DIET in answers:
        both = rows, answers[_DIET], answers[_OURS]
        print(f"\nembedded over DIET, 95 % interval of a paired bootstrap on {len(rows)} sentences:")
        print(f"intent accuracy {_gain(compare_accuracy(*both))}, entity F1 {_gain(compare_entities(*both))}")
    elif silent:
        print(f"\n{_DIET} is not in the table: {silent}", flush=True)
        return _FAILED
    else:
        print(f"\n{_DIET} was not asked: give --rasa-url, for example after `make rasa`")
    return 0


@dataclass(frozen=True, slots=True)
class _Learned:
    """An embedded engine, and all that another process needs to open the same."""

    engine: Engine
    folders: Sequence[Path]
    settings_file: Path
    models: Path


@contextmanager
def _learned_from(settings: Settings, learn_from: Sequence[Path]) -> Iterator[_Learned]:
    """The embedded engine of this installation, or one that has learned from other data.

    Raises:
        TrainingDataError, ModelSettingsError: The other data cannot be learned from.
        SettingsError: Those of this installation cannot.
    """
    if not learn_from:
        yield _Learned(embedded_engine(settings.nlu_overlay), training_folders(settings.nlu_overlay), SETTINGS_FILE, MODELS)
        return
    own = (folder / SETTINGS_FILE.name for folder in (path if path.is_dir() else path.parent for path in learn_from))
    settings_file = next((file for file in own if file.is_file()), SETTINGS_FILE)
    with tempfile.TemporaryDirectory(prefix="haowei-nlu-") as alone:
        folders = [_alone(path, Path(alone) / str(number)) if path.is_file() else path for number, path in enumerate(learn_from)]
        bar = Bar()
        try:
            engine = open_engine(folders, settings_file, _OTHER_MODELS, bar)
        finally:
            bar.close()
        yield _Learned(engine, folders, settings_file, _OTHER_MODELS)


def _alone(file: Path, folder: Path) -> Path:
    """A folder with nothing but this file of training data, as engines learn from folders."""
    read_test_rows(file)  # its faults are told with the name that was given
    folder.mkdir()
    (folder / file.name).with_suffix(".yml").symlink_to(file.resolve())
    return folder


@asynccontextmanager
async def _engine(settings: Settings, learn_from: Sequence[Path]) -> AsyncIterator[Engine]:
    if settings.nlu is Nlu.RASA:
        async with _rasa(settings.rasa_url, settings.rasa_token.get_secret_value()) as engine:
            yield engine
    else:
        with _learned_from(settings, learn_from) as learned:
            yield learned.engine


@asynccontextmanager
async def _rasa(url: str, token: str) -> AsyncIterator[Engine]:
    async with aiohttp.ClientSession() as http:
        yield RasaEngine(http, url, _NoOther(), token=token, patience=_JUDGED_PATIENCE_S)


class _NoOther:
    """Stands behind a Rasa that is judged: nobody answers in its place."""

    async def parse(self, text: str, *, expected: str | None = None, known: Sequence[Entity] = ()) -> Understanding:
        raise RasaAnswerError("Rasa does not answer, or not in time; start it with: make rasa")


class _WholeUnderstanding:
    """Rules, resolvers, engine and decision for a diner of a shop, judged like an engine.

    Attributes:
        decisions: What was decided about each message read so far.
    """

    def __init__(self, engine: Engine, settings: Settings, shop: ShopDocument) -> None:
        self.decisions: list[Decision] = []
        self._interpreter = Interpreter(engine, load_responses(settings.nlu_overlay).intent_titles())
        self._shop = snapshot_of(shop)
        self._words = words_of(self._shop)
        self._clock = clock_at(None, self._shop.brand.timezone)

    async def parse(self, text: str, *, expected: str | None = None, known: Sequence[Entity] = ()) -> Understanding:
        situation = Situation(local_time(self._shop, None, self._clock.now()), staff=True, expected=expected)
        reading = await self._interpreter.read(text, self._words, situation)
        self.decisions.append(reading.decision)
        return reading.understanding


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
