"""Book places in a session. What a booking would be: wishes; changing it: changing; what becomes of it: lifecycle."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.experiences.listing import ExperienceBooking, find_by_key
from domain.experiences.offering import open_session
from domain.experiences.places import take
from domain.experiences.reminders import announce
from domain.experiences.wishes import ExperienceWish, check_day, check_open, checked, full, propose
from domain.experiences.writing import write_booking
from domain.shop.snapshot import ShopSnapshot
from domain.storage import savepoint


def book_experience(
    session: Session, shop: ShopSnapshot, wish: ExperienceWish, *, diner_id: str, key: str, now: datetime
) -> ExperienceBooking:
    """Book places for a party: all of them or none.

    It is booked, or held for 15 minutes until it is paid (`paying.ask_payment`); nobody else gets its places. The diner's level is
    judged now, and the booking stays when it falls later.

    Args:
        key: At most one booking under it: asked again, the same one is returned as it is now.

    Raises:
        As `wishes.propose`. Nothing is written.
        ValueError: The key belongs to another diner's booking.

    Emits: ExperienceBooked or ExperienceHeld; ExperienceReminderDue; what `offering.hold_session` emits.
    Source: RESTAURANT, Bookings (events).
    """
    standing = find_by_key(session, key)
    if standing is None:
        # A full session is told before it is held: many ask for the last places, and only who may get them waits in line.
        propose(session, shop, wish, diner_id=diner_id, now=now)
        experience, store, wish = checked(session, shop, wish, diner_id=diner_id, now=now)
        there = open_session(session, shop, experience, store, wish.starts_at, now=now)
        standing = find_by_key(session, key)
    if standing is not None:
        if standing.diner_id != diner_id:
            raise ValueError(f"experience key {key!r} belongs to another diner")
        return standing
    check_open(session, shop, experience, store, wish.starts_at, now=now)
    check_day(session, shop, experience, store, wish.starts_at, diner_id)
    with savepoint(session):
        booked = write_booking(session, shop, there, wish, diner_id=diner_id, key=key, now=now)
        if not take(session, there.id, booked.amount):
            raise full(session, shop, experience, store, wish, now=now)
    announce(session, booked, now=now)
    return booked
