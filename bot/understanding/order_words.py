"""What a message says about the cart: lines to add, set, remove, swap and modify, and questions about dishes.

A sentence that tells (太咸了, 昨天点过) or asks is no order; one with words that nothing explains is none either, unless
it says plainly that something is wanted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.dialogue.commands import Ask, Line
from bot.understanding.dish_kinds import kind_refused, settle_wishes_for_all
from bot.understanding.lexicon import TOPICS, Kind
from bot.understanding.normal_form import normal_form
from bot.understanding.order_changes import Changes
from bot.understanding.order_items import take
from bot.understanding.order_kept import EXCEPT, kept_in, others_refused, refuses_others, stays
from bot.understanding.order_lines import Item, by_the_box, guests_in, lines_of, narrow
from bot.understanding.order_tokens import CORRECTS, MISCOUNTED, Token, cut, sentences, settle_corrections, with_wishes
from bot.understanding.phrases import ask_about
from bot.understanding.resolvers.dishes import DishSpan, MenuIndex
from bot.understanding.resolvers.quantities import MEASURES

_MOST_UNKNOWN = 8  # characters beside a plain order: 「给小朋友来一份…」
_MOST_BESIDE_A_GUESS = 2
_ACTS = frozenset({Kind.ADD, Kind.REMOVE, Kind.LESS, Kind.SET, Kind.ONLY, Kind.EACH})
_LIST_SIGNS = dict.fromkeys(range(9312, 9372), "\n")  # ①: which one of a list, never how many
_NO_ORDER = frozenset({Kind.TELLS, Kind.ELSEWHEN})
_POINTERS = frozenset({"这个", "那个", "这", "它"})
_INSIDE = frozenset({"里面", "里", "里头", "含", "放"})
_SAYS_NOTHING = frozenset({Kind.FILL, Kind.CALL, Kind.SPACE, Kind.END})
_POINTING = _SAYS_NOTHING | {Kind.TOPIC, Kind.EARLIER, Kind.ASKS}
_LEFT_OVER = frozenset({Kind.UNKNOWN, Kind.WHEN})


@dataclass(frozen=True, slots=True)
class OrderWords:
    """What a message says about dishes.

    Attributes:
        lines: Changes to the cart in the order in which they were said.
        rest: What nothing explained, without particles; much of it means that the message was about something else.
        questions: About dishes: price, spice, whether there is any.
        items: What the lines were made of, with the places of the words.
        kept: What is to become of the rest of the cart: `keep_only` with `dishes` (each `dish_id` and `n`: 「只留红烧肉，别的都不要了」).
    """

    lines: tuple[Line, ...]
    rest: str
    questions: tuple[Ask, ...] = ()
    items: tuple[Item, ...] = ()
    kept: tuple[Ask, ...] = ()


def read_order(text: str, menu: MenuIndex) -> OrderWords:
    """Read a message as an order.

    Args:
        text: As the diner wrote it.
        menu: The dishes of the shop.
    """
    changes = Changes()
    questions: list[Ask] = []
    rest: list[str] = []
    kept: list[dict[str, Any]] = []
    spelled = normal_form(text.translate(_LIST_SIGNS)).text
    tokens = settle_corrections(cut(spelled, menu))
    alone = refuses_others(tokens)
    for said in sentences(tokens):
        sentence = with_wishes(said, named=[item.dish.words for item in changes.items if item.dish])
        kinds = {token.kind for token in sentence}
        changes.corrected |= bool(changes.items) and [token.text for token in sentence] == ["不"]  # 「两份，不，三份」
        dishes = [token.dish for token in sentence if token.dish is not None] or _pointed_at(sentence, changes)
        topic = _topic(sentence, kinds) if dishes else None
        gone = kind_refused(said, menu, spelled)
        if gone is not None:
            changes.items.append(gone)
            changes.turned = False
        elif topic is not None and _inside_of_the_last(sentence):
            questions.append(Ask("ask_dish", {"topic": "allergens"}))
        elif topic is not None and _about(sentence, dishes):
            asked = [ask_about(dish, topic) for dish in _asked_about(sentence) or dishes]
            questions += [question for at, question in enumerate(asked) if question not in (*questions, *asked[:at])]
            rest += [token.text for token in sentence if token.kind in _LEFT_OVER]
            changes.speak_of(dishes[-1])
        elif topic is None and stays(sentence, alone=alone):
            kept += kept_in(sentence)
        elif others_refused(sentence):
            continue
        elif len(dishes) == 1 and _miscounts(sentence):
            changes.speak_of(dishes[0], doubt="".join(token.text for token in sentence))
        elif topic is not None or kinds & _NO_ORDER or not _orders(sentence, kinds, dishes):
            rest.append("".join(token.text for token in sentence if token.kind not in _SAYS_NOTHING))
            if dishes:
                changes.speak_of(dishes[-1])
        else:
            rest += [token.text for token in sentence if token.kind in _LEFT_OVER]
            rest += take(changes, sentence)
    rest.append(changes.doubt)
    narrow(changes.items, menu)
    questions += by_the_box(changes.items, menu)
    settle_wishes_for_all(changes.items, menu)
    lines = lines_of(changes.items, menu, guests_in(spelled, changes.items))
    if kept:  # what is ordered beside stays too, whichever is done first
        beside = [dish_id for line in lines for dish_id in (line.dish_id, line.other_id, *line.candidates) if dish_id]
        kept += [{"dish_id": dish_id, "n": None} for dish_id in beside]
    keeps = (Ask("keep_only", {"dishes": kept}),) if kept else ()
    return OrderWords(lines, " ".join(filter(None, rest)), tuple(questions), tuple(changes.items), keeps)


def _topic(sentence: Sequence[Token], kinds: set[Kind]) -> str | None:
    """What a sentence about a dish asks, or None when it asks nothing."""
    acts = bool(kinds & _ACTS) or Kind.QUANTITY in kinds
    if Kind.TOPIC in kinds:
        topic = next(TOPICS[token.text] for token in sentence if token.kind is Kind.TOPIC)
        guessed = not any(token.dish.exact for token in sentence if token.dish)
        return None if topic == "allergens" and guessed else topic  # 「我花生过敏」 is not about a dish with 花生
    if kinds & _NO_ORDER:
        return None
    if Kind.UNWANTED in kinds:
        return "unwanted"
    if Kind.ASKS in kinds:
        politely = Kind.MAY in kinds and (acts or Kind.OPTION in kinds)
        if not (politely and all(token.text in {"吗", "么"} for token in sentence if token.kind is Kind.ASKS)):
            return "available" if Kind.HAVE in kinds else "general"
        return None
    if Kind.HAVE in kinds and not acts:
        return "available"
    if sentence[-1].text == "呢" and not acts:
        return "order" if sentence[0].text in {"我", "我们"} else "general"
    return "general" if sentence[-1].kind is Kind.END and not acts else None


def _pointed_at(sentence: Sequence[Token], changes: Changes) -> list[DishSpan]:
    """The dish named last, of which 「这个辣不辣」 asks behind it; none where the sentence says anything else."""
    kinds = {token.kind for token in sentence}
    last = changes.spoken_of if changes.turned else changes.items[-1].dish if changes.items else None
    return [last] if last is not None and Kind.TOPIC in kinds and kinds <= _POINTING else []


def _asked_about(sentence: Sequence[Token]) -> list[DishSpan]:
    """The dishes that a question is about: 「宫保鸡丁里面有花生吗」 is about one, and of guesses none beside a name."""
    inside = next((at for at, token in enumerate(sentence) if token.text in _INSIDE), len(sentence))
    before = [token.dish for token in sentence[:inside] if token.dish is not None]
    named = before or [token.dish for token in sentence if token.dish is not None]
    return [dish for dish in named if dish.exact]


def _inside_of_the_last(sentence: Sequence[Token]) -> bool:
    """「这个里面有花生吗」 asks about the dish last spoken of, even where peanuts are sold too."""
    inside = next((at for at, token in enumerate(sentence) if token.text in _INSIDE), 0)
    before = [token for token in sentence[:inside] if token.text in _POINTERS or token.kind is Kind.EARLIER]
    return bool(before) and not any(token.dish for token in sentence[:inside])


def _about(sentence: Sequence[Token], dishes: Sequence[DishSpan]) -> bool:
    """Whether a question is about its dishes: beside a guess hardly anything may stand unexplained (「全聚德电话是多少」)."""
    return any(dish.exact for dish in dishes) or _unknown(sentence) <= _MOST_BESIDE_A_GUESS


def _miscounts(sentence: Sequence[Token]) -> bool:
    """「啤酒多了」: how many there should be follows."""
    told = [token for token in sentence if token.kind is Kind.TELLS]
    beside = {token.kind for token in sentence} - {Kind.TELLS, Kind.DISH, Kind.EARLIER, *_SAYS_NOTHING}
    return bool(told) and not beside and all(token.text in MISCOUNTED for token in told)


def _unknown(sentence: Sequence[Token]) -> int:
    return sum(len(token.text) for token in sentence if token.kind is Kind.UNKNOWN)


def _orders(sentence: Sequence[Token], kinds: set[Kind], dishes: Sequence[DishSpan]) -> bool:
    """Whether a sentence is plain enough to change the cart."""
    unknown = _unknown(sentence)
    if any(token.kind is Kind.UNKNOWN and token.text.isdecimal() and after.text in MEASURES for token, after in pairwise(sentence)):
        return False  # a number that is none: 0份, 100000份
    acts = bool(kinds & _ACTS) or Kind.QUANTITY in kinds
    if not dishes:
        if Kind.OPTION in kinds and kinds & {Kind.ASKS, Kind.HAVE, Kind.TOPIC} and Kind.MAY not in kinds:
            return False  # 「有什么不辣的」
        return not unknown or not (acts or Kind.OPTION in kinds)
    if (
        kinds & {Kind.NOT_THAT, Kind.TOPIC}
        or any(token.text == EXCEPT for token in sentence)
        or (Kind.LESS in kinds and Kind.QUANTITY not in kinds)
        or (Kind.WRONG in kinds and not kinds & {Kind.QUANTITY, Kind.SET} and sentence[0].text not in CORRECTS)
    ):
        return False
    first = next(at for at, token in enumerate(sentence) if token.kind is Kind.DISH)
    before = {token.kind for token in sentence[:first]}
    if not acts:  # the bare name of a dish: nothing else may be said, but how it is wanted
        return not unknown and (Kind.FILL not in before or Kind.WRONG in before) and (Kind.EARLIER not in kinds or Kind.OPTION in kinds)
    if unknown and not kinds & {Kind.QUANTITY, Kind.REMOVE, Kind.SET, Kind.EACH} and not before & _ACTS:
        return False  # 「我从青岛来」
    return unknown <= (_MOST_UNKNOWN if all(dish.exact for dish in dishes) else _MOST_BESIDE_A_GUESS)
