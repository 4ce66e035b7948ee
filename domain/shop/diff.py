"""What an import changes, in words: each thing of the shop, from store to experience, that comes, goes or is another."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.shop.document import ShopDocument
from domain.shop.records import Record


class Action(StrEnum):
    """What happens to a thing; the value is its mark in the lines of a diff."""

    ADDED = "+"
    CHANGED = "~"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A key with its old and new value, as the shop file writes them; None: not given."""

    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that comes, changes or goes.

    Attributes:
        kind: "brand", "store", "table", "printer", "category", "dish", "set meal", "experience", or "order of …".
        key: Its id; tables and printers are "store/code".
    """

    action: Action
    kind: str
    key: str
    name: str = ""
    fields: tuple[FieldChange, ...] = ()

    def __str__(self) -> str:
        head = " ".join(part for part in (self.action.value, self.kind, self.key, self.name) if part)
        fields = "; ".join(f"{field.key} {field.old or '–'} → {field.new or '–'}" for field in self.fields)
        return f"{head}: {fields}" if fields else head


@dataclass(frozen=True, slots=True)
class ShopDiff:
    """What an import changes; false when it changes nothing."""

    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def lines(self) -> list[str]:
        """One line for each change, the whole in numbers last."""
        count = {action: sum(change.action is action for change in self.changes) for action in Action}
        if not self.changes:
            return ["nothing changes"]
        total = f"{count[Action.ADDED]} added, {count[Action.CHANGED]} changed, {count[Action.REMOVED]} removed"
        return [*map(str, self.changes), total]


@dataclass(frozen=True, slots=True)
class _Thing:
    name: str
    fields: dict[str, str | None]


def compare(old: ShopDocument, new: ShopDocument) -> ShopDiff:
    """What has to change to get from one document to another."""
    before, after = dict(_things(old)), dict(_things(new))
    changes = [Change(Action.REMOVED, *key, thing.name) for key, thing in before.items() if key not in after]
    for key, thing in after.items():
        if key not in before:
            changes.append(Change(Action.ADDED, *key, thing.name))
        elif fields := _changed(before[key].fields, thing.fields):
            changes.append(Change(Action.CHANGED, *key, thing.name, fields))
    changes += _moved(old, new)
    return ShopDiff(tuple(changes))


def _changed(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(key, old[key], value) for key, value in new.items() if old[key] != value)


def _things(document: ShopDocument) -> Iterator[tuple[tuple[str, str], _Thing]]:
    yield ("brand", ""), _Thing("", _fields(document.brand))
    for store in document.stores:
        fields = _fields(store, without={"id", "tables", "printers", "menu"})
        fields |= {f"menu.{key}": value for key, value in _fields(store.menu).items()}
        yield ("store", store.id), _Thing(store.name, fields)
        for table in store.tables:
            yield ("table", f"{store.id}/{table.code}"), _Thing("", _fields(table, without={"code"}))
        for printer in store.printers:
            yield ("printer", f"{store.id}/{printer.id}"), _Thing("", _fields(printer, without={"id"}))
    for part in document.menu:
        yield ("category", part.category), _Thing("", {})
        for dish in part.dishes:
            yield ("dish", dish.id), _Thing(dish.name, {**_fields(dish, without={"id"}), "category": part.category})
    for meal in document.set_meals:
        yield ("set meal", meal.id), _Thing(meal.name, _fields(meal, without={"id"}))
    for experience in document.experiences:
        yield ("experience", experience.id), _Thing(experience.name, _fields(experience, without={"id"}))


def _fields(record: Record, *, without: set[str] | None = None) -> dict[str, str | None]:
    written = record.model_dump(mode="json", by_alias=True, exclude=without or set())
    return {key: _text(value) for key, value in written.items()}


def _text(value: Any) -> str | None:
    if value is None or value in ([], {}):
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _moved(old: ShopDocument, new: ShopDocument) -> Iterator[Change]:
    before, after = dict(_orders(old)), dict(_orders(new))
    for key, there in after.items():
        was = before.get(key, [])
        if [item for item in was if item in there] != [item for item in there if item in was]:
            yield Change(Action.CHANGED, *key)


def _orders(document: ShopDocument) -> Iterator[tuple[tuple[str, str], list[str]]]:
    yield ("order of stores", ""), [store.id for store in document.stores]
    for store in document.stores:
        yield ("order of tables", store.id), [table.code for table in store.tables]
        yield ("order of printers", store.id), [printer.id for printer in store.printers]
    yield ("order of categories", ""), [part.category for part in document.menu]
    yield ("order of dishes", ""), [dish.id for part in document.menu for dish in part.dishes]
    yield ("order of set meals", ""), [meal.id for meal in document.set_meals]
    yield ("order of experiences", ""), [experience.id for experience in document.experiences]
