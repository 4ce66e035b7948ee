"""The real Rasa: its command line, and a server of our own that may be stopped and killed."""

import os
import shlex
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Self

from bot.responses import NLU_DATA
from tests import servers

PROGRAM = "HAOWEI_TEST_RASA"  # the path of `rasa` in its environment; make test-rasa sets it
READY_S = 600.0  # a model takes half a minute, and minutes on a machine that is busy
_TOKEN = "test-rasa"
_CACHE = NLU_DATA.parent / "var" / "rasa" / "cache"
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONWARNINGS": ""}


def environment() -> dict[str, str]:
    """What Rasa's processes inherit. Its cache is kept: what was learned from the same data is not learned again."""
    return {**os.environ, "RASA_CACHE_DIRECTORY": str(_CACHE), **_QUIET}


def run_rasa(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run Rasa's command line in a folder; what it prints is in `stdout`."""
    command = [os.environ[PROGRAM], *map(str, arguments)]
    return subprocess.run(command, cwd=home, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def run_python(program: str, *arguments: str | Path) -> str:
    """Run a few lines with Rasa's own Python and return what they print."""
    python = Path(os.environ[PROGRAM]).parent / "python"
    command = [python, "-W", "ignore", "-c", program, *map(str, arguments)]
    return subprocess.run(command, env=environment(), stdout=subprocess.PIPE, text=True, check=True).stdout


class RasaServer(servers._Server):
    """`rasa run` with one model."""

    token = _TOKEN

    def __init__(self, home: Path, model: Path) -> None:
        super().__init__(home)
        self._model = model

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start it, if it does not run, and wait until it answers.

        Raises:
            TimeoutError: It does not answer.
        """
        if self._supervisor is None:
            run = [os.environ[PROGRAM], "run", "--enable-api", "--auth-token", _TOKEN, "--model", str(self._model)]
            where = ["--interface", "127.0.0.1", "--port", str(self.port)]
            settings = [f"{name}={value}" for name, value in environment().items() if os.environ.get(name) != value]
            self.home.mkdir(parents=True, exist_ok=True)
            self._supervise(f"exec {shlex.join(['env', *settings, *run, *where])}")
        self._wait_for_an_answer()
        return self

    def _wait_for_an_answer(self) -> None:
        """The first one takes seconds: TensorFlow builds its graph with it. Such a turn is for the embedded engine."""
        request = urllib.request.Request(
            f"{self.url}/model/parse?token={_TOKEN}", data=b'{"text": "hello"}', headers={"Content-Type": "application/json"}
        )
        until = time.monotonic() + READY_S
        while True:
            try:
                with urllib.request.urlopen(request, timeout=READY_S):
                    return
            except OSError:  # refused while it loads the model
                if time.monotonic() > until:
                    raise TimeoutError(f"no Rasa on {self.url} after {READY_S} s:\n{self.log.read_text()[-2000:]}") from None
            time.sleep(0.2)
