"""Everything a text names that resolvers read: dishes with their quantities, times, people, stores and phones.

Order: dish spans, then phones, times, people, stores, and quantities where no dish stands. What one has read, the next leaves alone,
so 三杯鸡 stays a name and the 8 of 8点 is nobody. Source: CONVERSATION §1.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.understanding.engine import Entity
from bot.understanding.normal_form import blanked, normal_form
from bot.understanding.order_lines import Item
from bot.understanding.order_words import OrderWords
from bot.understanding.resolvers.dishes import DishSpan, MenuIndex
from bot.understanding.resolvers.people import find_people
from bot.understanding.resolvers.phones import find_phones
from bot.understanding.resolvers.quantities import PEOPLE, Quantity, find_quantities
from bot.understanding.resolvers.times import find_times
from bot.understanding.shop_words import ShopWords
from domain.shop.hours import Week

Span = tuple[int, int]
RESOLVED = frozenset({"dish", "quantity", "unit", "time", "people", "phone", "store"})


def entities_in(text: str, order: OrderWords, words: ShopWords, *, now: datetime, hours: Week | None) -> list[Entity]:
    """What resolvers read in a text, from left to right, none overlapping.

    Args:
        text: As it was written.
        order: The same text read as an order.
        now: The wall clock of the store that is meant.
    """
    found = _dishes(text, order, words.menu)
    counted = [item.count.quantity for item in order.items if item.count and item.count.quantity and item.dish]
    form = normal_form(text)
    taken = [(item.start, item.end) for item in found] + [form.span(quantity.start, quantity.end) for quantity in counted]
    for phone in find_phones(text, taken=taken):
        _add(found, taken, Entity("phone", phone.number, phone.start, phone.end))
    for span in find_times(text, now=now, hours=hours, taken=taken):
        _add(found, taken, Entity("time", span.moment.to_json(), span.start, span.end))
    for party in find_people(text, taken=taken):
        _add(found, taken, Entity("people", party.party.to_json(), party.start, party.end))
    for store in words.stores.find(text, taken=taken):
        value = {"id": store.store_ids[0]} if len(store.store_ids) == 1 else {"choices": list(store.store_ids)}
        _add(found, taken, Entity("store", value | {"name": store.words}, store.start, store.end))
    for quantity in find_quantities(text, [(item.start, item.end) for item in found if item.entity == "dish"]):
        if quantity.unit not in PEOPLE:
            _add(found, taken, Entity("quantity", _quantity(quantity), quantity.start, quantity.end))
    return sorted(found, key=lambda item: item.start)


def merged(found: Sequence[Entity], more: Iterable[Entity]) -> tuple[Entity, ...]:
    """What resolvers read, and what an engine found beside it of kinds that no resolver reads."""
    beside = [
        item
        for item in more
        if item.entity not in RESOLVED and not any(item.start < other.end and other.start < item.end for other in found)
    ]
    return tuple(sorted([*found, *beside], key=lambda item: item.start))


def strange_dishes(found: Sequence[Entity], more: Iterable[Entity]) -> tuple[str, ...]:
    """What an engine takes for dishes and no menu of ours has: 佛跳墙."""
    return tuple(
        item.value
        for item in more
        if item.entity == "dish" and isinstance(item.value, str) and not any(item.start < one.end and one.start < item.end for one in found)
    )


def without_stores(text: str, words: ShopWords) -> str:
    """A text with spaces in the place of the stores it names: of 「春熙路店来份红烧弱」 a slip is looked for in 来份红烧弱 alone."""
    stores = [span for span in words.stores.find(text) if span.exact]
    if not stores:
        return text
    dishes = [span for span in words.menu.find(text) if span.exact]
    apart = [store for store in stores if not any(store.start < dish.end and dish.start < store.end for dish in dishes)]
    plain = blanked(text, [(store.start, store.end) for store in apart])
    return plain if len(normal_form(plain).text) == len(normal_form(text).text) else text


def _add(found: list[Entity], taken: list[Span], entity: Entity) -> None:
    if not any(entity.start < end and start < entity.end for start, end in taken):
        found.append(entity)
        taken.append((entity.start, entity.end))


def _dishes(text: str, order: OrderWords, menu: MenuIndex) -> list[Entity]:
    form = normal_form(text)
    found: dict[Span, Entity] = {}
    for item in order.items:
        for dish in filter(None, (item.dish, item.other)):
            start, end = form.span(dish.start, dish.end)
            count = item.count.quantity if item.count and (dish is item.other or item.other is None) else None
            found.setdefault((start, end), Entity("dish", _dish(dish, menu, count, item), start, end))
    for dish in menu.find(text):
        if (dish.start, dish.end) not in found and dish.exact and len(dish.dish_ids) == 1:
            found[dish.start, dish.end] = Entity("dish", _dish(dish, menu, None, None), dish.start, dish.end)
    return list(found.values())


def _dish(dish: DishSpan, menu: MenuIndex, count: Quantity | None, item: Item | None) -> dict[str, Any]:
    n = _number(count.n) if count else 1 if item and not item.every else None
    if len(dish.dish_ids) > 1:
        return {"choices": [menu.entries[dish_id].name for dish_id in dish.dish_ids], "n": n}
    entry = menu.entries[dish.dish_ids[0]]
    return {
        "name": entry.name,
        "n": n,
        "unit": count.unit if count else entry.unit,
        "approx": bool(count and count.approx),
        "per_person": bool(count and count.per_person),
        "options": list(dict.fromkeys(item.wishes)) if item else [],
        "exact": dish.exact,
    }


def _quantity(quantity: Quantity) -> dict[str, Any]:
    return {"n": _number(quantity.n), "unit": quantity.unit, "approx": quantity.approx, "per_person": quantity.per_person}


def _number(n: Decimal) -> int | float:
    return int(n) if n == n.to_integral_value() else float(n)
