"""One round of a conversation while its inputs are taken one by one: what is said, what is asked of the domain, and how flows move."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.dialogue.commands import SetSlot
from bot.dialogue.effects import Effect, Offer, Prompt
from bot.dialogue.flows import Flows, Slot
from bot.dialogue.parking import opened, set_aside
from bot.dialogue.slots import corrected, next_question, place_for, spoken
from bot.dialogue.state import Frame, State


@dataclass
class Round:
    """What one round has come to so far.

    Attributes:
        due: Flows that move on when every input was taken.
        question: Where in `prompts` the question about a line stands.
        cart_changed: A line was changed.
        read_back: Something was read back, with everything in it.
        yes_asked: A bare yes of this message answers a read-back, and no other question.
        yes_at: How many prompts there were when a read-back, or its reminder, was the last of them; None when none asks for a yes.
        undoable: A step was added to the undo history: what else this message did belongs to it.
    """

    state: State
    now: datetime
    flows: Flows
    prompts: list[Prompt] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    due: list[str] = field(default_factory=list)
    question: int | None = None
    cart_changed: bool = False
    read_back: bool = False
    undoable: bool = False
    yes_asked: bool = False
    yes_at: int | None = None

    def start(self, name: str, slots: dict[str, object]) -> None:
        """Open a flow or raise the open one. Args: slots: By a slot's name or by the kind of value it takes."""
        declared = {said: self.flows[name].slot_for(said) for said in slots}
        named = {slot.name if slot else said: slots[said] for said, slot in declared.items()}
        self.state = opened(self.state, name, named, self.now)
        self.move(name)

    def move(self, name: str) -> None:
        """Let a flow move on after all inputs."""
        if name not in self.due:
            self.due.append(name)

    def advance(self, name: str) -> None:
        """Ask for the first empty slot, or read back, or act: nothing else decides."""
        frame = self.state.frame(name)
        if frame is None:
            return
        flow = self.flows[name]
        slot = next_question(flow, frame.slots)
        if slot is not None:
            tries = frame.tries if frame.asked == slot.name else 0
            self.state = self.state.with_frame(replace(frame, asked=slot.name, tries=tries))
            if self.state.top is not None and self.state.top.flow == name:
                self.ask(name, slot, tries)
        elif flow.read_back:
            self.state = self.state.with_frame(replace(frame, asked=None, tries=0))
            self.effects.append(Effect(flow.read_back, dict(frame.slots), flow=name))
        else:
            self.act(frame)

    def ask(self, flow: str, slot: Slot, tries: int = 0) -> None:
        """Put the question of a slot, with choices from the second time on."""
        self.state = replace(self.state, choices=None)  # a bare number answers this question, and picks nothing that was offered before
        if slot.asks_by_query:
            query = Effect(slot.ask, flow=flow)
            if query not in self.effects:
                self.effects.append(query)
            return
        offers = tuple(Offer(label, (SetSlot(slot.name, value),)) for label, value in slot.offers) if tries else ()
        self.prompts.append(Prompt(slot.ask, offers=offers))

    def act(self, frame: Frame) -> None:
        """What the flow is for."""
        flow = self.flows[frame.flow]
        args = frame.slots | ({"version": frame.version} if frame.version else {})
        self.effects.append(Effect(flow.act, args, flow.weight, flow=flow.name))

    def set_slot(self, said: str, value: object) -> None:
        """Give a value to the slot that wants it."""
        place = place_for(said, self.state.stack, self.flows)
        if place is None:
            if said == "store":
                self.choose_store(str(value))
            else:
                self.prompts.append(Prompt("nothing_to_set"))
            return
        depth, slot = place
        frame = self.state.stack[depth]
        lingers = self.flows[frame.flow].lingers
        old = frame.slots.get(slot.name)
        new = corrected(slot.takes, old, value)
        refused = slot.refuse(new)
        if refused:
            self.prompts.append(Prompt(refused, {"value": spoken(slot.takes, new)}))
        else:
            tells = (
                not lingers and slot.takes != "store" and not slot.quiet
            )  # what its act gives anew says it all; a store is read back by its name
            if old is not None and old != new and tells:
                words = {"slot": slot.title or self.flows[frame.flow].title, "old": spoken(slot.takes, old), "new": spoken(slot.takes, new)}
                self.prompts.append(Prompt("slot_corrected", words))
            ended = (*slot.replaces, *(slot.clears if old is not None else ())) if old != new else ()
            slots = {name: kept for name, kept in frame.slots.items() if name not in ended} | {slot.name: new}
            self.state = self.state.with_frame(replace(frame, slots=slots, version=None, touched_at=self.now, tries=0))
            if lingers and self.state.top is not None and self.state.top.version is None:  # 「不用券」 speaks of the bill again
                self.state = opened(self.state, frame.flow, {}, self.now)
        if lingers or depth == len(self.state.stack) - 1:
            self.move(frame.flow)

    def choose_store(self, store_id: str) -> None:
        """The talk is about another store: what was read back for the one before is void, and is read back again."""
        moved = store_id != self.state.store_id
        self.state = replace(self.state, store_id=store_id, store_at=self.now)
        frame = self.state.top
        if moved and frame is not None and frame.version is not None:
            self.state = self.state.with_frame(replace(frame, version=None, touched_at=self.now))
            self.move(frame.flow)

    def affirm(self, version: str | None, *, named: bool) -> None:
        """A yes: to the version that was read back, or to nothing."""
        frame = self.state.top
        if frame is None or frame.version is None:
            if version is None and frame is not None and frame.asked is None and self._takes_only_offer():
                return
            if version is None and frame is None and self.state.parked:
                self.prompts.append(Prompt("parked_waits", {"flow": self.flows[self.state.parked[-1].flow].title}))
                return
            self.prompts.append(Prompt("late_tap" if version else "nothing_to_confirm"))
            self.repeat_open_question()
        elif version is not None and version != frame.version:
            self.prompts.append(Prompt("late_tap"))
        elif version is None and not (self.yes_asked or named):  # a yes to something else that was said since: no order goes out by mistake
            self.move(frame.flow)
        else:
            self.act(frame)

    def _takes_only_offer(self) -> bool:
        """「好」 to the one thing that was offered instead of what cannot be."""
        offered = self.state.choices.commands if self.state.choices is not None else ()
        if len(offered) != 1 or not all(isinstance(command, SetSlot) for command in offered[0]):
            return False
        self.state = replace(self.state, choices=None)
        for command in offered[0]:
            if isinstance(command, SetSlot):
                self.set_slot(command.slot, command.value)
        return True

    def deny(self) -> None:
        """A no to the read-back: nothing is done. What could be said otherwise stays open for it."""
        frame = self.state.top
        if frame is None or frame.version is None:
            self.prompts.append(Prompt("denied"))
            return
        flow = self.flows[frame.flow]
        if flow.amendable:  # 「不对」, and then 「改成7点半」: what was said stays, and is read back again with the change
            self.state = self.state.with_frame(replace(frame, version=None, asked=None, tries=0, touched_at=self.now))
        else:
            self.state = self.state.without_top()
        self.state = replace(self.state, choices=None)
        self.prompts.append(Prompt("not_confirmed", {"flow": flow.title}))
        self.repeat_open_question()

    def cancel(self) -> None:
        """Leave the top frame, and name it. It is set aside, so that 继续 brings it back."""
        frame = self.state.top
        if frame is None:
            self.prompts.append(Prompt("nothing_to_cancel"))
            return
        self.state = replace(set_aside(self.state, self.flows), choices=None)
        self.prompts.append(Prompt("cancelled", {"flow": self.flows[frame.flow].title}))
        self.repeat_open_question()

    def resume(self) -> None:
        """Bring back the frame parked last."""
        if self.state.parked:
            frame = self.state.parked[-1]
            self.state = replace(self.state, parked=self.state.parked[:-1])
            self.prompts.append(Prompt("resumed", {"flow": self.flows[frame.flow].title}))
            self.start(frame.flow, frame.slots)
        elif self.state.top is not None:
            self.move(self.state.top.flow)
        else:
            self.prompts.append(Prompt("nothing_to_resume"))

    def repeat_open_question(self, *, alone: bool = False) -> None:
        """After a digression: what is still open, in short. A reminder is said once, however many questions were answered.

        Args:
            alone: Nothing else was done or said that 「嗯」 could be meant for: then a bare yes is one to what waits.
        """
        frame = self.state.top
        if frame is None:
            return
        flow = self.flows[frame.flow]
        if frame.version:
            reminder = Prompt("back_to_flow", {"flow": flow.title})
            self.prompts = [*(prompt for prompt in self.prompts if prompt != reminder), reminder]
            asks_more = any(prompt.offers for prompt in self.prompts)
            self.yes_at = len(self.prompts) if alone and not asks_more else None
        else:
            slot = next_question(flow, frame.slots)
            if slot is not None:
                again = slot.again if frame.asked == slot.name else ""
                self.state = self.state.with_frame(replace(frame, asked=slot.name))
                if again:
                    self.prompts.append(Prompt(again))
                else:
                    self.ask(frame.flow, slot)
