"""撤销 after an act of the staff that stands: it is said, and what helps is offered, so that no older act is taken back by mistake."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Offer, Prompt
from bot.skill import Context
from bot.understanding.door_words import PARTY_BACK

NO_WAY_BACK: Final = "no_way_back"
TAKES_BACK: Final = "takes_back"
"""Argument of an act that is an undo: it is not undone in its turn, so that the next 撤销 takes back what was done before."""

_WHAT, _MISSED = "what", "missed"


def stands(done: Done, what: str, *, missed: Mapping[str, Any] | None = None) -> Done:
    """The answer of an act that 撤销 cannot take back.

    Args:
        what: The act in the words of the staff (A002没来).
        missed: The number that missed its call, which may be put back in line: ticket, store.
    """
    args = {_WHAT: what} | ({_MISSED: dict(missed)} if missed is not None else {})
    return replace(done, inverse=(Start(NO_WAY_BACK, args),))


def say_it_stands(context: Context, args: Mapping[str, Any]) -> Answer:
    """撤销: what was done last stands. Args: as of `stands`."""
    missed = args.get(_MISSED)
    offers = (Offer("让客人重新排", (Start(PARTY_BACK, dict(missed)),)),) if missed else ()
    return Done((Prompt("staff_no_way_back", {"what": args[_WHAT]}, offers),))
