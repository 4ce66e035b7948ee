"""/pay/{payment}: the bill of an order or experience, the deposit of a booking, and with the simulated provider the button that pays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from bot.dialogue.slots import PEOPLE, TIME, spoken
from bot.responses import Responses
from domain.bookings.deposits import PAYABLE as BOOKING
from domain.bookings.listing import Booked, get_booking
from domain.bookings.rules import BookingState
from domain.checkout.billing import PAYABLE as ORDER
from domain.experiences.listing import ExperienceBooking
from domain.experiences.listing import get_booking as get_experience
from domain.experiences.paying import PAYABLE as EXPERIENCE
from domain.experiences.rules import ExperienceState
from domain.kernel.clock import Clock
from domain.kernel.errors import DomainError
from domain.orders.service import get_order
from domain.payments.errors import PaymentClosedError, UnknownPaymentError
from domain.payments.models import Payment
from domain.payments.rules import PaymentState
from domain.payments.service import confirm_payment, get_payment
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from wechat_gateway.pages.rendering import Pages
from wechat_gateway.pay.simulated import SIMULATED


@dataclass(frozen=True, slots=True)
class _Bill:
    payment_id: str
    state: str
    fen: int
    refunded_fen: int
    store: str
    number: str
    table: str
    lines: list[dict[str, Any]]
    explanation: list[dict[str, Any]]
    current: bool
    asked_by: str  # the word that brings a new one


class PayPage:
    """Shows and pays a bill. Whoever has the link may pay: the id is 80 random bits, as on a paper slip."""

    def __init__(self, database: Database, snapshots: SnapshotCache, clock: Clock, pages: Pages, responses: Responses) -> None:
        self._database = database
        self._snapshots = snapshots
        self._clock = clock
        self._pages = pages
        self._responses = responses

    def routes(self) -> list[web.RouteDef]:
        """Where the handlers stand."""
        return [web.get("/pay/{payment}", self.show), web.post("/pay/{payment}", self.pay)]

    async def show(self, request: web.Request) -> web.Response:
        """GET: the bill as it stands."""
        try:
            bill = await self._database.read(self._bill, request.match_info["payment"])
        except UnknownPaymentError as refused:
            return self._refused(refused, 404)
        return self._pages.render("pay.html", bill=bill, paid=bill.state == PaymentState.PAID, open=bill.state == PaymentState.PENDING)

    async def pay(self, request: web.Request) -> web.StreamResponse:
        """POST: the simulated provider confirms; any number of times."""
        payment_id = request.match_info["payment"]
        try:
            await self._database.transaction(_confirm, payment_id, now=self._clock.now())
        except UnknownPaymentError as refused:
            return self._refused(refused, 404)
        except DomainError as refused:
            return self._refused(refused, 409)
        raise web.HTTPSeeOther(f"/pay/{payment_id}")

    def _bill(self, session: Session, payment_id: str) -> _Bill:
        payment = get_payment(session, payment_id)
        if payment.payable_kind == ORDER:
            return self._of_an_order(session, payment)
        if payment.payable_kind == BOOKING:
            return self._of_a_booking(session, payment)
        if payment.payable_kind == EXPERIENCE:
            return self._of_an_experience(session, payment)
        raise UnknownPaymentError

    def _of_an_order(self, session: Session, payment: Payment) -> _Bill:
        order = get_order(session, payment.payable_id)
        store = self._snapshots.get(session).known_stores[order.store_id]
        bill = order.bill or {"lines": [], "explanation": [], "total_fen": payment.fen}
        return _Bill(
            payment_id=payment.id,
            state=payment.state,
            fen=payment.fen,
            refunded_fen=payment.refunded_fen,
            store=store.name,
            number=order.number or "",
            table=order.table_code or "",
            lines=bill["lines"],
            explanation=bill["explanation"],
            current=bill["total_fen"] == payment.fen,
            asked_by="买单",
        )

    def _of_a_booking(self, session: Session, payment: Payment) -> _Bill:
        """The deposit: for when and for how many."""
        booked = get_booking(session, payment.payable_id)
        current = booked.state is BookingState.HELD and booked.deposit_fen == payment.fen
        return self._ahead(session, payment, booked, "订金", booked.people, booked.kids, current=current, asked_by="我的预订")

    def _of_an_experience(self, session: Session, payment: Payment) -> _Bill:
        """The places in a session: what, when and for how many."""
        booked = get_experience(session, payment.payable_id)
        current = booked.state is ExperienceState.HELD and booked.fen == payment.fen
        people = booked.adults + booked.children
        return self._ahead(session, payment, booked, booked.experience_name, people, booked.children, current=current, asked_by="我的活动")

    def _ahead(
        self,
        session: Session,
        payment: Payment,
        booked: Booked | ExperienceBooking,
        what: str,
        people: int,
        kids: int,
        *,
        current: bool,
        asked_by: str,
    ) -> _Bill:
        """What is paid before it is had, in one line."""
        store = self._snapshots.get(session).known_stores[booked.store_id]
        local = store.local(booked.starts_at)
        when = spoken(TIME, {"date": local.date().isoformat(), "time": f"{local:%H:%M}"})
        name = f"{what}：{when} {spoken(PEOPLE, {'n': people, 'kids': kids})}"
        return _Bill(
            payment_id=payment.id,
            state=payment.state,
            fen=payment.fen,
            refunded_fen=payment.refunded_fen,
            store=store.name,
            number=booked.number,
            table="",
            lines=[{"name": name, "options": [], "reductions": [], "quantity": 1, "amount_fen": payment.fen}],
            explanation=[],
            current=current,
            asked_by=asked_by,
        )

    def _refused(self, refused: DomainError, status: int) -> web.Response:
        name = "refused_" + refused.code.replace(".", "_")
        text = self._responses.render(name, refused.details, seed="")
        return self._pages.render("notice.html", status=status, title="账单", text=text)


def _confirm(session: Session, payment_id: str, *, now: datetime) -> None:
    payment = get_payment(session, payment_id)
    if payment.state == PaymentState.CLOSED:
        raise PaymentClosedError  # nobody starts to pay it; what was under way is taken, and given back
    confirm_payment(session, payment_id, fen=payment.fen, method=SIMULATED, external_no=f"sim-{payment_id}", now=now)
