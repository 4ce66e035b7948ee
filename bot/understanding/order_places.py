"""Where things stand in a sentence: which quantity counts which dish, and which dish a wish stands beside."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from bot.understanding.lexicon import Kind
from bot.understanding.order_tokens import Token

SMALL = frozenset({Kind.FILL, Kind.CALL, Kind.ALL, Kind.EARLIER, Kind.MAY, Kind.SPACE})
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


def find_shared(sentence: Sequence[Token]) -> int | None:
    """The quantity of 各, which every dish gets."""
    for at, token in enumerate(sentence):
        if token.kind is Kind.EACH:
            for later in range(at + 1, len(sentence)):
                if sentence[later].kind is Kind.QUANTITY:
                    return later
                if sentence[later].kind not in {*SMALL, Kind.ADD, Kind.SET}:
                    break
    return None


def dish_ahead(sentence: Sequence[Token], at: int, dish_of: Mapping[int, int]) -> bool:
    """Whether a dish follows a wish directly: 微辣的红烧肉, 冰可乐, 大份的两份水煮鱼. `dish_of` is from `count_dishes`."""
    for place in range(at + 1, len(sentence)):
        token = sentence[place]
        if token.kind is Kind.DISH:
            return True
        if not (token.kind is Kind.OPTION or token.text == "的" or (token.kind is Kind.QUANTITY and dish_of.get(place, -1) > at)):
            return False
    return False


def dish_behind(sentence: Sequence[Token], at: int, dish_of: Mapping[int, int]) -> bool:
    """Whether a dish, or how many of it, stands directly before a wish."""
    for place in range(at - 1, -1, -1):
        token = sentence[place]
        if token.kind is Kind.DISH:
            return True
        if token.kind is Kind.QUANTITY:
            return 0 <= dish_of.get(place, -1) < at
        if token.kind not in {Kind.OPTION, Kind.FILL}:
            return False
    return False


def of_all(sentence: Sequence[Token], at: int) -> bool:
    """Whether a wish is for every dish: 都要微辣."""
    for token in reversed(sentence[:at]):
        if token.kind is Kind.ALL:
            return True
        if token.kind not in {Kind.FILL, Kind.MAY, Kind.ADD, Kind.SPACE, Kind.OPTION, Kind.AND}:
            return False
    return False


def shares_begin(sentence: Sequence[Token]) -> int:
    """Where it is told of how many portions of the last dish are made how: 「两杯酸梅汤 一杯去冰一杯少冰」. 0 when it is not."""
    last = max((at for at, token in enumerate(sentence) if token.kind is Kind.DISH), default=None)
    if last is None:
        return 0
    for at in range(last + 1, len(sentence)):
        if sentence[at].kind is Kind.OPTION:
            return 0
        counts = _shares(sentence[at:])
        if not counts:
            continue
        whole = next((sentence[count].quantity for count, dish in count_dishes(sentence[:at]).items() if dish == last), None)
        if sum(counts) <= whole.n if whole else len(counts) > 1:
            return at
    return 0


def _shares(tokens: Sequence[Token]) -> list[Decimal]:
    """How many are made in each way; none where tokens say anything else."""
    if tokens[0].kind is not Kind.QUANTITY:
        return []
    marked = [token for token in tokens if token.kind not in {Kind.FILL, Kind.CALL, Kind.SPACE, Kind.AND} and token.text != "要"]
    kinds = [token.kind for token in marked]
    if not set(kinds) <= {Kind.QUANTITY, Kind.OPTION} or kinds[-1] is Kind.QUANTITY or (Kind.QUANTITY, Kind.QUANTITY) in pairwise(kinds):
        return []
    return [token.quantity.n for token in marked if token.quantity is not None]
