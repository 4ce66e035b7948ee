"""Tables as staff name them: A3 for A03, 3号桌 for the only table of that number, a room by its name."""

import re

from domain.kernel.text import fold
from domain.shop.store import Store

_CODE = re.compile("([a-z]*)([0-9]+)")
_NUMBERED = re.compile(r"(\D*)([0-9]+)")  # 大厅5 too is the 5号桌, where no other table has the number
_SIGNS = re.compile(r"[\W_]+")
_ROOM_WORDS = re.compile("包间|包厢|包房|雅间|房间|厅|房")


def named_tables(store: Store, words: str) -> list[str]:
    """The tables that words name: by their codes (A3 of A03), by the only table of a number (3号桌), or by the name of a room."""
    said, tables = fold(words), list[str]()
    for room in sorted(store.rooms, key=lambda room: -len(room.name)):
        named = next((name for name in (fold(room.name), _ROOM_WORDS.sub("", fold(room.name))) if len(name) > 1 and name in said), "")
        if named and room.tables:
            tables += room.tables
            said = said.replace(named, " ")
    for code in sorted(store.tables, key=len, reverse=True):
        if not fold(code).isascii() and fold(code) in said:
            tables.append(code)
            said = said.replace(fold(code), " ")
    for letters, digits in _CODE.findall(said):
        numbered = [code for code in store.tables if (parts := _NUMBERED.fullmatch(fold(code))) and int(parts[2]) == int(digits)]
        same = [code for code in numbered if fold(code).startswith(letters) and (not letters or not fold(code)[len(letters)].isalpha())]
        exact = [code for code in same if fold(code) == f"{letters}{digits}" or (not letters and fold(code).isdigit())]
        if len(exact or same) != 1:
            return [f"{letters}{digits}".upper()]  # no such table, or several: the store's list says which there are
        tables += exact or same
    return list(dict.fromkeys(tables))


def table_said(store: Store, words: str) -> str:
    """The code of the one table that words name; the words as they are when they name none."""
    written = next((code for code in store.tables if _plain(code) == _plain(words)), None)
    if written is not None:
        return written
    named = named_tables(store, words)
    return named[0] if len(named) == 1 and named[0] in store.tables else words


def table_to_name(store: Store) -> str:
    """A table of the store to show how one is named; A03 where it has none."""
    return next(iter(store.tables), "A03")


def _plain(words: str) -> str:
    return _SIGNS.sub("", fold(words))
