"""One message to commands without any model: fixed phrases, then what it says about dishes."""

import re

from bot.dialogue.commands import Ask, Command, LineOp, Nothing, SetSlot
from bot.understanding.order_words import read_order
from bot.understanding.phrases import read_number, read_phrase
from bot.understanding.resolvers.dishes import MenuIndex

MOST_READ = 500  # characters; nobody orders in longer messages
_MOST_REST = 8
_MARKS = re.compile(r"([,，。;；!！?？\n~～]+)")
_ENDING = re.compile("(?<![不别没么后能来])(就这些|就这样|就这么多|先这些|下单|提交|买单|埋单|结账)(?:了|吧|谢谢|买单|下单|结账)*\\s*$")
_SMALL_TALK = frozenset({"greet", "thank", "help"})


def understand_text(text: str, menu: MenuIndex, *, expected: str | None) -> tuple[Command, ...]:
    """What a diner's text asks of the conversation.

    Args:
        text: As it was written.
        menu: The dishes of the shop's current version.
        expected: The slot of the open question, if one is open: a number then is its answer.

    Returns:
        At least one command, in the order in which they are to be taken; `Nothing` alone when nothing was understood.
    """
    if len(text) > MOST_READ:
        return (Nothing(),)
    if expected is not None:
        number = read_number(text)
        if number is not None:
            return (SetSlot(expected, number),)
    phrase = read_phrase(text)
    if phrase is not None:
        return (phrase,)
    text, wishes = _without_wishes(text)
    order = read_order(text, menu)
    said: tuple[Command, ...] = (*order.questions, *order.lines, *wishes)
    counted = any(line.n is not None or line.op is not LineOp.ADD for line in order.lines)
    if not said or len(order.rest) > (max(_MOST_REST, len(text) - len(order.rest)) if counted else _MOST_REST):
        return (Nothing(),)
    return said


def _without_wishes(text: str) -> tuple[str, list[Ask]]:
    """A text without the keywords beside an order, and what they ask for: 「来两份红烧肉，下单」, 「…就这些」."""
    pieces = _MARKS.split(text)
    wishes: list[Ask] = []
    for at in range(0, len(pieces), 2):
        phrase = read_phrase(pieces[at]) if len(pieces) > 1 else None
        ending = None if phrase else _ENDING.search(pieces[at])
        if ending is not None:
            phrase, pieces[at] = read_phrase(ending[1]), pieces[at][: ending.start()]
        elif isinstance(phrase, Ask) and phrase.intent not in _SMALL_TALK:
            pieces[at] = ""
        if isinstance(phrase, Ask) and phrase.intent not in _SMALL_TALK and phrase not in wishes:
            wishes.append(phrase)
    if any(wish.intent == "checkout" for wish in wishes):  # what is paid comes of what is ordered
        wishes = [wish for wish in wishes if wish.intent != "pay_bill"]
    return "".join(pieces), wishes
