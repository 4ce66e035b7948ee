"""From what was said of a dish to a line of the cart: how many of its units, and what is a wish."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from bot.dialogue.commands import Ask, Line, LineOp
from bot.understanding.lexicon import Kind
from bot.understanding.order_tokens import Token
from bot.understanding.resolvers.dishes import DishSpan, MenuIndex
from bot.understanding.resolvers.people import find_people
from bot.understanding.resolvers.quantities import WEIGHTS, Quantity

SOLD_BY_UNIT = "sold_by_unit"
_BOXES = frozenset({"箱", "件", "提"})  # nobody knows how many are in one
_ANY_UNIT = "份"  # said of everything, and taken where no measure word was said


@dataclass(slots=True, eq=False)
class Item:
    """A dish with what is to happen to it; `dish` None is the one last spoken of."""

    op: LineOp
    dish: DishSpan | None = None
    count: Token | None = None
    other: DishSpan | None = None
    wishes: list[str] = field(default_factory=list)
    every: bool = False  # all that the words fit: 「饮料都不要了」
    shared: list[str] = field(default_factory=list)  # wishes said of all: 「都少辣」
    wanted: bool = False  # a word says so: 来, 再加
    linked: bool = False  # 和 or 、 ties it to the one before
    less: bool = False  # 少: nothing without a number
    more: bool = False  # 再来, 加: beside what there is


def shared_out(item: Item, sentence: Sequence[Token]) -> list[Item] | None:
    """「两杯热的一杯冻的」 said of a dish just ordered: an item for each wish. None when the sentence is not of that form."""
    shares: list[Item] = []
    for token in sentence:
        if token.kind is Kind.QUANTITY:
            shares.append(Item(LineOp.ADD, item.dish, token, wishes=list(item.wishes), wanted=True))
        elif token.kind is Kind.OPTION and shares:
            shares[-1].wishes.append(token.option)
        elif token.kind not in {Kind.FILL, Kind.CALL, Kind.SPACE, Kind.AND} and token.text != "要":
            return None
    said = sum(share.count.quantity.n for share in shares if share.count and share.count.quantity)
    whole = item.count.quantity if item.count else None
    if not said or item.op is not LineOp.ADD or any(len(share.wishes) == len(item.wishes) for share in shares):
        return None
    if whole is None or said == whole.n:
        return shares
    if said > whole.n:
        return None
    left = Token(Kind.QUANTITY, "", quantity=replace(whole, n=whole.n - said))
    return [Item(LineOp.ADD, item.dish, left, wishes=list(item.wishes), wanted=True), *shares]


def narrow(items: Sequence[Item], menu: MenuIndex) -> None:
    """Let the measure word choose among dishes that the words fit: 三碗饭 is rice where no other 饭 is sold by the 碗."""
    for item in items:
        unit = item.count.quantity.unit if item.count and item.count.quantity else ""
        if item.dish is not None and item.other is None and unit not in {"", _ANY_UNIT}:
            sold = tuple(dish_id for dish_id in item.dish.dish_ids if menu.entries[dish_id].unit == unit)
            item.dish = replace(item.dish, dish_ids=sold) if len(sold) == 1 else item.dish


def by_the_box(items: list[Item], menu: MenuIndex) -> list[Ask]:
    """Take 「来一箱可乐」 out of items: how many units a box holds is not known, so it is told how the dish is sold and asked how many."""
    asked: list[Ask] = []
    for item in list(items):
        count = item.count.quantity if item.count else None
        named = item.other or item.dish
        if count is None or named is None or count.unit not in _BOXES or len(named.dish_ids) != 1:
            continue
        entry = menu.entries[named.dish_ids[0]]
        if entry.unit != count.unit and item.op is not LineOp.REMOVE:
            items.remove(item)
            said = f"{count.n.normalize():f}{count.unit}"
            asked.append(Ask(SOLD_BY_UNIT, {"dish_id": entry.id, "unit": entry.unit, "said": said}))
    return asked


def guests_in(text: str, items: Sequence[Item]) -> int | None:
    """For how many 每人一碗 is said in a text; None when it does not say, or only about."""
    counts = [item.count.quantity for item in items if item.count and item.count.quantity]
    if not any(count.per_person for count in counts):
        return None
    taken = [(count.start, count.end) for count in counts] + [(item.dish.start, item.dish.end) for item in items if item.dish]
    parties = [span.party for span in find_people(text, taken=taken)]
    return parties[0].n if len(parties) == 1 and not (parties[0].approx or parties[0].delta) else None


def lines_of(items: Sequence[Item], menu: MenuIndex, guests: int | None = None) -> tuple[Line, ...]:
    """The lines that items come to. Args: guests: How many 每人 are."""
    return tuple(line for item in items for line in _lines(item, menu, guests))


def _lines(item: Item, menu: MenuIndex, guests: int | None) -> list[Line]:
    named = item.other or item.dish
    count = item.count.quantity if item.count else None
    unit = menu.entries[named.dish_ids[0]].unit if named else "份"
    wishes = list(item.wishes)
    n = None
    if count is not None and item.count is not None:
        n = portions(count, unit)
        if n is None:
            wishes.append(item.count.text.replace(" ", ""))
        if count.size:
            wishes.append(count.size + count.unit)
        if count.per_person and guests and n is not None:
            n *= guests
        elif count.per_person:
            wishes.append(f"每人{count.n.normalize():f}{count.unit}")
    options = tuple(dict.fromkeys(wishes))
    which = _which(item.dish)
    if item.op is LineOp.SWAP:
        assert item.other is not None
        if len(item.other.dish_ids) > 1:
            return [Line(LineOp.REMOVE, **which), Line(LineOp.ADD, n=n, options=options, **_which(item.other))]
        other = item.other
        which = which | {"words": other.words, "exact": other.exact}
        return [Line(LineOp.SWAP, n=n, other_id=other.dish_ids[0], options=options, **which)]
    if item.op in {LineOp.SET, LineOp.REMOVE}:
        made = tuple(dict.fromkeys(item.wishes)) if item.op is LineOp.REMOVE else ()  # 「微辣的那份不要了」
        lines = [Line(item.op, n=n, options=made, every=item.every, **which)] if n is not None or item.op is LineOp.REMOVE else []
        return [*lines, Line(LineOp.MODIFY, options=options, **which)] if options and item.op is LineOp.SET else lines
    return [Line(item.op, n=n, options=options, every=item.every, **which)]


def _which(dish: DishSpan | None) -> dict[str, Any]:
    if dish is None:
        return {}
    if len(dish.dish_ids) > 1:
        return {"candidates": dish.dish_ids, "words": dish.words, "exact": dish.exact}
    return {"dish_id": dish.dish_ids[0], "words": dish.words, "exact": dish.exact}


def portions(quantity: Quantity, unit: str) -> Decimal | None:
    """How many units of a dish a quantity is; None when it says no number of them (三斤 of a dish sold by the 份)."""
    said, grams = quantity.unit, {"斤": 500, "公斤": 1000, "千克": 1000, "kg": 1000, "克": 1, "g": 1, "两": 50}
    if said in grams and unit.casefold() in grams:
        return quantity.n * grams[said] / grams[unit.casefold()]
    if unit == "打" and said == "个" and quantity.n % 12 == 0:
        return quantity.n / 12
    if said != unit and (said in WEIGHTS or said in _BOXES):
        return None
    return quantity.n
