"""The only place where the conversation moves. Pure: the same inputs give the same outputs.

`reduce(state, inputs, now, flows)` takes commands and answers, and gives the new state, what to say, and what
to ask of the domain; the answers come back as inputs, at most four rounds a turn (bot/turn.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.dialogue.commands import (
    Affirm,
    Ask,
    Cancel,
    Choose,
    Clarify,
    Command,
    Deny,
    HandBack,
    Handoff,
    LateTap,
    Line,
    NoneOfThese,
    Nothing,
    Resume,
    SetSlot,
    Start,
    ToPerson,
    Undo,
)
from bot.dialogue.effects import Answered, Done, Effect, Found, Offer, Prompt, Refused, Weight
from bot.dialogue.flows import Flows
from bot.dialogue.parking import park_idle
from bot.dialogue.round import Round
from bot.dialogue.slots import next_question
from bot.dialogue.state import MOST_UNDO, State

PERSON_LIFE = timedelta(minutes=30)  # after the last word to a person, when nobody closed the talk
MOST_TRIES = 2  # a question is put twice, then a person is offered
CHANGE_CART = "change_cart"
CART_TOTAL = "cart_total"
READ_BACK_AGAIN = frozenset({"orders.cart_changed"})
CART_EFFECTS = frozenset({CART_TOTAL, CHANGE_CART})

Input = Command | Answered

_UNSURE = (Nothing, Choose, Clarify, ToPerson)


@dataclass(frozen=True, slots=True)
class Step:
    """What one round of reducing gave."""

    state: State
    prompts: tuple[Prompt, ...] = ()
    effects: tuple[Effect, ...] = ()


def reduce(state: State, inputs: Sequence[Input], now: datetime, flows: Flows) -> Step:
    """Move the conversation by one round.

    Args:
        inputs: Commands of a message, in the order in which they were said, or the answers to this round's effects.
        now: Aware; decides what is parked.
        flows: Every declared flow by name.
    """
    talk = Round(park_idle(state, now, flows), now, flows, yes_asked=state.asks_yes)
    if not all(isinstance(item, Answered) for item in inputs):
        talk.state = replace(talk.state, asks_yes=False)
    changes = any(isinstance(item, Line | SetSlot) for item in inputs)
    for item in inputs:
        if not (changes and isinstance(item, Affirm)):  # 「对，再加一碗米饭」: what was read back changes, and is read back again
            _take(talk, item)
    for name in talk.due:
        talk.advance(name)
    if talk.cart_changed and not talk.read_back and not any(effect.flow for effect in talk.effects):
        talk.effects.append(Effect(CART_TOTAL))
    if talk.prompts:  # a bare yes is meant for what was said last
        talk.state = replace(talk.state, asks_yes=talk.yes_at == len(talk.prompts))
    return Step(talk.state, tuple(talk.prompts), tuple(talk.effects))


def _take(talk: Round, item: Input) -> None:
    if isinstance(item, Answered):
        _answer(talk, item.effect, item.answer)
        return
    if not isinstance(item, _UNSURE):
        talk.state = replace(talk.state, fallbacks=0, clarifying=False)
    if not isinstance(item, ToPerson | HandBack) and talk.state.person_until is not None:
        talk.state = replace(talk.state, person_until=None)  # a tap speaks to the bot again
    _command(talk, item)


def _command(talk: Round, command: Command) -> None:
    match command:
        case Ask(intent, args) if intent in talk.flows:
            talk.start(intent, args)
        case Ask(intent, args):
            talk.effects.append(Effect(intent, args))
        case Line():
            _line(talk, command)
        case SetSlot(slot, value):
            talk.set_slot(slot, value)
        case Start(flow, slots):
            talk.start(flow, slots)
        case Affirm(version, named):
            talk.affirm(version, named=named)
        case Deny():
            talk.deny()
        case Cancel():
            talk.cancel()
        case Undo():
            _undo(talk)
        case Resume():
            talk.resume()
        case Choose(turn, n, count):
            _choose(talk, turn, n, count)
        case Clarify(labels, options):
            _clarify(talk, labels, options)
        case NoneOfThese():
            talk.state = replace(talk.state, choices=None, fallbacks=1)
            talk.prompts.append(Prompt("rephrase"))
        case Handoff():
            talk.state = replace(talk.state, person_until=talk.now + PERSON_LIFE, choices=None)
            talk.prompts.append(Prompt("handoff"))
        case ToPerson():
            talk.state = replace(talk.state, person_until=talk.now + PERSON_LIFE)
        case HandBack():
            _hand_back(talk)
        case LateTap():
            talk.prompts.append(Prompt("late_tap"))
        case Nothing():
            _nothing(talk)


def _line(talk: Round, line: Line, *, undoable: bool = True) -> None:
    if line.dish_id is None and not line.candidates and not line.every:
        if talk.state.last_dish is None:
            talk.prompts.append(Prompt("no_last_dish"))
            return
        line = replace(line, dish_id=talk.state.last_dish)
    talk.effects.append(Effect(CHANGE_CART, {"line": line}, Weight.DRAFT, undoable=undoable))


def _undo(talk: Round) -> None:
    if not talk.state.undo:
        _offer_to_take_back(talk)
        return
    step = talk.state.undo[-1]
    talk.state = replace(talk.state, undo=talk.state.undo[:-1])
    for command in step:
        if isinstance(command, Line):
            _line(talk, command, undoable=False)
        else:
            _command(talk, command)


def _offer_to_take_back(talk: Round) -> None:
    """What went out is not undone silently: what would take it back is offered."""
    done = talk.flows.get(talk.state.done or "")
    instead = talk.flows.get(done.take_back or "") if done else None
    if done is None or instead is None:
        talk.prompts.append(Prompt("nothing_to_undo"))
    else:
        talk.prompts.append(Prompt("done_already", {"flow": done.title}, (Offer(instead.title, (Ask(instead.name),)),)))


def _choose(talk: Round, turn: str, n: int, count: Decimal | None) -> None:
    choices = talk.state.choices
    if choices is None or (turn and turn != choices.turn) or not 1 <= n <= len(choices.commands):
        talk.prompts.append(Prompt("late_tap" if turn else "no_such_choice"))
        return
    talk.state = replace(talk.state, fallbacks=0, clarifying=False)
    for command in choices.commands[n - 1]:
        _command(talk, replace(command, n=count) if isinstance(command, Line) and count is not None else command)


def _clarify(talk: Round, labels: Sequence[str], options: Sequence[Sequence[Command]]) -> None:
    if talk.state.clarifying or talk.state.fallbacks:  # never two asks in a row
        _nothing(talk)
        return
    offers = tuple(Offer(label, tuple(commands)) for label, commands in zip(labels, options, strict=True))
    talk.state = replace(talk.state, clarifying=True)
    talk.prompts.append(Prompt("clarify", offers=(*offers, Offer("都不是", (NoneOfThese(),)))))


def _nothing(talk: Round) -> None:
    talk.state = replace(talk.state, fallbacks=talk.state.fallbacks + 1, clarifying=False)
    frame = talk.state.top
    slot = next_question(talk.flows[frame.flow], frame.slots) if frame is not None and frame.asked else None
    if frame is not None and slot is not None and frame.tries < MOST_TRIES:
        talk.state = talk.state.with_frame(replace(frame, tries=frame.tries + 1))
        talk.ask(frame.flow, slot, frame.tries + 1)
    elif talk.state.fallbacks == 1 and slot is None:
        talk.prompts.append(Prompt("fallback"))
    else:
        talk.prompts.append(Prompt("fallback_again", offers=(Offer("转人工", (Handoff(),)),)))


def _hand_back(talk: Round) -> None:
    if talk.state.person_until is not None:
        talk.state = replace(talk.state, person_until=None)
        talk.prompts.append(Prompt("handed_back"))
        talk.repeat_open_question()


def _answer(talk: Round, effect: Effect, answer: Found | Done | Refused) -> None:
    if isinstance(answer, Refused):
        _refused(talk, effect, answer)
        return
    if effect.name == CHANGE_CART and isinstance(answer, Found) and not answer.then:
        _ask_about(talk, effect.args["line"], answer)
        return
    talk.prompts.extend(answer.say)
    if answer.last_dish:
        talk.state = replace(talk.state, last_dish=answer.last_dish)
    if isinstance(answer, Found):
        frame = talk.state.frame(effect.flow or "")
        if frame is not None and answer.version:
            talk.state = talk.state.with_frame(replace(frame, version=answer.version, touched_at=talk.now))
            talk.read_back = True
            talk.yes_at = len(talk.prompts)
        elif effect.flow is None and effect.name not in CART_EFFECTS and not answer.then:  # else what follows asks
            talk.repeat_open_question(alone=True)
        _follow(talk, answer.then)
        return
    if answer.inverse and effect.undoable:
        _remember_step(talk, answer.inverse)
    if effect.weight is Weight.WEIGHTY:  # what was placed is not taken back by a draft's inverse
        talk.state = replace(talk.state, undo=(), done=effect.flow)
    if effect.flow:
        _leave(talk, effect.flow)
        if not answer.then:
            talk.repeat_open_question(alone=not answer.say)  # else 「好的」 is meant for what was done
    elif effect.name == CHANGE_CART:
        _reopen(talk)
    _follow(talk, answer.then)


def _leave(talk: Round, name: str) -> None:
    """The act of a flow is done: it is over, or stays at hand without what was said for it."""
    frame = talk.state.frame(name)
    if frame is not None and talk.flows[name].lingers:
        talk.state = talk.state.with_frame(replace(frame, slots={}, asked=None, tries=0, version=None, touched_at=talk.now))
    else:
        talk.state = talk.state.without(name)


def _remember_step(talk: Round, inverse: Sequence[Command]) -> None:
    """What takes a message back, its last change first."""
    steps = talk.state.undo
    steps = (*steps[:-1], (*inverse, *steps[-1])) if talk.undoable else (*steps, tuple(inverse))[-MOST_UNDO:]
    talk.state = replace(talk.state, undo=steps, done=None)
    talk.undoable = True


def _follow(talk: Round, commands: Sequence[Command]) -> None:
    for command in commands:
        _command(talk, command)


def _ask_about(talk: Round, line: Line, question: Found) -> None:
    """A line needs a question first. Only one is asked; further lines that need one follow its answer."""
    if talk.question is None:
        talk.question = len(talk.prompts)
        talk.prompts.extend(question.say)
        return
    asked = talk.prompts[talk.question]
    offers = tuple(replace(offer, commands=(*offer.commands, line)) for offer in asked.offers)
    talk.prompts[talk.question] = replace(asked, offers=offers)


def _refused(talk: Round, effect: Effect, answer: Refused) -> None:
    name = "refused_" + answer.code.replace(".", "_")
    talk.prompts.append(Prompt(name, answer.details, answer.offers))
    frame = talk.state.frame(effect.flow or "")
    if frame is None:
        return
    if answer.code in READ_BACK_AGAIN or answer.slot in frame.slots:
        slots = {name: value for name, value in frame.slots.items() if name != answer.slot}
        talk.state = talk.state.with_frame(replace(frame, slots=slots, version=None, touched_at=talk.now))
        talk.move(frame.flow)
    else:
        talk.state = talk.state.without(frame.flow)


def _reopen(talk: Round) -> None:
    """A change under a read-back makes it void, and it is read back again."""
    talk.cart_changed = True
    frame = talk.state.top
    if frame is not None and frame.version is not None:
        talk.state = talk.state.with_frame(replace(frame, version=None))
        talk.move(frame.flow)
