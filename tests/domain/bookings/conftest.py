"""Diners who book, and what can happen to their bookings, told shortly."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, select

from domain.bookings import choosing, deposits, lifecycle, listing, proof, requests, service, wishes
from domain.bookings.events import BookingReminderDue
from domain.bookings.finding import Wish
from domain.bookings.listing import Booked
from domain.bookings.strikes import strike
from domain.kernel.proofs import Discrepancy
from domain.members.models import Diner
from domain.messaging.models import Delivery, OutboxEvent
from domain.payments.models import Payment, Refund
from domain.payments.service import confirm_payment
from domain.shop.snapshot import ShopSnapshot
from domain.staff.models import StaffTask
from domain.staff.tasks import list_tasks
from domain.storage import Database
from tests.clock import SettableClock
from tests.conftest import Nobody
from tests.domain.bookings.floors import SHOP, wall

WANG, LI = "diner-wang", "diner-li"
DINERS = (WANG, LI, *(f"diner-{number}" for number in range(40)))
SATURDAY = "2026-11-28"  # in a week; it is Saturday 18:30 now


@dataclass
class Desk:
    """The bookings of a brand; each call is a transaction of its own."""

    database: Database
    clock: SettableClock
    shop: ShopSnapshot = SHOP
    keys: Any = field(default_factory=itertools.count)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def book(
        self, at: str = f"{SATURDAY} 19:00", people: int = 2, *, who: str | None = WANG, store: str = "day", key: str = "", **wish: Any
    ) -> Booked:
        zone = self.shop.stores[store].timezone if store in self.shop.stores else "Asia/Shanghai"
        wanted = Wish(wall(at, zone), people, **wish)
        return await self.do(service.book, self.shop, store, who, wanted, key=key or f"key {next(self.keys)}")

    async def propose(self, at: str, people: int = 2, *, who: str | None = WANG, store: str = "day", **wish: Any) -> wishes.Proposal:
        wanted = Wish(wall(at, self.shop.stores[store].timezone), people, **wish)
        return await self.do(wishes.propose_booking, self.shop, store, wanted, diner_id=who)

    async def change(self, booked: Booked, wish: Wish, *, who: str | None = None, store: str | None = None, version: int = 0) -> Booked:
        return await self.do(
            service.change_booking, self.shop, booked.id, wish, version=version or booked.version, diner_id=who, store_id=store
        )

    async def extend(self, booked: Booked, minutes: int) -> Booked:
        return await self.do(service.extend_booking, self.shop, booked.id, minutes, diner_id=None)

    async def cancel(self, booked: Booked, *, who: str | None = None, reason: str = "") -> Booked:
        return await self.do(lifecycle.cancel_booking, booked.id, diner_id=who, reason=reason)

    async def seat(self, booked: Booked) -> Booked:
        return await self.do(lifecycle.seat_booking, self.shop, booked.id)

    async def finish(self, booked: Booked) -> Booked:
        return await self.do(lifecycle.finish_booking, booked.id)

    async def miss(self, booked: Booked) -> Booked:
        return await self.do(lifecycle.miss_booking, self.shop, booked.id)

    async def answer(self, booked: Booked, yes: bool = True, *, by: str = "staff-wang", reason: str = "") -> Booked:
        return await self.do(requests.answer_request, self.shop, booked.id, yes, by=by, reason=reason)

    async def choose(self, booked: Booked, *tables: str, force: bool = False, version: int = 0) -> Booked:
        version = version or booked.version
        return await self.do(choosing.choose_tables, self.shop, booked.id, tables, by="staff-wang", version=version, force=force)

    async def asked_for(self, at: str = f"{SATURDAY} 19:00", people: int = 2, *, who: str = WANG, **wish: Any) -> Booked:
        """Book for somebody who did not come four times."""
        for number in range(4):
            missed = await self.book(f"2026-11-27 {17 + number % 2}:{30 * (number // 2):02}", who=None)
            await self.database.transaction(strike, missed.id, who, now=self.now)
            await self.cancel(missed)
        return await self.book(at, people, who=who, **wish)

    async def tasks(self) -> list[StaffTask]:
        """What is on the list of the staff."""
        return list(await self.database.read(list_tasks))

    async def lapse(self, booked: Booked) -> bool:
        return await self.do(lifecycle.lapse_hold, booked.id)

    async def get(self, booked: Booked) -> Booked:
        return await self.database.read(listing.get_booking, booked.id)

    async def ask_deposit(self, booked: Booked) -> Payment:
        assert booked.diner_id is not None
        return await self.do(deposits.ask_deposit, booked.id, diner_id=booked.diner_id)

    async def pay_deposit(self, booked: Booked, *, heard: bool = True) -> Payment:
        """Pay it at the provider. Args: heard: The booking learns of it."""
        payment = await self.ask_deposit(booked)
        await self.do(confirm_payment, payment.id, fen=payment.fen, method="simulated", external_no=f"sim-{payment.id}")
        if heard:
            await self.do(deposits.deposit_paid, booked.id)
        return payment

    async def refunds(self) -> list[tuple[int, str]]:
        """(fen, reason), in the order in which they were asked for."""
        rows = select(Refund.fen, Refund.reason).order_by(Refund.id)
        return await self.database.read(lambda session: [(row.fen, row.reason) for row in session.execute(rows)])

    async def events(self) -> list[str]:
        """The names of what happened, but reminders, in order."""
        rows = select(OutboxEvent.name).where(OutboxEvent.name != "booking_reminder_due", OutboxEvent.name.like("booking%"))
        return await self.database.read(lambda session: list(session.execute(rows.order_by(OutboxEvent.id)).scalars()))

    async def payload(self, name: str) -> Mapping[str, Any]:
        """What the newest event of a name says."""
        newest = select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.id.desc()).limit(1)
        found: Mapping[str, Any] = await self.database.read(lambda session: session.execute(newest).scalar_one())
        return found

    async def reminders(self) -> list[tuple[str, int, datetime]]:
        """(kind, version, due), in the order in which they are due."""
        rows = (
            select(OutboxEvent.payload, Delivery.due_at)
            .join(Delivery, Delivery.event_id == OutboxEvent.id)
            .where(OutboxEvent.name == "booking_reminder_due")
            .order_by(Delivery.due_at, Delivery.id)
        )
        found = await self.database.read(lambda session: [tuple(row) for row in session.execute(rows)])
        return [(payload["kind"], payload["booking_version"], due) for payload, due in found]

    async def discrepancies(self) -> list[Discrepancy]:
        return await self.database.read(proof.prove_bookings)

    async def do(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.transaction(act, *args, **kwargs, now=self.now)


class Heard(Nobody):
    """Routes under which reminders are delivered, and nobody hears anything else."""

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return ("notifications",) if name == BookingReminderDue.name else ()


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    """Somebody hears the reminders."""
    return Heard()


@pytest.fixture
async def desk(database: Database, clock: SettableClock) -> Desk:
    members = [{"id": diner, "following": True, "met_at": clock.now(), "followed_at": clock.now()} for diner in DINERS]
    await database.transaction(lambda session: session.execute(insert(Diner), members))
    return Desk(database, clock)
