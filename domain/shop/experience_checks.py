"""What is wrong or odd about the experiences of a shop file, beyond single values."""

from collections.abc import Iterator
from typing import Any

from domain.kernel.text import fold
from domain.shop import hours
from domain.shop.brand_records import LEVELS
from domain.shop.document import ShopDocument
from domain.shop.errors import Path
from domain.shop.store_records import HoursRecord, StoreRecord
from domain.shop.values import shown
from domain.shop.written import Found, doubled, listed, maps, texts, unknown


def experience_faults(root: dict[str, Any], stores: list[tuple[Path, dict[str, Any]]]) -> Iterator[Found]:
    """Names that stand twice, stores and levels that are not there.

    Args:
        root: The file as it was written.
        stores: Its stores.
    """
    experiences = maps((), root, "experiences")
    yield from doubled(texts(experiences, "id"), "the experience id")
    yield from doubled(texts(experiences, "name"), "the experience name")
    ids = {text for _, text in texts(stores, "id")}
    names = {fold(name): text for store in stores for _, text in texts([store], "id") for _, name in texts([store], "name")}
    levels = _levels(root)
    for path, experience in experiences:
        yield from unknown(listed((*path, "stores"), experience.get("stores")), ids, names, "store")
        yield from unknown(texts([(path, experience)], "level"), levels, {}, "level")
        yield from doubled(texts(maps(path, experience, "ages"), "name"), "the band of ages")
        yield from doubled(listed((*path, "times"), experience.get("times")), "the time")


def experience_warnings(document: ShopDocument) -> Iterator[Found]:
    """Sessions at which their store is closed."""
    for number, experience in enumerate(document.experiences):
        for store in document.stores:
            if experience.stores and store.id not in experience.stores:
                continue
            for place, time in enumerate(experience.times):
                if not _ever_open(store, hours.minutes(time)):
                    hint = "allowed, when staff are there"
                    yield ("experiences", number, "times", place), f"{shown(store.name)} is never open at {time}", hint


def _levels(root: dict[str, Any]) -> set[str]:
    brand = root.get("brand")
    written = texts(maps(("brand",), brand, "levels"), "name") if isinstance(brand, dict) else []
    return {text for _, text in written} or {level.name for level in LEVELS}


def _ever_open(store: StoreRecord, minute: int) -> bool:
    if store.hours is None:
        return True
    windows = (hours.window(text) for day in _days(store.hours) for text in day)
    return any(opens <= at < closes for opens, closes in windows for at in (minute, minute + hours.DAY_MINUTES))


def _days(record: HoursRecord) -> Iterator[tuple[str, ...]]:
    for day in (record.mon, record.tue, record.wed, record.thu, record.fri, record.sat, record.sun):
        yield record.daily if day is None else day
