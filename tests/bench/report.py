"""What a bench found: a table for people, raw figures for machines."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path("var/bench")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report. `note` says how to read it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def to_markdown(self) -> str:
        """The table as it goes into README: a column of text to the left, figures to the right."""
        rules = ("---", *("---:" for _ in self.columns[1:]))
        lines = ["| " + " | ".join(row) + " |" for row in (self.columns, rules, *self.rows)]
        return "\n".join([f"### {self.title}", "", *lines, *(["", self.note] if self.note else [])])


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one bench. `figures` are JSON values, whatever the bench finds worth keeping."""

    tables: tuple[Table, ...]
    figures: dict[str, Any] = field(default_factory=dict)


def publish(reports: dict[str, Report]) -> None:
    """Print the tables, and write latest.json and latest.md under var/bench."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    markdown = "\n\n".join(table.to_markdown() for report in reports.values() for table in report.tables) + f"\n\n{machine}\n"
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "latest.md").write_text(markdown, encoding="utf-8")
    found = {"machine": machine, "benches": {name: report.figures for name, report in reports.items()}}
    (FOLDER / "latest.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    print(markdown)


def median(values: Sequence[float]) -> float:
    """The middle value; of two middle ones the lower."""
    return sorted(values)[(len(values) - 1) // 2]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
