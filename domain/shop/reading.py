"""Reads a shop file: bytes in, a document and warnings out, or every fault by path, line and column."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.shop.checks import faults_of, warnings_of
from domain.shop.document import ShopDocument, keys_at
from domain.shop.errors import Fault, Path, ShopFileError, path_text
from domain.shop.pictures import PictureFiles, with_stored_pictures
from domain.shop.values import shown
from domain.shop.written import Found
from domain.shop.yaml_tree import MAX_BYTES, Tree, UnreadableError, read_tree


@dataclass(frozen=True, slots=True)
class ShopFile:
    """A shop file without faults.

    Attributes:
        document: What it says. Pictures from files carry the name under which they are stored.
        warnings: What is allowed but hardly meant.
        pictures: The picture files it names, for `copy_pictures`.
    """

    document: ShopDocument
    warnings: tuple[Fault, ...]
    pictures: PictureFiles


def read_shop_file(path: FilePath, *, pictures_in: FilePath | None = None) -> ShopFile:
    """Read and check a shop file with the pictures it names. Writes nothing.

    Args:
        path: The file.
        pictures_in: Folder of the pictures; the folder of the file when left out.

    Raises:
        ShopFileError: With every fault; also when there is no such file.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ShopFileError([Fault("", 1, 1, f"{path} cannot be read: {error.strerror}")]) from error
    return read_shop(raw, pictures_in=path.parent if pictures_in is None else pictures_in)


def read_shop(raw: bytes, *, pictures_in: FilePath | None = None, prepare: Callable[[Tree], None] = lambda tree: None) -> ShopFile:
    """Read and check the bytes of a shop file.

    Args:
        raw: UTF-8 YAML, at most 2 MB.
        pictures_in: Folder of the pictures. None: picture files are not looked at and keep the path that was written.
        prepare: Changes the tree before it is judged.

    Raises:
        ShopFileError: With every fault.
    """
    try:
        tree = read_tree(raw)
    except UnreadableError as error:
        raise ShopFileError([error.fault]) from error
    prepare(tree)
    faults = [*tree.faults, *_faults(tree, faults_of(tree.value))]
    try:
        document = ShopDocument.model_validate({} if tree.value is None else tree.value)
    except ValidationError as error:
        faults += [_typed(tree, detail) for detail in error.errors(include_url=False, include_input=True)]
        raise ShopFileError(_in_order(faults)) from error
    pictures: Mapping[str, FilePath] = {}
    if pictures_in is not None:
        document, pictures, missing = with_stored_pictures(document, pictures_in)
        faults += _faults(tree, missing)
    if faults:
        raise ShopFileError(_in_order(faults))
    return ShopFile(document, tuple(_in_order(_faults(tree, warnings_of(document)))), pictures)


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: (fault.line, fault.column, fault.path))


def _faults(tree: Tree, found: Iterable[Found]) -> list[Fault]:
    return [Fault(path_text(path), *tree.place(path, key=path not in tree.values), problem, hint) for path, problem, hint in found]


def _typed(tree: Tree, detail: ErrorDetails) -> Fault:
    """A fault in the words of people from one of the validator's."""
    path: Path = detail["loc"]
    kind = detail["type"]
    is_key = bool(path) and path[-1] == "[key]"
    path = path[:-1] if is_key else path
    problem, hint = _words(kind, detail, path)
    at = path[:-1] if kind == "missing" else path
    return Fault(path_text(path), *tree.place(at, key=is_key or kind == "extra_forbidden"), problem, hint)


def _words(kind: str, detail: ErrorDetails, path: Path) -> tuple[str, str]:
    written: Any = detail.get("input")
    context: Mapping[str, Any] = detail.get("ctx", {})
    if kind == "shop_file":
        return context["problem"], context["hint"]
    if kind == "missing":
        return f"the key {path[-1]} is missing", f"add {path[-1]}: …"
    if kind == "extra_forbidden":
        known = keys_at(path[:-1])
        close = get_close_matches(str(path[-1]), known, n=1)
        return f"there is no key {shown(path[-1])} here", f"did you mean {close[0]}?" if close else f"keys here: {', '.join(known)}"
    if kind == "literal_error":
        return f"{shown(written)} is not allowed here", f"write {context['expected']}"
    if kind == "too_short":
        return "the list is empty", "it needs at least one entry"
    if kind == "tuple_type":
        return f"a list belongs here, not {_kind(written)}", "begin each entry on a line of its own with a hyphen, or write [one, two]"
    return f"a map belongs here, not {_kind(written)}", "write key: value, one on each line"


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else shown(value)
