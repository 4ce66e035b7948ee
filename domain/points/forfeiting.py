"""Points are given up: what a member has when they leave."""

from datetime import datetime

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.orm import Session

from domain.points import ledger
from domain.points.ledger import Piece
from domain.points.models import PointsLot
from domain.points.rules import Reason
from domain.storage import Prepared

_FREE = PointsLot.remaining - PointsLot.held
_FREE_LOTS = Prepared(
    select(PointsLot.id, _FREE)
    .where(PointsLot.diner_id == bindparam("diner_id"), PointsLot.open_until.is_not(None), _FREE > 0)
    .order_by(PointsLot.open_until, PointsLot.id)
)
# What was given up counts as taken back: a refund of the order that earned it must not ask for it a second time, as owed.
_REVERSED = PointsLot.reversed + bindparam("by")
_GIVE_UP = Prepared(
    update(PointsLot)
    .where(PointsLot.id == bindparam("lot_id"))
    .values(reversed=case((PointsLot.points < _REVERSED, PointsLot.points), else_=_REVERSED))
)


def forfeit_points(session: Session, diner_id: str, *, key: str, now: datetime) -> int:
    """Take all points that nobody holds, those too that can be used from a later day only.

    Held points are left to their bill. What is owed stays owed: leaving and joining again is no way around it.

    Args:
        key: Idempotency key, at most 100 characters.

    Returns:
        How many; 0 when there were none, or the key was used before.

    Source: RESTAURANT, Members (points come with membership), Points (every movement with its reason).
    """
    if ledger.lock_account(session, diner_id) is None:
        return 0
    lots = [(lot_id, int(free)) for lot_id, free in _FREE_LOTS.all(session, diner_id=diner_id)]
    pieces = [Piece(lot_id, -free, Reason.FORFEITED) for lot_id, free in lots]
    if not pieces or not ledger.write_movement(session, diner_id, pieces, movement=f"forfeit:{key}", order_id=None, now=now):
        return 0
    for lot_id, free in lots:
        ledger.take_free(session, lot_id, free)
        _GIVE_UP.run(session, lot_id=lot_id, by=free)
    total = sum(free for _, free in lots)
    ledger.move_account(session, diner_id, balance=-total)
    return total
