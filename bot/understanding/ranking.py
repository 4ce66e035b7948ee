"""An engine's ranking of intents, put right by who speaks and by what the rules have found."""

import re

from bot.understanding.deterministic import Plain
from bot.understanding.engine import ACT, ASK, Understanding
from bot.understanding.meant import intent_of

_ORDERS, _CHANGES = "order_dishes", "change_order"
_CHANGING = re.compile("[改换减退删撤]|不要|别要|不是|去掉|取消|少|只|错|刚才|刚刚")
_SOLD_OUT, _ASK_DISH = "mark_sold_out", "ask_dish"
_ASKS = re.compile("[吗么没嘛?？]|是不是|有没有|还有")
STAFF = frozenset({"call_next_number", "mark_sold_out", "mark_served", "reprint_ticket", "today_figures", "broadcast_message"})


def for_diners(text: str, intents: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """The ranking without what only staff can mean; who asks 「…卖完了吗」 asks about a dish."""
    sold_out = dict(intents).get(_SOLD_OUT, 0.0)
    if sold_out and _ASKS.search(text):
        asked = dict(intents).get(_ASK_DISH, 0.0) + sold_out
        others = [(name, sure) for name, sure in intents if name not in {_SOLD_OUT, _ASK_DISH}]
        intents = tuple(sorted([*others, (_ASK_DISH, min(1.0, asked))], key=lambda item: -item[1]))
    kept = tuple((name, sure) for name, sure in intents if name not in STAFF)
    share = sum(sure for _, sure in kept)
    all_ = sum(sure for _, sure in intents)
    return tuple((name, min(1.0, sure * all_ / share)) for name, sure in kept) if share else intents


def weighed(understood: Understanding, plain: Plain) -> Understanding:
    """The ranking with the word of the rules in it.

    Where both find the same they are believed. Where they differ the engine is right far more often, as the rules have left words
    unexplained; only where the engine has no idea do the rules speak.
    """
    found = [intent_of([command]) for command in plain.commands] if plain.likely else []
    named = understood.intent if understood.intent in found else intent_of(plain.commands) if found else None
    if named is None or (named != understood.intent and understood.confidence >= ASK):
        return understood
    agreed = max(sum(sure for name, sure in understood.intents if name in found), ACT)
    others = tuple((name, sure * (1 - agreed)) for name, sure in understood.intents if name != named)
    return Understanding(understood.text, ((named, agreed), *others), understood.entities)


def one_order(understood: Understanding) -> Understanding:
    """The ranking where an engine wavers between ordering and changing: with a dish named and no word of changing, it is an order."""
    sure = dict(understood.intents)
    both = sure.get(_ORDERS, 0.0) + sure.get(_CHANGES, 0.0)
    named = any(item.entity == "dish" for item in understood.entities)
    if understood.intent not in {_ORDERS, _CHANGES} or understood.confidence >= ACT or not named or _CHANGING.search(understood.text):
        return understood
    others = tuple((name, share) for name, share in understood.intents if name not in {_ORDERS, _CHANGES})
    return Understanding(understood.text, ((_ORDERS, both), *others), understood.entities)
