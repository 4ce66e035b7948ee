"""What diners say of the shop's experiences (亲子烘焙): to look, to book, to wait for places and to take them, to change, to cancel.

Names come from the shop. An engine finds the broad intent `book_event`; closed words tell these finer ones apart, and are read
before any engine where they say plainly what is meant.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.dialogue.commands import Affirm, Ask, Choose, Command, Deny, SetSlot
from bot.understanding import experience_patterns as patterns
from bot.understanding.answers import says_only
from bot.understanding.booking_words import CANCEL as CANCEL_TABLE
from bot.understanding.booking_words import CHANGE as CHANGE_TABLE
from bot.understanding.booking_words import VIEW as VIEW_TABLES
from bot.understanding.engine import Entity
from bot.understanding.experience_details import (
    ADULTS,
    AGE,
    CHILDREN,
    EVENT,
    GUESTS,
    SESSION,
    WAITS,
    WHEN,
    Details,
    details_in,
    party_args,
    when_args,
)
from bot.understanding.normal_form import normal_form
from bot.understanding.phrases import read_number, read_phrase
from bot.understanding.resolvers.experiences import ExperienceSpan
from bot.understanding.shop_words import ShopWords
from domain.shop.hours import Week

BOOK, LOOK, MINE = "book_event", "view_experiences", "my_experiences"
CHANGE, CANCEL = "change_experience", "cancel_experience"
LEAVE, TAKE, DECLINE = "leave_waiting_list", "take_offered_place", "decline_offered_place"
PROMOTIONS = "view_promotions"
WHATS_ON, YES, NO = "whats_on", "yes_to_an_offer", "no_to_an_offer"
OWN: Final = frozenset({BOOK, CHANGE, TAKE})  # the flows after which a diner has places
DAY_GUESTS, GUEST_HERE = "day_guests", "guest_here"  # of staff
UNKNOWN = "unknown_event"  # what was called by a name that no experience has

_MOST_READ: Final = 60  # characters
_LONGEST_PHRASE: Final = 18  # characters, signs not counted; longer ones say more than closed words
_SHORT: Final = 12


def experience_said(
    text: str,
    words: ShopWords,
    *,
    expected: str | None,
    wanted: frozenset[str],
    shown: Mapping[str, Any] | None = None,
    booked: bool = False,
    now: datetime,
    hours: Week | None,
) -> tuple[Command, ...]:
    """What a message says of experiences, where that is plain; nothing in a shop without any.

    Args:
        expected: The kind of value that the open question takes.
        wanted: The kinds of values that open flows take: there a party, an hour or an age is theirs.
        shown: The experience whose sessions are the choices that were offered last: 「就4点那场吧」 is of it.
        booked: Places were booked or changed just now: 「再带一个孩子」 is of those.
        now: The wall clock of the store.
    """
    if not words.experiences or len(text) > _MOST_READ or expected == "words":
        return ()
    said = _bare(text)
    open_ = SESSION in wanted
    closed = _closed_words(said, open_=open_, shown=shown) if len(said) <= _LONGEST_PHRASE else ()
    if closed:
        return closed
    if not open_ and shown is None and not booked and words.experiences.find(text) is None:  # nearly every message: nothing more is read
        return ()
    name, details = _named(text, words, now, hours, expected, starts=not open_)
    if open_:
        answered = _answered(text, said, name, details, words, expected)
        if answered:
            return answered
    beside = name is None and expected is None and details.values and _says_only(text, name, details)
    if beside and shown is not None:
        return (_asked(said, {EVENT: shown, **details.values}, open_=False),)
    if beside and booked and not open_ and (patterns.CHANGES.search(said) or patterns.NOW_SO.search(said)):
        return (Ask(CHANGE, dict(details.values)),)
    only = name is not None and name.named and details.values.keys() == {"store"} and _says_only(text, name, details)  # 「炒料师 观音桥」
    plain = name is not None and (name.exact or only or (name.named and patterns.EVENT_NEAR.search(said) is not None))
    if name is None or not plain or patterns.OTHER_THINGS.search(said) or _is_dish(text, said, words, name):
        return ()
    return (_asked(said, {EVENT: _value(name, words), **details.values}, open_=open_),)


def guests_said(text: str, words: ShopWords, *, now: datetime, hours: Week | None) -> tuple[Command, ...]:
    """What a member of staff asks of an experience's guests: 「今天的活动」, 「下午烘焙来了谁」, 「烘焙 王女士到了」, 「E003到了」."""
    if not words.experiences or len(text) > _MOST_READ:
        return ()
    if not patterns.HERE_OR_WHO.search(_bare(text)):
        return ()
    name, details = _named(text, words, now, hours, None)
    named = {EVENT: _value(name, words)} if name is not None and name.named else {}
    beside = _bare(text[: name.start] + text[name.end :]) if name is not None and named else _bare(text)
    here = patterns.HERE.fullmatch(beside)
    if here is not None and (here["number"] or (here["name"] and named)):
        return (Ask(GUEST_HERE, named | {key: value.upper() for key, value in here.groupdict().items() if value}),)
    said = _bare(text)
    asks_who = patterns.ASKS_WHO.search(said) is not None and ("活动" in said or bool(named))
    if asks_who or (patterns.A_DAY.search(said) and patterns.ON.fullmatch(said)):
        return (Ask(DAY_GUESTS, named | _only(details.values, WHEN, "store")),)
    return ()


def experience_asked(ask: Ask, text: str, words: ShopWords, *, now: datetime, hours: Week | None) -> Ask:
    """What an engine found to be about an event, as fine as its words say.

    Args:
        ask: `book_event` with what was named beside it.
    """
    name, details = _named(text, words, now, hours, None)
    args = dict(details.values)
    if name is not None:
        args[EVENT] = _value(name, words)
    elif (called := str(ask.args.get(EVENT, ""))) and not patterns.GENERIC.fullmatch(_bare(called)):
        args[UNKNOWN] = called
    return _asked(_bare(text), args, open_=False)


def of_experiences(commands: Sequence[Command], text: str, *, done: str | None, idle: bool) -> tuple[Command, ...]:
    """Commands that may be about an experience as well: whoever has one knows, and passes on what is not about it.

    「再加一个孩子」 right after places were booked is of those; a bare yes with nothing open may take places that are offered.

    Args:
        done: The weighty flow that was done last.
        idle: Nothing waits for an answer.
    """
    if done in OWN:
        commands = [_of_the_place(one, text) for one in commands]
    match tuple(commands):
        case (Affirm(),) if idle:
            return (Ask(YES),)
        case (Deny(),) if idle:
            return (Ask(NO),)
        case (Ask(intent, args),) if intent == PROMOTIONS and "活动" in text:  # 「元旦有活动吗」: the word is for both
            return (Ask(WHATS_ON, when_args(args["time"]) if args.get("time") else {}),)
    return tuple(commands)


def _of_the_place(command: Command, text: str) -> Command:
    if not isinstance(command, Ask) or patterns.TABLE_NEAR.search(text):
        return command
    people, time = command.args.get("people"), command.args.get("time")
    match command.intent:
        case intent if intent == CHANGE_TABLE and (people or time):
            party = party_args(people, normal_form(text).text) if people else {}
            return Ask(CHANGE, party | (when_args(time) if time else {}))
        case intent if intent == CANCEL_TABLE:
            return Ask(CANCEL)
        case intent if intent == VIEW_TABLES:
            return Ask(MINE)
    return command


def _closed_words(said: str, *, open_: bool, shown: Mapping[str, Any] | None) -> tuple[Command, ...]:
    """Messages that say it all in fixed words, without a name."""
    if not open_ and shown is None and not patterns.MAY_BE_CLOSED.search(said):
        return ()
    if patterns.DECLINE.fullmatch(said):
        return (Ask(DECLINE),)
    if patterns.TAKE.fullmatch(said):
        return (Ask(TAKE),)
    if patterns.WAITS_ONLY.fullmatch(said):
        asks = said.startswith("我的") or "吗" in said
        return (SetSlot(WAITS, True),) if open_ else (Ask(MINE),) if asks else (Ask(BOOK, {WAITS: True}),)
    if patterns.LEAVE.search(said) and len(said) <= _SHORT:
        return (Ask(LEAVE),)
    if patterns.CHANGES_IT.fullmatch(said) and not open_:
        return (Ask(CHANGE),)
    if patterns.CANCELS_IT.fullmatch(said):
        return (Ask(CANCEL),)
    if patterns.MINE.fullmatch(said):
        return (Ask(MINE),)
    if (open_ or shown) and patterns.ABOUT_THE_OPEN_ONE.fullmatch(said):
        return (Ask(LOOK, {EVENT: shown} if shown else {}),)
    if patterns.OTHER_THINGS.search(said):
        return ()
    if patterns.ON_FOR_SURE.fullmatch(said):
        return (Ask(LOOK),)
    return (Ask(WHATS_ON),) if patterns.ON.fullmatch(said) else ()


def _named(
    text: str, words: ShopWords, now: datetime, hours: Week | None, expected: str | None, *, starts: bool = True
) -> tuple[ExperienceSpan | None, Details]:
    """The experience that is named, and what is said beside it.

    A name as it stands keeps its words; of parts and slips days and parties are read first.
    """
    exact = words.experiences.find_exact(text)
    taken = ((exact.start, exact.end),) if exact is not None else ()
    stores = [span for span in words.stores.find(text, taken=taken) if len(span.store_ids) == 1]
    at = tuple((span.start, span.end) for span in stores)
    details = details_in(text, now=now, hours=hours, taken=taken + at, expected=expected, starts=starts)
    if len(stores) == 1:
        details = Details({**details.values, "store": stores[0].store_ids[0]}, details.spans + at)
    return exact or words.experiences.find(text, taken=details.spans + at), details


def _answered(
    text: str, said: str, name: ExperienceSpan | None, details: Details, words: ShopWords, expected: str | None
) -> tuple[Command, ...]:
    """Values for the talk that is open: the answer to its question, or what corrects it (「换4点那场」, 「再加一个孩子」)."""
    nth = patterns.NTH.fullmatch(said)
    if expected == SESSION and nth is not None:
        return (Choose("", read_number(f"第{nth['n']}个") or 0),)
    if expected in {SESSION, AGE} and not details.values and (number := read_number(text)) is not None:
        return (Choose("", number),)
    names = name is not None and name.named and (expected == SESSION or bool(details.values) or patterns.CHANGES.search(said) is not None)
    if not details.values and not names:
        return ()
    if read_phrase(text) is not None and expected not in {ADULTS, CHILDREN, AGE}:
        return ()
    if not _says_only(text, name, details):
        return ()
    event = (SetSlot(EVENT, _value(name, words)),) if name is not None and names else ()
    return (*event, *(SetSlot(kind, value) for kind, value in details.values.items()))


def _says_only(text: str, name: ExperienceSpan | None, details: Details) -> bool:
    """Whether a message says nothing but what was read in it."""
    spans = [Entity("said", None, start, end) for start, end in details.spans]
    if name is not None:
        spans.append(Entity(EVENT, None, name.start, name.end))
    return says_only(patterns.TALK.sub(lambda match: " " * len(match[0]), text), spans)


def _asked(said: str, args: Mapping[str, Any], *, open_: bool) -> Ask:
    """What exactly is wanted of an experience.

    Args:
        open_: A talk about booking is open: there 换 and 不 are of what is not booked yet.
    """
    if patterns.LEAVE.search(said):
        return Ask(LEAVE, _only(args, EVENT))
    if patterns.WAITS.search(said):
        return Ask(BOOK, {**args, WAITS: True})
    if patterns.CANCELS.search(said) and not open_ and not patterns.ASKS_REFUND.search(said):
        return Ask(CANCEL, _only(args, EVENT, WHEN))
    if patterns.BOOKED.search(said):
        return Ask(MINE)
    asks, room = patterns.ASKS.search(said), patterns.ASKS_ROOM.search(said)
    if patterns.CHANGES.search(said) and not open_ and not room:
        return Ask(CHANGE, dict(args))
    sure = patterns.BOOKS_FOR_SURE.search(said) and not (asks and patterns.ASKS_HOW.search(said))
    hour = not room and ((args.get(WHEN) or {}).get("time") is not None or (WHEN in args and patterns.THAT_ONE.search(said) is not None))
    who = not args.keys().isdisjoint({ADULTS, CHILDREN, GUESTS})
    if sure or ((who or hour) and not asks) or (patterns.BOOKS.search(said) and not asks and not room):
        return Ask(BOOK, dict(args))
    return Ask(LOOK, _only(args, EVENT, WHEN, "store", UNKNOWN))


def _only(args: Mapping[str, Any], *kinds: str) -> dict[str, Any]:
    return {kind: args[kind] for kind in kinds if kind in args}


def _value(name: ExperienceSpan, words: ShopWords) -> dict[str, Any]:
    """The experience as a slot holds it: which ones the words fit."""
    return {"ids": list(name.ids), "name": "、".join(words.experiences.names[experience_id] for experience_id in name.ids)}


def _is_dish(text: str, said: str, words: ShopWords, name: ExperienceSpan) -> bool:
    """Whether what would name an experience is a dish of the menu, and nothing makes it more: 咖啡 where a 咖啡拉花课 is held too."""
    if name.exact or patterns.EVENT_NAMED_SO.search(said):
        return False
    return any(dish.exact and dish.start < name.end and name.start < dish.end for dish in words.menu.find(text))


def _bare(text: str) -> str:
    return patterns.SIGNS.sub("", normal_form(text).text)
