"""What a message says about the cart: lines to add, set, remove, swap and modify, and questions about dishes.

A sentence that tells (太咸了, 昨天点过) or asks is no order; one with words that nothing explains is none either, unless
it says plainly that something is wanted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.dialogue.commands import Ask, Line, LineOp
from bot.understanding.lexicon import TOPICS, Kind
from bot.understanding.normal_form import normal_form
from bot.understanding.order_tokens import Token, count_dishes, cut, portions, sentences, settle_corrections, with_wishes
from bot.understanding.phrases import ask_about
from bot.understanding.resolvers.dishes import DishSpan, MenuIndex
from bot.understanding.resolvers.quantities import Quantity

MOST_UNKNOWN = 8  # characters beside a plain order: 「给小朋友来一份…」
_MOST_BESIDE_A_GUESS = 2
_ACTS = frozenset({Kind.ADD, Kind.REMOVE, Kind.LESS, Kind.SET, Kind.ONLY, Kind.EACH})
_SAID_FIRST = frozenset({Kind.ADD, Kind.LESS, Kind.ONLY})
_SMALL = frozenset({Kind.FILL, Kind.CALL, Kind.ALL, Kind.EARLIER, Kind.MAY})
_LOOSE = frozenset({"份", "碗", "瓶", "杯", "盘", "例", "罐", "听", "扎"})


@dataclass(frozen=True, slots=True)
class OrderWords:
    """What a message says about dishes.

    Attributes:
        lines: Changes to the cart in the order in which they were said.
        rest: What nothing explained, without particles; much of it means that the message was about something else.
        questions: About dishes: price, spice, whether there is any.
    """

    lines: tuple[Line, ...]
    rest: str
    questions: tuple[Ask, ...] = ()


@dataclass(slots=True)
class _Item:
    op: LineOp
    dish: DishSpan | None = None
    count: Quantity | None = None
    other: DishSpan | None = None
    wishes: list[str] = field(default_factory=list)
    every: bool = False
    wanted: bool = False  # a word says so: 来, 再加
    linked: bool = False  # 和 or 、 ties it to the one before


def read_order(text: str, menu: MenuIndex) -> OrderWords:
    """Read a message as an order.

    Args:
        text: As the diner wrote it.
        menu: The dishes of the shop.
    """
    form = normal_form(text)
    reader = _Reader(menu)
    for sentence in sentences(settle_corrections(cut(form.text, menu))):
        reader.read(sentence)
    lines = tuple(line for item in reader.items for line in _lines(item, menu))
    return OrderWords(lines, " ".join(reader.rest), tuple(reader.questions))


class _Reader:
    """Reads sentence by sentence: a later one may speak of a dish of an earlier one."""

    def __init__(self, menu: MenuIndex) -> None:
        self.items: list[_Item] = []
        self.questions: list[Ask] = []
        self.rest: list[str] = []
        self._menu = menu
        self._wrong = False
        self._asked: DishSpan | None = None

    def read(self, sentence: Sequence[Token]) -> None:
        sentence = with_wishes(sentence, after_dish=bool(self.items))
        kinds = {token.kind for token in sentence}
        self._wrong = self._wrong or Kind.WRONG in kinds
        topic = _topic(sentence, kinds)
        if topic:
            self._ask(sentence, topic)
        elif Kind.TELLS in kinds or not _plain(sentence, kinds):
            self._leave(sentence)
        else:
            self.rest += [token.text for token in sentence if token.kind is Kind.UNKNOWN]
            self._change(sentence)

    def _ask(self, sentence: Sequence[Token], topic: str) -> None:
        dishes = [token.dish for token in sentence if token.dish is not None]
        for dish in dishes:
            question = ask_about(dish, topic)
            if question not in self.questions:
                self.questions.append(question)
        self._asked = dishes[-1]

    def _leave(self, sentence: Sequence[Token]) -> None:
        said = "".join(token.text for token in sentence if token.kind not in {Kind.FILL, Kind.CALL, Kind.SPACE, Kind.END})
        self.rest += [said] if said else []
