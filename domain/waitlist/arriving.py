"""On the way, at the door, and with dishes chosen already: what a party does between its number and its table."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.orders.models import Order
from domain.waitlist.errors import NotYourOrderError
from domain.waitlist.line import Ticket, change, move, note, ticket_in, ticket_of
from domain.waitlist.models import QueueTicket
from domain.waitlist.presence import PresenceOutcome, is_door_code
from domain.waitlist.rules import AT_CALL, PRESENCE_TRIES, TicketState


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
    """A member of staff sees the party at the door. Raises: UnknownNumberError."""
    return _here(session, ticket_in(session, store_id, ticket_id), by=by, now=now)


def link_order(session: Session, diner_id: str, order_id: str | None) -> Ticket:
    """What a diner chose while waiting goes to the table with them (PartySeated names it). Args: order_id: None for nothing after all.

    Raises:
        NotInLineError.
        NotYourOrderError: Somebody else's, or another store's.
    """
    ticket = ticket_of(session, diner_id)
    if order_id is not None:
        whose = session.execute(select(Order.diner_id, Order.store_id).where(Order.id == order_id)).first()
        if whose is None or tuple(whose) != (diner_id, ticket.store_id):
            raise NotYourOrderError
    return change(session, ticket, order_id=order_id)


def _here(session: Session, ticket: Ticket, *, by: str, now: datetime) -> Ticket:
    if ticket.state in AT_CALL and ticket.state != TicketState.ARRIVED:
        return move(session, ticket, TicketState.ARRIVED, by=by, now=now, present_at=func.coalesce(QueueTicket.present_at, now))
    note(session, ticket, "present", by=by, now=now)
    return change(session, ticket, present_at=func.coalesce(QueueTicket.present_at, now))
