"""A message about food cut into tokens: dishes, quantities, wishes and the words that say what to do with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from bot.understanding.lexicon import MARKS, Kind, scan
from bot.understanding.resolvers.dishes import DishSpan, MenuIndex
from bot.understanding.resolvers.quantities import PEOPLE, WEIGHTS, Quantity, find_spelled
from bot.understanding.wishes import FOODSTUFF, same_wish

_LIST_NUMBER = re.compile(r"(?:^|(?<=[\s,，。;；]))(?:[0-9]{1,2}|[一二三四五六七八九十]) ?[.、)）]")
_MOST_IN_A_WISH = 4  # characters of an ingredient nobody declared: 别放鱼腥草
_MAY_BEGIN = frozenset({Kind.ADD, Kind.WRONG})
_WISHES = frozenset({Kind.OPTION, Kind.EXCLUDE, Kind.REMOVE, Kind.UNWANTED, Kind.QUANTITY})
CORRECTS = frozenset({"不对", "啊不", "哦不", "噢不", "呃不", "哎不", "啊不对", "哦不对", "不不"})
_REFUSALS = frozenset({"不要", "不用", "去掉"})
_PASSED_OVER = frozenset({Kind.FILL, Kind.CALL, Kind.SPACE, Kind.AND, Kind.END})
_SAYS_SO = frozenset({"是", "应该是", "而是"})


@dataclass(slots=True)
class Token:
    """A piece of a message. `dish`, `quantity` or `option` by its kind."""

    kind: Kind
    text: str
    dish: DishSpan | None = None
    quantity: Quantity | None = None
    option: str = ""


def cut(text: str, menu: MenuIndex) -> list[Token]:
    """The tokens of a text in normal form; signs and emoji that say nothing are left out."""
    dishes = menu.find_spelled(text)
    quantities = find_spelled(text, [(item.start, item.end) for item in dishes])
    numbers = {offset for match in _LIST_NUMBER.finditer(text) for offset in range(*match.span())}
    spans: list[DishSpan | Quantity] = [*dishes, *quantities]
    spans.sort(key=attrgetter("start"))
    tokens: list[Token] = []
    at = 0
    for item in spans:
        _cut_between(text, at, item.start, menu, numbers, tokens)
        words = text[item.start : item.end]
        if isinstance(item, DishSpan):
            tokens.append(Token(Kind.DISH, words, dish=item))
        elif item.unit in PEOPLE:
            tokens.append(Token(Kind.FILL, words))
        else:
            tokens.append(Token(Kind.QUANTITY, words, quantity=item))
        at = item.end
    _cut_between(text, at, len(text), menu, numbers, tokens)
    return tokens


def _cut_between(text: str, at: int, stop: int, menu: MenuIndex, numbers: set[int], tokens: list[Token]) -> None:
    if at == stop:
        return
    for start, end, kind in scan(text, at, stop, menu.words, menu.reaches):
        words = text[start:end]
        if kind is Kind.OPTION:
            tokens.append(Token(kind, words, option=menu.options[words]))
        elif kind is not None:
            tokens.append(Token(kind, words))
        elif start in numbers or words == "x":
            continue
        elif words in MARKS:
            tokens.append(Token(Kind.END, words))
        elif words.isspace():
            tokens.append(Token(Kind.SPACE, words))
        elif words.isalnum():
            tokens.append(Token(Kind.UNKNOWN, words))


def sentences(tokens: Sequence[Token]) -> list[list[Token]]:
    """Sentences end at their marks, behind 吗 and 么, before 啊不, and where a tale turns into an order (「真好吃再来一份」)."""
    found: list[list[Token]] = [[]]
    for at, token in enumerate(tokens):
        if token.kind in _MAY_BEGIN and _begins(tokens, at, found[-1]):
            found.append([])
        asked = token.kind is Kind.ASKS and token.text in {"吗", "么"}
        if token.kind is Kind.END or asked:
            if asked or token.text in "?？":
                found[-1].append(token)
            found.append([])
        else:
            found[-1].append(token)
    return [sentence for sentence in found if sentence]


def _begins(tokens: Sequence[Token], at: int, sentence: Sequence[Token]) -> bool:
    if tokens[at].kind is Kind.ADD:
        return any(item.kind is Kind.TELLS for item in sentence) and at + 1 < len(tokens) and tokens[at + 1].kind is Kind.QUANTITY
    return tokens[at].text in CORRECTS and any(item.kind in {Kind.DISH, Kind.QUANTITY} for item in tokens[at + 1 :])


def settle_corrections(tokens: list[Token]) -> list[Token]:
    """Say 「要3瓶不是2瓶」 and 「不是2瓶，是3瓶」 as 改成3瓶, 「不是A是B」 as A换成B."""
    for at, token in enumerate(tokens):
        if token.kind is not Kind.NOT_THAT:
            continue
        wrong = _next_value(tokens, at + 1, 1)
        if wrong is None:
            continue
        right = _next_value(tokens, wrong + 1, 1, tokens[wrong].kind)
        before = _next_value(tokens, at - 1, -1, tokens[wrong].kind)
        if right is None and before is None:
            continue
        instead = Token(Kind.SET, "改成")
        if right is not None and (before is None or any(item.text in _SAYS_SO or item.kind is Kind.ADD for item in tokens[wrong:right])):
            old = [tokens[wrong]] if tokens[wrong].kind is Kind.DISH else []
            return settle_corrections([*tokens[:at], *old, instead, *tokens[right:]])
        assert before is not None
        old = [tokens[wrong]] if tokens[wrong].kind is Kind.DISH else tokens[before + 1 : before + 1]
        return settle_corrections([*tokens[:before], *old, instead, tokens[before], *tokens[wrong + 1 :]])
    return tokens


def _next_value(tokens: Sequence[Token], at: int, step: int, kind: Kind | None = None) -> int | None:
    """The nearest dish or quantity in a direction with only small words between."""
    while 0 <= at < len(tokens):
        here = tokens[at].kind
        if here in {Kind.DISH, Kind.QUANTITY}:
            return at if kind in {None, here} else None
        if here not in _PASSED_OVER and here is not Kind.ADD:
            return None
        at += step
    return None


def with_wishes(sentence: Sequence[Token], *, after_dish: bool) -> list[Token]:
    """Read as wishes what is not declared as one: 葱姜蒜 behind 不要, 别放鱼腥草 behind a dish, 三斤 beside 一条.

    Args:
        after_dish: A dish was named before this sentence.
    """
    if _WISHES.isdisjoint(token.kind for token in sentence):
        return list(sentence)
    found: list[Token] = []
    rest = list(sentence)
    while rest:
        token = rest.pop(0)
        if token.kind is Kind.OPTION:
            found += [token, *_more_of(token.option, rest)]
        elif token.kind is Kind.EXCLUDE or (token.kind is Kind.REMOVE and token.text in _REFUSALS):
            near = bool(found) and found[-1].kind in {Kind.DISH, Kind.QUANTITY, Kind.OPTION}
            word = _refused(rest, near=near) if near or after_dish or any(item.dish for item in found) else ""
            found.append(Token(Kind.OPTION, token.text + word, option=("少" if token.text == "少放" else "不要") + word) if word else token)
        elif token.kind is Kind.UNWANTED and rest and rest[-1].text == "了":  # 「不想要可乐了」
            found.append(Token(Kind.REMOVE, token.text))
        elif token.quantity is not None and token.quantity.unit in WEIGHTS and _counted_beside(found, rest):
            found.append(Token(Kind.OPTION, token.text, option=token.text))
        else:
            found.append(token)
    return found


def _counted_beside(before: Sequence[Token], after: Sequence[Token]) -> bool:
    return any(item.quantity is not None and item.quantity.unit not in WEIGHTS for item in (*before[-1:], *after[:1]))


def _more_of(option: str, rest: list[Token]) -> list[Token]:
    """The other foodstuffs of a wish: 不要葱姜蒜, 不要香菜和花生. Takes them off `rest`."""
    kept = next((kept for kept in ("不要", "少", "多", "加") if option.startswith(kept)), None)
    found: list[Token] = []
    while kept is not None and rest:
        skip = 1 if rest[0].kind is Kind.AND else 0
        for end in range(min(len(rest), skip + 3), skip, -1):
            word = "".join(item.text for item in rest[skip:end])
            if word in FOODSTUFF and all(item.kind is Kind.UNKNOWN or (item.dish and not item.dish.exact) for item in rest[skip:end]):
                found.append(Token(Kind.OPTION, word, option=same_wish(kept + word)))
                del rest[:end]
                break
        else:
            break
    return found


def _refused(rest: list[Token], *, near: bool) -> str:
    """What 别放 or 不要 refuses when it ends the clause, and is no dish of the menu. Takes it off `rest`."""
    if near and rest and rest[0].dish is not None and not rest[0].dish.exact:  # 牛肉面不要牛肉
        return rest.pop(0).text
    end = 0
    while end < len(rest) and rest[end].kind is Kind.UNKNOWN:
        end += 1
    word = "".join(item.text for item in rest[:end])
    if len(word) > _MOST_IN_A_WISH or (end < len(rest) and rest[end].kind not in {Kind.SPACE, Kind.FILL}):
        return ""
    del rest[:end]
    return word


_COUNTED = frozenset({Kind.DISH, Kind.QUANTITY})
_FAR = 20  # cost of leaving a quantity without a dish
_APART = {Kind.SPACE: 2, Kind.AND: 4} | dict.fromkeys((Kind.ADD, Kind.REMOVE, Kind.LESS, Kind.SET, Kind.ONLY, Kind.EACH), 6)


def count_dishes(sentence: Sequence[Token], *, shared: int | None = None) -> dict[int, int]:
    """Which quantity belongs to which dish of a sentence: index of the quantity -> index of the dish.

    A dish takes one quantity, a quantity the dish on its left or right. The nearer is better; where both are as near,
    a sentence that begins with a number counts before its dishes, any other behind them.

    Args:
        shared: The quantity of 各, which belongs to no single dish.
    """
    marks = [at for at, token in enumerate(sentence) if token.kind in _COUNTED and at != shared]
    kinds = [sentence[at].kind for at in marks]
    if Kind.DISH not in kinds or Kind.QUANTITY not in kinds:
        return {}
    if len(kinds) % 2 == 0 and kinds[:2] * (len(kinds) // 2) == kinds:  # one by one: there is but one way
        first = 0 if kinds[0] is Kind.QUANTITY else 1
        return dict(zip(marks[first::2], marks[1 - first :: 2], strict=True))
    left_costs, right_costs = (1, 0) if sentence[marks[0]].kind is Kind.QUANTITY else (0, 1)
    # `taken`: the dish just passed has its quantity, or the quantity just passed waits for the dish that follows.
    best: dict[bool, tuple[int, tuple[tuple[int, int], ...]]] = {False: (0, ())}
    for k, at in enumerate(marks):
        if sentence[at].kind is Kind.DISH:
            if k and sentence[marks[k - 1]].kind is Kind.DISH:
                best = {False: min(best.values())}
            continue
        ways: dict[bool, list[tuple[int, tuple[tuple[int, int], ...]]]] = {False: [], True: []}
        for taken, (cost, pairs) in best.items():
            ways[False].append((cost + _FAR, pairs))
            if k and sentence[marks[k - 1]].kind is Kind.DISH and not taken:
                left = marks[k - 1]
                ways[False].append((cost + left_costs + _between(sentence, left, at), (*pairs, (at, left))))
            if k + 1 < len(marks) and sentence[marks[k + 1]].kind is Kind.DISH:
                right = marks[k + 1]
                ways[True].append((cost + right_costs + _between(sentence, at, right), (*pairs, (at, right))))
        best = {taken: min(found) for taken, found in ways.items() if found}
    return dict(min(best.values())[1])


def _between(sentence: Sequence[Token], left: int, right: int) -> int:
    return max((_APART.get(token.kind, 0) for token in sentence[left + 1 : right]), default=0)
