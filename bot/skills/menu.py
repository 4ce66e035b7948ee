"""The menu in chat: pages of dishes to pick by number, and a card for one dish."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask, Line, LineOp, SetSlot
from bot.dialogue.effects import Answer, Found, Offer, Prompt
from bot.messages import Card
from bot.skill import Context, Skill
from domain.kernel.money import short_yuan
from domain.shop.snapshot import Dish

PAGE = 8
_SPICE = ("不辣", "微辣", "中辣", "辣", "很辣", "特辣")


def view_menu(context: Context, args: Mapping[str, Any]) -> Answer:
    """One page of the menu; a number picks a dish, 下一页 turns the page."""
    store = context.store()
    if store is None:
        stores = context.shop.stores.values()
        return Found((Prompt("menu_ask_store", offers=tuple(Offer(s.name, (SetSlot("store", s.id), Ask("view_menu"))) for s in stores)),))
    dishes = context.shop.menu_of(store.id)
    pages = max(1, -(-len(dishes) // PAGE))
    page = min(max(1, int(args.get("page", 1))), pages)
    shown = dishes[(page - 1) * PAGE : page * PAGE]
    offers = [Offer(_label(dish), (Line(LineOp.ADD, dish.id),)) for dish in shown]
    if page > 1:
        offers.append(Offer("上一页", (Ask("view_menu", {"page": page - 1}),)))
    if page < pages:
        offers.append(Offer("下一页", (Ask("view_menu", {"page": page + 1}),)))
    values = {"store": store.name, "page": page, "pages": pages, "categories": " · ".join(dict.fromkeys(dish.category for dish in shown))}
    return Found((Prompt("menu_page", values, tuple(offers)),))


def ask_dish(context: Context, args: Mapping[str, Any]) -> Answer:
    """Price, ingredients to mind, spice and carbon of a dish, with its picture."""
    store = context.store()
    dish_id = str(args.get("dish_id", ""))
    dish = context.shop.dish_for(store.id, dish_id) if store else context.shop.dishes.get(dish_id)
    if dish is None:
        return Found((Prompt("dish_unknown"),))
    text, price = dish_text(dish), short_yuan(dish.price_fen)
    picture = f"/p/{dish.picture}" if dish.picture and "://" not in dish.picture else dish.picture
    card = Card(f"{dish.name} ￥{price}/{dish.unit}", f"{text}\n回复“来一{dish.unit}”加入购物车", f"/p/dishes/{dish.id}", picture)
    values = {"dish": dish.name, "price": price, "unit": dish.unit, "text": text}
    return Found((Prompt("dish", values, cards=(card,)),), last_dish=dish.id)


def dish_text(dish: Dish) -> str:
    """What to know before ordering a dish, in one line."""
    parts = [_SPICE[min(dish.spice, 5)]]
    if dish.member_price_fen is not None:
        parts.append(f"会员价{short_yuan(dish.member_price_fen)}元")
    if dish.allergens:
        parts.append("含" + "、".join(dish.allergens))
    if dish.origin:
        parts.append(dish.origin)
    if dish.carbon_g is not None:
        parts.append(f"约{dish.carbon_g}克碳排")
    return " · ".join(parts)


def _label(dish: Dish) -> str:
    return f"{dish.name} {short_yuan(dish.price_fen)}元"


SKILL = Skill(intents={"view_menu": view_menu, "ask_dish": ask_dish})
