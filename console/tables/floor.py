"""The floor at a glance: who sits where since when, who was called, who is expected, and what is waited for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.api.endpoint import Context
from console.api.shapes import Nothing
from console.service_calls.shapes import CallShown
from console.tables.shapes import ExpectedShown, FloorShown, OrderAtTable, PartyShown, TableNow, TableState
from domain.bookings.listing import Booked, floor_of_day
from domain.bookings.rules import COMING, BookingState
from domain.orders.listing import OrderSeen, orders_under_way
from domain.service_calls.listing import Call, list_calls
from domain.shop.store import Table
from domain.tables.listing import Party, parties_of
from domain.waitlist.line import Ticket, tickets_in
from domain.waitlist.rules import AT_CALL, TicketState
from domain.waitlist.seating import claims_of

EXPECTED_WITHIN = timedelta(hours=1)  # no party that walks in has left by then
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Floor:
    """What was read of the whole floor, by table or party."""

    parties: Mapping[str, Party]
    holders: Mapping[str, Ticket]
    bookings: Mapping[str, Sequence[Booked]]
    orders: Mapping[str, Sequence[OrderSeen]]
    calls: Mapping[str, Sequence[Call]]
    local: Callable[[datetime], datetime]
    now: datetime


def show_floor(context: Context, _: Nothing) -> FloorShown:
    """Every table: free, booked within the hour, called or seated; with whom, since when, what is ordered, and who calls."""
    store, now = context.store, context.now
    day = context.shop.brand.business_day(now, store.timezone)
    floor = _read(context)
    tables = [_table(context, floor, table) for table in store.tables.values()]
    return FloorShown(day=day, now=store.local(now), tables=tables)


def fixed(context: Context, table: Table) -> dict[str, object]:
    """What the shop file says of a table."""
    store = context.store
    return {
        "code": table.code,
        "seats": table.seats,
        "area": table.area,
        "room": next((room.name for room in store.rooms if table.code in room.tables), ""),
        "pairs_with": [other for pair in store.table_pairs if table.code in pair for other in pair if other != table.code],
    }


def _read(context: Context) -> _Floor:
    session, store, now = context.session, context.store, context.now
    day = context.shop.brand.business_day(now, store.timezone)
    tickets = {ticket.id: ticket for ticket in tickets_in(session, store.id, day, AT_CALL | {TicketState.SEATED})}
    claims = claims_of(session, store, day, now=now)
    bookings: dict[str, list[Booked]] = {}
    for row in floor_of_day(session, store.id, day):
        if row.booking is not None:
            bookings.setdefault(row.table_code, []).append(row.booking)
    orders: dict[str, list[OrderSeen]] = {}
    for order in orders_under_way(session, store.id, since=day - _DAY):
        orders.setdefault(order.session_id or "", []).append(order)
    calls: dict[str, list[Call]] = {}
    for call in list_calls(session, store.id, now=now):
        calls.setdefault(call.table_code, []).append(call)
    return _Floor(
        parties={party.table_code: party for party in parties_of(session, store.id, now=now)},
        holders={claim.table_code: tickets[claim.ticket_id] for claim in claims if claim.ticket_id in tickets},
        bookings=bookings,
        orders=orders,
        calls=calls,
        local=store.local,
        now=now,
    )


def _table(context: Context, floor: _Floor, table: Table) -> TableNow:
    party, holder = floor.parties.get(table.code), floor.holders.get(table.code)
    here = floor.bookings.get(table.code, ())
    seated = next((booked for booked in here if booked.state is BookingState.SEATED), None)
    coming = next((booked for booked in here if booked.state in COMING), None)
    state: TableState = "free"
    if party is not None or seated is not None or (holder is not None and holder.state == TicketState.SEATED):
        state = "seated"
    elif holder is not None:
        state = "called"
    elif coming is not None and coming.starts_at - floor.now <= EXPECTED_WITHIN:
        state = "booked"
    return TableNow(
        **fixed(context, table),  # type: ignore[arg-type]  # pydantic looks at them
        state=state,
        party=_party(floor, party, holder, seated) if state in {"seated", "called"} else None,
        expected=None if coming is None else _expected(floor, coming),
        calls=[CallShown.of(call, context.store) for call in floor.calls.get(table.code, ())],
    )


def _party(floor: _Floor, party: Party | None, holder: Ticket | None, seated: Booked | None) -> PartyShown:
    since = [party.opened_at] if party else []
    since += [holder.seated_at or holder.called_at or holder.taken_at] if holder else []
    since += [seated.starts_at] if seated else []
    people = holder.people if holder else seated.people if seated else None
    orders = floor.orders.get(party.session_id, ()) if party else ()
    return PartyShown(
        since=floor.local(since[0]),
        session_id=party.session_id if party else None,
        phones=party.phones if party else 0,
        number=holder.number if holder else None,
        number_id=holder.id if holder else None,
        booking=seated.number if seated else None,
        booking_id=seated.id if seated else None,
        people=people,
        orders=[OrderAtTable(id=order.id, number=order.number, state=order.state, payment_status=order.payment_status) for order in orders],
    )


def _expected(floor: _Floor, coming: Booked) -> ExpectedShown:
    return ExpectedShown(
        id=coming.id,
        number=coming.number,
        state=coming.state,
        starts_at=floor.local(coming.starts_at),
        people=coming.people,
        name=coming.name,
        late=floor.now >= coming.late_until,
    )
