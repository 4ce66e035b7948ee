"""Which engine understands diners in this installation, and how it is made ready: trained on first need, or asked over HTTP.

A chain's overlay (HAOWEI_NLU_OVERLAY) has the folders of nlu_data: nlu/ adds examples and words, responses/ replaces texts.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from prometheus_client import Counter

from bot.responses import NLU_DATA, Responses
from bot.understanding.embedded import EmbeddedEngine, open_engine
from bot.understanding.engine import Engine
from bot.understanding.rasa import RasaEngine
from haowei.settings import Nlu, Settings

MODELS = NLU_DATA.parent / "var" / "nlu"
SETTINGS_FILE = NLU_DATA / "embedded.yml"
RASA_FALLBACKS = Counter("haowei_rasa_fallbacks", "Turns that the embedded engine answered instead of Rasa, by reason", ["reason"])
_BAR = 30


def training_folders(overlay: Path | None) -> list[Path]:
    """Where the training data is: ours, then the chain's own."""
    return [NLU_DATA / "nlu", *_inside(overlay, "nlu")]


def load_responses(overlay: Path | None) -> Responses:
    """Every reply text: ours, with the chain's own in their place."""
    return Responses.load(NLU_DATA / "responses", *_inside(overlay, "responses"))


def embedded_engine(overlay: Path | None, *, models: Path = MODELS) -> EmbeddedEngine:
    """The engine of this process; trained now, with a bar on standard error, when its data is new.

    Raises:
        TrainingDataError: The data cannot be learned from.
    """
    bar = Bar()
    engine = open_engine(training_folders(overlay), SETTINGS_FILE, models, bar)
    bar.close()
    return engine


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
    return [overlay / name] if overlay is not None and (overlay / name).is_dir() else []
