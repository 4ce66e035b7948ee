"""From a diner's words to commands: fixed phrases, the answer to an open question, what the dish grammar covers, and only then an engine.

The engine proposes, a deterministic step decides: act when it is sure, ask with at most three choices when it is not,
and say honestly that it did not understand when it is far from it. Source: CONVERSATION §1, §2.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.dialogue.commands import Affirm, Ask, Cancel, Clarify, Command, Deny, Handoff, Line, LineOp, Nothing, Resume, SetSlot, Start, Undo
from bot.understanding.answers import answer_to, corrections_in
from bot.understanding.booking_words import booking_said
from bot.understanding.deterministic import MOST_READ, Plain, read_plainly
from bot.understanding.dining import dining_in
from bot.understanding.engine import ACT, ASK, MOST_CHOICES, Engine, Entity, Understanding
from bot.understanding.finer_intents import BROAD, finer
from bot.understanding.intents import beside, commands_for
from bot.understanding.invoice_answers import invoice_said
from bot.understanding.named import entities_in, merged, strange_dishes, without_stores
from bot.understanding.normal_form import normal_form
from bot.understanding.order_lines import SOLD_BY_UNIT
from bot.understanding.paying import ASK_REFUND, REWARD, paying_in, reward_said
from bot.understanding.profile_words import profile_said
from bot.understanding.remarks import AVOIDS, WAITS, fetched_at, remark_in
from bot.understanding.service_words import called_in
from bot.understanding.shop_words import ShopWords
from bot.understanding.staff_words import code_said, staff_said
from bot.understanding.wish_details import names_diet, names_invoice

_LEAST_CHOICE = 0.1
_YES = "affirm"
_SHORT = 16  # characters
_NO_DOUBT = re.compile("没问题|没错|没毛病|没事|不错|不用改|不变")
_NAMES_IT = re.compile("确认|确定|同意|[下落]单|提交")
_DOUBTS = re.compile("[不别没谁吗么？?]|先|待会|等会|等下|晚点|一会|回头|再说|怎么|之前|以后|之后")
_NOT_YET = re.compile(
    "[那就我们咱哎啊嗯呃]*(?:先|还|暂时|现在)*(?:不|别|不要|不用|没|没有|还没|待会儿?|等会儿?|等下|晚点|晚些|一会儿?|回头)(?:再|要|急着?|想)*"
    "(?:下单|提交|落单|点完|点好|选好|选完|想好|好|确认|确定)(?:[了吧呢啊呀哈]|再说|先不下单|不要下单|别下单)*"
)
_ORDERS, _CHANGES = "order_dishes", "change_order"
_CHANGING = re.compile("[改换减退删撤]|不要|别要|不是|去掉|取消|少|只|错|刚才|刚刚")
_SOLD_OUT, _ASK_DISH = "mark_sold_out", "ask_dish"
_ASKS = re.compile("[吗么没嘛?？]|是不是|有没有|还有")
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
        if answer:
            return answer
        plain = _read_plainly(text, words)
        if plain.covered:
            return _confirmed(text, finer(plain.commands, text, words.menu), situation)
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
        said = _not_yet(text, situation) or code_said(text) or (staff_said(text, words.menu) if situation.staff else ())
        expected, confirming, wanted = situation.expected, situation.confirming, situation.wanted
        said = said or invoice_said(text, words, expected=expected, confirming=confirming, wanted=wanted)
        said = said or profile_said(text, words.menu, expected=expected, confirming=confirming, wanted=wanted)
        if said:
            return said
        if situation.expected is not None:
            hours = words.hours_of(situation.store_id)
            answer = answer_to(text, words, expected=situation.expected, now=situation.now, hours=hours)
            if answer is not None:
                return (answer,)
        reward = reward_said(text) if situation.expected == REWARD else None
        if reward is not None:
            return (SetSlot(REWARD, reward),)
        booking = booking_said(text, wanted=situation.wanted, now=situation.now, hours=words.hours_of(situation.store_id))
        if booking:
            return booking
        open_ = _YES not in situation.out_of_place
        remark = remark_in(text, words, confirming=situation.confirming is not None, asked=open_, wanted=situation.wanted)
        if remark:
            return remark
        said = (
            called_in(text) or paying_in(text, words.menu, wanted=situation.wanted) or dining_in(text, words.menu, wanted=situation.wanted)
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
        intents = understood.intents if situation.staff else _for_diners(text, understood.intents)
        understood = Understanding(text, intents, merged(known, understood.entities))
        changes = corrections_in(text, understood.entities, situation.wanted) or fetched_at(text, understood.entities)
        if changes:
            return Reading(understood, Decision.ACT, changes)
        understood = _expecting_yes(_one_order(_weighed(understood, plain)), situation)
        if understood.confidence >= ACT:
            commands = self._commands(understood.intent, understood, plain, words, strange)
            return Reading(understood, Decision.ACT, _named_yes(text, commands, situation))
        choices = tuple(name for name, sure in understood.intents if sure >= _LEAST_CHOICE)[:MOST_CHOICES]
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
        if plain.likely and not strange and intent in [intent_of([command]) for command in plain.commands]:
            return finer(beside(plain.commands, understood), understood.text, words.menu)
        wishes = plain.commands[len(plain.order.questions) + len(plain.order.lines) :]
        return finer(commands_for(intent, understood, plain.order, words, strange, wishes), understood.text, words.menu)


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


def _for_diners(text: str, intents: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """The ranking without what only staff can mean; who asks 「…卖完了吗」 asks about a dish."""
    sold_out = dict(intents).get(_SOLD_OUT, 0.0)
    if sold_out and _ASKS.search(text):
        asked = dict(intents).get(_ASK_DISH, 0.0) + sold_out
        others = [(name, sure) for name, sure in intents if name not in {_SOLD_OUT, _ASK_DISH}]
        intents = tuple(sorted([*others, (_ASK_DISH, min(1.0, asked))], key=lambda item: -item[1]))
    kept = tuple((name, sure) for name, sure in intents if name not in STAFF)
    share = sum(sure for _, sure in kept)
    all_ = sum(sure for _, sure in intents)
    return tuple((name, min(1.0, sure * all_ / share)) for name, sure in kept) if share else intents


def _weighed(understood: Understanding, plain: Plain) -> Understanding:
    """The ranking with the word of the rules in it.

    Where both find the same they are believed. Where they differ the engine is right far more often, as the rules have left words
    unexplained; only where the engine has no idea do the rules speak.
    """
    found = [intent_of([command]) for command in plain.commands] if plain.likely else []
    named = understood.intent if understood.intent in found else intent_of(plain.commands) if found else None
    if named is None or (named != understood.intent and understood.confidence >= ASK):
        return understood
    agreed = max(sum(sure for name, sure in understood.intents if name in found), ACT)
    others = tuple((name, sure * (1 - agreed)) for name, sure in understood.intents if name != named)
    return Understanding(understood.text, ((named, agreed), *others), understood.entities)


def _one_order(understood: Understanding) -> Understanding:
    """The ranking where an engine wavers between ordering and changing: with a dish named and no word of changing, it is an order."""
    sure = dict(understood.intents)
    both = sure.get(_ORDERS, 0.0) + sure.get(_CHANGES, 0.0)
    named = any(item.entity == "dish" for item in understood.entities)
    if understood.intent not in {_ORDERS, _CHANGES} or understood.confidence >= ACT or not named or _CHANGING.search(understood.text):
        return understood
    others = tuple((name, share) for name, share in understood.intents if name not in {_ORDERS, _CHANGES})
    return Understanding(understood.text, ((_ORDERS, both), *others), understood.entities)


def _not_yet(text: str, situation: Situation) -> tuple[Command, ...]:
    """「先不下单」, 「还没点完呢」, 「待会再下单」 under a read-back say no to it."""
    if situation.confirming is None:
        return ()
    words = "".join(filter(str.isalnum, normal_form(text).text))
    return (Deny(),) if len(words) <= _SHORT and _NOT_YET.fullmatch(words) else ()


def _confirmed(text: str, commands: tuple[Command, ...], situation: Situation) -> tuple[Command, ...]:
    """「就这样」 or 「下单」 under 「确认下单吗？」 is its yes; no word of doubt may stand beside it."""
    if len(commands) == 1 and commands[0] == Ask(situation.confirming or "") and not _DOUBTS.search(_NO_DOUBT.sub("", text)):
        return (Affirm(named=True),)
    return _named_yes(text, commands, situation)


def _named_yes(text: str, commands: tuple[Command, ...], situation: Situation) -> tuple[Command, ...]:
    """A yes that says to what is meant for the read-back, whatever was said since."""
    if situation.confirming is None or Affirm() not in commands or not _NAMES_IT.search(text):
        return commands
    return tuple(Affirm(named=True) if command == Affirm() else command for command in commands)


def _expecting_yes(understood: Understanding, situation: Situation) -> Understanding:
    """The ranking where a yes is waited for: asking again for what was read back is one."""
    sure = dict(understood.intents)
    yes = min(1.0, sure.get(_YES, 0.0) + sure.get(situation.confirming or "", 0.0))
    if situation.confirming is None or yes == sure.get(_YES, 0.0) or _DOUBTS.search(_NO_DOUBT.sub("", understood.text)):
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
_CALLED = {
    "clear_cart": "change_order",
    "keep_only": "change_order",
    "smile": "out_of_scope",
    WAITS: "deny",
    AVOIDS: "ask_dish",
    SOLD_BY_UNIT: "order_dishes",
    ASK_REFUND: "out_of_scope",
    **BROAD,
}  # flows of ours that are no intents of CONVERSATION §3


def intent_of(commands: Iterable[Command]) -> str | None:
    """The intent of CONVERSATION §3 that commands amount to: the first that says one; None for a bare answer to a question."""
    lines = [command for command in commands if isinstance(command, Line)]
    for command in commands:
        match command:
            case Line():
                return "order_dishes" if all(line.op is LineOp.ADD for line in lines) else "change_order"
            case Ask(intent):
                return _CALLED.get(intent, intent)
            case Start(flow):
                return _CALLED.get(flow, flow)
            case SetSlot():
                continue
            case _ if type(command) in _NAMES:
                return _NAMES[type(command)]
    return None
