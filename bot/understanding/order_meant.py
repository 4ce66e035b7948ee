"""What a number means: more (「再来两份」), or how many there should be (「两份就够了」); and what was said twice but meant once."""

from collections.abc import Mapping, Sequence

from bot.dialogue.commands import LineOp
from bot.understanding.lexicon import Kind
from bot.understanding.order_lines import Item
from bot.understanding.order_places import SMALL
from bot.understanding.order_tokens import Token

_MORE = ("再", "加", "多", "还", "外加", "另", "追加", "添", "续", "补", "+")  # beside what there is
_ENOUGH = frozenset({"就行", "就好", "就可以", "即可", "就够", "就够了", "够了"})
_STILL = "还是"  # 「还是两份吧」
_WANTED = frozenset({"", "要"})  # 来 and 点 order, 要 may also tell


def says_more(word: str) -> bool:
    """Whether a word of ordering adds to what there is: 再来, 加."""
    return word.startswith(_MORE)


def says_how_many(tokens: Sequence[Token], at: int, said: str, *, doubted: bool) -> bool:
    """Whether a quantity without a dish is how many there should be: 「一份就够了」, 「还是两份吧」, 「只要6瓶」.

    Args:
        at: The place of the quantity.
        said: The word of ordering before it, if any.
        doubted: It was said before that there are too many or too few.
    """
    if said not in _WANTED or not {token.kind for token in tokens} <= {*SMALL, Kind.ADD, Kind.ONLY, Kind.QUANTITY}:
        return False
    told = any(token.kind in {Kind.EARLIER, Kind.ONLY} or token.text == _STILL for token in tokens[:at])
    return doubted or told or any(token.text in _ENOUGH for token in tokens[at + 1 : at + 2])


def stands_already(tokens: Sequence[Token], items: Mapping[int, Item], item: Item, said: str) -> bool:
    """Whether a dish is one that was ordered before: 「刚才那个啤酒要两瓶」. Args: items: By the places of their dishes."""
    place = next((at for at, other in items.items() if other is item), 0)
    for token in reversed(tokens[:place]):
        if token.kind is Kind.EARLIER:
            return said in _WANTED
        if token.kind not in {Kind.FILL, Kind.CALL, Kind.SPACE, Kind.OPTION}:
            break
    return False


def stutters(before: Item, item: Item) -> bool:
    """Whether a dish was begun and then said in full: 「那个鱼香，鱼香肉丝来一份」. 「红烧肉，再来一份红烧肉」 are two."""
    bare = before.op is LineOp.ADD and before.count is None and not before.wishes and not before.wanted
    if not bare or item.op is not LineOp.ADD or item.linked or item.more or before.dish is None or item.dish is None:
        return False
    same = before.dish.dish_ids == item.dish.dish_ids
    return item.count is not None if same else set(item.dish.dish_ids) < set(before.dish.dish_ids)
