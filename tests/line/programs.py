"""`python -m haowei …` as processes of their own: started, waited for, stopped, killed, and their logs read."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 60.0
STOPS_WITHIN_S = 20.0


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with these settings, and no others of Haowei's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAOWEI_")}
    paths = [str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"} | dict(settings)


def command(*arguments: str) -> list[str]:
    """The command line. On Linux a process ends with the test run, however that ends."""
    tied = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    return [*tied, sys.executable, "-m", "haowei", *arguments]


async def run(*arguments: str, settings: Mapping[str, str], folder: Path, stdin: bytes = b"") -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""

    def until_it_ends() -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            command(*arguments), env=environment(settings), cwd=folder, input=stdin, capture_output=True, timeout=120, check=False
        )

    ended = await asyncio.to_thread(until_it_ends)
    return subprocess.CompletedProcess(ended.args, ended.returncode, ended.stdout.decode(), ended.stderr.decode())


class Program:
    """One long-running command, in a folder of its own; it may be started again after it ended.

    Attributes:
        address: Where its /readyz is; None when it has none.
    """

    def __init__(self, arguments: Sequence[str], settings: Mapping[str, str], folder: Path, *, address: str | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.address = address
        self._arguments = arguments
        self._settings = settings
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has printed so far, over all its lives."""
        file = self._folder / "log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def resident_bytes(self) -> int:
        """How much memory it has in use now (VmRSS)."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")

    async def start(self) -> None:
        """Start it, and wait until it says that it is ready."""
        self.spawn()
        if self.address is not None:
            await self.becomes_ready()

    def spawn(self) -> None:
        """Start it."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command(*self._arguments),
                env=environment(self._settings),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def becomes_ready(self, *, ready: bool = True, within_s: float = STARTS_WITHIN_S) -> None:
        """Wait until /readyz says so, or no longer says so."""
        until = time.monotonic() + within_s
        async with aiohttp.ClientSession() as http:
            while time.monotonic() < until:
                assert self.is_running, f"{self._arguments} ended by itself:\n{self.log[-4000:]}"
                if await _is_ready(http, f"{self.address}/readyz") is ready:
                    return
                await asyncio.sleep(0.05)
        raise TimeoutError(f"{self._arguments}: ready is not {ready} within {within_s} s:\n{self.log[-4000:]}")

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    async def stop(self) -> int:
        """SIGTERM, and wait. Returns the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return await self.ends()

    async def ends(self) -> int:
        """Wait for its end; one that hangs is killed."""
        assert self._process is not None
        try:
            return await asyncio.to_thread(self._process.wait, STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise TimeoutError(f"{self._arguments} did not stop within {STOPS_WITHIN_S} s:\n{self.log[-4000:]}") from None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)


async def _is_ready(http: aiohttp.ClientSession, url: str) -> bool | None:
    try:
        async with http.get(url, timeout=aiohttp.ClientTimeout(total=5)) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return None
