"""The programs under measurement, each a process of its own, and what they cost."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.servers import free_port

_ROOT = Path(__file__).resolve().parents[2]
_READY_S = 30.0
_STOP_S = 20.0
_SETTLE_S = 0.05  # after the last answer a server still closes its connections


@dataclass(frozen=True, slots=True)
class Program:
    """A server that answers on a port. `pid` is the process that does the work."""

    name: str
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """CPU time of the process so far, all threads, the ended ones too, in user and system mode.

        The clock behind clock_getcpuclockid(3): the same sum as utime + stime in /proc/<pid>/stat, in nanoseconds
        instead of hundredths of a second.
        """
        return time.clock_gettime((~self.pid << 3) | 2)


@dataclass(frozen=True, slots=True)
class Shot:
    """One load on one program.

    Attributes:
        cpu_us: CPU microseconds of the program a request.
        seconds: How long each answer took.
        bodies: The answers.
    """

    cpu_us: float
    seconds: tuple[float, ...]
    bodies: tuple[str, ...]


@contextlib.contextmanager
def haowei(environment: Mapping[str, str], folder: Path) -> Iterator[Program]:
    """`haowei web` as an installation runs it, with a log in the folder."""
    port = free_port()
    settings = {**environment, "HAOWEI_HOST": "127.0.0.1", "HAOWEI_PORT": str(port), "HAOWEI_METRICS_LISTEN": ""}
    with _running([sys.executable, "-m", "haowei", "web"], settings, folder / "haowei.log", port) as pid:
        yield Program("haowei", port, pid)


@contextlib.contextmanager
def flask_echo(environment: Mapping[str, str], folder: Path) -> Iterator[Program]:
    """Flask's echo under gunicorn: one synchronous worker, no access log. Its master process does nothing and is not counted."""
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "--workers=1", f"--bind=127.0.0.1:{port}", "tests.bench.flask_echo:make_echo()"]
    with _running(gunicorn, environment, folder / "flask.log", port) as master:
        children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
        yield Program("flask", port, int(children[0]))


def fire(program: Program, requests: Sequence[str], *, connections: int, keep_alive: bool) -> Shot:
    """Send requests from a process of its own, and wait for every answer.

    Raises:
        RuntimeError: An answer was not 200.
    """
    job = json.dumps({"port": program.port, "connections": connections, "keep_alive": keep_alive, "requests": requests})
    load = [sys.executable, "-m", "tests.bench.load"]
    with subprocess.Popen(load, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        before = program.cpu_seconds()
        output, _ = process.communicate(job)
        time.sleep(_SETTLE_S)
        spent = program.cpu_seconds() - before
    if process.returncode:
        raise RuntimeError(f"the load on {program.name} broke off")
    answers = json.loads(output)
    wrong = {status for _, status, _ in answers} - {200}
    if wrong:
        raise RuntimeError(f"{program.name} answered {sorted(wrong)}")
    return Shot(spent / len(requests) * 1e6, tuple(answer[0] for answer in answers), tuple(answer[2] for answer in answers))


@contextlib.contextmanager
def _running(command: Sequence[str], settings: Mapping[str, str], log: Path, port: int) -> Iterator[int]:
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HAOWEI_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=log.parent, env={**environment, **settings, "PYTHONPATH": paths}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_ready(process, port, log)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_STOP_S)


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(URLError, ConnectionError), urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return
        time.sleep(0.05)
    raise RuntimeError(f"not ready; its log:\n{log.read_text(encoding='utf-8')}")
