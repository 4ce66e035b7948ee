"""YAML as a tree of texts, with the place of every value: no tags, no types, no surprises.

Every scalar stays what was written (58.00, 10:30, 001, no); a key without a value is None. Built from parser events with a
stack of our own, so that depth, size and expanded aliases are bounded whatever the file is.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from domain.shop.errors import Fault, Path, path_text

MAX_BYTES = 2 * 1024 * 1024
_MAX_DEPTH = 20
_MAX_ENTRIES = 5_000  # of one list or map
_MAX_NODES = 250_000  # of the whole file, aliases written out
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # PyYAML built without libyaml reads the same, slower
_UNREADABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Place = tuple[int, int]


class UnreadableError(Exception):
    """The text is no tree; `fault` says why. Reading stops here."""

    def __init__(self, place: Place, problem: str, hint: str = "", path: Path = ()) -> None:
        self.fault = Fault(path_text(path), *place, problem, hint)
        super().__init__(str(self.fault))


@dataclass(frozen=True, slots=True)
class Tree:
    """A file as maps, lists and texts.

    Attributes:
        value: dict, list, str or None.
        values: Where each value begins, by path.
        keys: Where each key of a map stands, by path.
        faults: Keys that stand twice.
    """

    value: Any
    values: dict[Path, Place]
    keys: dict[Path, Place]
    faults: tuple[Fault, ...]

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where a path stands; what stands behind an alias, or is missing, is placed at what holds it."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))


@dataclass(slots=True)
class _Frame:
    """A map or list that is being read."""

    value: dict[str, Any] | list[Any]
    path: Path
    anchor: str | None
    size: int = 1
    key: str | None = None
    keys: set[str] = field(default_factory=set)


def read_tree(raw: bytes) -> Tree:
    """Read a YAML file.

    Args:
        raw: UTF-8, with or without a byte order mark.

    Raises:
        UnreadableError: Not UTF-8, not YAML, tags, several documents, too big, too deep, or aliases that grow too much.
    """
    text = _text(raw)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise _not_yaml(error, text) from error
    return Tree(builder.root, builder.values, builder.keys, tuple(builder.faults))


def _text(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise UnreadableError((1, 1), f"the file has {len(raw):,} bytes", "at most 2 MB")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError((1, 1), "the file is UTF-16", "save it as UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", errors="replace")
        raise UnreadableError(_end(before), "the file is not UTF-8", "save it as UTF-8, not GBK") from error
    odd = _UNREADABLE.search(text)
    if odd:
        raise UnreadableError(_end(text[: odd.start()]), f"an invisible character, U+{ord(odd[0]):04X}", "remove it")
    return text


def _not_yaml(error: yaml.YAMLError, text: str) -> UnreadableError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    if place[0] > len(lines):  # at the end of the file, which has no line of its own
        place = len(lines), len(lines[-1]) + 1
    line = lines[place[0] - 1]
    if line[place[1] - 1 : place[1]] == "\t":
        return UnreadableError(place, "not YAML: a tab", "indent with spaces")
    problem = getattr(error, "problem", None) or "it cannot be read"
    return UnreadableError(place, f"not YAML: {problem}", "put a text with : # [ ] { } , & * ! in it into 'quotes'")


def _end(before: str) -> Place:
    return before.count("\n") + 1, len(before) - before.rfind("\n")


class _Builder:
    """Takes parser events and grows the tree."""

    def __init__(self) -> None:
        self.root: Any = None
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.faults: list[Fault] = []
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event.

        Raises:
            UnreadableError: The file must not be read any further.
        """
        mark = event.start_mark
        assert mark is not None  # a parser always marks its events
        place = (mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise UnreadableError(place, "a second document begins", "one file holds one shop: remove the line ---")
        elif isinstance(event, yaml.CollectionEndEvent):
            frame = self._stack.pop()
            self._remember(frame.anchor, frame.value, frame.size)
            if self._stack:
                self._stack[-1].size += frame.size
        elif isinstance(event, yaml.NodeEvent):
            self._node(event, place)

    def _node(self, event: yaml.NodeEvent, place: Place) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise UnreadableError(place, f"a YAML tag, {tag}", "write the plain value", self._here())
        parent = self._stack[-1] if self._stack else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self._key(parent, parent.value, event, place)
            return
        path = self._here()
        self.values[path] = place
        if isinstance(event, yaml.AliasEvent):
            value, size = self._known(event, place, path)
        elif isinstance(event, yaml.ScalarEvent):
            value, size = (None if event.value == "" and event.implicit[0] else event.value), 1
            self._remember(event.anchor, value, 1)
        else:
            value, size = ([] if isinstance(event, yaml.SequenceStartEvent) else {}), 1
        self._nodes += size
        if self._nodes > _MAX_NODES:
            raise UnreadableError(place, "the file holds too many values", "aliases (*name) count as often as they are used", path)
        self._attach(parent, value, place, path)
        if isinstance(event, yaml.CollectionStartEvent):
            if len(self._stack) >= _MAX_DEPTH:
                raise UnreadableError(place, f"more than {_MAX_DEPTH} levels of maps and lists", path=path)
            self._stack.append(_Frame(value, path, event.anchor))
        elif parent is not None:
            parent.size += size

    def _key(self, frame: _Frame, value: dict[str, Any], event: yaml.NodeEvent, place: Place) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise UnreadableError(place, "a key that is not a plain word", "write key: value", frame.path)
        frame.key = event.value
        path = (*frame.path, event.value)
        if event.value in frame.keys:
            self.faults.append(Fault(path_text(path), *place, f"the key {event.value!r} stands twice", "keep one of them"))
        frame.keys.add(event.value)
        self.keys[path] = place

    def _attach(self, parent: _Frame | None, value: Any, place: Place, path: Path) -> None:
        if parent is None:
            self.root = value
        elif isinstance(parent.value, list):
            parent.value.append(value)
        else:
            assert parent.key is not None
            parent.value[parent.key] = value
            parent.key = None
        if parent is not None and len(parent.value) > _MAX_ENTRIES:
            raise UnreadableError(place, f"more than {_MAX_ENTRIES:,} entries in one list", path=path[:-1])

    def _here(self) -> Path:
        if not self._stack:
            return ()
        frame = self._stack[-1]
        if isinstance(frame.value, list):
            return (*frame.path, len(frame.value))
        return frame.path if frame.key is None else (*frame.path, frame.key)

    def _known(self, event: yaml.AliasEvent, place: Place, path: Path) -> tuple[Any, int]:
        name = str(event.anchor)
        if name not in self._anchors:
            raise UnreadableError(place, f"the alias *{name} points to nothing before it", f"mark a value with &{name} first", path)
        return self._anchors[name]

    def _remember(self, anchor: str | None, value: Any, size: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = (value, size)
