"""What a message asks of the conversation: taps and codes by what they carry, words by the interpreter, nothing while a person talks."""

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask, Choose, Command, HandBack, Resume, Start, ToPerson
from bot.dialogue.flows import Flows
from bot.dialogue.slots import open_slots
from bot.dialogue.state import OpenChoices, State
from bot.messages import InboundKind, InboundMessage
from bot.understanding.experience_details import AGE, EVENT, SESSION
from bot.understanding.experience_words import BOOK, OWN, of_experiences
from bot.understanding.intents import bare_command
from bot.understanding.interpretation import Interpreter, Situation
from bot.understanding.party_ranges import for_the_most
from bot.understanding.phrases import read_phrase
from bot.understanding.picks import label_in_part, numbers_picked
from bot.understanding.queue_words import DOOR, PLACE, of_the_queue, queue_said
from bot.understanding.room_questions import room_asked
from bot.understanding.shop_words import ShopWords, local_time, words_of
from bot.understanding.short_replies import ordered_elsewhere, passed_on, short_reply
from domain.kernel.clock import Clock
from domain.kernel.scenes import Scene, SceneKind, parse_scene
from domain.shop.snapshot import ShopSnapshot

_TO_A_PERSON = frozenset({InboundKind.TEXT, InboundKind.PICTURE, InboundKind.VOICE, InboundKind.LOCATION})
_WANTS_THE_BOT = re.compile("不转了|别转了|不用转|不[用要]人工|不[用要]客服|我?自己[点来]吧?|机器人")


class Hearing:
    """Turns messages into commands."""

    def __init__(self, interpreter: Interpreter, flows: Flows, clock: Clock) -> None:
        self._interpreter = interpreter
        self._flows = flows
        self._clock = clock
        self._words: ShopWords | None = None

    async def commands(self, message: InboundMessage, state: State, shop: ShopSnapshot, *, staff: bool = False) -> tuple[Command, ...]:
        """What a message asks of the conversation.

        Args:
            state: Where the conversation stands.
            shop: Whose names are understood.
            staff: The sender works here: only then are staff's words understood as such.
        """
        if message.kind in _TO_A_PERSON and state.with_person(self._clock.now()):
            back = read_phrase(message.text) == Resume() or _WANTS_THE_BOT.search(message.text)
            return (HandBack(),) if back else (ToPerson(),)
        match message.kind:
            case InboundKind.TEXT:
                return await self._in_words(message.text, state, shop, staff=staff)
            case InboundKind.MENU:
                intent = message.key.removeprefix("menu.")
                return (bare_command(intent) or Ask(intent),)
            case InboundKind.CHOICE:
                turn, _, n = message.key.partition(".")
                return (Choose(turn, int(n)),)
            case InboundKind.SCAN:
                return (_scanned(message.key),)
            case InboundKind.FOLLOW:
                follow = Ask("follow", {"seated": True} if message.key else {})
                return (follow, _scanned(message.key)) if message.key else (follow,)
            case InboundKind.UNFOLLOW:
                return (Ask("unfollow"),)
            case InboundKind.LOCATION:
                return (Ask(PLACE, {"place": [message.latitude, message.longitude]}),)
            case InboundKind.PERSON_CAME:
                return (ToPerson(),)
            case InboundKind.PERSON_LEFT:
                return (HandBack(),)
            case InboundKind.PICTURE | InboundKind.VOICE:
                return (Ask("unreadable"),)

    async def _in_words(self, text: str, state: State, shop: ShopSnapshot, *, staff: bool) -> tuple[Command, ...]:
        asked, wanted = open_slots(state.stack, self._flows)
        if state.choices is not None:
            picked = _picked(text, state.choices)
            if picked and not (asked == AGE and picked[0].n > len(state.choices.commands)):  # 「6」 under two bands is an age
                return picked
        if self._words is None or self._words.version != shop.version:
            self._words = words_of(shop)
        store_id = self._words.store_said(text) or state.store_id
        now = local_time(shop, store_id, self._clock.now())
        confirming = state.top.flow if state.top and state.top.version else None
        about = (_shown(state.choices), state.done in OWN)
        situation = Situation(now, store_id, staff, asked, wanted, confirming, state.out_of_place(), *about)
        waiting = queue_said(text) if asked is None else ()
        if not waiting and not staff:
            waiting = short_reply(text, state, self._flows, asked=asked is not None)
            waiting = waiting or (room_asked(text, self._words.places) if asked != "words" else ())
        if waiting:
            return passed_on(waiting, experiences=bool(self._words.experiences) and state.top is None and not state.parked)
        commands = await self._interpreter.commands(text, self._words, situation)
        if self._words.experiences:
            idle = state.top is None and not state.parked
            commands = of_experiences(commands, text, done=state.done, idle=idle)
        return ordered_elsewhere(text, for_the_most(text, of_the_queue(text, commands)))


def _shown(choices: OpenChoices | None) -> Mapping[str, Any] | None:
    """The experience whose sessions are the choices; None for other choices, and for sessions of several."""
    starts = [step[0] for step in choices.commands if step] if choices else []
    events = [one.slots.get(EVENT) for one in starts if isinstance(one, Start) and one.flow == BOOK and SESSION in one.slots]
    return events[0] if len(events) == len(starts) and events and all(event == events[0] for event in events) else None


def _picked(text: str, choices: OpenChoices) -> tuple[Choose, ...]:
    """The choices that a message picks by number, by label or by a part of one; several, or how many, of dishes alone."""
    label = choices.labelled(text)
    if label is not None:
        return (Choose("", label),)
    picks = numbers_picked(text, len(choices.commands))
    plain = len(picks) == 1 and picks[0].count is None
    if picks and (plain or {pick.n for pick in picks} <= choices.dishes):
        return tuple(Choose("", pick.n, pick.count) for pick in picks)
    part = label_in_part(text, choices.labels) if choices.alternatives else None
    return (Choose("", part),) if part is not None else ()


def _scanned(code: str) -> Ask:
    """What a code of ours leads to, of those in ARCHITECTURE §6 whose feature exists."""
    scene = parse_scene(code)
    match scene:
        case Scene(SceneKind.TABLE, (store, table)):
            return Ask("scan_table", {"store": store, "table": table})
        case Scene(SceneKind.DOOR, (store,)):
            return Ask(DOOR, {"store": store})
        case Scene(SceneKind.STAFF_BINDING, (code,)):
            return Ask("bind_staff", {"code": code})
    return Ask("unknown_code")
