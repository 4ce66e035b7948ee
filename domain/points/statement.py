"""What a member sees: how many points there are, of which kind, and every movement with its reason."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from domain.points.models import PointsAccount, PointsEntry, PointsLot
from domain.points.rules import Reason
from domain.storage import Prepared

_BALANCE = Prepared(select(PointsAccount.balance).where(PointsAccount.diner_id == bindparam("diner_id")))
_ACCOUNT = Prepared(select(PointsAccount.held, PointsAccount.owed).where(PointsAccount.diner_id == bindparam("diner_id")))
_OPEN_LOTS = Prepared(
    select(PointsLot.usable_from, PointsLot.open_until, PointsLot.remaining - PointsLot.held)
    .where(
        PointsLot.diner_id == bindparam("diner_id"),
        PointsLot.open_until >= bindparam("day"),
        PointsLot.remaining > PointsLot.held,
    )
    .order_by(PointsLot.open_until)
)


@dataclass(frozen=True, slots=True)
class Points:
    """A member's points on one business day.

    Attributes:
        total: usable + pending + held.
        usable: Can be used today.
        pending: Can be used from a later day.
        held: Set aside for orders that are not paid yet.
        owed: To be paid from the next earning.
        next_expiry: The soonest last day of points that nobody holds, and how many end then.
    """

    total: int
    usable: int
    pending: int
    held: int
    owed: int
    next_expiry: tuple[date, int] | None


@dataclass(frozen=True, slots=True)
class Movement:
    """One reason why points came or went, over all lots it touched.

    Attributes:
        id: Where the next page goes on (`before`).
        points: Change of the balance, signed.
        owed: Change of what is owed, signed.
    """

    id: str
    at: datetime
    reason: Reason
    points: int
    owed: int
    order_id: str | None


def balance_of(session: Session, diner_id: str) -> int:
    """A member's points, held ones too; 0 when none were ever earned."""
    return int(_BALANCE.scalar(session, diner_id=diner_id) or 0)


def points_of(session: Session, diner_id: str, *, day: date) -> Points:
    """A member's points on a business day. What has expired is not counted, also before the nightly sweep has taken it."""
    account = _ACCOUNT.first(session, diner_id=diner_id)
    if account is None:
        return Points(0, 0, 0, 0, 0, None)
    held, owed = account
    lots = _OPEN_LOTS.all(session, diner_id=diner_id, day=day)
    usable = sum(free for usable_from, _, free in lots if usable_from <= day)
    pending = sum(free for usable_from, _, free in lots if usable_from > day)
    next_expiry = (lots[0][1], sum(free for _, last_day, free in lots if last_day == lots[0][1])) if lots else None
    return Points(usable + pending + held, usable, pending, held, owed, next_expiry)


def statement(session: Session, diner_id: str, *, limit: int = 10, before: str | None = None) -> list[Movement]:
    """Movements of a member's points, newest first.

    Args:
        limit: Length of the page.
        before: `id` of the last movement of the page before.
    """
    first = func.min(PointsEntry.id)
    query = (
        select(
            first,
            func.min(PointsEntry.at),
            PointsEntry.reason,
            func.sum(PointsEntry.delta),
            func.sum(PointsEntry.owed_delta),
            func.min(PointsEntry.order_id),
        )
        .where(PointsEntry.diner_id == diner_id)
        .group_by(PointsEntry.key, PointsEntry.reason)
        .order_by(first.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(PointsEntry.id < before)
    return [
        Movement(movement, at, Reason(reason), int(points), int(owed), order_id)
        for movement, at, reason, points, owed, order_id in session.execute(query)
    ]
