"""A restaurant to chat with: the real bot, the real domain and the real worker on a real database; only the wire is left out."""

import functools
import itertools
import re
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inbox import Turn
from bot.messages import Choice, InboundKind, InboundMessage, Reply
from bot.responses import NLU_DATA, Responses
from bot.turn import Bot
from bot.understanding.engine import Engine
from bot.understanding.interpretation import Interpreter
from domain.members.service import find_diner
from domain.members.vault import Vault
from domain.messages.models import Message
from domain.messages.rules import Window
from domain.messaging.deliveries import Claimed
from domain.messaging.wakeup import Wakeup
from domain.messaging.worker import Worker
from domain.orders.models import Order
from domain.payments.models import Payment
from domain.payments.rules import PaymentState
from domain.payments.service import confirm_payment
from domain.shop.document import ShopDocument
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from haowei.handlers import handlers
from haowei.routing import MESSAGES, TURNS
from haowei.runtime import SKILLS
from haowei.shop_files import bring_in
from printing.jobs.models import PrintJob
from tests.clock import SettableClock

_KINDS_THAT_OPEN = {InboundKind.TEXT: Window.MESSAGE, InboundKind.LOCATION: Window.MESSAGE, InboundKind.PICTURE: Window.MESSAGE}


@functools.cache
def _responses() -> Responses:
    return Responses.load(NLU_DATA / "responses")


class Restaurant:
    """One installation with everything behind the callback."""

    def __init__(self, database: Database, clock: SettableClock, engine: Engine) -> None:
        self.database = database
        self.clock = clock
        self.engine = engine
        self.vault = Vault(b"k" * 32)
        snapshots = SnapshotCache()
        responses = _responses()
        interpreter = Interpreter(engine, responses.intent_titles())
        self.bot = Bot(database, clock, self.vault, snapshots, responses, SKILLS, interpreter, member_code_key=b"k" * 32)
        self._worker = Worker(
            database,
            clock,
            Wakeup(),
            handlers=handlers(snapshots, responses),
            effects={TURNS: self.bot.run_late, MESSAGES: self._hand_over},
        )
        self._consumers = (*handlers(snapshots, responses), TURNS, MESSAGES)
        self._keys = itertools.count(1)

    async def imports(self, shop: ShopDocument) -> None:
        """The owner imports the shop's file."""
        await bring_in(self.database, shop, imported_by="test", now=self.clock.now())
        self.shop = shop

    def diner(self, name: str = "甲") -> "Diner":
        """Someone with a phone."""
        return Diner(self, f"openid-{name}")

    async def works(self) -> None:
        """Let the worker do everything that is due."""
        while sum([await self._worker.work_once(consumer) for consumer in self._consumers]):
            pass

    async def pays(self) -> int:
        """Pay the open bill as its page does, and return its fen."""
        payment = await self.database.read(_pending)
        confirmed = {"fen": payment.fen, "method": "simulated", "external_no": f"sim-{payment.id}"}
        await self.database.transaction(confirm_payment, payment.id, **confirmed, now=self.clock.now())
        await self.works()
        return payment.fen

    async def orders(self) -> Sequence[Order]:
        """Every order that was placed, oldest first."""
        return await self.database.read(_orders)

    async def tickets(self) -> list[tuple[str, str]]:
        """(role, number of copies so far) of every ticket, in the order of printing."""
        return await self.database.read(_tickets)

    async def messages(self) -> list[dict[str, Any]]:
        """What was asked to be sent to diners."""
        return await self.database.read(_messages)

    def next_key(self) -> str:
        """A dedupe key that was not used before."""
        return f"m.{next(self._keys)}"

    async def _hand_over(self, claimed: Claimed) -> None:
        await self.database.transaction(lambda session: claimed.settle(session, now=self.clock.now()))


class Diner:
    """A diner who chats; `last` is the last reply."""

    def __init__(self, restaurant: Restaurant, openid: str) -> None:
        self._restaurant = restaurant
        self.openid = openid
        self._replies: list[Reply] = []
        self.last = Turn(Reply.from_json({"kind": "silence"}), None)  # type: ignore[arg-type]

    async def says(self, text: str) -> str:
        """Type something."""
        return await self.sends(InboundKind.TEXT, text=text)

    async def taps(self, label: str) -> str:
        """Tap the choice with this label on the last reply."""
        return await self._taps(self.last.reply, label)

    async def taps_older(self, label: str) -> str:
        """Tap the choice with this label on the newest card that has it, the last reply left out."""
        card = next((reply for reply in reversed(self._replies[:-1]) if _labelled(reply, label)), None)
        assert card is not None, f"no older card has a choice {label!r}"
        return await self._taps(card, label)

    async def menu(self, intent: str) -> str:
        """Tap the menu bar."""
        return await self.sends(InboundKind.MENU, key=f"menu.{intent}")

    async def scans(self, scene: str) -> str:
        """Scan a code."""
        return await self.sends(InboundKind.SCAN, key=scene)

    async def follows(self, scene: str = "") -> str:
        """Follow the account."""
        return await self.sends(InboundKind.FOLLOW, key=scene)

    async def sends(self, kind: InboundKind, *, key: str = "", text: str = "", **more: Any) -> str:
        """Send anything, a second after the last."""
        now = self._restaurant.clock.advance(timedelta(seconds=1))
        window = _KINDS_THAT_OPEN.get(kind, Window.TAP)
        message = InboundMessage(self._restaurant.next_key(), self.openid, kind, now, text=text, key=key, window=window, **more)
        return await self.repeats(message)

    async def repeats(self, message: InboundMessage) -> str:
        """The same message (again)."""
        self.message = message
        self.last = await self._restaurant.bot.turn(message, deadline=time.monotonic() + 20)
        self._replies.append(self.last.reply)
        return self.heard

    async def _taps(self, reply: Reply, label: str) -> str:
        choice = _labelled(reply, label)
        assert choice is not None, f"the reply has no choice {label!r}, but {[item.label for item in reply.choices]}"
        return await self.sends(InboundKind.CHOICE, key=choice.id)

    @property
    def heard(self) -> str:
        """The last reply in words: its text, its choices by number, its cards."""
        reply = self.last.reply
        numbered = [f"{n}. {choice.label}" for n, choice in enumerate(reply.choices, start=1)]
        return "\n".join((reply.text, *numbered, *(f"[{card.title}]" for card in reply.cards)))

    def hears(self, *parts: str) -> None:
        """The last reply holds each of these; in a regular expression when it starts with ^."""
        for part in parts:
            found = re.search(part, self.heard, re.DOTALL) if part.startswith("^") else part in self.heard
            assert found, f"expected {part!r} in:\n{self.heard}"

    async def id(self) -> str:
        """The diner's random id."""
        found = await self._restaurant.database.read(find_diner, self._restaurant.vault.digest(self.openid))
        assert found is not None
        return found


def _labelled(reply: Reply, label: str) -> Choice | None:
    return next((choice for choice in reply.choices if choice.label.startswith(label)), None)


def _pending(session: Session) -> Payment:
    return session.execute(select(Payment).where(Payment.state == PaymentState.PENDING)).scalar_one()


def _orders(session: Session) -> Sequence[Order]:
    return session.execute(select(Order).where(Order.placed_at.is_not(None)).order_by(Order.placed_at)).scalars().all()


def _tickets(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(select(PrintJob.role, PrintJob.copy_no).order_by(PrintJob.created_at, PrintJob.id)).all()
    return [(row[0], str(row[1])) for row in rows]


def _messages(session: Session) -> list[dict[str, Any]]:
    rows = session.execute(select(Message.purpose, Message.state, Message.content).order_by(Message.requested_at)).all()
    return [{"purpose": row[0], "state": row[1], "text": row[2]["reply"].get("text", "")} for row in rows]
