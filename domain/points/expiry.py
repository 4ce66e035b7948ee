"""Points end: the nightly sweep, and whom to remind before."""

from datetime import date, datetime

from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from domain.points import ledger
from domain.points.ledger import Piece
from domain.points.models import PointsLot
from domain.points.rules import Reason
from domain.storage import Prepared

_FREE = PointsLot.remaining - PointsLot.held
_OVER = Prepared(
    select(PointsLot.diner_id)
    .where(PointsLot.open_until < bindparam("day"), _FREE > 0)
    .order_by(PointsLot.open_until, PointsLot.id)
    .limit(bindparam("most"))
)
_OVER_OF = Prepared(
    select(PointsLot.id, PointsLot.remaining, PointsLot.held)
    .where(PointsLot.diner_id == bindparam("diner_id"), PointsLot.open_until < bindparam("day"), _FREE > 0)
    .order_by(PointsLot.open_until, PointsLot.id)
)


def expire_points(session: Session, day: date, *, now: datetime, limit: int = 500) -> int:
    """Take what was good until yesterday at the latest. Held points are left to their hold; what it releases goes the next time.

    One bounded step; the caller repeats it, each time in a transaction of its own, until it returns 0.

    Args:
        day: The business day that has begun; points whose last day it is are still good.
        limit: At most about so many lots.

    Returns:
        Lots that expired.

    Source: RESTAURANT, Points (expiry by business day).
    """
    expired = 0
    for diner_id in sorted({diner_id for (diner_id,) in _OVER.all(session, day=day, most=limit)}):
        ledger.lock_account(session, diner_id)
        total = 0
        for lot_id, remaining, held in _OVER_OF.all(session, diner_id=diner_id, day=day):
            free = remaining - held
            # A lot only ever shrinks, so what remains tells this expiry from a later one of what was held.
            pieces = [Piece(lot_id, -free, Reason.EXPIRED)]
            if not ledger.write_movement(session, diner_id, pieces, movement=f"expire:{lot_id}:{remaining}", order_id=None, now=now):
                raise ledger.LedgerError(f"lot {lot_id} expired before with {remaining} points")
            ledger.take_free(session, lot_id, free)
            total += free
            expired += 1
        if total:
            ledger.move_account(session, diner_id, balance=-total)
    return expired


def expiring(
    session: Session, *, day_from: date, day_to: date, limit: int, after: tuple[str, date] | None = None
) -> list[tuple[str, date, int]]:
    """Whose points end soon, for reminders: (diner, last day, points that nobody holds), in the order of diner and day.

    Args:
        day_from: First last day, inclusive.
        day_to: Last last day, inclusive.
        limit: Length of the page.
        after: (diner, last day) of the last row of the page before.
    """
    query = (
        select(PointsLot.diner_id, PointsLot.expires_on, func.sum(_FREE))
        .where(PointsLot.open_until.between(day_from, day_to), _FREE > 0)
        .group_by(PointsLot.diner_id, PointsLot.expires_on)
        .order_by(PointsLot.diner_id, PointsLot.expires_on)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(PointsLot.diner_id, PointsLot.expires_on) > tuple_(*after))
    return [(diner_id, last_day, int(points)) for diner_id, last_day, points in session.execute(query)]
