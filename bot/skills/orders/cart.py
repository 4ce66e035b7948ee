"""The cart: what a message changes in it, each change with the change that takes it back, and what stands in it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.dialogue.commands import Ask, Command, Handoff, Line, LineOp, SetSlot, Start, command_from_json, command_to_json
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.orders.preorders import open_here, total_name, waits_for_table
from bot.skills.orders.wording import ORDER_HERE, SEE_MENU, TO_CHECKOUT, bill_today, line_values, lines_text, making_of, portions_in
from bot.understanding.dish_kinds import Made, meant_by
from domain.kernel.money import short_yuan
from domain.orders.cart import Cart, CartLine, add_line, clear_cart, modify_line, remove_line, set_quantity
from domain.orders.errors import EmptyCartError, NoSuchLineError, UnknownDishError
from domain.orders.rules import Channel
from domain.orders.service import placed_lines
from domain.shop.dish import Dish
from domain.shop.store import Store

_ONE = Decimal(1)
_TO_GO = "打包"  # a takeaway is, whatever else is said


def change_cart(context: Context, args: Mapping[str, Any]) -> Answer:
    """One change to the cart, with the change that takes it back."""
    line: Line = args["line"]
    store = context.store()
    if store is None:
        return Found(then=(Start(ORDER_HERE, {"lines": [command_to_json(line)]}),))
    if line.every and line.op is LineOp.REMOVE:
        return _remove_all(context, line)
    if line.dish_id is None and line.candidates:
        line = _narrowed(context, line)
    elif line.op is LineOp.REMOVE and line.options and not line.words:
        line = _made_so(context, line)
    if line.dish_id is None and line.candidates:
        return _ask_dish(context, store, line)
    placed = _placed_already(context, line)
    if placed is not None:
        return placed
    if line.op in {LineOp.MODIFY, LineOp.REMAKE}:
        return _modify(context, store, line)
    dish = _dish(context, store, line.dish_id) if line.op is not LineOp.REMOVE else _dish_in_cart(context, store, line.dish_id)
    match line.op:
        case LineOp.ADD:
            return _add(context, store, dish, line)
        case LineOp.SET if not line.words and not _has(context, dish):  # 「两份就行」 of a dish that was only asked about
            return _add(context, store, dish, line)
        case LineOp.SET:
            return _set(context, dish, line)
        case LineOp.REMOVE:
            return _remove(context, dish, line)
        case LineOp.SWAP:
            return _swap(context, store, dish, line)


def cart_total(context: Context, args: Mapping[str, Any]) -> Answer:
    """The sum under the changes of one message."""
    cart = context.cart()
    if cart is None or not cart.lines:
        return Found((Prompt("cart_now_empty"),))
    bill = bill_today(context, cart)
    values = {"count": portions_in(cart.lines), "total": short_yuan(bill.total_fen)}
    return Found((Prompt(total_name(context, shown=False), values),))


def view_cart(context: Context, args: Mapping[str, Any]) -> Answer:
    """What is in the cart, and who added it at a shared table."""
    cart = context.cart()
    if cart is None or not cart.lines:
        return Found((Prompt("cart_empty", offers=(SEE_MENU,)),))
    values = {
        "lines": lines_text(context, cart.lines, cart.session_id is not None),
        "total": short_yuan(bill_today(context, cart).total_fen),
        "number": context.number.number if waits_for_table(context) and context.number else "",
    }
    return Found((Prompt(total_name(context, shown=True), values, (TO_CHECKOUT, Offer("清空购物车", (Ask("clear_cart"),)))),))


def keep_only(context: Context, args: Mapping[str, Any]) -> Answer:
    """「只留红烧肉，别的都不要了」: one's own other lines go. Where nothing of what is to stay is there, it is ordered."""
    cart = context.cart()
    own = [line for line in cart.lines if line.diner_id == context.diner_id] if cart else []
    stay = {kept["dish_id"]: Decimal(kept["n"]) if kept["n"] else None for kept in args["dishes"]}
    there = {line.dish_id for line in own} & stay.keys()
    gone = [Line(LineOp.REMOVE, line.dish_id, line_id=line.id) for line in own if line.dish_id not in stay]
    counted = [Line(LineOp.SET, dish_id, stay[dish_id]) for dish_id in stay if dish_id in there and stay[dish_id]]
    ordered = [] if there else [Line(LineOp.ADD, dish_id, n) for dish_id, n in stay.items()]
    return Done(then=(*gone, *counted, *ordered))


def empty_cart(context: Context, args: Mapping[str, Any]) -> Answer:
    """Throw the drafts away; undo puts one's own back."""
    cart = _open(context)
    clear_cart(context.session, cart, now=context.now)
    own = [line for line in cart.lines if line.diner_id == context.diner_id]
    return Done((Prompt("cart_cleared"),), inverse=tuple(_put_back(line, line.quantity) for line in own))


def ask_store(context: Context, args: Mapping[str, Any]) -> Answer:
    """Where the dishes that wait are to be cooked."""
    offers = tuple(Offer(store.name, (SetSlot("store", store.id),)) for store in context.shop.stores.values())
    return Found((Prompt("ask_store", offers=offers),))


def order_here(context: Context, args: Mapping[str, Any]) -> Answer:
    """The store is known: the lines that waited for it go into its cart."""
    return Done(then=(SetSlot("store", args["store"]), *(command_from_json(line) for line in args["lines"])))


def _add(context: Context, store: Store, dish: Dish, line: Line) -> Answer:
    n = _ONE if line.n is None else line.n
    cart = open_here(context, store)
    if line.n is None and line.options and _own_plain(context, cart, dish):
        return _modify(context, store, replace(line, op=LineOp.MODIFY))  # 「酸菜鱼微辣」 of one that is in the cart already
    options = line.options or (() if line.words else _made_before(context, cart, dish))
    if cart.channel is Channel.TAKEAWAY:
        options = tuple(option for option in options if option != _TO_GO)
    day = context.shop.brand.business_day(context.now, store.timezone)
    added = add_line(context.session, store, cart, dish, n, context.diner_id, options=options, day=day, now=context.now)
    values = line_values(added, n) | {"guess": "" if line.exact or not line.words else f"（按“{line.words}”理解）"}
    inverse = Line(LineOp.REMOVE, dish.id, n, line_id=added.id)
    return Done((Prompt("cart_added", values),), inverse=(inverse,), last_dish=dish.id)


def _has(context: Context, dish: Dish) -> bool:
    cart = context.cart()
    return cart is not None and any(line.dish_id == dish.id for line in cart.lines)


def _set(context: Context, dish: Dish, line: Line) -> Answer:
    cart = _open(context)
    before = sum((old.quantity for old in cart.lines if old.dish_id == dish.id and old.diner_id == context.diner_id), Decimal(0))
    changed = set_quantity(context.session, cart, dish, line.n or _ONE, context.diner_id, now=context.now)
    inverse = (Line(LineOp.SET, dish.id, before),) if before else ()
    return Done((Prompt("cart_set", line_values(changed, changed.quantity)),), inverse=inverse, last_dish=dish.id)


def _remove(context: Context, dish: Dish, line: Line) -> Answer:
    cart = _open(context)
    line_id = _which_made(cart, dish, line, context.diner_id)
    removed, n = remove_line(context.session, cart, dish, line.n, context.diner_id, line_id=line_id, now=context.now)
    values = line_values(removed, n)
    if sum(item.dish_id == dish.id for item in cart.lines) == 1:
        values["made"] = ""  # told only where it says which one went
    return Done((Prompt("cart_removed", values),), inverse=(_put_back(removed, n),))


def _remove_all(context: Context, line: Line) -> Answer:
    """「饮料都不要了」: one's own lines of these dishes go."""
    meant = line.candidates or (line.dish_id,)
    own = [item for item in _open(context).lines if item.diner_id == context.diner_id and item.dish_id in meant]
    if not own:
        raise NoSuchLineError(dish=line.words)
    return Found(then=tuple(Line(LineOp.REMOVE, item.dish_id, line_id=item.id) for item in own))


def _swap(context: Context, store: Store, dish: Dish, line: Line) -> Answer:
    other = _dish(context, store, line.other_id)
    cart = _open(context)
    removed, n = remove_line(context.session, cart, dish, None, context.diner_id, now=context.now)
    day = context.shop.brand.business_day(context.now, store.timezone)
    added = add_line(context.session, store, cart, other, line.n or n, context.diner_id, options=line.options, day=day, now=context.now)
    values = {"old": dish.name} | line_values(added, added.quantity)
    inverse = (Line(LineOp.REMOVE, other.id, line.n or n, line_id=added.id), _put_back(removed, n))
    return Done((Prompt("cart_swapped", values),), inverse=inverse, last_dish=other.id)


def _modify(context: Context, store: Store, line: Line) -> Answer:
    cart = _open(context)
    before = {item.id: item for item in cart.lines}
    wanted = _meant_by_all(context, store, cart, line) if line.every else [(line.dish_id, line.line_id, line.options)]
    say, inverse = list[Prompt](), list[Command]()
    for dish_id, line_id, options in wanted:
        dish, instead = _dish(context, store, dish_id), line.op is LineOp.REMAKE
        changed = modify_line(context.session, cart, dish, options, context.diner_id, line_id=line_id, instead=instead, now=context.now)
        say.append(Prompt("cart_modified", line_values(changed, changed.quantity)))
        inverse.append(Line(LineOp.REMAKE, dish.id, options=making_of(before[changed.id]), line_id=changed.id))
    return Done(tuple(say), tuple(inverse), last_dish=wanted[-1][0])


def _meant_by_all(context: Context, store: Store, cart: Cart, line: Line) -> list[tuple[str | None, str | None, tuple[str, ...]]]:
    """「都少辣」: the lines that can be made so, each with the wishes that are for it."""
    dishes = [_dish(context, store, item.dish_id) for item in cart.lines]
    made = [Made(dish.category, dish.spice, tuple(choice.name for option in dish.options for choice in option.choices)) for dish in dishes]
    meant = {wish: meant_by(wish, made) for wish in line.options}
    wishes = [tuple(wish for wish in line.options if at in meant[wish]) for at in range(len(dishes))]
    return [(item.dish_id, item.id, wishes[at]) for at, item in enumerate(cart.lines) if wishes[at]]


def _which_made(cart: Cart, dish: Dish, line: Line, diner_id: str) -> str | None:
    """Which line of a dish is meant, where a wish beside it tells (「微辣的那份不要了」); None where any will do.

    Raises:
        NoSuchLineError: None of several is made so.
    """
    lines = [item for item in cart.lines if item.dish_id == dish.id]
    if line.line_id is not None and any(item.id == line.line_id for item in lines):
        return line.line_id
    made_so = [item for item in lines if set(line.options) <= set(making_of(item))]
    if not line.options or (len(lines) == 1 and not made_so):
        return None
    if not made_so:
        raise NoSuchLineError(dish=f"{dish.name}（{'、'.join(line.options)}）")
    own = [item for item in made_so if item.diner_id == diner_id]
    return (own or made_so)[-1].id


def _own_plain(context: Context, cart: Cart, dish: Dish) -> bool:
    """Whether the diner has ordered this dish, just once, without a word on how it is made."""
    own = [line for line in cart.lines if line.dish_id == dish.id and line.diner_id == context.diner_id]
    return len(own) == 1 and not making_of(own[0])


def _placed_already(context: Context, line: Line) -> Refused | None:
    """The refusal to change a dish that is in the cart no more, because the kitchen has it: only a person can take it back."""
    if line.op is LineOp.ADD:
        return None
    cart = context.cart()
    if cart is None or not cart.rounds or any(item.dish_id == line.dish_id for item in cart.lines):
        return None
    standing = [item for item in placed_lines(context.session, cart.order_id) if item.standing]
    name = next((item.name for item in standing if item.dish_id == line.dish_id), None)
    return Refused("orders.placed_already", {"dish": name}, (Offer("转人工", (Handoff(),)),)) if name else None


def _made_before(context: Context, cart: Cart, dish: Dish) -> tuple[str, ...]:
    """「再来一份」 without words for the dish means one made like the last."""
    own = [line for line in cart.lines if line.dish_id == dish.id and line.diner_id == context.diner_id]
    return making_of(own[-1]) if own else ()


def _open(context: Context) -> Cart:
    cart = context.cart()
    if cart is None or not cart.lines:
        raise EmptyCartError
    return cart


def _dish(context: Context, store: Store, dish_id: str | None) -> Dish:
    dish = context.shop.dish_for(store.id, dish_id or "")
    if dish is None:
        known = context.shop.dishes.get(dish_id or "")
        raise UnknownDishError(dish=known.name if known else "这道菜", store=store.name)
    return dish


def _dish_in_cart(context: Context, store: Store, dish_id: str | None) -> Dish:
    """A dish that can be taken out of the cart, whether or not it is still sold."""
    cart = context.cart()
    line = next((line for line in cart.lines if line.dish_id == dish_id), None) if cart else None
    if line is None or context.shop.dish_for(store.id, line.dish_id):
        return _dish(context, store, dish_id)
    return Dish(line.dish_id, line.name, "", line.unit_price_fen, unit=line.unit)


def _narrowed(context: Context, line: Line) -> Line:
    """Only what is in the cart can be changed: 「不要鸡了」 means the chicken that was ordered, 「面硬一点」 the noodles."""
    cart = context.cart()
    orders = line.op is LineOp.ADD and not (line.options and line.n is None)
    if orders or cart is None:
        return line
    inside = tuple(dish_id for dish_id in line.candidates if any(item.dish_id == dish_id for item in cart.lines))
    if len(inside) == 1:
        return replace(line, dish_id=inside[0], candidates=())
    return replace(line, candidates=inside or line.candidates)


def _made_so(context: Context, line: Line) -> Line:
    """「微辣的不要了」 names no dish: if the one last spoken of is not made so and just one other is, that one is meant."""
    cart = context.cart()
    made_so = {item.dish_id for item in cart.lines if set(line.options) <= set(making_of(item))} if cart else set()
    return replace(line, dish_id=made_so.pop()) if len(made_so) == 1 else line


def _ask_dish(context: Context, store: Store, line: Line) -> Answer:
    dishes = [context.shop.dish_for(store.id, dish_id) for dish_id in line.candidates]
    offers = tuple(
        Offer(f"{dish.name} {short_yuan(dish.price_fen)}元", (replace(line, dish_id=dish.id, candidates=(), exact=True),))
        for dish in dishes[:8]
        if dish is not None
    )
    if not offers:
        return Refused(UnknownDishError.code, {"dish": line.words, "store": store.name})
    return Found((Prompt("which_dish", {"words": line.words}, offers),))


def _put_back(line: CartLine, n: Decimal) -> Line:
    return Line(LineOp.ADD, line.dish_id, n, options=making_of(line))
