"""A shop file with gaps, for trying out understanding: a menu and the hours of one store are enough.

What is missing is filled in, shorter forms are written out, and what is there must be as in a whole shop file. A fault is told with the
line and the path that were written, not with those that it has after filling in.
"""

import json
import re
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from domain.shop.document import ShopDocument
from domain.shop.errors import Path, ShopFileError, path_text
from domain.shop.reading import read_shop
from domain.shop.yaml_tree import Tree

_NO_VALUE = {"null", "~"}  # JSON says so where YAML leaves a gap
_PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")  # how JSON writes 𰻞; YAML does not know it


def read_partial_shop(raw: bytes) -> ShopDocument:
    """Read what is there of a shop file; nothing else may be done with it than to understand words.

    Dishes need a name only, and may be names only. `menu` may be a plain list of dishes, or a map of categories to dishes;
    `hours` and `store` may stand alone beside it, and hours that are the same every day need no `daily`.

    Args:
        raw: UTF-8 YAML or JSON.

    Raises:
        ShopFileError: With every fault.
    """
    filled = _Filled()
    try:
        return read_shop(_PAIR.sub(_one_character, raw), prepare=filled.fill).document
    except ShopFileError as error:
        written = (replace(fault, path=filled.as_written(fault.path), hint=filled.as_written(fault.hint)) for fault in error.faults)
        raise ShopFileError(list(written)) from error


@dataclass(slots=True)
class _Filled:
    """Turns the tree of a file with gaps into that of a whole one, and remembers what it has moved."""

    moved: list[tuple[str, str]] = field(default_factory=list)

    def fill(self, tree: Tree) -> None:
        shop = tree.value
        if not isinstance(shop, dict):
            return
        self._menu(tree, shop)
        self._stores(tree, shop)

    def as_written(self, text: str) -> str:
        """A path, or words with one in them, as the author of the file knows it."""
        for now, before in reversed(self.moved):
            text = text.replace(now, before)
        return text

    def _menu(self, tree: Tree, shop: dict[str, Any]) -> None:
        menu = shop.get("menu")
        if isinstance(menu, dict):
            shop["menu"] = [{"category": name, "dishes": dishes} for name, dishes in menu.items()]
            for number, name in enumerate(menu):
                self._move(tree, ("menu", name), ("menu", number, "dishes"))
        elif isinstance(menu, list) and menu and not any(isinstance(part, dict) and "dishes" in part for part in menu):
            shop["menu"] = [{"dishes": menu}]
            self._move(tree, ("menu",), ("menu", 0, "dishes"))
            for dish in menu:
                if isinstance(dish, dict):
                    dish.pop("category", None)
        parts = [part for part in _list(shop.get("menu")) if isinstance(part, dict)]
        for part in parts:
            if isinstance(part.get("dishes"), list):
                part["dishes"] = [{"name": dish} if isinstance(dish, str) else dish for dish in part["dishes"]]
        _complete([dish for part in parts for dish in _list(part.get("dishes"))], "d", {"price": "0"})

    def _stores(self, tree: Tree, shop: dict[str, Any]) -> None:
        if "store" in shop and "stores" not in shop:
            shop["stores"] = [shop.pop("store")]
            self._move(tree, ("store",), ("stores", 0))
        stores = _list(shop.setdefault("stores", [{}]))
        if "hours" in shop:
            hours = shop.pop("hours")
            for store in stores:
                if isinstance(store, dict) and store.get("hours") is None:
                    store["hours"] = hours
            self._move(tree, ("hours",), ("stores", 0, "hours"))
        for number, store in enumerate(stores):
            hours = store.get("hours") if isinstance(store, dict) else None
            if isinstance(hours, (str, list)):
                store["hours"] = {"daily": hours if isinstance(hours, list) else [part.strip() for part in hours.split(",")]}
                self._move(tree, ("stores", number, "hours"), ("stores", number, "hours", "daily"))
        _complete(stores, "s", {"name": "本店"})

    def _move(self, tree: Tree, before: Path, now: Path) -> None:
        """Let what stands below one path be found below another."""
        for places in (tree.values, tree.keys):
            below = {path: place for path, place in places.items() if path[: len(before)] == before}
            for path in below:
                del places[path]
            places.update({now + path[len(before) :]: place for path, place in below.items()})
        self.moved.append((path_text(now), path_text(before)))


def _one_character(pair: re.Match[bytes]) -> bytes:
    return str(json.loads(b'"%s"' % pair[0])).encode()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _complete(records: list[Any], letter: str, defaults: dict[str, str]) -> None:
    """Give every record an id of its own, and what else it lacks."""
    maps = [record for record in records if isinstance(record, dict)]
    for record in maps:
        for key in [key for key, value in record.items() if isinstance(value, str) and value in _NO_VALUE]:
            del record[key]
    taken = {record.get("id") for record in maps}
    free = (name for number in count(1) if (name := f"{letter}{number}") not in taken)
    for record in maps:
        if record.get("id") is None:
            record["id"] = next(free)
        for key, value in defaults.items():
            if record.get(key) is None:
                record[key] = value
