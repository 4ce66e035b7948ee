"""The floor of a store as it is, and who sits down where: a table is one party's from its call until the party is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, bindparam, select, update
from sqlalchemy.orm import Session

from domain.bookings.listing import find_seated
from domain.messaging import emit
from domain.service_calls.service import end_calls_at
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.storage import Prepared, UtcDateTime
from domain.tables.errors import TableTakenError, UnknownTableError
from domain.tables.models import TableSession
from domain.tables.rules import IDLE, is_idle
from domain.tables.service import Seat, active_key, find_seat_at
from domain.waitlist.errors import TableHeldError
from domain.waitlist.events import PartySeated
from domain.waitlist.floor import Floor, Place
from domain.waitlist.line import Ticket, about, change, find_ticket, lock_day, move, note, store_of, ticket_in
from domain.waitlist.models import QueueTicket
from domain.waitlist.rules import AT_CALL, TicketState, letter_of_table

Booked = Mapping[str, datetime]
"""Tables that are booked soon, and when; bookings are another slice's, so whoever asks brings them along."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that has a table: called to it, or seated there with no table session that speaks for it."""

    ticket_id: str
    number: str
    diner_id: str | None
    state: str
    table_code: str
    called_at: datetime
    seated_at: datetime | None


_HELD = Prepared(
    select(*(getattr(QueueTicket, name) for name in ("id", *Claim.__slots__[1:])))
    .where(
        QueueTicket.store_id == bindparam("store_id"),
        QueueTicket.business_day == bindparam("day", type_=Date),
        QueueTicket.table_key.is_not(None),
    )
    .order_by(QueueTicket.called_at, QueueTicket.id)
)
_BEGUN = Prepared(
    select(TableSession.table_code, TableSession.opened_by, TableSession.opened_at).where(
        TableSession.store_id == bindparam("store_id"), TableSession.opened_at >= bindparam("since", type_=UtcDateTime)
    )
)
# The unique key begins with the store: its range is the store's live sessions (";" comes after ":").
_SITTING = Prepared(
    select(TableSession.table_code, TableSession.opened_at, TableSession.touched_at).where(
        TableSession.active_key >= bindparam("first"), TableSession.active_key < bindparam("last")
    )
)
_LET_GO = Prepared(update(QueueTicket).where(QueueTicket.table_key == bindparam("held")).values(table_key=None))


def floor_of(session: Session, store: Store, day: date, *, now: datetime, booked: Booked | None = None) -> Floor:
    """The tables of a store: who sits there since when, by the tables' sessions and by the numbers that were called to them."""
    since = {claim.table_code: claim.seated_at or claim.called_at for claim in claims_of(session, store, day, now=now)}
    since |= _sitting(session, store.id, now=now)
    soon = booked or {}
    return tuple(
        Place(table.code, table.seats, letter_of_table(table.seats), since.get(table.code), soon.get(table.code))
        for table in store.tables.values()
    )


def claims_of(session: Session, store: Store, day: date, *, now: datetime) -> list[Claim]:
    """The numbers that hold a table now.

    A seated party holds it until a table session began there since (the session speaks for the table then), the party's own
    session began elsewhere, the staff say that the table is free, or it was there for as long as a session may be idle.
    """
    claims = [Claim(*row) for row in _HELD.all(session, store_id=store.id, day=day)]
    seated = [claim.called_at for claim in claims if claim.state == TicketState.SEATED]
    if not seated:
        return claims
    sessions = _BEGUN.all(session, store_id=store.id, since=min(seated))

    def is_over(claim: Claim) -> bool:
        spoken_for = any(
            opened_at >= claim.called_at and (table_code == claim.table_code or opened_by == claim.diner_id)
            for table_code, opened_by, opened_at in sessions
        )
        return spoken_for or (claim.seated_at is not None and now - claim.seated_at >= IDLE)

    return [claim for claim in claims if claim.state != TicketState.SEATED or not is_over(claim)]


def check_unheld(session: Session, store: Store, day: date, table_code: str, *, now: datetime) -> None:
    """No number was called to a table, or sits there by it. Raises: TableHeldError."""
    holder = next((claim for claim in claims_of(session, store, day, now=now) if claim.table_code == table_code), None)
    if holder is not None:
        raise TableHeldError(table=table_code, number=holder.number)


def check_free(session: Session, store: Store, day: date, table_code: str, *, now: datetime, own: Seat | None = None) -> None:
    """A table may be given to a party; what a number held of it that no longer counts is let go. The day must be held.

    Args:
        own: Where the party itself sits already.

    Raises:
        UnknownTableError: No such table in this store.
        TableTakenError: A party sits there.
        TableHeldError: Another number has it, or a booked party sits there whose time is not over.
    """
    if table_code not in store.tables:
        raise UnknownTableError(store=store.name, table=table_code)
    sitting = find_seat_at(session, store.id, table_code, now=now)
    if sitting is not None and sitting != own:
        raise TableTakenError(table=table_code)
    check_unheld(session, store, day, table_code, now=now)
    booked = find_seated(session, store.id, table_code, now=now)
    if booked is not None and now < booked.stay.held_until and own is None:
        raise TableHeldError(table=table_code, number=booked.number)
    _let_go(session, store.id, table_code)


def seat(
    session: Session, shop: ShopSnapshot, store_id: str, ticket_id: str, *, by: str, now: datetime, table_code: str | None = None
) -> Ticket:
    """The party that was called sits down.

    Its own scan of the table's code may have come first: a session that began after the call is the party's, at another table
    when its diner began it.

    Args:
        by: The member of staff, or the diner who scanned.
        table_code: Another table than the one it was called to, when that is free.

    Raises:
        UnknownNumberError, NumberMovedError: It was not called, or has gone.
        UnknownTableError, TableTakenError, TableHeldError: The table is not free.

    Emits: PartySeated.
    """
    store = store_of(shop, store_id)
    day = lock_day(session, shop, store, now=now)
    ticket = ticket_in(session, store_id, ticket_id)
    table = table_code or ticket.table_code or ""
    sitting = find_seat_at(session, store_id, table, now=now)
    since = sitting is not None and ticket.called_at is not None and began_at(session, sitting.session_id) >= ticket.called_at
    if table == ticket.table_code:
        if sitting is not None and ticket.called_at is not None and not since:
            raise TableTakenError(table=table)
    elif ticket.state in AT_CALL:
        own = sitting if since and sitting is not None and sitting.opened_by == ticket.diner_id else None
        check_free(session, store, day.business_day, table, now=now, own=own)
    seated = move(
        session,
        ticket,
        TicketState.SEATED,
        by=by,
        now=now,
        table=table,
        table_code=table,
        table_key=active_key(store_id, table),
        seated_at=now,
    )
    waited = int((now - ticket.taken_at).total_seconds())
    event = PartySeated(**about(store, seated), table_code=table, order_id=seated.order_id, waited_s=waited, seated_at=now.isoformat())
    emit(session, event, now=now)
    return seated


def seat_by_scan(session: Session, shop: ShopSnapshot, diner_id: str, store_id: str, table_code: str, *, now: datetime) -> Ticket | None:
    """A diner scanned a table's code: when their number was called to that table, they sit down by it.

    Returns:
        The number; None when they have none that was called there. Their number, if any, stays as it is then.
    """
    ticket = find_ticket(session, diner_id)
    if ticket is None or ticket.store_id != store_id or ticket.table_code != table_code or ticket.state not in AT_CALL:
        return None
    return seat(session, shop, store_id, ticket.id, by=diner_id, now=now)


def began_at(session: Session, session_id: str) -> datetime:
    """When a party sat down, by its table's session."""
    began: datetime = session.execute(select(TableSession.opened_at).where(TableSession.id == session_id)).scalar_one()
    return began


def release_table(session: Session, shop: ShopSnapshot, store_id: str, table_code: str, *, by: str, now: datetime) -> bool:
    """The staff say that a table is free, where no table session says so by itself.

    Returns:
        False when it was free as far as we knew.

    Raises:
        UnknownTableError: No such table in this store.
        TableTakenError: A table session runs there: it ends with its bill, or by the staff.
        TableHeldError: A party was called there and has not come yet: its call is missed first.
    """
    store = store_of(shop, store_id)
    day = lock_day(session, shop, store, now=now)
    if table_code not in store.tables:
        raise UnknownTableError(store=store.name, table=table_code)
    if find_seat_at(session, store_id, table_code, now=now) is not None:
        raise TableTakenError(table=table_code)
    holder = next((claim for claim in claims_of(session, store, day.business_day, now=now) if claim.table_code == table_code), None)
    if holder is not None and holder.state != TicketState.SEATED:
        raise TableHeldError(table=table_code, number=holder.number)
    _let_go(session, store_id, table_code)
    end_calls_at(session, store_id, table_code, now=now)
    if holder is None:
        return False
    note(session, ticket_in(session, store_id, holder.ticket_id), "released", by=by, now=now, table=table_code)
    return True


def move_claim(session: Session, shop: ShopSnapshot, store_id: str, table_code: str, to_code: str, *, by: str, now: datetime) -> bool:
    """A party that sits by its number, without a scan, goes to a free table.

    Returns:
        False when nobody sits at the table by a number.

    Raises:
        UnknownTableError, TableTakenError, TableHeldError: The other table is not free.
    """
    store = store_of(shop, store_id)
    day = lock_day(session, shop, store, now=now)
    claims = claims_of(session, store, day.business_day, now=now)
    claim = next((claim for claim in claims if claim.table_code == table_code and claim.state == TicketState.SEATED), None)
    if claim is None:
        return False
    check_free(session, store, day.business_day, to_code, now=now)
    ticket = ticket_in(session, store_id, claim.ticket_id)
    moved = change(session, ticket, table_code=to_code, table_key=active_key(store_id, to_code))
    note(session, moved, "moved", by=by, now=now, table=to_code)
    return True


def _sitting(session: Session, store_id: str, *, now: datetime) -> dict[str, datetime]:
    sitting = _SITTING.all(session, first=f"{store_id}:", last=f"{store_id};")
    return {table_code: opened_at for table_code, opened_at, touched_at in sitting if not is_idle(touched_at, now)}


def _let_go(session: Session, store_id: str, table_code: str) -> None:
    _LET_GO.run(session, held=active_key(store_id, table_code))
