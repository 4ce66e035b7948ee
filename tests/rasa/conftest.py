"""Rasa with a model that it learned in a few rounds from our data. These tests are collected only by `make test-rasa`: Rasa is 2.7 GB."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from bot.responses import NLU_DATA
from bot.understanding.engine import Engine
from haowei.routing import ROUTES
from haowei.settings import Nlu, Settings
from haowei.understanding import engine_of
from tests.rasa.server import PROGRAM, RasaServer, run_rasa

collect_ignore_glob = [] if os.environ.get(PROGRAM) else ["test_*.py"]

_ROUNDS = 3  # of 100: enough to tell dishes and intents apart, and minutes


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of nlu_data as it is, but learned in a few rounds."""
    home = tmp_path_factory.mktemp("rasa-training")
    config = yaml.safe_load((NLU_DATA / "config.yml").read_text(encoding="utf-8"))
    [diet] = [part for part in config["pipeline"] if part["name"] == "DIETClassifier"]
    diet["epochs"] = _ROUNDS
    (home / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")

    learned = run_rasa(
        *("train", "nlu", "--nlu", NLU_DATA / "nlu", "--domain", NLU_DATA / "domain.yml", "--config", home / "config.yml"),
        *("--out", home / "models", "--fixed-model-name", "short"),
        home=home,
    )

    assert learned.returncode == 0, learned.stdout[-3000:]
    return home / "models" / "short.tar.gz"


@pytest.fixture(scope="session")
def _the_server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaServer]:
    server = RasaServer(tmp_path_factory.mktemp("rasa"), model)
    yield server
    server.kill()


@pytest.fixture
def rasa(_the_server: RasaServer) -> RasaServer:
    """Rasa, running; started again after a test that killed it."""
    return _the_server.start()


@pytest.fixture
async def asking(rasa: RasaServer) -> AsyncIterator[Engine]:
    """The engine of an installation whose settings name Rasa."""
    settings = Settings(nlu=Nlu.RASA, rasa_url=rasa.url, rasa_token=SecretStr(rasa.token))
    async with engine_of(settings) as engine:
        yield engine


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES
