"""From a diner's words to commands: fixed phrases, the answer to an open question, what the dish grammar covers, and only then an engine.

The engine proposes, a deterministic step decides: act when it is sure, ask with at most three choices when it is not,
and say honestly that it did not understand when it is far from it. Source: CONVERSATION §1, §2.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.dialogue.commands import Affirm, Ask, Cancel, Clarify, Command, Deny, Handoff, Line, LineOp, Nothing, Resume, SetSlot, Undo
from bot.understanding.answers import answer_to, corrections_in
from bot.understanding.deterministic import MOST_READ, Plain, read_plainly
from bot.understanding.engine import Engine, Entity, Understanding
from bot.understanding.intents import beside, commands_for
from bot.understanding.named import entities_in, merged, strange_dishes
from bot.understanding.shop_words import ShopWords

ACT = 0.7  # calibrated; from here on the intent is acted on. Source: CONVERSATION §2
ASK = 0.3
_MOST_CHOICES = 3
_LEAST_CHOICE = 0.1
_YES = "affirm"
STAFF = frozenset({"call_next_number", "mark_sold_out", "mark_served", "reprint_ticket", "today_figures", "broadcast_message"})


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
    """

    now: datetime
    store_id: str | None = None
    staff: bool = False
    expected: str | None = None
    wanted: frozenset[str] = field(default_factory=frozenset)
    confirming: str | None = None
    out_of_place: frozenset[str] = field(default_factory=frozenset)


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
        answer = self._answer(text, words, situation)
        if answer is not None:
            return (answer,)
        plain = read_plainly(text, words.menu)
        if plain.covered:
            return _confirmed(plain.commands, situation)
        return (await self._read(text, plain, words, situation)).commands

    async def read(self, text: str, words: ShopWords, situation: Situation) -> Reading:
        """The same with everything that was understood, for evaluation and for eyes."""
        answer = self._answer(text, words, situation)
        plain = read_plainly(text, words.menu)
        if answer is None and not plain.covered:
            return await self._read(text, plain, words, situation)
        commands = plain.commands if answer is None else (answer,)
        known = self._known(text, plain, words, situation)
        more = await self._engine.parse(text, expected=situation.expected, known=known)
        understood = Understanding(text, ((intent_of(commands) or more.intent, 1.0),), merged(known, more.entities))
        return Reading(understood, Decision.ACT, commands)

    def _answer(self, text: str, words: ShopWords, situation: Situation) -> Command | None:
        if situation.expected is None:
            return None
        return answer_to(text, words, expected=situation.expected, now=situation.now, hours=words.hours_of(situation.store_id))

    def _known(self, text: str, plain: Plain, words: ShopWords, situation: Situation) -> list[Entity]:
        return entities_in(text, plain.order, words, now=situation.now, hours=words.hours_of(situation.store_id))

    async def _read(self, text: str, plain: Plain, words: ShopWords, situation: Situation) -> Reading:
        if len(text) > MOST_READ:
            return await self._read_rant(text[:MOST_READ], situation)
        known = self._known(text, plain, words, situation)
        understood = await self._engine.parse(text, expected=situation.expected, known=known)
        strange = strange_dishes(known, understood.entities)
        intents = understood.intents if situation.staff else _for_diners(understood.intents)
        understood = Understanding(text, intents, merged(known, understood.entities))
        changes = corrections_in(text, understood.entities, situation.wanted)
        if changes:
            return Reading(understood, Decision.ACT, changes)
        understood = _expecting_yes(_weighed(understood, plain), situation)
        if understood.confidence >= ACT:
            return Reading(understood, Decision.ACT, self._commands(understood.intent, understood, plain, words, strange))
        choices = tuple(name for name, sure in understood.intents if sure >= _LEAST_CHOICE)[:_MOST_CHOICES]
        asked = [name for name in choices if name in self._titles and name not in situation.out_of_place]
        if understood.confidence < ASK or not asked:
            return Reading(understood, Decision.FALLBACK, (Nothing(),))
        options = tuple(self._commands(name, understood, plain, words, strange) for name in asked)
        return Reading(understood, Decision.ASK, (Clarify(tuple(self._titles[name] for name in asked), options),), choices)

    async def _read_rant(self, text: str, situation: Situation) -> Reading:
        """So many words are for a person; nothing is done by guess."""
        understood = await self._engine.parse(text, expected=situation.expected)
        return Reading(understood, Decision.FALLBACK, (Ask("long_story"),))

    def _commands(
        self, intent: str, understood: Understanding, plain: Plain, words: ShopWords, strange: tuple[str, ...]
    ) -> tuple[Command, ...]:
        if plain.likely and not strange and intent == intent_of(plain.commands):
            return beside(plain.commands, understood)
        return commands_for(intent, understood, plain.order, words, strange)


def _for_diners(intents: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """The ranking without what only staff can mean."""
    kept = tuple((name, sure) for name, sure in intents if name not in STAFF)
    share = sum(sure for _, sure in kept)
    all_ = sum(sure for _, sure in intents)
    return tuple((name, min(1.0, sure * all_ / share)) for name, sure in kept) if share else intents


def _weighed(understood: Understanding, plain: Plain) -> Understanding:
    """The ranking with the word of the rules in it.

    Where both find the same they are believed. Where they differ the engine is right far more often, as the rules have left words
    unexplained; only where the engine has no idea do the rules speak.
    """
    named = intent_of(plain.commands) if plain.likely else None
    if named is None or (named != understood.intent and understood.confidence >= ASK):
        return understood
    agreed = max(dict(understood.intents).get(named, 0.0), ACT)
    others = tuple((name, sure * (1 - agreed)) for name, sure in understood.intents if name != named)
    return Understanding(understood.text, ((named, agreed), *others), understood.entities)


def _confirmed(commands: tuple[Command, ...], situation: Situation) -> tuple[Command, ...]:
    """「就这样」 or 「下单」 under 「确认下单吗？」 is its yes."""
    if len(commands) == 1 and commands[0] == Ask(situation.confirming or ""):
        return (Affirm(),)
    return commands


def _expecting_yes(understood: Understanding, situation: Situation) -> Understanding:
    """The ranking where a yes is waited for: asking again for what was read back is one."""
    sure = dict(understood.intents)
    yes = min(1.0, sure.get(_YES, 0.0) + sure.get(situation.confirming or "", 0.0))
    if situation.confirming is None or yes == sure.get(_YES, 0.0):
        return understood
    others = [(name, share) for name, share in understood.intents if name not in {_YES, situation.confirming}]
    ranked = sorted([*others, (_YES, yes)], key=lambda item: -item[1])
    return Understanding(understood.text, tuple(ranked), understood.entities)


_NAMES: Mapping[type[Command], str] = {
    Affirm: "affirm",
    Deny: "deny",
    Cancel: "cancel_flow",
    Undo: "undo",
    Resume: "resume_flow",
    Handoff: "talk_to_human",
}
_CALLED = {"clear_cart": "change_order", "smile": "out_of_scope"}  # flows of ours that are no intents of CONVERSATION §3


def intent_of(commands: Iterable[Command]) -> str | None:
    """The intent of CONVERSATION §3 that commands amount to: the first that says one; None for a bare answer to a question."""
    lines = [command for command in commands if isinstance(command, Line)]
    for command in commands:
        match command:
            case Line():
                return "order_dishes" if all(line.op is LineOp.ADD for line in lines) else "change_order"
            case Ask(intent):
                return _CALLED.get(intent, intent)
            case SetSlot():
                continue
            case _ if type(command) in _NAMES:
                return _NAMES[type(command)]
    return None
