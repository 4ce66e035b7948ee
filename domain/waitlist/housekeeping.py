"""What becomes of numbers without anybody's doing: days that are over, and diners who turned out to be one."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.shop.snapshot import ShopSnapshot
from domain.waitlist.arriving import forget_names
from domain.waitlist.distances import forget_distances
from domain.waitlist.errors import NumberMovedError
from domain.waitlist.line import SYSTEM, end, find_ticket, lock_day, ticket_in
from domain.waitlist.models import QueueTicket
from domain.waitlist.rules import LIVE, TicketState


def end_left_over(session: Session, shop: ShopSnapshot, *, now: datetime) -> int:
    """End the numbers of days that are over, in every store; forget how far their parties were and whom to greet. By night.

    Returns: How many there were. Emits: NumberLeft ("day_over").
    """
    live = select(QueueTicket.store_id, QueueTicket.id).where(QueueTicket.state.in_(LIVE)).order_by(QueueTicket.id)
    ended = 0
    for store_id, ticket_id in session.execute(live).all():
        store, ticket = shop.known_stores[store_id], ticket_in(session, store_id, ticket_id)
        if ticket.business_day < shop.brand.business_day(now, store.timezone):
            with suppress(NumberMovedError):  # the first number of the new day has ended it in this moment
                end(session, store, ticket, TicketState.VOID, by=SYSTEM, reason="day_over", now=now)
                ended += 1
    for store in shop.known_stores.values():
        today = shop.brand.business_day(now, store.timezone)
        forget_distances(session, store.id, before=today)
        forget_names(session, store.id, before=today)
    return ended


def merge_numbers(session: Session, shop: ShopSnapshot, source: str, target: str, *, now: datetime) -> None:
    """Two diners were one: their numbers are one person's. Of two live ones the earlier stays.

    Emits: NumberLeft for the other.
    """
    both = sorted(filter(None, (find_ticket(session, source), find_ticket(session, target))), key=lambda ticket: ticket.id)
    for late in both[1:]:
        store = shop.known_stores[late.store_id]
        lock_day(session, shop, store, now=now)
        end(session, store, late, TicketState.VOID, by=SYSTEM, reason="merged", now=now)
    live = update(QueueTicket).where(QueueTicket.live_key == source).values(live_key=target)
    session.execute(live.execution_options(synchronize_session=False))
    moved = update(QueueTicket).where(QueueTicket.diner_id == source).values(diner_id=target)
    session.execute(moved.execution_options(synchronize_session=False))
