"""Stores: the nearest ones to a place the diner sent, and what is known of one."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.commands import Ask, SetSlot
from bot.dialogue.effects import Answer, Found, Offer, Prompt
from bot.messages import Card
from bot.skill import Context, Skill
from domain.shop.distances import kilometres
from domain.shop.hours import DAY_MINUTES, window_text
from domain.shop.store import Store

_SHOWN = 3
_MOST_TOGETHER = 8


def find_store(context: Context, args: Mapping[str, Any]) -> Answer:
    """The store that was named, the nearest ones to a place, or all of them."""
    named = context.shop.stores.get(str(args.get("store", "")))
    if named is not None:
        return Found((_about(context, named),))
    stores = list(context.shop.stores.values())
    place = args.get("place")
    if place:
        placed = [(kilometres(store, place[0], place[1]), store) for store in stores if store.latitude is not None]
        stores = [store for _, store in sorted(placed, key=lambda pair: pair[0])[:_SHOWN]] or stores
    lines = []
    for store in stores:
        near = f"，约{kilometres(store, place[0], place[1]):.1f}公里" if place and store.latitude is not None else ""
        lines.append(f"{store.name}（{_open_now(context, store)}{near}）\n{store.address} {store.phone}")
    name = "stores_near" if place else "stores"
    return Found((Prompt(name, {"lines": "\n".join(lines)}, _order_in(stores)),))


def store_info(context: Context, args: Mapping[str, Any]) -> Answer:
    """Hours, address and phone; what the shop file does not say (parking, wifi, pets) is asked of the store itself."""
    store = context.shop.stores.get(str(args.get("store", ""))) or context.store()
    if store is None:
        stores = list(context.shop.stores.values())
        if len(stores) <= _MOST_TOGETHER:
            lines = (f"{item.name} 今天 {_hours_today(context, item)}（{_open_now(context, item)}）{item.phone}" for item in stores)
            return Found((Prompt("stores_info", {"lines": "\n".join(lines)}),))
        offers = tuple(Offer(item.name, (Ask("store_info", dict(args) | {"store": item.id}),)) for item in stores[:_MOST_TOGETHER])
        return Found((Prompt("store_info_which", offers=offers),))
    return Found((_about(context, store),))


def _about(context: Context, store: Store) -> Prompt:
    values = {
        "store": store.name,
        "open": _open_now(context, store),
        "hours": _hours_today(context, store),
        "contact": "".join(f"\n{told}" for told in (store.address, store.phone) if told),
    }
    facts = (f"今天 {values['hours']}（{values['open']}）", store.address, store.phone)
    card = Card(store.name, "\n".join(filter(None, facts)), f"/p/stores/{store.id}", "/p/static/store.png")
    return Prompt("store_info", values, cards=(card,))


def _open_now(context: Context, store: Store) -> str:
    return "营业中" if store.is_open(context.now) else "休息中"


def _hours_today(context: Context, store: Store) -> str:
    windows = store.hours[store.local(context.now).weekday()]
    if windows == ((0, DAY_MINUTES),):
        return "全天营业"
    return "、".join(window_text(window) for window in windows) or "休息"


def _order_in(stores: Sequence[Store]) -> tuple[Offer, ...]:
    return tuple(Offer(f"在{store.name}点餐", (SetSlot("store", store.id), Ask("view_menu"))) for store in stores)


SKILL = Skill(intents={"find_store": find_store, "store_info": store_info})
