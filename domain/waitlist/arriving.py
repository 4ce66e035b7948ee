"""On the way, at the door, and with dishes chosen already: what a party does between its number and its table."""

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.orders.errors import CartChangedError
from domain.orders.models import Order
from domain.orders.places import Waiting, active_key
from domain.shop.snapshot import ShopSnapshot
from domain.waitlist.errors import NotYourOrderError
from domain.waitlist.line import Ticket, change, find_ticket, move, note, ticket_in, ticket_of
from domain.waitlist.models import QueueTicket
from domain.waitlist.presence import PresenceOutcome, is_door_code
from domain.waitlist.rules import AT_CALL, PRESENCE_TRIES, REQUEUE_WITHIN, TicketState


def ticket_today(session: Session, shop: ShopSnapshot, diner_id: str, *, now: datetime) -> Ticket | None:
    """The live number of a diner, as far as it is good for anything: of today, and not missed so long ago that nobody comes back."""
    ticket = find_ticket(session, diner_id)
    store = shop.stores.get(ticket.store_id) if ticket is not None else None
    if ticket is None or store is None or ticket.business_day != shop.brand.business_day(now, store.timezone):
        return None
    gone = ticket.missed_at is not None and ticket.state == TicketState.MISSED and now - ticket.missed_at > REQUEUE_WITHIN
    return None if gone else ticket


def say_on_the_way(session: Session, diner_id: str, *, now: datetime) -> Ticket:
    """A diner who was called says that they are coming. Raises: NotInLineError, NumberMovedError: They were not called."""
    return move(session, ticket_of(session, diner_id), TicketState.ON_THE_WAY, by=diner_id, now=now)


def confirm_presence(session: Session, diner_id: str, code: str, *, key: bytes, now: datetime) -> PresenceOutcome:
    """A diner types the door's code. Who was called has arrived by it; who waits may be called from then on.

    Args:
        key: Of `presence.door_key`.

    Raises:
        NotInLineError.
    """
    ticket = ticket_of(session, diner_id)
    tried = update(QueueTicket).where(QueueTicket.id == ticket.id, QueueTicket.presence_tries < PRESENCE_TRIES)
    tried = tried.values(presence_tries=QueueTicket.presence_tries + 1).execution_options(synchronize_session=False)
    if session.execute(tried).rowcount != 1:  # type: ignore[attr-defined]
        return PresenceOutcome.OVER
    if not is_door_code(key, ticket.store_id, code, now=now):
        return PresenceOutcome.WRONG
    _here(session, ticket_of(session, diner_id), by=diner_id, now=now)
    return PresenceOutcome.HERE


def mark_here(session: Session, store_id: str, ticket_id: str, *, by: str, now: datetime) -> Ticket:
    """A member of staff sees the party at the door; nobody calls it meanwhile. Raises: UnknownNumberError."""
    session.execute(select(QueueTicket.id).where(QueueTicket.id == ticket_id).with_for_update()).all()
    return _here(session, ticket_in(session, store_id, ticket_id), by=by, now=now)


def forget_names(session: Session, store_id: str, *, before: date) -> None:
    """Nobody of the days before is greeted any more. Args: before: The store's business day of now."""
    old = (QueueTicket.store_id == store_id, QueueTicket.business_day < before, QueueTicket.name.is_not(None))
    session.execute(update(QueueTicket).where(*old).values(name=None).execution_options(synchronize_session=False))


def place_of(ticket: Ticket) -> Waiting:
    """Where a party that waits orders to: the table to come."""
    return Waiting(ticket.id, ticket.store_id, ticket.number)


def hold_number(session: Session, diner_id: str) -> Ticket:
    """The live number of a diner, held until the transaction ends: its party does not sit down, nor go, while it chooses. It is held
    before what it orders is.

    Raises:
        NotInLineError.
    """
    session.execute(select(QueueTicket.id).where(QueueTicket.live_key == diner_id).with_for_update()).all()
    return ticket_of(session, diner_id)


def link_order(session: Session, diner_id: str, order_id: str | None, version: int | None = None) -> Ticket:
    """The diner says yes to what they chose while waiting: as it stands now it is placed when the party sits down.

    Args:
        order_id: The open order of their number; None for nothing after all.
        version: Of its draft, as it was read back.

    Raises:
        NotInLineError.
        NotYourOrderError: It is not what was chosen under this number.
        CartChangedError: It has changed since it was read back.
    """
    ticket = hold_number(session, diner_id)
    if order_id is not None:
        held = select(Order.active_key, Order.draft_version).where(Order.id == order_id).with_for_update()
        row = session.execute(held).first()
        if row is None or row.active_key != active_key(place_of(ticket), diner_id):
            raise NotYourOrderError
        if row.draft_version != version:
            raise CartChangedError
    return change(session, ticket, order_id=order_id, order_version=version if order_id is not None else None)


def _here(session: Session, ticket: Ticket, *, by: str, now: datetime) -> Ticket:
    if ticket.state in AT_CALL and ticket.state != TicketState.ARRIVED:
        return move(session, ticket, TicketState.ARRIVED, by=by, now=now, present_at=func.coalesce(QueueTicket.present_at, now))
    note(session, ticket, "present", by=by, now=now)
    return change(session, ticket, present_at=func.coalesce(QueueTicket.present_at, now))
