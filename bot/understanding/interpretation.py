"""From a diner's words to commands: fixed phrases, the answer to an open question, what the dish grammar covers, and only then an engine.

The engine proposes, a deterministic step decides: act when it is sure, ask with at most three choices when it is not,
and say honestly that it did not understand when it is far from it. Source: CONVERSATION §1, §2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.dialogue.commands import Ask, Cancel, Clarify, Command, Line, LineOp, Nothing, SetSlot
from bot.understanding.answers import answer_to, corrections_in
from bot.understanding.booking_words import BOOK as BOOK_TABLE
from bot.understanding.booking_words import CHANGE as CHANGE_BOOKING
from bot.understanding.booking_words import ROOM, booking_said, gone_said, placed, refuses
from bot.understanding.deterministic import MOST_READ, Plain, read_plainly
from bot.understanding.dining import dining_in
from bot.understanding.engine import ACT, ASK, MOST_CHOICES, Engine, Entity, Understanding
from bot.understanding.experience_details import SESSION
from bot.understanding.experience_words import BOOK, experience_asked, experience_said, guests_said
from bot.understanding.finer_intents import finer
from bot.understanding.intents import beside, commands_for
from bot.understanding.invoice_answers import invoice_said
from bot.understanding.meant import intent_of
from bot.understanding.named import entities_in, merged, strange_dishes, without_stores
from bot.understanding.paying import REWARD, paying_in, reward_said
from bot.understanding.profile_words import profile_said
from bot.understanding.queue_words import AMONG, DISTANCE, JOIN
from bot.understanding.ranking import for_diners, one_order, weighed
from bot.understanding.read_backs import confirmed, expecting_yes, named_yes, refused_for_now
from bot.understanding.remarks import fetched_at, remark_in
from bot.understanding.service_words import CALL_WAITER, called_in, calls_beside
from bot.understanding.shop_words import ShopWords
from bot.understanding.staff_words import bare_said, code_said, staff_said
from bot.understanding.wish_details import names_diet, names_invoice

_LEAST_CHOICE = 0.1
_YES = "affirm"
_OF_STORES = frozenset({BOOK_TABLE, CALL_WAITER, JOIN})
_ACTS = {ROOM: "订定约", SESSION: "报参约", DISTANCE: "排取等"}  # by what only its flow takes: the verb with which each is refused


def _speaks_for_itself(plain: Plain) -> bool:
    """A keyword that asks for something (「等一下」 answers, or is a remark), or dishes with how many and nothing beside them."""
    if not plain.order.lines:
        return len(plain.commands) == 1 and type(plain.commands[0]) is Ask and not plain.order.questions
    return all(type(line) is Line and line.op is LineOp.ADD and line.n and not line.options for line in plain.commands)


class Decision(StrEnum):
    """What is done with an understanding."""

    ACT = "act"
    ASK = "ask"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the words fall into.

    Attributes:
        now: The wall clock of the store that is meant.
        store_id: The store chosen before, or None.
        staff: The speaker is bound to a staff account: only then are staff's intents understood.
        expected: The kind of value that the open question takes (time, people, phone, words), or None.
        wanted: The kinds of values that open flows take: such a value corrects them.
        confirming: The flow that was read back and waits for its yes: who asks for it again says yes (「就这样吧」).
        out_of_place: Intents that could refer to nothing now (a yes when nothing was asked): they are no choices.
        shown: The experience whose sessions were offered last: a day, an hour or a party that is said then is of it.
        booked: Places in an experience were booked or changed just now: what changes a party is of those.
    """

    now: datetime
    store_id: str | None = None
    staff: bool = False
    expected: str | None = None
    wanted: frozenset[str] = field(default_factory=frozenset)
    confirming: str | None = None
    out_of_place: frozenset[str] = field(default_factory=frozenset)
    shown: Mapping[str, Any] | None = None
    booked: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is open that words could answer or correct."""
        return (
            self.expected is None
            and self.confirming is None
            and not self.wanted
            and not self.staff
            and self.shown is None
            and not self.booked
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, understood and decided. `choices` are intents, when it asks."""

    understanding: Understanding
    decision: Decision
    commands: tuple[Command, ...]
    choices: tuple[str, ...] = ()


class Interpreter:
    """Reads messages with one engine."""

    def __init__(self, engine: Engine, titles: Mapping[str, str]) -> None:
        """Args: titles: What each intent is called in a question (「查积分」), by its name."""
        self._engine = engine
        self._titles = titles

    async def commands(self, text: str, words: ShopWords, situation: Situation) -> tuple[Command, ...]:
        """What a message asks of the conversation; the engine is woken only when the rules do not cover it."""
        return _at_the_store(await self._heard(text, words, situation), text, words)

    async def _heard(self, text: str, words: ShopWords, situation: Situation) -> tuple[Command, ...]:
        rest, calls = calls_beside(text, words.menu) if situation.expected != "words" else (text, ())
        beside = await self.commands(rest.strip(), words, situation) if calls else ()
        if beside and not any(isinstance(command, Clarify | Nothing) for command in beside):
            return (*beside, *calls)
        plain = _read_plainly(text, words)
        if situation.is_quiet and plain.covered and _speaks_for_itself(plain):
            return finer(plain.commands, text, words.menu)  # what the other readers would say to it is nothing, and takes its time
        answer = self._answer(text, words, situation)
        if answer:
            return answer
        if plain.covered:
            return confirmed(text, finer(plain.commands, text, words.menu), situation.confirming)
        return (await self._read(text, plain, words, situation)).commands

    async def read(self, text: str, words: ShopWords, situation: Situation) -> Reading:
        """The same with everything that was understood, for evaluation and for eyes."""
        answer = self._answer(text, words, situation)
        plain = _read_plainly(text, words)
        if not answer and not plain.covered:
            return await self._read(text, plain, words, situation)
        commands = answer or finer(plain.commands, text, words.menu)
        known = self._known(text, plain, words, situation)
        more = await self._engine.parse(text, expected=situation.expected, known=known)
        understood = Understanding(text, ((intent_of(commands) or more.intent, 1.0),), merged(known, more.entities))
        return Reading(understood, Decision.ACT, commands)

    def _answer(self, text: str, words: ShopWords, situation: Situation) -> tuple[Command, ...]:
        """The value for the open question, or what a short remark means as things stand."""
        said = refused_for_now(text, situation.confirming) or code_said(text) or _by_staff(text, words, situation)
        expected, confirming, wanted = situation.expected, situation.confirming, situation.wanted
        hours = words.hours_of(situation.store_id)
        said = said or experience_said(
            text,
            words,
            expected=expected,
            wanted=wanted,
            shown=situation.shown,
            booked=situation.booked,
            now=situation.now,
            hours=hours,
        )
        said = said or invoice_said(text, words, expected=expected, confirming=confirming, wanted=wanted)
        said = said or profile_said(text, words.menu, expected=expected, confirming=confirming, wanted=wanted)
        if said:
            return said
        if situation.expected is not None:
            answer = answer_to(text, words, expected=situation.expected, now=situation.now, hours=hours)
            if answer is not None:
                return (answer,)
        reward = reward_said(text) if situation.expected == REWARD else None
        if reward is not None:
            return (SetSlot(REWARD, reward),)
        acts = "".join(acts for kind, acts in _ACTS.items() if kind in situation.wanted)
        if situation.expected is not None and acts and (gone_said(text) or refuses(text, acts)):
            return (Cancel(),)
        booking = booking_said(text, wanted=situation.wanted, now=situation.now, hours=hours, places=words.places)
        if booking:
            return booking
        open_ = _YES not in situation.out_of_place
        remark = remark_in(text, words, confirming=situation.confirming is not None, asked=open_, wanted=situation.wanted)
        if remark:
            return remark
        said = (
            called_in(text, words.menu)
            or paying_in(text, words.menu, wanted=situation.wanted)
            or dining_in(text, words.menu, wanted=situation.wanted)
        )
        named = "request_invoice" if names_invoice(text) else "update_profile" if names_diet(text) else None
        return said or (finer((Ask(named),), text, words.menu) if named else ())

    def _known(self, text: str, plain: Plain, words: ShopWords, situation: Situation) -> list[Entity]:
        return entities_in(text, plain.order, words, now=situation.now, hours=words.hours_of(situation.store_id))

    async def _read(self, text: str, plain: Plain, words: ShopWords, situation: Situation) -> Reading:
        if len(text) > MOST_READ:
            return await self._read_rant(text[:MOST_READ], situation)
        known = self._known(text, plain, words, situation)
        understood = await self._engine.parse(text, expected=situation.expected, known=known)
        strange = strange_dishes(known, understood.entities)
        intents = understood.intents if situation.staff else for_diners(text, understood.intents)
        understood = Understanding(text, intents, merged(known, understood.entities))
        changes = corrections_in(text, understood.entities, situation.wanted, situation.now) or fetched_at(text, understood.entities)
        if changes:
            return Reading(understood, Decision.ACT, changes)
        understood = expecting_yes(one_order(weighed(understood, plain)), situation.confirming)
        understood = _books(understood, situation)
        if understood.confidence >= ACT:
            commands = self._commands(understood.intent, understood, plain, words, strange, situation)
            return Reading(understood, Decision.ACT, named_yes(text, commands, situation.confirming))
        choices = tuple(name for name, sure in understood.intents if sure >= _LEAST_CHOICE)[:MOST_CHOICES]
        asked = [name for name in choices if name in self._titles and name not in situation.out_of_place]
        if understood.confidence < ASK or not asked:
            return Reading(understood, Decision.FALLBACK, (Nothing(),))
        options = tuple(self._commands(name, understood, plain, words, strange, situation) for name in asked)
        return Reading(understood, Decision.ASK, (Clarify(tuple(self._titles[name] for name in asked), options),), choices)

    async def _read_rant(self, text: str, situation: Situation) -> Reading:
        """So many words are for a person; nothing is done by guess."""
        understood = await self._engine.parse(text, expected=situation.expected)
        return Reading(understood, Decision.FALLBACK, (Ask("long_story"),))

    def _commands(
        self,
        intent: str,
        understood: Understanding,
        plain: Plain,
        words: ShopWords,
        strange: tuple[str, ...],
        situation: Situation,
    ) -> tuple[Command, ...]:
        if plain.likely and not strange and intent in [intent_of([command]) for command in plain.commands]:
            return finer(beside(plain.commands, understood), understood.text, words.menu)
        wishes = plain.commands[len(plain.order.questions) + len(plain.order.lines) :]
        commands = finer(commands_for(intent, understood, plain.order, words, strange, wishes), understood.text, words.menu)
        commands = tuple(_of_a_place(command, understood.text, words) for command in commands)
        return tuple(self._of_events(command, understood.text, words, situation) for command in commands)

    def _of_events(self, command: Command, text: str, words: ShopWords, situation: Situation) -> Command:
        if not isinstance(command, Ask) or command.intent != BOOK:
            return command
        return experience_asked(command, text, words, now=situation.now, hours=words.hours_of(situation.store_id))


def _of_a_place(command: Command, text: str, words: ShopWords) -> Command:
    if not isinstance(command, Ask) or command.intent not in {BOOK_TABLE, CHANGE_BOOKING}:
        return command
    return Ask(command.intent, placed(command.args, text, words.places))


def _at_the_store(commands: tuple[Command, ...], text: str, words: ShopWords) -> tuple[Command, ...]:
    """A table that is booked, or to which somebody is called, is in the store that the message names: 「订位 太古里 明天7点」."""
    if not any(isinstance(one, Ask) and one.intent in _OF_STORES for one in commands):
        return commands
    spans = words.stores.find(text)
    store = words.store_said(text)
    if store is None and (len(spans) != 1 or not 1 < len(spans[0].store_ids) < len(words.hours)):
        return commands
    named = {"store": store} if store is not None else {AMONG: list(spans[0].store_ids)}  # 「成都店」 are two of four
    at = {BOOK_TABLE, CALL_WAITER} if store is not None else {BOOK_TABLE, JOIN}
    return tuple(Ask(one.intent, named | one.args) if isinstance(one, Ask) and one.intent in at else one for one in commands)


def _books(understood: Understanding, situation: Situation) -> Understanding:
    """A day, a clock time and a party are a wish for a table where nothing is open: its read-back asks anyway, so the doubt need not."""
    sure = dict(understood.intents)
    if understood.confidence >= ACT or not situation.is_quiet or sure.get(BOOK_TABLE, 0.0) < _LEAST_CHOICE:
        return understood
    times = [item.value for item in understood.entities if item.entity == "time"]
    parties = [item.value for item in understood.entities if item.entity == "people"]
    dishes = any(item.entity == "dish" for item in understood.entities)
    dated = len(times) == 1 and times[0]["date"] and times[0]["time"] and times[0].get("dated", True)
    if dishes or not dated or len(parties) != 1 or parties[0].get("delta"):
        return understood
    others = [(name, share) for name, share in understood.intents if name != BOOK_TABLE]
    return Understanding(understood.text, ((BOOK_TABLE, ACT), *others), understood.entities)


def _by_staff(text: str, words: ShopWords, situation: Situation) -> tuple[Command, ...]:
    """What somebody who works here says as such."""
    if not situation.staff:
        return ()
    hours = words.hours_of(situation.store_id)
    guests = guests_said(text, words, now=situation.now, hours=hours)
    said = guests or staff_said(text, words.menu, words.stores, tables=words.tables, now=situation.now, hours=hours)
    nothing_open = situation.confirming is None and situation.expected is None
    return said or (bare_said(text) if nothing_open else ())


def _read_plainly(text: str, words: ShopWords) -> Plain:
    """A message as rules read it. A store named with an order is no part of a dish's name, and the order is for it."""
    unplaced = without_stores(text, words)
    if unplaced != text:
        plain = read_plainly(unplaced, words.menu)
        stores = words.stores.find(text)
        if plain.order.lines and len(stores) == 1 and len(stores[0].store_ids) == 1:
            at = (SetSlot("store", stores[0].store_ids[0]),) if plain.covered else ()  # else `beside` says so
            return replace(plain, commands=(*at, *plain.commands))
    return read_plainly(text, words.menu)
