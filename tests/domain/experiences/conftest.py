"""Diners who book experiences, and what can happen to them, told shortly."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select

from domain.experiences import ahead, calling_off, changing, lifecycle, listing, paying, proof, service, sessions, waiting, wishes
from domain.experiences.events import (
    ExperienceClosingDue,
    ExperienceDecisionDue,
    ExperienceListDue,
    ExperienceOfferDue,
    ExperienceReminderDue,
)
from domain.experiences.lifecycle import Side
from domain.experiences.listing import ExperienceBooking, WaitingPlace
from domain.experiences.seen import SessionSeen
from domain.experiences.wishes import ExperienceWish
from domain.kernel.money import Fen
from domain.kernel.proofs import Discrepancy
from domain.members.levels import record_spending
from domain.members.models import Diner, Membership
from domain.messaging.models import Delivery, OutboxEvent
from domain.payments.models import Payment, Refund
from domain.payments.service import confirm_payment
from domain.shop.snapshot import ShopSnapshot
from domain.storage import Database
from tests.clock import SettableClock
from tests.conftest import Nobody
from tests.domain.experiences.calendar import SHOP, wall

WANG, LI, ZHAO = "diner-wang", "diner-li", "diner-zhao"
GUESTS = tuple(f"diner-{number}" for number in range(40))
DINERS = (WANG, LI, ZHAO, *GUESTS)
SUNDAY = "2026-11-29 10:00"  # in a week: the tasting for everybody; it is Saturday 18:30 now
DUE = (ExperienceReminderDue, ExperienceOfferDue, ExperienceDecisionDue, ExperienceClosingDue, ExperienceListDue)


@dataclass
class Desk:
    """The experiences of a brand; each call is a transaction of its own."""

    database: Database
    clock: SettableClock
    shop: ShopSnapshot = SHOP
    keys: Any = field(default_factory=itertools.count)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def goes_on_to(self, at: str) -> None:
        """The clock on the wall shows that time."""
        self.clock.set(wall(at))

    def wish(
        self, what: str = "tasting", at: str = SUNDAY, adults: int = 2, children: int = 0, *, store: str = "one", **more: Any
    ) -> ExperienceWish:
        zone = self.shop.stores[store].timezone if store in self.shop.stores else "Asia/Shanghai"
        return ExperienceWish(what, store, wall(at, zone), adults, children, **more)

    async def book(self, *what: Any, who: str = WANG, key: str = "", **more: Any) -> ExperienceBooking:
        wish = self.wish(*what, **more)
        return await self.do(service.book_experience, self.shop, wish, diner_id=who, key=key or self.key())

    async def propose(self, *what: Any, who: str = WANG, **more: Any) -> wishes.ExperienceProposal:
        return await self.do(wishes.propose, self.shop, self.wish(*what, **more), diner_id=who)

    async def change(
        self, booked: ExperienceBooking, adults: int, children: int = 0, *, at: str = "", version: int = 0, key: str = "", **more: Any
    ) -> ExperienceBooking:
        more = {"diner_id": None, "ages": (), "starts_at": wall(at) if at else None, **more}
        more |= {"version": version or booked.version, "key": key or self.key()}
        return await self.do(changing.change_experience, self.shop, booked.id, adults=adults, children=children, **more)

    async def cancel(self, booked: ExperienceBooking, by: Side = Side.DINER) -> ExperienceBooking:
        whose = booked.diner_id if by is Side.DINER else None
        return await self.do(lifecycle.cancel_experience, self.shop, booked.id, diner_id=whose, by=by)

    async def wait(self, *what: Any, who: str = LI, key: str = "", **more: Any) -> WaitingPlace:
        wish = self.wish(*what, **more)
        return await self.do(waiting.join_waiting, self.shop, wish, diner_id=who, key=key or self.key())

    async def take(self, place: WaitingPlace, *, key: str = "") -> ExperienceBooking:
        return await self.do(waiting.take_offer, self.shop, place.id, diner_id=place.diner_id, key=key or self.key())

    async def decline(self, place: WaitingPlace) -> WaitingPlace:
        return await self.do(waiting.decline_offer, self.shop, place.id, diner_id=place.diner_id)

    async def leave(self, place: WaitingPlace) -> WaitingPlace:
        return await self.do(waiting.leave_waiting, self.shop, place.id, diner_id=place.diner_id)

    async def lapse_offer(self, place: WaitingPlace) -> bool:
        return await self.do(waiting.lapse_offer, self.shop, place.id)

    async def close(self, booked: ExperienceBooking) -> bool:
        return await self.do(waiting.close_list, self.shop, booked.session_id)

    async def lapse_hold(self, booked: ExperienceBooking) -> bool:
        return await self.do(lifecycle.lapse_hold, self.shop, booked.id)

    async def decide(self, booked: ExperienceBooking) -> bool:
        return await self.do(calling_off.decide, self.shop, booked.session_id)

    async def call_off(self, booked: ExperienceBooking) -> sessions.SessionNow:
        return await self.do(calling_off.call_off, booked.session_id, by="staff-1")

    async def check_in(self, booked: ExperienceBooking) -> ExperienceBooking:
        return await self.do(lifecycle.check_in, booked.id, by="staff-1")

    async def pay(self, booked: ExperienceBooking, *, heard: bool = True) -> Payment:
        """Pay at the provider. Args: heard: The booking learns of it."""
        payment = await self.do(paying.ask_payment, booked.id, diner_id=booked.diner_id)
        await self.confirm(payment)
        if heard:
            await self.do(lifecycle.experience_paid, self.shop, booked.id)
        return payment

    async def confirm(self, payment: Payment) -> bool:
        return await self.do(confirm_payment, payment.id, fen=payment.fen, method="simulated", external_no=f"sim-{payment.id}")

    async def get(self, booked: ExperienceBooking) -> ExperienceBooking:
        return await self.database.read(listing.get_booking, booked.id)

    async def place(self, place: WaitingPlace) -> WaitingPlace:
        return await self.database.read(listing.get_waiting, place.id)

    async def of(self, booked: ExperienceBooking) -> sessions.SessionNow:
        return await self.database.read(sessions.get_session, booked.session_id)

    async def sessions(self, **which: Any) -> list[SessionSeen]:
        return await self.database.read(ahead.sessions_ahead, self.shop, now=self.now, **which)

    async def is_member(self, who: str = WANG, level: str | None = None, spent: int = 0) -> None:
        """A diner is a member, at a level, and has spent so many yuan today."""
        row = {"diner_id": who, "member_number": f"M{who}"[:12], "joined_at": self.now, "level": level}
        columns = {column.name for column in Membership.__table__.columns}
        await self.database.transaction(
            lambda session: session.execute(insert(Membership), {name: value for name, value in row.items() if name in columns})
        )
        if spent:
            day = date(2026, 11, 21)
            await self.do(record_spending, who, order_id=f"order-{who}", visit="v", business_day=day, net_fen=Fen(spent * 100))

    async def refunds(self) -> list[tuple[int, str]]:
        """(fen, reason), in the order in which they were asked for."""
        rows = select(Refund.fen, Refund.reason).order_by(Refund.id)
        return await self.database.read(lambda session: [(row.fen, row.reason) for row in session.execute(rows)])

    async def events(self) -> list[str]:
        """The names of what happened, but not what is due later, in order."""
        rows = select(OutboxEvent.name).where(OutboxEvent.name.like("experience%"), OutboxEvent.name.not_like("%_due"))
        names = await self.database.read(lambda session: list(session.execute(rows.order_by(OutboxEvent.id)).scalars()))
        return [name.removeprefix("experience_") for name in names]

    async def payload(self, name: str) -> Mapping[str, Any]:
        """What the newest event of a name says."""
        newest = select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.id.desc()).limit(1)
        found: Mapping[str, Any] = await self.database.read(lambda session: session.execute(newest).scalar_one())
        return found

    async def due(self, name: str) -> list[datetime]:
        """When events of a name are due, in that order."""
        rows = select(Delivery.due_at).join(OutboxEvent, Delivery.event_id == OutboxEvent.id).where(OutboxEvent.name == name)
        return await self.database.read(lambda session: list(session.execute(rows.order_by(Delivery.due_at)).scalars()))

    async def discrepancies(self) -> list[Discrepancy]:
        return await self.database.read(proof.prove_experiences)

    async def do(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.transaction(act, *args, **kwargs, now=self.now)

    def key(self) -> str:
        return f"key {next(self.keys)}"


class Heard(Nobody):
    """Routes under which what is due later is delivered, and nobody hears anything else."""

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return ("reactions",) if name in {event.name for event in DUE} else ()


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    """Somebody hears what is due."""
    return Heard()


@pytest.fixture
async def desk(database: Database, clock: SettableClock) -> Desk:
    members = [{"id": diner, "following": True, "met_at": clock.now(), "followed_at": clock.now()} for diner in DINERS]
    await database.transaction(lambda session: session.execute(insert(Diner), members))
    return Desk(database, clock)
