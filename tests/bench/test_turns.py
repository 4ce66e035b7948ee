"""The bench of turns still measures what it says; how long anything takes is no test."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.turns import MESSAGES

_ROOT = Path(__file__).parents[2]


def test_a_small_run_answers_rightly_and_writes_its_report(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bench", "turns", "--requests", "20", "--repetitions", "1"]

    subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(_ROOT)}, check=True, timeout=120)

    report = (tmp_path / "var/bench/latest.md").read_text(encoding="utf-8")
    cells = json.loads((tmp_path / "var/bench/latest.json").read_text(encoding="utf-8"))["benches"]["turns"]["cells"]
    assert all(message.name in report for message in MESSAGES)
    assert [cell["connections"] for cell in cells] == [1, 16] * len(MESSAGES)
