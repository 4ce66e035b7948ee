"""A message about food cut into tokens: dishes, quantities, wishes and the words that say what to do with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from bot.understanding.lexicon import MARKS, Kind, scan
from bot.understanding.order_spots import Spot, find_spots
from bot.understanding.resolvers.dishes import DishSpan, MenuIndex
from bot.understanding.resolvers.quantities import MONEY_TOO, PEOPLE, WEIGHTS, Quantity, find_spelled
from bot.understanding.wishes import FOODSTUFF, same_wish

_LIST_NUMBER = re.compile(r"(?:^|(?<=[\s,:。;]))(?:[0-9]{1,2}|[一二三四五六七八九十]) ?[.、)）]")
_MOST_IN_A_WISH = 4  # characters of an ingredient nobody declared: 别放鱼腥草
_ACTS_ON_COUNTS = frozenset({Kind.ADD, Kind.REMOVE, Kind.LESS, Kind.SET, Kind.ONLY})
_MAY_BEGIN = frozenset({Kind.WRONG, *_ACTS_ON_COUNTS})
MISCOUNTED = frozenset({"多了", "点多了", "要多了", "少了", "点少了"})
_WISHES = frozenset({Kind.OPTION, Kind.EXCLUDE, Kind.REMOVE, Kind.UNWANTED, Kind.QUANTITY})
CORRECTS = frozenset({"不对", "啊不", "哦不", "噢不", "呃不", "哎不", "啊不对", "哦不对", "不不"})
_KEPT = ("不要", "少", "多", "加")
_REFUSALS = frozenset({"不要", "去掉"})
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
    spots = find_spots(text, dishes)
    quantities = [
        item
        for item in find_spelled(text, [(dish.start, dish.end) for dish in dishes])
        if not any(item.start < spot.end and spot.start < item.end for spot in spots)
    ]
    numbers = {offset for match in _LIST_NUMBER.finditer(text) for offset in range(*match.span())}
    spans: list[DishSpan | Quantity | Spot] = [*dishes, *quantities, *spots]
    spans.sort(key=attrgetter("start"))
    tokens: list[Token] = []
    at = 0
    for item in spans:
        _cut_between(text, at, item.start, menu, numbers, tokens)
        words = text[item.start : item.end]
        if isinstance(item, DishSpan):
            tokens.append(Token(Kind.DISH, words, dish=item))
        elif isinstance(item, Spot):
            tokens.append(Token(item.kind, words))
        elif item.unit in PEOPLE or (item.unit == MONEY_TOO and not any(menu.sold_in(dish, MONEY_TOO) for dish in dishes)):
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
    return _joined([sentence for sentence in found if sentence])


def _joined(said: list[list[Token]]) -> list[list[Token]]:
    """「一份微辣，一份不辣」 is said of one dish: such sentences are read as one."""
    found: list[list[Token]] = []
    for sentence in said:
        if found and _shares(sentence) and _shares(found[-1]):
            found[-1] += sentence
        else:
            found.append(sentence)
    return found


def _shares(sentence: Sequence[Token]) -> bool:
    kinds = {token.kind for token in sentence}
    return kinds >= {Kind.QUANTITY, Kind.OPTION} and kinds <= {Kind.QUANTITY, Kind.OPTION, Kind.FILL, Kind.SPACE}


def _begins(tokens: Sequence[Token], at: int, sentence: Sequence[Token]) -> bool:
    if tokens[at].kind in _ACTS_ON_COUNTS:
        adds = tokens[at].kind is Kind.ADD
        told = any(item.kind is Kind.TELLS and (adds or item.text in MISCOUNTED) for item in sentence)
        return told and at + 1 < len(tokens) and tokens[at + 1].kind is Kind.QUANTITY
    return tokens[at].text in CORRECTS and any(item.kind in {Kind.DISH, Kind.QUANTITY} for item in tokens[at + 1 :])


def settle_corrections(tokens: list[Token]) -> list[Token]:
    """Say 「要3瓶不是2瓶」 and 「不是2瓶，是3瓶」 as 改成3瓶, 「不是A是B」 as A换成B."""
    for at, token in enumerate(tokens):
        if token.kind is not Kind.NOT_THAT and not _not_so_many(tokens, at):
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


def _not_so_many(tokens: Sequence[Token], at: int) -> bool:
    """「要三碗不要两碗」: nothing is to be taken away."""
    following = [item.kind for item in tokens[at + 1 : at + 3]]
    if tokens[at].text != "不要" or following[:1] != [Kind.QUANTITY] or Kind.DISH in following:
        return False
    return _next_value(tokens, at - 1, -1, Kind.QUANTITY) is not None


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


def with_wishes(sentence: Sequence[Token], *, named: Sequence[str]) -> list[Token]:
    """Read as wishes what is not declared as one: 葱姜蒜 behind 不要, 别放鱼腥草 behind a dish, 三斤 beside 一条.

    Args:
        named: The words for dishes before this sentence.
    """
    if _WISHES.isdisjoint(token.kind for token in sentence):
        return list(sentence)
    found: list[Token] = []
    rest = list(sentence)
    while rest:
        token = rest.pop(0)
        if token.kind is Kind.OPTION:
            whole = _whole_wish(token, rest)
            found += [whole, *_more_of(whole.option, rest)]
        elif token.text in _REFUSALS and rest and rest[0].kind is Kind.OPTION:  # 「不要大份的」
            found.append(Token(Kind.OPTION, token.text, option="不要" + rest.pop(0).option))
        elif token.kind is Kind.EXCLUDE or (token.kind is Kind.REMOVE and token.text in _REFUSALS):
            near = bool(found) and found[-1].kind in {Kind.DISH, Kind.QUANTITY, Kind.OPTION}
            before = [*named, *(item.text for item in found if item.dish)]
            word = _foodstuff(token, rest, before) or (_refused(rest, near=near) if near or before else "")
            wish = same_wish(("少" if token.text == "少放" else "不要") + word)
            found.append(Token(Kind.OPTION, token.text + word, option=wish) if word else token)
            found += _more_of(wish, rest) if word in FOODSTUFF else []
        elif token.kind is Kind.UNWANTED and rest and rest[-1].text == "了":  # 「不想要可乐了」
            found.append(Token(Kind.REMOVE, token.text))
        elif token.quantity is not None and token.quantity.unit in WEIGHTS and (_counts(found[::-1]) or _counts(rest)):
            found.append(Token(Kind.OPTION, token.text, option=token.text.replace(" ", "")))
        else:
            found.append(token)
    return found


def _counts(beside: Sequence[Token]) -> bool:
    """Whether the dish beside a weight is counted too: 三斤的一条, 三两重庆小面一碗 (but not 三斤虾两碗饭)."""
    near = [token for token in beside[:4] if token.kind is not Kind.SPACE][:3]
    if near and near[0].kind is Kind.DISH and (len(near) < 3 or near[2].kind is not Kind.DISH):
        near = near[1:]
    return bool(near) and near[0].quantity is not None and near[0].quantity.unit not in WEIGHTS


def _whole_wish(token: Token, rest: list[Token]) -> Token:
    """不要皮 with 蛋 behind it is 不要皮蛋. Takes what belongs to it off `rest`."""
    end = next((at for at, item in enumerate(rest) if item.kind is not Kind.UNKNOWN and not (item.dish and len(item.text) == 1)), len(rest))
    word = "".join(item.text for item in rest[:end])
    over = end == len(rest) or rest[end].kind in {Kind.SPACE, Kind.FILL}
    if not (0 < len(word) < _MOST_IN_A_WISH and over and token.option.startswith(_KEPT)) or any(char in FOODSTUFF for char in word):
        return token
    del rest[:end]
    return Token(Kind.OPTION, token.text + word, option=token.option + word)


def _more_of(option: str, rest: list[Token]) -> list[Token]:
    """The other foodstuffs of a wish: 不要葱姜蒜, 不要香菜和花生. Takes them off `rest`."""
    kept = next((kept for kept in _KEPT if option.startswith(kept)), None)
    found: list[Token] = []
    while kept is not None and rest:
        skip = 1 if rest[0].kind is Kind.AND else 0
        for end in range(min(len(rest), skip + 3), skip, -1):
            word = "".join(item.text for item in rest[skip:end])
            if word in FOODSTUFF and all(item.kind in {Kind.UNKNOWN, Kind.FILL} or item.dish for item in rest[skip:end]):
                found.append(Token(Kind.OPTION, word, option=same_wish(kept + word)))
                del rest[:end]
                break
        else:
            break
    return found


def _foodstuff(token: Token, rest: list[Token], before: Sequence[str]) -> str:
    """花生 behind 不放, or behind 不要 in the talk about a dish, is in it, even where peanuts are sold too. Takes it off `rest`."""
    if not rest or rest[0].text not in FOODSTUFF or rest[0].dish is None or rest[0].text in before:
        return ""
    gone = rest[-1].text == "了"  # 「不要花生了」
    counted = len(rest) > 1 and rest[1].kind in {Kind.QUANTITY, Kind.ADD}
    if token.kind is Kind.REMOVE and (not before or gone or counted or token.text.endswith("了")):
        return ""
    return rest.pop(0).text


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
