"""Earn points and read the balance."""

from datetime import date, datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.points.models import PointsAccount, PointsEntry, PointsLot
from domain.points.rules import expires_on
from domain.storage import Prepared, insert_once

_BALANCE = Prepared(select(PointsAccount.balance).where(PointsAccount.diner_id == bindparam("diner_id")))


def balance_of(session: Session, diner_id: str) -> int:
    """A member's points; 0 when none were ever earned."""
    return int(_BALANCE.scalar(session, diner_id=diner_id) or 0)


def earn_points(session: Session, diner_id: str, points: int, *, order_id: str, business_day: date, life_days: int, now: datetime) -> bool:
    """Credit what an order earned, once.

    Args:
        points: Whole points, by `rules.points_for`; nothing happens for 0.
        business_day: Of the order; the lot expires `life_days` after it.

    Returns:
        False when this order has earned already.
    """
    key = f"earn:{order_id}"
    if points <= 0 or session.execute(select(PointsEntry.id).where(PointsEntry.key == key)).scalar() is not None:
        return False
    lot_id = new_id(now)
    # The account row is locked first, so that every movement of one member waits in one line.
    insert_once(session, PointsAccount, {"diner_id": diner_id, "balance": 0})
    session.execute(update(PointsAccount).where(PointsAccount.diner_id == diner_id).values(balance=PointsAccount.balance + points))
    session.execute(
        insert(PointsLot),
        {
            "id": lot_id,
            "diner_id": diner_id,
            "points": points,
            "remaining": points,
            "earned_on": business_day,
            "expires_on": expires_on(business_day, life_days),
        },
    )
    session.execute(
        insert(PointsEntry),
        {"id": new_id(now), "diner_id": diner_id, "lot_id": lot_id, "delta": points, "reason": "order_paid", "key": key, "at": now},
    )
    return True
