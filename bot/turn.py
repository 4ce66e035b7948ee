"""One message = one turn = one transaction. The page to read first.

look         the diner, the state of their conversation and the shop, without a lock
understand   words to commands, with no transaction open
run          one transaction: inbox, reduce and act for at most four rounds, state, reply; all or nothing
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.dialogue.commands import Affirm, Command, Handoff
from bot.dialogue.effects import Answer, Answered, Effect, Offer, Prompt, Refused
from bot.dialogue.reducer import CART_EFFECTS, Input, reduce
from bot.dialogue.state import OpenChoices, State
from bot.dialogue.store import StateMovedError, find_state, load_state, save_state
from bot.events import TurnLate
from bot.hearing import Hearing
from bot.inbox import Outcome, Turn, answered_before, inbox_key, keep_message, keep_reply, stored_message, take_late
from bot.messages import SILENCE, Choice, InboundKind, InboundMessage, Reply, ReplyKind
from bot.responses import Responses
from bot.skill import Context, Skill
from bot.understanding.interpretation import Interpreter
from domain.kernel.clock import Clock
from domain.kernel.errors import DomainError
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.asking import Asking
from domain.messages.rules import Purpose
from domain.messages.service import open_window, request
from domain.messages.told import was_told_since
from domain.messaging import emit
from domain.messaging.deliveries import Claimed
from domain.messaging.models import InboxState
from domain.shop.snapshot import ShopSnapshot, SnapshotCache
from domain.staff.roster import find_staff
from domain.storage import Database, savepoint

T = TypeVar("T")

ROUNDS = 4
_RESTARTS = 5


@dataclass(frozen=True, slots=True)
class _Looked:
    diner_id: str | None
    state: State
    version: int
    shop: ShopSnapshot
    staff: bool


class Bot:
    """Everything a turn needs, put together once by haowei/runtime.py."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        vault: Vault,
        snapshots: SnapshotCache,
        responses: Responses,
        skills: Sequence[Skill],
        interpreter: Interpreter,
        *,
        member_code_key: bytes,
        asking: Asking | None = None,
    ) -> None:
        """Args:
            asking: With what diners are asked to allow a notice; without it nobody is asked.

        Raises:
            ValueError: Two skills own the same effect, or a flow names an effect that nobody owns.
        """
        self._database = database
        self._clock = clock
        self._vault = vault
        self._member_code_key = member_code_key
        self._asking = asking or Asking()
        self._snapshots = snapshots
        self._responses = responses
        self._intents = _owned(skill.intents for skill in skills)
        self._effects = _owned(skill.effects for skill in skills)
        self._flows = _owned({flow.name: flow for flow in skill.flows} for skill in skills)
        for flow in self._flows.values():
            queries = {slot.ask for slot in flow.slots if slot.asks_by_query}
            if not {flow.act, flow.read_back or flow.act} | queries <= self._effects.keys():
                raise ValueError(f"flow {flow.name} names an effect that no skill owns")
        self._hearing = Hearing(interpreter, self._flows, clock)

    async def turn(self, message: InboundMessage, *, deadline: float) -> Turn:
        """Run the turn of a message, or give the answer it got before.

        Args:
            deadline: time.monotonic() after which a turn not committed is rolled back.

        Raises:
            DeadlineExceededError: Nothing was written; `hold` stores the message for later.
            StorageUnavailableError: No database.
        """
        for _ in range(_RESTARTS):
            looked = await self._database.read(self._look, message.sender)
            commands = await self._hearing.commands(message, looked.state, looked.shop, staff=looked.staff)
            try:
                return await self._database.transaction_before(deadline, self._run, message, looked, commands)
            except StateMovedError:
                continue
        raise StateMovedError

    async def hold(self, message: InboundMessage, *, deadline: float) -> Turn:
        """Store a message whose turn did not fit into the reply window; a worker runs it."""
        return await self._database.transaction_before(deadline, self._hold, message)

    async def run_late(self, claimed: Claimed) -> None:
        """The `turns` consumer: run a stored message, and answer by a message of its own, once."""
        key = claimed.payload["inbox_key"]
        for _ in range(_RESTARTS):
            stored = await self._database.read(stored_message, key)
            diner_id, message = stored
            looked = await self._database.read(self._look_known, diner_id)
            commands = await self._hearing.commands(message, looked.state, looked.shop, staff=looked.staff)
            try:
                await self._database.transaction(self._run_late, key, message, looked, commands, claimed)
            except StateMovedError:
                continue
            return
        raise StateMovedError

    def _look(self, session: Session, sender: str) -> _Looked:
        diner_id, state, version, shop_version, staff = find_state(session, self._vault.digest(sender))
        return _Looked(diner_id, state, version, self._snapshots.get(session, shop_version), staff)

    def _look_known(self, session: Session, diner_id: str) -> _Looked:
        staff = find_staff(session, diner_id) is not None
        return _Looked(diner_id, *load_state(session, diner_id), self._snapshots.get(session), staff)

    def _run(self, session: Session, message: InboundMessage, looked: _Looked, commands: Sequence[Command]) -> Turn:
        now = self._clock.now()
        key = inbox_key(message.dedupe_key)
        diner_id = looked.diner_id or meet_diner(session, self._vault, message.sender, now=now)
        if not keep_message(session, key, diner_id, message, InboxState.ANSWERED, now=now):
            return answered_before(session, key)
        if message.window:
            open_window(session, diner_id, message.window, now=now)
        reply = self._converse(session, diner_id, message, looked, commands, key, now=now)
        keep_reply(session, key, reply)
        if reply.kind is ReplyKind.HANDOFF and reply.text:  # the answer that hands over can hold no words: they follow it
            words = Reply(ReplyKind.TEXT, reply.text).to_json()
            request(session, Purpose.REPLY, diner_id, {"reply": words}, key=f"handoff:{key}", now=now)
        return Turn(reply, Outcome.ANSWERED, tuple(type(command).__name__ for command in commands))

    def _hold(self, session: Session, message: InboundMessage) -> Turn:
        now = self._clock.now()
        key = inbox_key(message.dedupe_key)
        diner_id = meet_diner(session, self._vault, message.sender, now=now)
        if not keep_message(session, key, diner_id, message, InboxState.LATE, now=now):
            return answered_before(session, key)
        if message.window:
            open_window(session, diner_id, message.window, now=now)
        emit(session, TurnLate(inbox_key=key), now=now)
        return Turn(SILENCE, Outcome.LATE)

    def _run_late(
        self, session: Session, key: str, message: InboundMessage, looked: _Looked, commands: Sequence[Command], claimed: Claimed
    ) -> None:
        now = self._clock.now()
        assert looked.diner_id is not None
        claimed.settle(session, now=now)
        if not take_late(session, key):
            return
        reply = self._converse(session, looked.diner_id, message, looked, commands, key, now=now)
        keep_reply(session, key, reply)
        if reply.kind is not ReplyKind.SILENCE:
            request(session, Purpose.REPLY, looked.diner_id, {"reply": reply.to_json()}, key=f"turn:{key}", now=now)

    def _converse(
        self,
        session: Session,
        diner_id: str,
        message: InboundMessage,
        looked: _Looked,
        commands: Sequence[Command],
        key: str,
        *,
        now: datetime,
    ) -> Reply:
        digest = self._vault.digest(message.sender) if message.sender else None
        state, prompts, acted = self._reduce(session, diner_id, looked, commands, digest, now=now)
        reply, state = self._say(prompts, state, turn=key[:8])
        if state.with_person(now):
            reply = SILENCE if message.kind is InboundKind.PERSON_CAME else Reply(ReplyKind.HANDOFF, reply.text)
        if acted or state != looked.state:
            save_state(session, diner_id, state, read_version=looked.version, now=now)
        return reply

    def _reduce(
        self, session: Session, diner_id: str, looked: _Looked, commands: Sequence[Command], digest: str | None, *, now: datetime
    ) -> tuple[State, list[Prompt], bool]:
        state, prompts, acted = looked.state, list[Prompt](), False
        if state.asks_yes and state.top and Affirm() in commands and was_told_since(session, diner_id, state.top.touched_at):
            state = replace(state, asks_yes=False)  # 「好的」 may be meant for what the house has sent since
        inputs: Sequence[Input] = commands
        context = Context(session, looked.shop, diner_id, state, now, self._vault, self._member_code_key, digest, self._asking)
        for _ in range(ROUNDS):
            step = reduce(state, inputs, now, self._flows)
            state = step.state
            prompts += step.prompts
            if not step.effects:
                break
            acted = acted or any(effect.weight is not None for effect in step.effects)
            context.state = state
            inputs = [Answered(effect, self._perform(context, effect)) for effect in step.effects]
        else:
            step = reduce(state, inputs, now, self._flows)
            state, prompts = step.state, [*prompts, *step.prompts]
        return state, prompts, acted

    def _perform(self, context: Context, effect: Effect) -> Answer:
        owned = self._effects if effect.flow or effect.name in CART_EFFECTS else self._intents
        handler = owned.get(effect.name)
        if handler is None:
            return Refused("bot.not_yet", offers=(Offer("转人工", (Handoff(),)),))
        try:
            if effect.weight is None:
                return handler(context, effect.args)
            with savepoint(context.session):  # a refusal leaves nothing half done
                return handler(context, effect.args)
        except DomainError as refused:
            return Refused(refused.code, refused.details)

    def _say(self, prompts: Sequence[Prompt], state: State, *, turn: str) -> tuple[Reply, State]:
        texts = [self._responses.render(prompt.name, prompt.values, seed=turn) for prompt in prompts]
        text = "\n".join(part for part in texts if part)
        cards = tuple(card for prompt in prompts for card in prompt.cards)
        offers = [offer for prompt in prompts[-1:] for offer in prompt.offers] or [o for prompt in prompts for o in prompt.offers]
        image = next((prompt.image for prompt in prompts if prompt.image), "")
        if image:
            return Reply(ReplyKind.IMAGE, text, image=image), state
        if cards:
            return Reply(ReplyKind.CARDS, text, cards=cards), state
        if offers:
            state = replace(state, choices=_open_choices(turn, offers))
            choices = tuple(Choice(f"{turn}.{n}", offer.label) for n, offer in enumerate(offers, start=1))
            return Reply(ReplyKind.CHOICES, text, choices), state
        return (Reply(ReplyKind.TEXT, text) if text else SILENCE), state


def _open_choices(turn: str, offers: Sequence[Offer]) -> OpenChoices:
    return OpenChoices(turn, tuple(offer.commands for offer in offers), tuple(offer.label for offer in offers))


def _owned(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """Everything the skills bring under one roof; nothing may have two owners."""
    owned: dict[str, T] = {}
    for part in parts:
        if owned.keys() & part.keys():
            raise ValueError(f"two skills own {sorted(owned.keys() & part.keys())}")
        owned.update(part)
    return owned
