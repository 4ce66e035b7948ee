"""One message to commands without any model: fixed phrases, then what it says about dishes."""

import re
from dataclasses import dataclass

from bot.dialogue.commands import Affirm, Ask, Command, LineOp, Nothing
from bot.understanding.order_words import OrderWords, read_order
from bot.understanding.phrases import read_phrase
from bot.understanding.resolvers.dishes import MenuIndex
from bot.understanding.service_words import CALL_WAITER, summons

MOST_READ = 500  # characters; nobody orders in longer messages
_MOST_REST = 8
_MARKS = re.compile(r"([,，。;；!！?？\n~～]+)")
_ENDING = re.compile("(?<![不别没么后能来])(就这些|就这样|就这么多|先这些|下单|提交|买单|埋单|结账)(?:了|吧|谢谢|买单|下单|结账)*\\s*$")
_THEN = re.compile("[,，。\\s]*(?:完了?|之?后|以后|然后|好了?)*再|[,，。\\s]*然后")
_SMALL_TALK = frozenset({"greet", "thank", "help"})
_NO_ORDER = OrderWords((), "")


@dataclass(frozen=True, slots=True)
class Plain:
    """A message as rules alone read it.

    Attributes:
        commands: In the order in which they are to be taken; none when the rules found nothing to do.
        order: The message read as an order, without the keywords beside it.
        covered: The rules explain every word and guess none, so no model has to be asked.
        likely: They explain enough to be believed where a model is not sure.
    """

    commands: tuple[Command, ...]
    order: OrderWords
    covered: bool
    likely: bool


def read_plainly(text: str, menu: MenuIndex) -> Plain:
    """Read a message by rules.

    Args:
        text: As it was written.
        menu: The dishes of the shop's current version.
    """
    if len(text) > MOST_READ:
        return Plain((), _NO_ORDER, covered=False, likely=False)
    phrase = Ask(CALL_WAITER) if summons(text) else read_phrase(text)
    if phrase is not None:
        return Plain((phrase,), _NO_ORDER, covered=True, likely=True)
    in_turn = _in_turn(text)
    if in_turn:
        return Plain(in_turn, _NO_ORDER, covered=True, likely=True)
    text, wishes = _without_wishes(text)
    order = read_order(text, menu)
    if order.kept:  # 「都不要了，只留红烧肉」
        wishes = [wish for wish in wishes if wish.intent != "clear_cart"]
    said: tuple[Command, ...] = (*order.questions, *order.lines, *order.kept, *wishes)
    counted = any(line.n is not None or line.op is not LineOp.ADD for line in order.lines)
    likely = len(order.rest) <= (max(_MOST_REST, len(text) - len(order.rest)) if counted else _MOST_REST)
    sure = all(line.exact and not line.candidates for line in order.lines) and not any("candidates" in ask.args for ask in order.questions)
    return Plain(said, order, covered=bool(said) and not order.rest and sure, likely=bool(said) and likely)


def _in_turn(text: str) -> tuple[Command, ...]:
    """「加入会员再买单」: keywords one after the other, and nothing else; what waits for the membership goes on with it."""
    said = [read_phrase(piece) for piece in _THEN.split(text)] if _THEN.search(text) else []
    asks = [phrase for phrase in said if isinstance(phrase, Ask) and phrase.intent not in _SMALL_TALK]
    if len(asks) != len(said) or len({ask.intent for ask in asks}) < 2 or {"checkout", "pay_bill"} <= {ask.intent for ask in asks}:
        return ()
    if len(asks) == 2 and asks[0].intent == "member_card":
        return (Ask("member_card", {"then": asks[1].intent}),)
    return tuple(asks)


def understand_text(text: str, menu: MenuIndex) -> tuple[Command, ...]:
    """What rules alone make of a message: at least one command; `Nothing` alone when they find nothing likely."""
    plain = read_plainly(text, menu)
    return plain.commands if plain.likely else (Nothing(),)


def _without_wishes(text: str) -> tuple[str, list[Ask]]:
    """A text with spaces for the keywords beside an order, and what they ask for: 「来两份红烧肉，下单」, 「…就这些」."""
    pieces = _MARKS.split(text)
    wishes: list[Ask] = []
    for at in range(0, len(pieces), 2):
        phrase = read_phrase(pieces[at]) if len(pieces) > 1 else None
        ending = None if phrase and not isinstance(phrase, Affirm) else _ENDING.search(pieces[at])
        if ending is not None:
            phrase, pieces[at] = read_phrase(ending[1]), pieces[at][: ending.start()].ljust(len(pieces[at]))
        elif isinstance(phrase, Affirm) or (isinstance(phrase, Ask) and phrase.intent not in _SMALL_TALK):
            pieces[at] = " " * len(pieces[at])  # a yes before a change says nothing: what is changed is read back again
        if isinstance(phrase, Ask) and phrase.intent not in _SMALL_TALK and phrase not in wishes:
            wishes.append(phrase)
    if any(wish.intent == "checkout" for wish in wishes):  # what is paid comes of what is ordered
        wishes = [wish for wish in wishes if wish.intent != "pay_bill"]
    return "".join(pieces), wishes
