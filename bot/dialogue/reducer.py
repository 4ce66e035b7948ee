"""The only place where the conversation moves. Pure: the same inputs give the same outputs.

`reduce(state, inputs, now, flows)` takes commands and answers, and gives the new state, what to say, and what
to ask of the domain; the answers come back as inputs, at most four rounds a turn (bot/turn.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.dialogue.commands import (
    Affirm,
    Ask,
    Cancel,
    Choose,
    Command,
    Deny,
    LateTap,
    Line,
    Nothing,
    Resume,
    SetSlot,
    Start,
    Undo,
)
from bot.dialogue.effects import Answered, Done, Effect, Found, Prompt, Refused, Weight
from bot.dialogue.flows import Flow, Flows
from bot.dialogue.state import MOST_PARKED, MOST_UNDO, Frame, State

STORE_CHOICE_LIFE = timedelta(hours=3)  # Source: CONVERSATION §2, "store chosen in the last 3 h"
CHANGE_CART = "change_cart"
CART_TOTAL = "cart_total"
READ_BACK_AGAIN = frozenset({"orders.cart_changed"})
CART_EFFECTS = frozenset({CART_TOTAL, CHANGE_CART})

Input = Command | Answered


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
    turn = _Turn(_park_idle(state, now, flows), now, flows)
    changes = any(isinstance(item, Line | SetSlot) for item in inputs)
    for item in inputs:
        if not (changes and isinstance(item, Affirm)):  # 「对，再加一碗米饭」: what was read back changes, and is read back again
            turn.take(item)
    turn.close()
    return Step(turn.state, tuple(turn.prompts), tuple(turn.effects))


def _park_idle(state: State, now: datetime, flows: Flows) -> State:
    idle = tuple(frame for frame in state.stack if now - frame.touched_at > flows[frame.flow].time_to_live)
    if idle:
        kept = tuple(frame for frame in state.stack if frame not in idle)
        parked = (*state.parked, *(replace(frame, version=None, asked=None) for frame in idle))
        state = replace(state, stack=kept, parked=parked[-MOST_PARKED:], choices=None)
    if state.store_at and now - state.store_at > STORE_CHOICE_LIFE:
        state = replace(state, store_id=None, store_at=None)
    return state


class _Turn:
    """The state of one round while its inputs are taken one by one."""

    def __init__(self, state: State, now: datetime, flows: Flows) -> None:
        self.state = state
        self.now = now
        self.flows = flows
        self.prompts: list[Prompt] = []
        self.effects: list[Effect] = []
        self._question: int | None = None
        self._cart_changed = False
        self._read_back_void = False

    def take(self, item: Input) -> None:
        if isinstance(item, Answered):
            self._answer(item.effect, item.answer)
            return
        if not isinstance(item, Nothing | Choose):
            self.state = replace(self.state, fallbacks=0)
        self._command(item)

    def _command(self, command: Command) -> None:
        match command:
            case Ask(intent, args) if intent in self.flows:
                self._start(intent, args)
            case Ask(intent, args):
                self.effects.append(Effect(intent, args))
            case Line():
                self._line(command)
            case SetSlot(slot, value):
                self._set(slot, value)
            case Start(flow, slots):
                self._start(flow, slots)
            case Affirm(version):
                self._affirm(version)
            case Deny():
                self._deny()
            case Cancel():
                self._cancel()
            case Undo():
                self._undo()
            case Resume():
                self._resume()
            case Choose(turn, n):
                self._choose(turn, n)
            case LateTap():
                self.prompts.append(Prompt("late_tap"))
            case Nothing():
                self._nothing()

    def _line(self, line: Line, *, undoable: bool = True) -> None:
        if line.dish_id is None and not line.candidates and not line.every:
            if self.state.last_dish is None:
                self.prompts.append(Prompt("no_last_dish"))
                return
            line = replace(line, dish_id=self.state.last_dish)
        self.effects.append(Effect(CHANGE_CART, {"line": line}, Weight.DRAFT, undoable=undoable))

    def _set(self, slot: str, value: object) -> None:
        if slot == "store":
            self.state = replace(self.state, store_id=str(value), store_at=self.now)
            return
        for depth in range(len(self.state.stack) - 1, -1, -1):
            frame = self.state.stack[depth]
            if any(declared.name == slot for declared in self.flows[frame.flow].slots):
                stack = list(self.state.stack)
                stack[depth] = replace(frame, slots=frame.slots | {slot: value}, version=None, touched_at=self.now)
                self.state = replace(self.state, stack=tuple(stack))
                if depth == len(stack) - 1:
                    self._advance()
                return
        self.prompts.append(Prompt("nothing_to_set"))

    def _start(self, name: str, slots: dict[str, object]) -> None:
        opened = next((frame for frame in self.state.stack if frame.flow == name), None)
        frame = opened or Frame(name, self.now)
        frame = replace(frame, slots=frame.slots | slots, touched_at=self.now, version=None)
        others = tuple(other for other in self.state.stack if other.flow != name)
        parked = tuple(other for other in self.state.parked if other.flow != name)
        self.state = replace(self.state, stack=(*others, frame), parked=parked)
        self._advance()

    def _advance(self) -> None:
        """Ask for the first empty slot, or read back, or act: nothing else decides."""
        frame = self.state.top
        assert frame is not None
        flow = self.flows[frame.flow]
        for slot in flow.slots:
            if slot.name not in frame.slots:
                self.state = self.state.with_top(replace(frame, asked=slot.name))
                self.prompts.append(Prompt(slot.ask))
                return
        if flow.read_back:
            self.state = self.state.with_top(replace(frame, asked=None))
            self.effects.append(Effect(flow.read_back, dict(frame.slots), flow=flow.name))
        else:
            self._act(frame, flow)

    def _act(self, frame: Frame, flow: Flow) -> None:
        args = frame.slots | ({"version": frame.version} if frame.version else {})
        self.effects.append(Effect(flow.act, args, flow.weight, flow=flow.name))

    def _affirm(self, version: str | None) -> None:
        frame = self.state.top
        if frame is None or frame.version is None:
            self.prompts.append(Prompt("late_tap" if version else "nothing_to_confirm"))
        elif version is not None and version != frame.version:
            self.prompts.append(Prompt("late_tap"))
        else:
            self._act(frame, self.flows[frame.flow])

    def _deny(self) -> None:
        frame = self.state.top
        if frame is None or frame.version is None:
            self.prompts.append(Prompt("denied"))
            return
        self.state = self.state.with_top(replace(frame, version=None)).without_top()
        self.prompts.append(Prompt("not_confirmed", {"flow": self.flows[frame.flow].title}))

    def _cancel(self) -> None:
        frame = self.state.top
        if frame is None:
            self.prompts.append(Prompt("nothing_to_cancel"))
            return
        self.state = replace(self.state.without_top(), choices=None)
        self.prompts.append(Prompt("cancelled", {"flow": self.flows[frame.flow].title}))

    def _undo(self) -> None:
        if not self.state.undo:
            self.prompts.append(Prompt("nothing_to_undo"))
            return
        step = self.state.undo[-1]
        self.state = replace(self.state, undo=self.state.undo[:-1])
        for command in step:
            if isinstance(command, Line):
                self._line(command, undoable=False)
            else:
                self._command(command)

    def _resume(self) -> None:
        if not self.state.parked:
            if self.state.stack:
                self._advance()
            else:
                self.prompts.append(Prompt("nothing_to_resume"))
            return
        frame = self.state.parked[-1]
        self.state = replace(self.state, parked=self.state.parked[:-1])
        self._start(frame.flow, frame.slots)

    def _choose(self, turn: str, n: int) -> None:
        choices = self.state.choices
        if choices is None or (turn and turn != choices.turn) or not 1 <= n <= len(choices.commands):
            self.prompts.append(Prompt("late_tap" if turn else "no_such_choice"))
            return
        self.state = replace(self.state, fallbacks=0)
        for command in choices.commands[n - 1]:
            self._command(command)

    def _nothing(self) -> None:
        self.state = replace(self.state, fallbacks=self.state.fallbacks + 1)
        self.prompts.append(Prompt("fallback" if self.state.fallbacks == 1 else "fallback_again"))

    def _answer(self, effect: Effect, answer: Found | Done | Refused) -> None:
        if isinstance(answer, Refused):
            self._refused(effect, answer)
            return
        if effect.name == CHANGE_CART and isinstance(answer, Found):
            self._ask_about(effect.args["line"], answer)
            return
        self.prompts.extend(answer.say)
        if answer.last_dish:
            self.state = replace(self.state, last_dish=answer.last_dish)
        if isinstance(answer, Found):
            frame = self.state.top
            if effect.flow and answer.version and frame and frame.flow == effect.flow:
                self.state = self.state.with_top(replace(frame, version=answer.version, touched_at=self.now))
            elif effect.flow is None and effect.name not in CART_EFFECTS:
                self._repeat_open_question()
            return
        if answer.inverse and effect.undoable:
            self.state = replace(self.state, undo=(*self.state.undo, answer.inverse)[-MOST_UNDO:])
        if effect.weight is Weight.WEIGHTY:
            self.state = replace(self.state, undo=())  # what was placed is not taken back by a draft's inverse
        if effect.flow:
            self.state = replace(self.state, stack=tuple(frame for frame in self.state.stack if frame.flow != effect.flow))
            self._repeat_open_question()
        elif effect.name == CHANGE_CART:
            self._reopen()

    def _repeat_open_question(self) -> None:
        """After a digression: what is still open, in short."""
        frame = self.state.top
        if frame is not None and (frame.version or frame.asked):
            self.prompts.append(Prompt("back_to_flow", {"flow": self.flows[frame.flow].title}))

    def _ask_about(self, line: Line, question: Found) -> None:
        """A line needs a question first. Only one is asked; further lines that need one follow its answer."""
        if self._question is None:
            self._question = len(self.prompts)
            self.prompts.extend(question.say)
            return
        asked = self.prompts[self._question]
        offers = tuple(replace(offer, commands=(*offer.commands, line)) for offer in asked.offers)
        self.prompts[self._question] = replace(asked, offers=offers)

    def _refused(self, effect: Effect, answer: Refused) -> None:
        name = "refused_" + answer.code.replace(".", "_")
        self.prompts.append(Prompt(name, answer.details, answer.offers))
        frame = self.state.top
        if effect.flow is None or frame is None or frame.flow != effect.flow:
            return
        if answer.code in READ_BACK_AGAIN:
            self.state = self.state.with_top(replace(frame, version=None, touched_at=self.now))
            self._advance()
        else:
            self.state = self.state.without_top()

    def _reopen(self) -> None:
        """A change under a read-back makes it void."""
        self._cart_changed = True
        frame = self.state.top
        if frame is not None and frame.version is not None:
            self.state = self.state.with_top(replace(frame, version=None))
            self._read_back_void = True

    def close(self) -> None:
        """After all inputs: what was changed is read back once, or summed up once."""
        if self._read_back_void:
            self._advance()
        elif self._cart_changed:
            self.effects.append(Effect(CART_TOTAL))
