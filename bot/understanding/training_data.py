"""What the engines learn from and are tested on: folders of Rasa 3.x NLU files, and test rows as JSON lines.

Every fault is told with file and line, all of them together. Later folders (a chain's overlay) add to earlier ones: their examples,
lookups and expressions are added, their synonyms replace synonyms of the same words, and where they give a sentence another intent,
theirs holds.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.understanding.engine import Entity
from bot.understanding.model_files import data_files
from bot.understanding.rasa_format import Example, Fault, TrainingDataError, read_items

__all__ = ["Example", "Fault", "TrainingData", "TrainingDataError", "read_test_rows", "read_training_data"]

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything the files of some folders say.

    Attributes:
        synonyms: Words as written -> the value they stand for.
        lookups: Entity -> names that exist.
        regexes: Name -> expressions (for Rasa; the embedded engine has resolvers instead).
        warnings: What is learned from, but looks like a mistake.
    """

    examples: tuple[Example, ...]
    synonyms: Mapping[str, str] = field(default_factory=dict)
    lookups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    regexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[Fault, ...] = ()


def read_training_data(*folders: Path) -> TrainingData:
    """Read every .yml below the folders, a later folder over an earlier one.

    Raises:
        TrainingDataError: All faults of all files together.
    """
    reader = _Reader()
    for folder in folders:
        reader.start_folder(folder)
        for path in data_files(folder):
            reader.read(path)
    return reader.data()


def read_test_rows(path: Path) -> tuple[Example, ...]:
    """Sentences to test an engine on: a Rasa NLU file or folder, or JSON lines of {text, intent, entities[{start, end, entity, value}]}.

    A sentence may stand several times, and with different intents: people wrote it so.

    Raises:
        TrainingDataError: All faults together.
    """
    faults: list[Fault] = []
    if path.suffix == ".jsonl":
        rows = list(_json_rows(path, faults))
    else:
        rows = []
        for file in data_files(path) if path.is_dir() else [path]:
            rows += [found for _, _, found in read_items(file, faults) if isinstance(found, Example)]
    if not rows and not faults:
        faults.append(Fault(str(path), 1, "no sentence to test"))
    if faults:
        raise TrainingDataError(faults)
    return tuple(rows)


class _Reader:
    """Collects what files say, folder by folder."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._examples: dict[str, list[Example]] = {}  # by text without spaces
        self._synonyms: dict[str, str] = {}
        self._lists: dict[str, dict[str, dict[str, None]]] = {"lookup": {}, "regex": {}}
        self._warnings: list[Fault] = []
        self._earlier: frozenset[str] = frozenset()

    def start_folder(self, folder: Path) -> None:
        self._earlier = frozenset(self._examples)
        if not folder.is_dir():
            self.faults.append(Fault(str(folder), 1, "no such folder"))

    def read(self, path: Path) -> None:
        for kind, name, found in read_items(path, self.faults):
            if isinstance(found, Example):
                self._add(found)
            elif kind == "synonym":
                self._synonyms[found] = name
            else:
                self._lists[kind].setdefault(name, {})[found] = None

    def _add(self, example: Example) -> None:
        key = _SPACES.sub("", example.text)
        before = self._examples.setdefault(key, [])
        for other in before:
            if other.intent != example.intent:
                file, _, line = example.place.rpartition(":")
                problem = f"「{example.text}」 is {example.intent} here and {other.intent} in {other.place}"
                self._warnings.append(Fault(file, int(line), problem))
        if key in self._earlier:
            before.clear()
            self._earlier -= {key}
        if all(other.intent != example.intent for other in before):
            before.append(example)

    def data(self) -> TrainingData:
        examples = tuple(example for found in self._examples.values() for example in found)
        if not examples and not self.faults:
            self.faults.append(Fault("training data", 1, "no examples of any intent"))
        if self.faults:
            raise TrainingDataError(self.faults)
        synonyms = dict(self._synonyms)
        for example in examples:
            for entity in example.entities:
                words = example.text[entity.start : entity.end]
                if entity.value != words:
                    synonyms.setdefault(words, entity.value)
        lookups, regexes = ({name: tuple(values) for name, values in self._lists[kind].items()} for kind in ("lookup", "regex"))
        return TrainingData(examples, synonyms, lookups, regexes, tuple(self._warnings))


def _json_rows(path: Path, faults: list[Fault]) -> Iterator[Example]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(str(path), 1, f"cannot be read as UTF-8 text: {error}"))
        return
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, intent = str(row["text"]), str(row["intent"])
            entities = tuple(_json_entities(row.get("entities") or (), text))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            faults.append(Fault(str(path), number, f"no row of text, intent and entities: {error!r}"))
        else:
            yield Example(text, intent, entities, f"{path}:{number}")


def _json_entities(rows: Iterable[Mapping[str, Any]], text: str) -> Iterator[Entity]:
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        if not 0 <= start < end <= len(text):
            raise ValueError(f"{row} does not lie within the text")
        yield Entity(str(row["entity"]), row.get("value", text[start:end]), start, end)
