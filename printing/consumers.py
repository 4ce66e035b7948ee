"""What printing does about events: plan tickets, inside the event's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Protocol, cast

from sqlalchemy import delete
from sqlalchemy.orm import Session

from domain.bookings.listing import get_booking
from domain.bookings.rules import BookingState
from domain.experiences.listing import guests_of
from domain.experiences.rules import ExperienceState
from domain.experiences.sessions import get_session
from domain.kernel.scenes import SceneKind, build_scene
from domain.messaging.housekeeping import EVENTS_KEPT
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache
from domain.shop.store import Printer
from printing.jobs.models import JobKind, PrintJob
from printing.jobs.rules import printers_for, short_code
from printing.jobs.service import PlannedTicket, plan
from printing.jobs.tending import tend
from printing.tickets.bookings import BookedParty, BookingMark, booking_slip
from printing.tickets.changes import fire_ticket, rush_ticket, void_ticket
from printing.tickets.experiences import GuestList, ListedGuest, guest_list
from printing.tickets.kitchen import kitchen_ticket
from printing.tickets.orders import FiredOrder, PaidOrder, ReleasedOrder, RushedOrder, VoidedOrder
from printing.tickets.pass_slip import pass_slip
from printing.tickets.queue import CalledNumber, TakenNumber, call_slip, queue_ticket
from printing.tickets.receipt import receipt
from printing.tickets.service_calls import CalledTable, CallMark, service_call_slip
from printing.tickets.tables import MovedTable, table_ticket
from printing.tickets.ticket import Ticket


def on_order_released(snapshots: SnapshotCache) -> Handler:
    """A round goes to the kitchen: one ticket for each station, and the 总单 where the store has a printer at the pass."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        order = cast(ReleasedOrder, payload)
        printers = _printers(snapshots, session, order["store_id"])
        stations = list(dict.fromkeys(line["station"] for line in order["lines"]))
        tickets = []
        for part, station in enumerate(stations, start=1):
            role = f"kitchen:{station}"
            ticket = kitchen_ticket(order, station, part=part, parts=len(stations), code=short_code(event_id, role))
            tickets.append(PlannedTicket(JobKind.KITCHEN, role, ticket, printers_for(printers, JobKind.KITCHEN, station)))
        slip = pass_slip(order, code=short_code(event_id, "pass"))
        tickets.append(PlannedTicket(JobKind.PASS, "pass", slip, printers_for(printers, JobKind.PASS)))
        _plan(session, tickets, payload, event_id=event_id, now=now)

    return handle


def on_order_voided(snapshots: SnapshotCache) -> Handler:
    """Dishes were taken back: every station that has one of them is told, and the pass."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        order = cast(VoidedOrder, payload)
        order["lines"] = [line for line in order["lines"] if line["in_kitchen"]]
        _tell_kitchen(snapshots, session, order, partial(void_ticket, order), "void", event_id=event_id, now=now)

    return handle


def on_order_fired(snapshots: SnapshotCache) -> Handler:
    """A round that was kept back is cooked now: every station of it is told, and the pass."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        order = cast(FiredOrder, payload)
        _tell_kitchen(snapshots, session, order, partial(fire_ticket, order), "fire", event_id=event_id, now=now)

    return handle


def on_order_rushed(snapshots: SnapshotCache) -> Handler:
    """A table calls for its dishes: every station that cooks one of them is told, and the pass."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        order = cast(RushedOrder, payload)
        _tell_kitchen(snapshots, session, order, partial(rush_ticket, order), "rush", event_id=event_id, now=now)

    return handle


def on_order_paid(snapshots: SnapshotCache) -> Handler:
    """An order is paid: its receipt, where the store has a printer for receipts."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        order = cast(PaidOrder, payload)
        printers = _printers(snapshots, session, order["store_id"])
        paper = receipt(order, code=short_code(event_id, "receipt"))
        tickets = [PlannedTicket(JobKind.RECEIPT, "receipt", paper, printers_for(printers, JobKind.RECEIPT))]
        _plan(session, tickets, payload, event_id=event_id, now=now)

    return handle


def on_table_moved(snapshots: SnapshotCache) -> Handler:
    """A party sits elsewhere: every station that cooks for it hears where its dishes go, and so does the pass."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        move = cast(MovedTable, payload)
        _tell_kitchen(snapshots, session, move, partial(table_ticket, move), "table", event_id=event_id, now=now)

    return handle


def on_service_call(snapshots: SnapshotCache, mark: CallMark, moment: str) -> Handler:
    """A table calls, calls again, is still waited for, or needs nobody: a slip where the store prints what the floor must know.

    Args:
        moment: The field of the payload that says when.
    """

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        call = cast(CalledTable, payload)
        printers = _printers(snapshots, session, call["store_id"])
        role = f"service:{mark.name.lower()}"
        slip = service_call_slip(call, mark, payload[moment], code=short_code(event_id, role))
        tickets = [PlannedTicket(JobKind.SERVICE, role, slip, printers_for(printers, JobKind.SERVICE))]
        _plan(session, tickets, {**payload, "order_id": call["call_id"]}, event_id=event_id, now=now)

    return handle


def on_booking(snapshots: SnapshotCache, mark: BookingMark) -> Handler:
    """A party of today is new, has changed or does not come: a slip where the store prints what the floor must know.

    Those of other days stand in the book; a slip of today would be lost until then. What is asked for waits for an answer now,
    whatever its day; changed before it was answered it is asked for anew.
    """

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        shop = snapshots.get(session)
        store = shop.known_stores[payload["store_id"]]
        today = shop.brand.business_day(now, store.timezone)
        before = payload.get("before_starts_at")
        moments = [datetime.fromisoformat(at) for at in (payload["starts_at"], before) if at]
        if mark is not BookingMark.ASKED and today not in {shop.brand.business_day(at, store.timezone) for at in moments}:
            return
        booked = get_booking(session, payload["booking_id"])
        if (booked.state is BookingState.REQUESTED) is not (mark is BookingMark.ASKED):
            return
        question = ""
        if mark is BookingMark.ASKED and booked.hold_until is not None:
            question = f"客人一年内{payload['strikes']}次没来。{store.clock_said(booked.hold_until)}前请回复接不接，不回就算接"
        was = f"{store.local(datetime.fromisoformat(before)):%m-%d %H:%M} {'、'.join(payload['before_tables'])}" if before else ""
        place = payload["room"] or "、".join(payload["tables"])
        party = BookedParty(
            number=payload["number"],
            starts_at=payload["starts_at"],
            ends_at=payload["ends_at"],
            zone=store.timezone,
            people=payload["people"],
            kids=payload["kids"],
            place=place
            if moments[0].astimezone(store.zone).date() == store.local(now).date()
            else f"{store.local(moments[0]):%m-%d} {place}",
            name=booked.name,
            notes=booked.notes,
            before=was,
            question=question,
        )
        role = f"booking:{mark.name.lower()}"
        slip = booking_slip(party, mark, now.isoformat(), code=short_code(event_id, role))
        tickets = [PlannedTicket(JobKind.SERVICE, role, slip, printers_for(store.printers, JobKind.SERVICE))]
        _plan(session, tickets, {**payload, "order_id": booked.id}, event_id=event_id, now=now)

    return handle


def on_experience_list(snapshots: SnapshotCache) -> Handler:
    """A session begins within the hour, or somebody comes or goes by then: its guests, where the store prints what the floor must know.

    Nothing comes out when nobody is expected, or it is over: the printer was off for so long.
    """

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        there = get_session(session, payload["session_id"])
        expected = guests_of(session, there.id)
        if not expected or now >= there.ends_at:
            return
        guests = tuple(
            ListedGuest(
                guest.number,
                guest.name,
                guest.adults,
                guest.children,
                guest.ages,
                guest.kits,
                guest.notes,
                unpaid=guest.state is ExperienceState.HELD,
                here=guest.checked_in_at is not None,
            )
            for guest in expected
        )
        listed = GuestList(there.name, there.starts_at.isoformat(), there.ends_at.isoformat(), there.zone, there.kit_name, guests)
        paper = guest_list(listed, now.isoformat(), code=short_code(event_id, "guests"))
        printers = printers_for(_printers(snapshots, session, there.store_id), JobKind.SERVICE)
        tickets = [PlannedTicket(JobKind.SERVICE, "guests", paper, printers)]
        _plan(session, tickets, {"store_id": there.store_id, "order_id": there.id}, event_id=event_id, now=now)

    return handle


def on_number_taken(snapshots: SnapshotCache) -> Handler:
    """A guest without a phone took a number: it comes out of the printer at the door."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        taken = cast(TakenNumber, payload)
        if taken["paper"]:
            paper = queue_ticket(taken, qr=build_scene(SceneKind.DOOR, taken["store_id"]), code=short_code(event_id, "number"))
            _plan_for_the_door(snapshots, session, "number", paper, payload, event_id=event_id, now=now)

    return handle


def on_number_called(snapshots: SnapshotCache) -> Handler:
    """A party is called: whoever leads it to its table has it on paper, once however often it is called."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        called = cast(CalledNumber, payload)
        if not called["again"]:
            slip = call_slip(called, code=short_code(event_id, "call"))
            _plan_for_the_door(snapshots, session, "call", slip, payload, event_id=event_id, now=now)

    return handle


def on_print_jobs_due(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """The last moment of some tickets: what was not printed is given up aloud, even when no agent is running."""
    tend(session, now=now, store_id=payload["store_id"])


def on_housekeeping_due(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """Tickets are forgotten after 30 days."""
    session.execute(delete(PrintJob).where(PrintJob.created_at < now - EVENTS_KEPT))


class _Slip(Protocol):
    """The slip about a change, for one station or (None) for the pass."""

    def __call__(self, station: str | None, *, part: int, parts: int, code: str) -> Ticket: ...


def _tell_kitchen(
    snapshots: SnapshotCache,
    session: Session,
    order: VoidedOrder | FiredOrder | RushedOrder | MovedTable,
    slip: _Slip,
    kind: str,
    *,
    event_id: str,
    now: datetime,
) -> None:
    """One slip for each station that has a dish of it, and one with all of them for the pass."""
    printers = _printers(snapshots, session, order["store_id"])
    stations = list(dict.fromkeys(line["station"] for line in order["lines"]))
    tickets = []
    for part, station in enumerate(stations, start=1):
        role = f"{kind}:{station}"
        paper = slip(station, part=part, parts=len(stations), code=short_code(event_id, role))
        tickets.append(PlannedTicket(JobKind.KITCHEN, role, paper, printers_for(printers, JobKind.KITCHEN, station)))
    if stations:
        role = f"{kind}-pass"
        paper = slip(None, part=1, parts=1, code=short_code(event_id, role))
        tickets.append(PlannedTicket(JobKind.PASS, role, paper, printers_for(printers, JobKind.PASS)))
    _plan(session, tickets, order, event_id=event_id, now=now)


def _plan_for_the_door(
    snapshots: SnapshotCache, session: Session, role: str, paper: Ticket, payload: dict[str, Any], *, event_id: str, now: datetime
) -> None:
    printers = printers_for(_printers(snapshots, session, payload["store_id"]), JobKind.QUEUE)
    tickets = [PlannedTicket(JobKind.QUEUE, role, paper, printers)]
    _plan(session, tickets, {**payload, "order_id": payload["ticket_id"]}, event_id=event_id, now=now)


def _printers(snapshots: SnapshotCache, session: Session, store_id: str) -> tuple[Printer, ...]:
    store = snapshots.get(session).known_stores.get(store_id)
    return store.printers if store else ()


def _plan(session: Session, tickets: list[PlannedTicket], payload: Mapping[str, Any], *, event_id: str, now: datetime) -> None:
    printable = [planned for planned in tickets if planned.printer_ids]
    plan(session, printable, store_id=payload["store_id"], order_id=payload["order_id"], event_id=event_id, now=now)
