"""Rasa 3.x NLU files: `nlu:` with intents, synonyms, lookups and expressions, examples line by line, entities written into them."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.understanding.engine import Entity

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # PyYAML built without libyaml reads the same, slower
_KINDS = ("intent", "synonym", "lookup", "regex")
# [words](entity), [words](entity:value), [words]{"entity": "name", …}; WeChat's own [微笑] is text.
_ANNOTATION = re.compile(r"\[(?P<words>[^\[\]]+)\](?:\((?P<name>[^()]*)\)|(?P<json>\{[^{}]*\}))")
_BROKEN = re.compile(r"\][({]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file.

    Attributes:
        line: Counted from 1.
    """

    file: str
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}"


class TrainingDataError(ValueError):
    """Files cannot be learned from; `faults` holds every reason."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, and what a reader says it means. `place` is the file and line it comes from."""

    text: str
    intent: str
    entities: tuple[Entity, ...] = ()
    place: str = ""


def compose(path: Path) -> yaml.Node | None:
    """A YAML file as nodes, which know their lines; None for an empty one.

    Raises:
        TrainingDataError: It cannot be read, or is no YAML.
    """
    try:
        root: yaml.Node | None = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingDataError([Fault(str(path), 1, f"cannot be read as UTF-8 text: {error}")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = f"not YAML: {getattr(error, 'problem', None) or error}"
        raise TrainingDataError([Fault(str(path), mark.line + 1 if mark else 1, problem)]) from error
    return root


def read_items(path: Path, faults: list[Fault]) -> Iterator[tuple[str, str, Example | str]]:
    """(kind, name, what it says) for every line of examples in a file. Files without `nlu:` (responses, a domain) hold none."""
    try:
        root = compose(path)
    except TrainingDataError as error:
        faults += error.faults
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        faults.append(Fault(str(path), 1, "must begin with version: and nlu:"))
        return
    items = entries(root).get("nlu")
    if items is None:
        return
    if not isinstance(items, yaml.SequenceNode):
        faults.append(Fault(str(path), items.start_mark.line + 1, "nlu: must be a list"))
        return
    for item in items.value:
        yield from _read_item(path, item, faults)


def _read_item(path: Path, item: yaml.Node, faults: list[Fault]) -> Iterator[tuple[str, str, Example | str]]:
    line = item.start_mark.line + 1
    fields = entries(item)
    kinds = [kind for kind in _KINDS if kind in fields]
    if len(kinds) != 1:
        faults.append(Fault(str(path), line, f"needs one of {', '.join(_KINDS)}"))
        return
    (kind,) = kinds
    name = fields[kind].value
    if not isinstance(name, str) or not name.strip():
        faults.append(Fault(str(path), line, f"{kind} has no name"))
        return
    if "examples" not in fields:
        faults.append(Fault(str(path), line, f"{kind} {name} has no examples"))
        return
    for number, text in _lines(path, fields["examples"], faults):
        if kind == "intent":
            example = _example(path, number, text, name.partition("/")[0], faults)
            if example is not None:
                yield kind, name, example
        else:
            yield kind, name, text


def _lines(path: Path, examples: yaml.Node, faults: list[Fault]) -> Iterator[tuple[int, str]]:
    """Each example with its line: `|` with a dash before each, or a list of {text: …}."""
    if isinstance(examples, yaml.SequenceNode):
        for item in examples.value:
            node = entries(item).get("text", item)
            if isinstance(node, yaml.ScalarNode) and node.value.strip():
                yield node.start_mark.line + 1, node.value.strip().removeprefix("- ")
            else:
                faults.append(Fault(str(path), item.start_mark.line + 1, "an example needs text:"))
        return
    first = examples.start_mark.line + (2 if getattr(examples, "style", None) in {"|", ">"} else 1)
    for number, written in enumerate(str(examples.value).split("\n"), first):
        text = written.strip()
        if not text:
            continue
        if text[0] != "-" or not text[1:].strip():
            faults.append(Fault(str(path), number, f"an example begins with a dash and has words: {text}"))
        else:
            yield number, text[1:].strip()


def _example(path: Path, line: int, written: str, intent: str, faults: list[Fault]) -> Example | None:
    pieces: list[str] = []
    entities: list[Entity] = []
    length = end = 0
    for match in _ANNOTATION.finditer(written):
        words = match["words"]
        named = _named(match)
        if isinstance(named, str):
            faults.append(Fault(str(path), line, f"{match[0]}: {named}"))
            return None
        name, value = named
        pieces += [written[end : match.start()], words]
        length += match.start() - end
        entities.append(Entity(name, words if value is None else value, length, length + len(words)))
        length += len(words)
        end = match.end()
    pieces.append(written[end:])
    text = "".join(pieces)
    if _BROKEN.search(text):
        faults.append(Fault(str(path), line, f"an entity is written [words](name): {written}"))
        return None
    return Example(text, intent, tuple(entities), f"{path}:{line}")


def _named(match: re.Match[str]) -> tuple[str, str | None] | str:
    """The entity's name and value, or what is wrong."""
    if match["json"] is None:
        name, _, value = match["name"].partition(":")
        return (name.strip(), value.strip() or None) if name.strip() else "no name of an entity"
    try:
        found = json.loads(match["json"])
    except ValueError as error:
        return f"not JSON: {error}"
    name, value = found.get("entity"), found.get("value")
    if not isinstance(name, str) or not name:
        return 'no "entity"'
    return name, None if value is None else str(value)


def entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """A map's values by key; of anything else nothing."""
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
