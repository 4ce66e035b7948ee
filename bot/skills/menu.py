"""The menu in chat: pages of dishes to pick by number, and a card for one dish."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.commands import Ask, Line, LineOp, SetSlot
from bot.dialogue.effects import Answer, Found, Offer, Prompt
from bot.messages import Card
from bot.skill import Context, Skill
from domain.kernel.money import short_yuan
from domain.menu.portions import sold_out
from domain.shop.dish import Dish
from domain.shop.store import Store

PAGE = 8
_RECOMMENDED = 5
NEXT, BEFORE = "下一页", "上一页"
SOLD_OUT = "今日售罄"
_NAMED_TO_AVOID = 20
# What diners call the allergens that a label must name. Source: GB 7718
_CALLED: Mapping[str, tuple[str, ...]] = {
    "小麦": ("麸质", "麦", "面粉", "面筋", "面食"),
    "麸质谷物": ("麸质", "麦", "面粉", "面筋", "面食"),
    "甲壳": ("虾", "蟹", "海鲜", "贝"),
    "甲壳纲": ("虾", "蟹", "海鲜", "贝"),
    "鱼": ("海鲜",),
    "蛋": ("鸡蛋", "蛋"),
    "大豆": ("黄豆", "豆制品", "豆类", "豆腐", "豆浆"),
    "乳": ("奶", "芝士", "乳糖"),
    "坚果": ("核桃", "杏仁", "腰果", "榛子", "开心果"),
}
_SPICE = ("不辣", "微辣", "中辣", "辣", "很辣", "特辣")


def view_menu(context: Context, args: Mapping[str, Any]) -> Answer:
    """One page of the menu; a number picks a dish, 下一页 turns the page."""
    store = context.shop.stores.get(str(args.get("store", ""))) or context.store()
    if store is None:
        stores = context.shop.stores.values()
        return Found((Prompt("menu_ask_store", offers=tuple(Offer(s.name, (SetSlot("store", s.id), Ask("view_menu"))) for s in stores)),))
    elsewhere = _cart_elsewhere(context, store)
    if elsewhere is not None:
        return Found((elsewhere,))
    dishes = context.shop.menu_of(store.id)
    pages = max(1, -(-len(dishes) // PAGE))
    page = min(max(1, _wanted_page(context, args)), pages)
    shown = dishes[(page - 1) * PAGE : page * PAGE]
    out = _sold_out(context, store, shown)
    offers = [Offer(f"{dish.name} {SOLD_OUT}" if dish.id in out else _label(dish), (Line(LineOp.ADD, dish.id),)) for dish in shown]
    if page > 1:
        offers.append(Offer(BEFORE, (Ask("view_menu", {"page": page - 1}),)))
    if page < pages:
        offers.append(Offer(NEXT, (Ask("view_menu", {"page": page + 1}),)))
    values = {"store": store.name, "page": page, "pages": pages, "categories": " · ".join(dict.fromkeys(dish.category for dish in shown))}
    return Found((Prompt("menu_page", values, tuple(offers)),))


def _cart_elsewhere(context: Context, store: Store) -> Prompt | None:
    """One order is cooked in one store: who chooses another one with a full cart says what becomes of it."""
    cart, chosen = context.cart(), context.shop.stores.get(context.state.store_id or "")
    if context.place or cart is None or not cart.lines or chosen is None or chosen.id == cart.store_id:
        return None
    values = {"store": store.name, "dishes": "、".join(f"{line.name}×{line.quantity}" for line in cart.lines), "chosen": chosen.name}
    stay = Offer(f"还在{store.name}点", (SetSlot("store", cart.store_id), Ask("view_menu")))
    move = Offer("清空，换店", (Ask("clear_cart"), Ask("view_menu", {"store": chosen.id})))
    return Prompt("cart_elsewhere", values, (stay, move))


def _wanted_page(context: Context, args: Mapping[str, Any]) -> int:
    """The page named, or the one that 「翻页」 turns to from the page last shown."""
    choices = context.state.choices
    if "step" in args and choices is not None:
        n = choices.labelled(NEXT if args["step"] > 0 else BEFORE)
        turned = choices.commands[n - 1][0] if n else None
        return int(turned.args["page"]) if isinstance(turned, Ask) else 1
    return int(args.get("page", 1))


def ask_dish(context: Context, args: Mapping[str, Any]) -> Answer:
    """Price, ingredients to mind, spice and carbon of a dish, with its picture."""
    store = context.store()
    sold = context.shop.menus[store.id] if store and store.id in context.shop.menus else context.shop.dishes
    if args.get("candidates"):
        dishes = [sold[dish_id] for dish_id in args["candidates"] if dish_id in sold]
        offers = tuple(Offer(_label(dish), (Ask("ask_dish", {"dish_id": dish.id}),)) for dish in dishes[:PAGE])
        return Found((Prompt("which_dish" if offers else "dish_unknown", {"words": args.get("words", "")}, offers),))
    dish = sold.get(str(args.get("dish_id") or context.state.last_dish or ""))  # 「这个辣不辣」
    if dish is None:
        return Found((Prompt("dish_unknown"),))
    if args.get("topic") == "unwanted":
        return Found((Prompt("dish_unwanted", {"dish": dish.name}),))
    text, price = dish_text(dish), short_yuan(dish.price_fen)
    if store and _sold_out(context, store, [dish]):
        text = f"{SOLD_OUT} · {text}"
    picture = f"/p/{dish.picture}" if dish.picture and "://" not in dish.picture else dish.picture
    card = Card(f"{dish.name} ￥{price}/{dish.unit}", f"{text}\n回复“来一{dish.unit}”加入购物车", f"/p/dishes/{dish.id}", picture)
    values = {"dish": dish.name, "price": price, "unit": dish.unit, "text": text}
    return Found((Prompt("dish", values, cards=(card,)),), last_dish=dish.id)


def recommend_dishes(context: Context, args: Mapping[str, Any]) -> Answer:
    """The first part of the menu, where a shop puts what it sells best, as far as it is served now and not sold out."""
    store = context.store()
    if store is None:
        return view_menu(context, args)
    dishes = context.shop.menu_of(store.id)
    first = [dish for dish in dishes if dish.category == dishes[0].category and store.serves(dish, context.now)] if dishes else []
    out = _sold_out(context, store, first)
    first = [dish for dish in first if dish.id not in out]
    if not first:
        return view_menu(context, args)
    offers = tuple(Offer(_label(dish), (Line(LineOp.ADD, dish.id),)) for dish in first[:_RECOMMENDED])
    values = {"store": store.name, "category": dishes[0].category}
    return Found((Prompt("recommended", values, (*offers, Offer("看全部菜单", (Ask("view_menu"),)))),))


def dish_not_found(context: Context, args: Mapping[str, Any]) -> Answer:
    """A dish was named that the shop does not have."""
    return Found((Prompt("dish_not_found", {"words": args["words"]}, (Offer("看菜单", (Ask("view_menu"),)),)),))


def sold_by_unit(context: Context, args: Mapping[str, Any]) -> Answer:
    """「来一箱可乐」: how many a box holds nobody knows, so it is told how the dish is sold."""
    dish = context.shop.dishes.get(str(args["dish_id"]))
    if dish is None:
        return Found((Prompt("dish_unknown"),))
    return Found((Prompt("sold_by_unit", {"dish": dish.name, "unit": dish.unit, "said": args["said"]}),), last_dish=dish.id)


def avoid_food(context: Context, args: Mapping[str, Any]) -> Answer:
    """What somebody who must not eat a food had better not order, as far as the menu declares it."""
    store, food = context.store(), str(args["words"])
    sold = context.shop.menu_of(store.id) if store else list(context.shop.dishes.values())
    holding = [dish.name for dish in sold if food in dish.name or any(_holds(allergen, food) for allergen in dish.allergens)]
    if not holding:
        return Found((Prompt("avoid_unknown_food", {"food": food}),))
    more = f"等{len(holding)}道" if len(holding) > _NAMED_TO_AVOID else ""
    return Found((Prompt("avoid_food", {"food": food, "dishes": "、".join(holding[:_NAMED_TO_AVOID]) + more}),))


def _holds(allergen: str, food: str) -> bool:
    """Whether an allergen as a menu declares it (甲壳类) is what a diner names (虾)."""
    kind = allergen.removesuffix("制品").removesuffix("类")
    return kind in food or food in allergen or any(called in food for called in _CALLED.get(kind, ()))


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


def _sold_out(context: Context, store: Store, dishes: Sequence[Dish]) -> frozenset[str]:
    return sold_out(context.session, store.id, dishes, context.shop.brand.business_day(context.now, store.timezone))


def _label(dish: Dish) -> str:
    return f"{dish.name} {short_yuan(dish.price_fen)}元"


SKILL = Skill(
    intents={
        "view_menu": view_menu,
        "ask_dish": ask_dish,
        "recommend_dishes": recommend_dishes,
        "dish_not_found": dish_not_found,
        "avoid_food": avoid_food,
        "sold_by_unit": sold_by_unit,
    }
)
