"""Looks into the tree of a shop file as it was written: entries, texts, names that stand twice, references to nothing."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from domain.kernel.text import fold
from domain.shop.errors import Path, path_text
from domain.shop.values import shown

Found = tuple[Path, str, str]
"""A path, what is wrong there, and a hint."""


def entries(path: Path, parent: dict[str, Any], key: str) -> list[tuple[Path, Any]]:
    """The entries of the list under a key; none when no list stands there."""
    return items((*path, key), parent.get(key))


def items(path: Path, value: Any) -> list[tuple[Path, Any]]:
    """The entries of a list; none when it is none."""
    return [((*path, number), item) for number, item in enumerate(value)] if isinstance(value, list) else []


def maps(path: Path, parent: dict[str, Any], key: str) -> list[tuple[Path, dict[str, Any]]]:
    """The maps among the entries of the list under a key."""
    return [(at, item) for at, item in entries(path, parent, key) if isinstance(item, dict)]


def texts(found: Iterable[tuple[Path, dict[str, Any]]], key: str) -> list[tuple[Path, str]]:
    """The texts that maps have under a key; empty ones are left out."""
    return [((*path, key), item[key].strip()) for path, item in found if isinstance(item.get(key), str) and item[key].strip()]


def listed(path: Path, value: Any) -> list[tuple[Path, str]]:
    """The texts of a list."""
    return [(at, item.strip()) for at, item in items(path, value) if isinstance(item, str) and item.strip()]


def doubled(found: Iterable[tuple[Path, str]], what: str) -> Iterator[Found]:
    """Names that stand twice. Args: what: What they name, in words."""
    first: dict[str, Path] = {}
    for path, text in found:
        before = first.setdefault(fold(text), path)
        if before is not path:
            yield path, f"{what} {shown(text)} stands twice", f"first in {path_text(before)}; upper and lower case count as one"


def unknown(found: Iterable[tuple[Path, str]], known: set[str], names: dict[str, str], what: str) -> Iterator[Found]:
    """References to nothing. Args: known: Ids. names: Folded name -> id, for who writes a name. what: What they refer to, in words."""
    for path, text in found:
        if text in known:
            continue
        if fold(text) in names:
            hint = f"write its id: {names[fold(text)]}"
        else:
            close = get_close_matches(text, known, n=1)
            hint = f"did you mean {close[0]}?" if close else ""
        yield path, f"there is no {what} {shown(text)}", hint
