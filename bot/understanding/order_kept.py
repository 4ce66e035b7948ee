"""What stays in the cart when everything else is to go: 「只留红烧肉，别的都不要了」, 「除了米饭都不要了」."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bot.understanding.lexicon import Kind
from bot.understanding.order_places import count_dishes
from bot.understanding.order_tokens import Token

EXCEPT = "除了"
_KEEPS = frozenset({"只留", "只保留", "就留"})
_MAY_KEEP = frozenset({*_KEEPS, "留", "留下", "保留", "只要", "只来", "只点"})  # 给我留一份 and 只要米饭 order, unless the others go
_OTHERS = frozenset({"其他", "别的", "其它", "其他的", "其它的", "其余", "其余的", "剩下的"})
_SMALL = frozenset({Kind.FILL, Kind.CALL, Kind.SPACE, Kind.ALL, Kind.MAY, Kind.END})


def refuses_others(tokens: Sequence[Token]) -> bool:
    """Whether a message says anywhere that the others are not wanted: 别的都不要了."""
    solid = [token for token in tokens if token.text in _OTHERS or token.kind not in _SMALL]
    return any(other.text in _OTHERS and token.kind is Kind.REMOVE for other, token in pairwise(solid))


def others_refused(sentence: Sequence[Token]) -> bool:
    """Whether a sentence says only that: behind an order it ends it (「来份红烧肉，别的不要了」)."""
    return refuses_others(sentence) and {token.kind for token in sentence} <= {*_SMALL, Kind.REMOVE}


def stays(sentence: Sequence[Token], *, alone: bool) -> bool:
    """Whether a sentence names what stays.

    Args:
        alone: The message says that the others are not wanted.
    """
    kinds = {token.kind for token in sentence}
    first = next((at for at, token in enumerate(sentence) if token.kind is Kind.DISH), 0)
    only = next((token.text for token in sentence[:first] if token.kind is Kind.ONLY), "")
    if kinds & {Kind.ADD, Kind.SET, Kind.OPTION, Kind.TELLS, Kind.ELSEWHEN, Kind.UNKNOWN}:
        return False
    if only == EXCEPT:
        return any(token.kind is Kind.REMOVE for token in sentence[first:])
    return only in (_MAY_KEEP if alone else _KEEPS)


def kept_in(sentence: Sequence[Token]) -> list[dict[str, Any]]:
    """The dishes that stay: `dish_id` with `n`, how many of it (a string, or None where no number was said)."""
    counts = {dish: sentence[count].quantity for count, dish in count_dishes(sentence).items()}
    found: list[dict[str, Any]] = []
    for at, token in enumerate(sentence):
        count = counts.get(at)
        n = f"{count.n.normalize():f}" if count else None
        found += [{"dish_id": dish_id, "n": n} for dish_id in (token.dish.dish_ids if token.dish else ())]
    return found
