"""What kind of dish a part of the menu holds: which parts the words 饮料 and 甜品 mean, and which dishes a wish for all of them is for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.dialogue.commands import LineOp
from bot.understanding.lexicon import Kind
from bot.understanding.order_lines import Item
from bot.understanding.order_tokens import Token
from bot.understanding.resolvers.dishes import DishSpan, MenuIndex

_DRINKS, _SWEETS, _STAPLES = "drinks", "sweets", "staples"
# How diners call a kind, and what the parts of menus that hold it are called.
_KINDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    _DRINKS: (re.compile("饮|酒|茶水|喝|奶茶|咖啡|果汁"), "饮料 饮品 酒水 酒水饮料 喝的 喝的东西"),
    _SWEETS: (re.compile("甜|冰品|糖水"), "甜品 甜点 甜食 甜的"),
    _STAPLES: (re.compile("主食|米面|面食|饭"), "主食"),
    "cold": (re.compile("凉|冷"), "凉菜 冷菜 凉拌菜 冷盘"),
    "hot": (re.compile("热菜|炒|招牌菜"), "热菜"),
    "soups": (re.compile("汤|羹"), "汤 汤品 汤羹"),
    "snacks": (re.compile("小吃|点心"), "小吃 点心"),
}
_SPICE = re.compile("辣|麻(?!酱|油)")
_COLD_OR_SWEET = re.compile("冰|常温|[糖甜]$|分糖")
_OF_FOOD = re.compile("^(?:不要|少|多|加)|咸|淡|油|熟|嫩|脆|软|硬|烂|骨|刺")
_PLAIN = frozenset({_DRINKS, _SWEETS, _STAPLES})  # nobody means these by 少辣 or 不要葱
_BESIDE = frozenset({Kind.ALL, Kind.CALL, Kind.EARLIER, Kind.MAY, Kind.SPACE, Kind.REMOVE, Kind.END})
_EDGES = re.compile("^(?:我们?|咱们?|给我|那些?|这些?|里面?|点)+|[的了吧啊呀呢哈]+$")


@dataclass(frozen=True, slots=True)
class Made:
    """What decides whether a wish is for a dish: the part of the menu it stands in, how hot it is (0 to 5), and its choices by name."""

    category: str
    spice: int
    choices: tuple[str, ...]


def meant_by(wish: str, dishes: Sequence[Made]) -> tuple[int, ...]:
    """Which of several dishes a wish for all of them (「都少辣」) is for, by their places.

    Those that can be made so: they offer the choice, or are hot where it is about heat, or drinks and sweets where it is about ice and
    sugar. If none can, all that is cooked; and of nothing but drinks and rice, all. Nobody wants a cola less hot.
    """
    able = tuple(at for at, dish in enumerate(dishes) if _can_be(wish, dish))
    return able or _cooked(dishes) or tuple(range(len(dishes)))


def _cooked(dishes: Sequence[Made]) -> tuple[int, ...]:
    return tuple(at for at, dish in enumerate(dishes) if kind_of(dish.category) not in _PLAIN)


def _can_be(wish: str, dish: Made) -> bool:
    if wish in dish.choices:
        return True
    kind = kind_of(dish.category)
    if _SPICE.search(wish):
        return dish.spice > 0
    if _COLD_OR_SWEET.search(wish):
        return kind in {_DRINKS, _SWEETS}
    return kind not in _PLAIN or not _OF_FOOD.search(wish)


def kind_of(category: str) -> str | None:
    """The kind of dish that a part of the menu holds by its name; None when its name tells nothing (热销)."""
    return next((kind for kind, (called, _) in _KINDS.items() if called.search(category)), None)


def dishes_of_kind(words: str, menu: MenuIndex) -> tuple[str, ...]:
    """The dishes of the parts of the menu that words name (甜品, 喝的), by the shop's own names for them first; none for other words."""
    entries = menu.entries.values()
    named = tuple(entry.id for entry in entries if entry.category and words == entry.category)
    if named:
        return named
    meant = next((kind for kind, (_, said) in _KINDS.items() if words in said.split()), None)
    return tuple(entry.id for entry in entries if meant is not None and entry.category and kind_of(entry.category) == meant)


def kind_refused(sentence: Sequence[Token], menu: MenuIndex, text: str) -> Item | None:
    """A sentence that takes a whole kind of dish away: 「把甜品都去掉」, 「饮料都不要了」; else None.

    Args:
        text: In normal form, what the sentence stands in.
    """
    removes = [token for token in sentence if token.kind is Kind.REMOVE]
    said = [token for token in sentence if token.kind not in _BESIDE]
    every = any(token.kind is Kind.ALL for token in sentence)
    if len(removes) != 1 or not said or any(token.quantity or token.option for token in said):
        return None
    words = _EDGES.sub("", "".join(token.text for token in said))
    if not dishes_of_kind(words, menu) and dishes_of_kind(f"{words}的", menu):
        words = f"{words}的"
    ids = dishes_of_kind(words, menu)
    if not ids and every and len(said) == 1 and said[0].dish is not None and len(said[0].dish.dish_ids) > 1:
        ids = said[0].dish.dish_ids  # 「面都不要了」
    start = max(0, text.find(words))
    return Item(LineOp.REMOVE, DishSpan(start, start + len(words), ids, words, exact=True), every=True) if ids else None


def settle_wishes_for_all(items: Sequence[Item], menu: MenuIndex) -> None:
    """Take a wish said of all dishes from the drinks and the rice among them that it is not for: 「红烧肉和可乐，都少辣」."""
    for wish in dict.fromkeys(wish for item in items for wish in item.shared):
        sharing = [item for item in items if wish in item.shared and item.dish is not None]
        entries = [menu.entries[item.dish.dish_ids[0]] for item in sharing if item.dish is not None]
        made = [Made(entry.category, entry.spice, entry.options) for entry in entries]
        meant = {*meant_by(wish, made), *(() if _COLD_OR_SWEET.search(wish) else _cooked(made))}
        for at, item in enumerate(sharing):
            if at not in meant:
                item.wishes.remove(wish)
