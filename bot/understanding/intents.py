"""From an intent with what was named beside it to commands."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Cancel, Command, Deny, Handoff, Line, LineOp, Resume, SetSlot, Start, Undo
from bot.understanding.dining import REPEAT_ORDER, WAIT, points_at_dish, repeats, waits
from bot.understanding.engine import Entity, Understanding
from bot.understanding.lexicon import TOPICS
from bot.understanding.order_words import OrderWords, read_order
from bot.understanding.phrases import ask_about
from bot.understanding.resolvers.dishes import DishSpan
from bot.understanding.shop_words import ShopWords

_BARE: Mapping[str, Command] = {
    "affirm": Affirm(),
    "deny": Deny(),
    "cancel_flow": Cancel(),
    "undo": Undo(),
    "resume_flow": Resume(),
    "talk_to_human": Handoff(),
}
_FETCH = re.compile("[取拿]|带走|打包|自提|过来")
_IMPOSSIBLE = re.compile(r"(?<![0-9.])(?:(0)|[1-9][0-9]{4,8}|(?:[0-9]+|[一二两三四五六七八九十百千]+)[万亿]|无数)(?![0-9.])")
_FAR_TOO_MANY = Decimal(1_000_000)
_BY_LENGTH = sorted(TOPICS, key=len, reverse=True)


def bare_command(intent: str) -> Command | None:
    """The command that an intent is by itself: yes, no, never mind, a person; None for every other intent."""
    return _BARE.get(intent)


def commands_for(
    intent: str,
    understood: Understanding,
    order: OrderWords,
    words: ShopWords,
    strange: tuple[str, ...] = (),
    wishes: tuple[Command, ...] = (),
) -> tuple[Command, ...]:
    """What an intent asks of the conversation.

    Args:
        understood: Its entities become the arguments: time, people, store (an id), phone, and the rest by name.
        order: The same text read as an order.
        strange: Names of dishes that the shop does not have.
        wishes: What was asked for beside an order: 「…，下单」.
    """
    bare = _BARE.get(intent)
    if bare is not None:
        return (bare,)
    args = _arguments(understood)
    match intent:
        case "order_dishes" | "change_order":
            lines = order.lines or _lines_beside(understood, words, adds=intent == "order_dishes")
            if strange:  # the 一份 of 一份佛跳墙 is of no other dish, and 可乐换成茅台 orders no 可乐
                lines = tuple(line for line in lines if line.dish_id or line.candidates) if intent == "order_dishes" else ()
            if lines:
                return (*beside(lines, understood), *not_found(strange), *wishes)
            if not strange and repeats(understood.text):
                return (Ask(REPEAT_ORDER),)
            return not_found(strange) or (Ask("view_menu" if intent == "order_dishes" else "view_cart", args),)
        case "ask_dish":
            return order.questions or _questions(understood, words) or not_found(strange) or _of_the_last(understood) or (Ask("view_menu"),)
        case "view_menu" | "checkout" if "store" in args:
            return SetSlot("store", args.pop("store")), Ask(intent, args)
    return (Ask(intent, args),)


def not_found(strange: tuple[str, ...]) -> tuple[Command, ...]:
    """Tells that the shop does not have a dish."""
    return (Ask("dish_not_found", {"words": "、".join(strange)}),) if strange else ()


def beside(commands: tuple[Command, ...], understood: Understanding) -> tuple[Command, ...]:
    """Changes to the cart with the store and the time of fetching that were said with them: 「春熙路店来两份红烧肉，七点来取」."""
    impossible = _IMPOSSIBLE.search(understood.text)
    if impossible:  # 0份, 一百万瓶: the domain says how many there may be
        n = Decimal(0) if impossible[1] else _FAR_TOO_MANY
        commands = tuple(
            replace(one, n=n) if isinstance(one, Line) and one.op is LineOp.ADD and one.n in {None, 1} else one for one in commands
        )
    args = _arguments(understood)
    at = (SetSlot("store", args["store"]),) if "store" in args else ()
    fetched = "time" in args and args["time"].get("time") and _FETCH.search(understood.text)
    slots = ({"time": args["time"]} if fetched else {}) | ({WAIT: True} if waits(understood.text) and _orders(commands) else {})
    return (*at, *commands, Start("checkout", slots)) if slots else (*at, *commands)


def _orders(commands: tuple[Command, ...]) -> bool:
    return any(isinstance(one, Line) for one in commands) and Ask("checkout") not in commands


def _arguments(understood: Understanding) -> dict[str, Any]:
    args: dict[str, Any] = {}
    for item in understood.entities:
        if item.entity == "store":
            if "id" in item.value:
                args.setdefault("store", item.value["id"])
        elif item.entity not in {"dish", "quantity", "unit", "modifier"}:
            args.setdefault(item.entity, item.value)
    return args


def _named(understood: Understanding, words: ShopWords) -> list[tuple[Entity, str, dict[str, Any]]]:
    """The dishes that were named without doubt: where, their ids, and what was said of each."""
    ids = {entry.name: dish_id for dish_id, entry in words.menu.entries.items()}
    named = [item for item in understood.entities if item.entity == "dish" and isinstance(item.value, Mapping)]
    return [(item, ids[item.value["name"]], dict(item.value)) for item in named if item.value.get("name") in ids]


def _lines_beside(understood: Understanding, words: ShopWords, *, adds: bool) -> tuple[Line, ...]:
    """Lines of dishes named in a sentence that the grammar could not follow as a whole: it reads what stands around each name again.

    Args:
        adds: The sentence orders, so the bare name of a dish adds it; else only what says plainly what to change is taken.
    """
    text = understood.text
    named = _named(understood, words)
    begins = [_with_count_before(understood, entity) for entity, _, _ in named]
    lines = []
    for (_, dish_id, value), (start, stop) in zip(named, pairwise([*begins, len(text)]), strict=True):
        read = read_order(text[start:stop], words.menu).lines
        line = next((line for line in read if line.dish_id == dish_id), None)
        if line is not None and (line.n is not None or line.options or line.op is not LineOp.ADD):
            lines.append(line)
        elif adds:
            n = Decimal(str(value["n"])) if value["n"] else None
            lines.append(Line(LineOp.ADD, dish_id, n, words=value["name"], exact=value["exact"]))
    return tuple(line for line in lines if adds or line.options or line.op is not LineOp.ADD)


def _with_count_before(understood: Understanding, dish: Entity) -> int:
    """Where a dish begins with the number that stands right before it: 「…去店里取 三份葱油拌面」."""
    before = (item for item in understood.entities if item.entity == "quantity" and item.end <= dish.start)
    return next((item.start for item in before if not understood.text[item.end : dish.start].strip()), dish.start)


def _of_the_last(understood: Understanding) -> tuple[Command, ...]:
    """「这个辣不辣」 names no dish: it asks about the one last spoken of."""
    word = next((word for word in _BY_LENGTH if word in understood.text), None)
    if word is None or TOPICS[word] == "order" or not points_at_dish(understood.text.replace(word, "", 1)):
        return ()
    return (Ask("ask_dish", {"topic": TOPICS[word]}),)


def _questions(understood: Understanding, words: ShopWords) -> tuple[Command, ...]:
    topic = next((TOPICS[word] for word in _BY_LENGTH if word in understood.text), "general")
    dishes = [DishSpan(0, 0, (dish_id,), value["name"], value["exact"]) for _, dish_id, value in _named(understood, words)]
    return tuple(ask_about(dish, topic) for dish in dishes)
