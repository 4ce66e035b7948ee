"""Which engine understands diners in this installation, and how it is made ready: trained on first need, or asked over HTTP.

A chain's overlay (HAOWEI_NLU_OVERLAY) has the folders of nlu_data: nlu/ adds examples and words, responses/ replaces texts.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from prometheus_client import Counter

from bot.responses import NLU_DATA, Responses, ResponsesError
from bot.understanding.embedded import EmbeddedEngine, open_engine
from bot.understanding.engine import Engine
from bot.understanding.model_settings import ModelSettingsError
from bot.understanding.rasa import RasaEngine
from bot.understanding.rasa_format import TrainingDataError
from haowei.nlu_overlay import EXAMPLES, TEXTS, check_overlay
from haowei.settings import Nlu, Settings, SettingsError

MODELS = NLU_DATA.parent / "var" / "nlu"
SETTINGS_FILE = NLU_DATA / "embedded.yml"
RASA_FALLBACKS = Counter("haowei_rasa_fallbacks", "Turns that the embedded engine answered instead of Rasa, by reason", ["reason"])
_BAR = 30


def training_folders(overlay: Path | None) -> list[Path]:
    """Where the training data is: ours, then the chain's own.

    Raises:
        SettingsError: The chain's own folder has faults.
    """
    return [NLU_DATA / EXAMPLES, *_inside(overlay, EXAMPLES)]


def load_responses(overlay: Path | None) -> Responses:
    """Every reply text: ours, with the chain's own in their place.

    Raises:
        SettingsError: The chain's own folder has faults, or our texts have.
    """
    try:
        return Responses.load(NLU_DATA / TEXTS, *_inside(overlay, TEXTS))
    except ResponsesError as error:
        raise SettingsError([str(error)]) from error


def embedded_engine(overlay: Path | None, *, models: Path = MODELS) -> EmbeddedEngine:
    """The engine of this process; trained now, with a bar on standard error, when its data is new.

    Raises:
        SettingsError: The data cannot be learned from, or not with the settings that were chosen; with every fault.
    """
    folders = training_folders(overlay)
    bar = Bar()
    try:
        return open_engine(folders, SETTINGS_FILE, models, bar)
    except (TrainingDataError, ModelSettingsError) as error:
        raise SettingsError(str(error).splitlines()) from error
    except OSError as error:
        raise SettingsError([f"the model of what diners say cannot be kept: {error}"]) from error
    finally:
        bar.close()


@asynccontextmanager
async def engine_of(settings: Settings) -> AsyncIterator[Engine]:
    """The engine that the settings name, for as long as the process serves."""
    embedded = embedded_engine(settings.nlu_overlay)
    if settings.nlu is Nlu.EMBEDDED:
        yield embedded
        return
    async with aiohttp.ClientSession() as http:
        token = settings.rasa_token.get_secret_value()
        yield RasaEngine(http, settings.rasa_url, embedded, token=token, on_fallback=lambda reason: RASA_FALLBACKS.labels(reason).inc())


class Bar:
    """Draws how far training is, once there is something to draw."""

    def __init__(self) -> None:
        self._drawn = -1

    def __call__(self, share: float) -> None:
        done = round(share * _BAR)
        if done != self._drawn:
            self._drawn = done
            end = "\r" if sys.stderr.isatty() else "\n"
            if sys.stderr.isatty() or done in {0, _BAR}:
                sys.stderr.write(f"Learning to understand diners, once [{'#' * done}{'.' * (_BAR - done)}]{end}")
                sys.stderr.flush()

    def close(self) -> None:
        if self._drawn >= 0 and sys.stderr.isatty():
            sys.stderr.write("\n")


def _inside(overlay: Path | None, name: str) -> list[Path]:
    if overlay is None:
        return []
    check_overlay(overlay)
    return [overlay / name] if (overlay / name).is_dir() else []
