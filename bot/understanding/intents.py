"""From an intent with what was named beside it to commands."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Cancel, Command, Deny, Handoff, Line, LineOp, Resume, SetSlot, Start, Undo
from bot.understanding.engine import Understanding
from bot.understanding.lexicon import TOPICS
from bot.understanding.order_words import OrderWords
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
_BY_LENGTH = sorted(TOPICS, key=len, reverse=True)


def bare_command(intent: str) -> Command | None:
    """The command that an intent is by itself: yes, no, never mind, a person; None for every other intent."""
    return _BARE.get(intent)


def commands_for(intent: str, understood: Understanding, order: OrderWords, words: ShopWords) -> tuple[Command, ...]:
    """What an intent asks of the conversation.

    Args:
        understood: Its entities become the arguments: time, people, store (an id), phone, and the rest by name.
        order: The same text read as an order.
    """
    bare = _BARE.get(intent)
    if bare is not None:
        return (bare,)
    args = _arguments(understood)
    match intent:
        case "order_dishes" | "change_order":
            lines = order.lines or _lines_beside(understood, words, adds=intent == "order_dishes")
            return beside(lines, understood) if lines else (Ask("view_menu" if intent == "order_dishes" else "view_cart", args),)
        case "ask_dish":
            return order.questions or _questions(understood, words)
    return (Ask(intent, args),)


def beside(commands: tuple[Command, ...], understood: Understanding) -> tuple[Command, ...]:
    """Changes to the cart with the store and the time of fetching that were said with them: 「春熙路店来两份红烧肉，七点来取」."""
    args = _arguments(understood)
    at = (SetSlot("store", args["store"]),) if "store" in args else ()
    fetched = "time" in args and args["time"].get("time") and _FETCH.search(understood.text)
    return (*at, *commands, Start("checkout", {"time": args["time"]})) if fetched else (*at, *commands)


def _arguments(understood: Understanding) -> dict[str, Any]:
    args: dict[str, Any] = {}
    for item in understood.entities:
        if item.entity == "store":
            if "id" in item.value:
                args.setdefault("store", item.value["id"])
        elif item.entity not in {"dish", "quantity", "unit", "modifier"}:
            args.setdefault(item.entity, item.value)
    return args


def _named(understood: Understanding, words: ShopWords) -> list[tuple[str, dict[str, Any]]]:
    """Ids of the dishes that were named without doubt, with what was said of each."""
    ids = {entry.name: dish_id for dish_id, entry in words.menu.entries.items()}
    values = [item.value for item in understood.entities if item.entity == "dish" and isinstance(item.value, Mapping)]
    return [(ids[value["name"]], dict(value)) for value in values if value.get("name") in ids]


def _lines_beside(understood: Understanding, words: ShopWords, *, adds: bool) -> tuple[Line, ...]:
    """Lines of dishes named in a sentence that the grammar could not follow; only what is added can be told from names alone."""
    if not adds:
        return ()
    return tuple(
        Line(LineOp.ADD, dish_id, Decimal(str(value["n"])) if value["n"] else None, words=value["name"], exact=value["exact"])
        for dish_id, value in _named(understood, words)
    )


def _questions(understood: Understanding, words: ShopWords) -> tuple[Command, ...]:
    topic = next((TOPICS[word] for word in _BY_LENGTH if word in understood.text), "general")
    dishes = [DishSpan(0, 0, (dish_id,), value["name"], value["exact"]) for dish_id, value in _named(understood, words)]
    asked = tuple(ask_about(dish, topic) for dish in dishes)
    return asked or (Ask("ask_dish", {"topic": topic}),)
