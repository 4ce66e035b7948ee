"""How long a visitor waits: from `haowei demo` to its URL, and from opening the page to seeing it."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from playwright.async_api import async_playwright

from tests.bench.report import FOLDER, Report, Table, median
from tests.servers import free_port

_ROOT = Path(__file__).parents[2]
_FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


async def run(*, requests: int, repetitions: int) -> Report:
    """Measure. Args: requests: not used here; repetitions: starts after the first, and openings of the page."""
    folder = FOLDER / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    first, _ = await asyncio.to_thread(_start, folder, 0)
    starts, paints = [], []
    for _ in range(repetitions):
        seconds, painted = await asyncio.to_thread(_start, folder, 1)
        starts.append(seconds)
        paints += painted
    rows = (
        ("first start, to the URL", f"{first:.2f} s", "–"),
        ("second start, to the URL", f"{median(starts):.2f} s", "<3 s"),
        ("first view of the page", f"{median(paints) / 1000:.2f} s", "<1.5 s"),
    )
    table = Table("The demo", ("what", "median", "aim"), rows, "Debian's chromium without a window; the packages are installed already.")
    return Report((table,), {"first": first, "starts": starts, "paints_ms": paints})


def _start(folder: Path, openings: int) -> tuple[float, list[float]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    began = time.monotonic()
    command = [sys.executable, "-m", "haowei", "demo", "--port", str(port)]
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as demo:
        assert demo.stdout is not None
        while url not in demo.stdout.readline():
            assert demo.poll() is None
        seconds = time.monotonic() - began
        painted = [asyncio.run(_first_paint(url)) for _ in range(openings)]
        demo.send_signal(signal.SIGTERM)
    return seconds, painted


async def _first_paint(url: str) -> float:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(url)
        painted: float = await (await page.wait_for_function(_FIRST_PAINT)).json_value()
        await browser.close()
    return painted
