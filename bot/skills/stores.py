"""Stores: the nearest ones to a place the diner sent."""

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from typing import Any

from bot.dialogue.commands import Ask, SetSlot
from bot.dialogue.effects import Answer, Found, Offer, Prompt
from bot.skill import Context, Skill
from domain.shop.snapshot import Store

_EARTH_KM = 6371.0
_SHOWN = 3


def find_store(context: Context, args: Mapping[str, Any]) -> Answer:
    """The nearest stores to a place, or all of them when no place was given."""
    stores = list(context.shop.stores.values())
    lines, place = [], args.get("place")
    if place:
        placed = [(kilometres(store, place[0], place[1]), store) for store in stores if store.latitude is not None]
        stores = [store for _, store in sorted(placed, key=lambda pair: pair[0])[:_SHOWN]] or stores
    for store in stores:
        near = f"，约{kilometres(store, place[0], place[1]):.1f}公里" if place and store.latitude is not None else ""
        lines.append(f"{store.name}（{'营业中' if store.is_open(context.now) else '休息中'}{near}）\n{store.address} {store.phone}")
    offers = tuple(Offer(f"在{store.name}点餐", (SetSlot("store", store.id), Ask("view_menu"))) for store in stores)
    return Found((Prompt("stores", {"lines": "\n".join(lines)}, offers),))


def kilometres(store: Store, latitude: float, longitude: float) -> float:
    """The distance as the crow flies (haversine)."""
    assert store.latitude is not None
    assert store.longitude is not None
    north, east = radians(store.latitude - latitude), radians(store.longitude - longitude)
    half = sin(north / 2) ** 2 + cos(radians(latitude)) * cos(radians(store.latitude)) * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))


SKILL = Skill(intents={"find_store": find_store})
