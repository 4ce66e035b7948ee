"""What a sentence changes in a cart, read from its first word to its last."""

from collections.abc import Sequence
from itertools import pairwise

from bot.dialogue.commands import LineOp
from bot.understanding.lexicon import Kind
from bot.understanding.order_changes import Changes
from bot.understanding.order_lines import Item, shared_out
from bot.understanding.order_meant import says_how_many, says_more, stands_already, stutters
from bot.understanding.order_places import SMALL, count_dishes, dish_ahead, dish_behind, find_shared, of_all, shares_begin
from bot.understanding.order_tokens import Token
from bot.understanding.resolvers.dishes import DishSpan

_LOOSE = frozenset({"份", "碗", "瓶", "杯", "盘", "例", "罐", "听", "扎"})
_POINTS = frozenset({"那个", "这个"})


def take(changes: Changes, sentence: Sequence[Token]) -> list[str]:
    """Add what a sentence changes. Returns: words that turned out to say nothing."""
    at = shares_begin(sentence)
    rest = _read(changes, sentence[:at]) if at else []
    sentence = sentence[at:]
    shares = shared_out(changes.items[-1], sentence) if changes.items else None
    if shares:
        changes.items[-1:] = shares
        return rest
    return rest + _read(changes, sentence)


def _read(changes: Changes, sentence: Sequence[Token]) -> list[str]:
    reading = _Sentence(changes, sentence)
    for at, token in enumerate(sentence):
        reading.read(at, token)
    reading.close()
    return reading.rest


class _Sentence:
    """A sentence while its tokens are read from left to right."""

    def __init__(self, changes: Changes, tokens: Sequence[Token]) -> None:
        self.rest: list[str] = []
        self._changes = changes
        self._tokens = tokens
        self._shared = find_shared(tokens)
        self._dish_of = count_dishes(tokens, shared=self._shared)
        self._count_of = {dish: count for count, dish in self._dish_of.items()}
        self._items: dict[int, Item] = {}  # by the place of the dish
        self._new: list[Item] = []
        self._op = LineOp.ADD
        self._wanted = False
        self._less = False
        self._acted_at = -1
        self._said = ""  # the word of the last act: 来, 再加
        self._linked = False
        self._target: Item | None = None  # of 改成, until its new value comes
        self._waiting: list[str] = []
        self._for_all: Token | None = None  # 各两份 before the dishes

    def read(self, at: int, token: Token) -> None:
        match token.kind:
            case Kind.ADD:
                self._act(at, LineOp.ADD)
                self._said = token.text
            case Kind.LESS:
                self._act(at, LineOp.REMOVE, less=True)
            case Kind.ONLY:
                self._only(at)
            case Kind.REMOVE:
                self._remove(at, token)
            case Kind.SET if not self._swaps_for_what(at, token):
                self._target = self._last() or Item(LineOp.SET, self._changes.spoken_of)
            case Kind.EACH:
                self._share(at)
            case Kind.AND:
                self._linked = True
            case Kind.WRONG:
                self._changes.corrected = True
            case Kind.DISH:
                self._dish(at, token)
            case Kind.QUANTITY if at != self._shared:
                self._quantity(at, token)
            case Kind.OPTION:
                self._wish(at, token)

    def close(self) -> None:
        last = self._last()
        if last is not None:
            last.wishes += self._waiting
        earlier = any(token.kind is Kind.EARLIER for token in self._tokens)
        for item in self._new:
            bare = item.op is LineOp.ADD and not item.wanted
            before = self._changes.items[-1] if self._changes.items else None
            if before is not None and stutters(before, item):
                self._changes.items.pop()
            if bare and item.count is None and item.wishes and earlier:
                item.op = LineOp.MODIFY
            elif item.op is LineOp.ADD and item.count is not None and stands_already(self._tokens, self._items, item, self._said):
                item.op = LineOp.SET
            elif item.op is LineOp.ADD and self._changes.corrected and self._corrects(item):
                continue
            elif item.less and item.count is None:
                self.rest.append(item.dish.words if item.dish else "")
                continue
            self._changes.items.append(item)
        if self._new:
            self._changes.turned = False

    def _corrects(self, item: Item) -> bool:
        """Behind 不对: sets what stands in the cart, or puts right what this message said before. Returns: whether it did the latter."""
        self._changes.corrected = False
        before = self._changes.items[-1] if self._changes.items else None
        if before is not None and before.op is LineOp.ADD:
            before.dish, before.count, before.wishes = item.dish, item.count or before.count, before.wishes + item.wishes
            return True
        item.op = LineOp.SET if item.count is not None else item.op
        return False

    def _last(self) -> Item | None:
        return self._new[-1] if self._new else self._changes.last

    def _tied(self) -> list[Item]:
        """The last dish of the sentence and those that 和 ties to it, the last first."""
        tied = self._new[-1:]
        for later, item in pairwise(reversed(self._new)):
            if not later.linked:
                break
            tied.append(item)
        return tied

    def _act(self, at: int, op: LineOp, *, less: bool = False) -> None:
        self._op, self._wanted, self._less, self._acted_at, self._target = op, True, less, at, None

    def _only(self, at: int) -> None:
        """只要: behind a dish it sets how many, before one it orders."""
        count = next((place for place in range(at + 1, len(self._tokens)) if self._tokens[place].kind is Kind.QUANTITY), None)
        if self._new and count is not None and self._items.get(self._dish_of.get(count, -1)) is self._new[-1]:
            self._target = self._new[-1]
        else:
            self._act(at, LineOp.ADD)

    def _remove(self, at: int, token: Token) -> None:
        following = next((other.kind for other in self._tokens[at + 1 :] if other.kind not in SMALL), None)
        if following is Kind.QUANTITY or (following is Kind.DISH and not self._closes(at, token)):
            self._act(at, LineOp.REMOVE)
        else:
            self._remove_before(token)
            self._op, self._wanted = LineOp.ADD, False

    def _closes(self, at: int, token: Token) -> bool:
        """Whether a removal before a dish belongs to the dish behind it: 「可乐不要了再来雪碧」, 「可乐不要雪碧要两瓶」."""
        if not self._new:
            return False
        bare = self._tokens[at - 1].kind is Kind.DISH and not self._new[-1].wanted and self._new[-1].count is None
        return token.text.endswith("了") or (bare and any(other.kind in {Kind.ADD, Kind.QUANTITY} for other in self._tokens[at + 1 :]))

    def _remove_before(self, token: Token) -> None:
        if self._new:
            for item in self._tied():
                item.op = LineOp.REMOVE
        elif self._changes.items and self._changes.items[-1].op is LineOp.ADD:
            self._changes.items.pop()
        elif any(other.kind is Kind.EARLIER or other.text in _POINTS for other in self._tokens):
            self._new.append(Item(LineOp.REMOVE, self._changes.spoken_of))
        else:
            self.rest.append(token.text)

    def _dish(self, at: int, token: Token) -> None:
        assert token.dish is not None
        count = self._tokens[self._count_of[at]] if at in self._count_of else None
        target, self._target = self._target, None
        if target is not None:
            self._swap(target, token.dish, count)
            self._items[at] = target
            return
        op = self._op
        if op is LineOp.REMOVE and count and self._new and not self._linked and self._new[-1].op is op and self._new[-1].count is None:
            op = LineOp.ADD  # 「不要可乐 雪碧一瓶」
        item = Item(op, token.dish, count or self._for_all, wanted=self._wanted, linked=self._linked, less=self._less)
        item.more = says_more(self._said)
        item.wishes, self._waiting = self._waiting, []
        self._linked = False
        self._items[at] = item
        self._new.append(item)

    def _swap(self, target: Item, dish: DishSpan, count: Token | None) -> None:
        if target in self._changes.items and target.op is LineOp.ADD:  # ordered a moment ago: nothing to take out of the cart
            target.dish, target.count = dish, count or target.count
            return
        for item in self._tied()[1:]:  # 「可乐和雪碧换成啤酒」
            item.op = LineOp.REMOVE
        target.op, target.other, target.count = LineOp.SWAP, dish, count
        target.wishes += self._waiting
        self._waiting = []
        self._keep(target)

    def _keep(self, item: Item) -> None:
        if item not in self._new and item not in self._changes.items:
            self._new.append(item)

    def _quantity(self, at: int, token: Token) -> None:
        place = self._dish_of.get(at)
        item = self._items.get(place) if place is not None else None
        if self._target is not None and (place is None or item is self._target):
            target, self._target = self._target, None
            if not (target in self._changes.items and target.op is LineOp.ADD):
                target.op = LineOp.SET
            target.count = token
            self._keep(target)
        elif item is not None and place is not None:
            if self._acted_at > place:  # 「米饭少两碗」
                item.op, item.wanted, item.less = self._op, True, self._less
        elif place is None:
            self._loose(at, token)

    def _swaps_for_what(self, at: int, token: Token) -> bool:
        """「换一个」 does not say for what: nothing is changed."""
        behind = next((other.quantity for other in self._tokens[at + 1 :] if other.kind not in SMALL), None)
        if token.text != "换" or behind is None or behind.n != 1 or any(other.dish for other in self._tokens[at:]):
            return False
        if self._new and not self._new[-1].wanted:  # 「红烧肉换一份大的」: of the one in the cart
            self._changes.speak_of(self._new.pop().dish or self._changes.spoken_of)
        self.rest.append(token.text)
        return True

    def _loose(self, at: int, token: Token) -> None:
        """A quantity without a dish: of the one last spoken of."""
        last = self._last()
        sets = self._op is LineOp.ADD and says_how_many(self._tokens, at, self._said, doubted=self._changes.doubt != "")
        if sets:
            self._changes.doubt = ""
            if last is not None and last.op is LineOp.ADD:  # 「来两份，还是三份吧」
                last.count = token
            else:
                self._new.append(Item(LineOp.SET, last.dish if last else self._changes.spoken_of, token))
            return
        open_ = last is not None and last.op is LineOp.ADD and (last.count is None or self._changes.corrected)
        if self._op is LineOp.ADD and last is not None and open_:
            last.count = token
        elif self._wanted:
            dish = last.dish if last else self._changes.spoken_of
            self._changes.doubt = ""
            self._new.append(Item(self._op, dish, token, wishes=self._waiting, wanted=True))
            self._waiting = []
        elif (
            last is None
            and token.quantity
            and token.quantity.unit in _LOOSE
            and all(item.kind in {*SMALL, Kind.QUANTITY} for item in self._tokens)
        ):
            self._new.append(Item(LineOp.ADD, self._changes.spoken_of, token, wanted=True))
        else:
            self.rest.append(token.text)

    def _share(self, at: int) -> None:
        if self._shared is None:
            return
        count = self._tokens[self._shared]
        setting = any(token.kind is Kind.SET for token in self._tokens[at : self._shared])
        pool = [item for item in self._new if item.count is None]
        if not self._new:
            for item in reversed(self._changes.items):
                if item.count is not None or item.op is not LineOp.ADD:
                    break
                pool.append(item)
        for item in pool:
            item.count, item.wanted = count, True
            item.op = LineOp.SET if setting else item.op
        if not pool:
            self._for_all = count

    def _wish(self, at: int, token: Token) -> None:
        ahead = dish_ahead(self._tokens, at, self._dish_of)
        if self._target is not None:
            target, self._target = self._target, None
            if target.op is not LineOp.ADD or not (target.wanted or target.count or target in self._changes.items):
                target.op = LineOp.MODIFY
            target.wishes.append(token.option)
            self._keep(target)
        elif of_all(self._tokens, at):
            self._wish_for_all(token.option)
        elif ahead and (not dish_behind(self._tokens, at, self._dish_of) or self._tokens[at + 1].text == "的"):
            self._waiting.append(token.option)
        elif len(token.text) == len(token.option) == 1:  # 冰, 热 before a dish only
            self.rest.append(token.text)
        elif self._new:
            self._new[-1].wishes.append(token.option)
        elif any(other.kind in {Kind.DISH, Kind.QUANTITY} for other in self._tokens[at:]):  # 「不辣的话来一份」
            self._waiting.append(token.option)
        elif self._changes.items:
            self._changes.items[-1].wishes.append(token.option)
        else:
            self._new.append(Item(LineOp.MODIFY, self._changes.spoken_of, wishes=[token.option]))

    def _wish_for_all(self, wish: str) -> None:
        for item in (pool := self._new or self._changes.items):
            item.wishes.append(wish)
            item.shared.append(wish)
        if not pool:
            self._new.append(Item(LineOp.MODIFY, wishes=[wish], every=True))
