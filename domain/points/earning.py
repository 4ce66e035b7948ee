"""Points come in: an order earns them, a grant gives them; a refund takes them back."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.points import ledger
from domain.points.ledger import Piece
from domain.points.models import PointsEntry, PointsLot
from domain.points.rules import Reason, expires_on, take_in_order, usable_from
from domain.storage import Prepared

_LOT_OF = Prepared(
    select(PointsLot.id, PointsLot.diner_id, PointsLot.points, PointsLot.reversed)
    .join(PointsEntry, PointsEntry.lot_id == PointsLot.id)
    .where(PointsEntry.key == bindparam("movement"), PointsEntry.part == 0)
)
_REVERSE = Prepared(
    update(PointsLot)
    .where(PointsLot.id == bindparam("lot_id"), PointsLot.reversed + bindparam("by") <= PointsLot.points)
    .values(reversed=PointsLot.reversed + bindparam("by"))
)
_FREE = PointsLot.remaining - PointsLot.held
_FREE_LOTS = Prepared(
    select(PointsLot.id, _FREE)
    .where(PointsLot.diner_id == bindparam("diner_id"), PointsLot.open_until.is_not(None), _FREE > 0)
    .order_by(PointsLot.open_until, PointsLot.id)
)


@dataclass(frozen=True, slots=True)
class Reversal:
    """What one refund took back: points out of the lots, and points that are owed because they were spent."""

    taken: int
    owed: int


def earn_points(session: Session, diner_id: str, points: int, *, order_id: str, business_day: date, life_days: int, now: datetime) -> bool:
    """Credit what an order earned, once. Owed points are paid from it first; the rest can be used from the next business day.

    Args:
        points: Whole points, by `rules.points_for`; nothing happens for 0.
        business_day: Of the order; the lot expires `life_days` after it.

    Returns:
        False when this order has earned already.

    Source: RESTAURANT, Points.
    """
    if points <= 0:
        return False
    account = ledger.lock_or_open_account(session, diner_id)
    settled = min(account.owed, points)
    lot_id = ledger.add_lot(
        session,
        diner_id,
        points,
        remaining=points - settled,
        earned_on=business_day,
        usable_from=usable_from(business_day),
        expires_on=expires_on(business_day, life_days),
        source=Reason.ORDER_PAID,
        order_id=order_id,
        now=now,
    )
    pieces = [Piece(lot_id, points, Reason.ORDER_PAID)]
    if settled:
        pieces.append(Piece(lot_id, -settled, Reason.SETTLED, owed_delta=-settled))
    if not ledger.write_movement(session, diner_id, pieces, movement=_earning(order_id), order_id=order_id, now=now):
        ledger.remove_lot(session, lot_id)
        return False
    ledger.move_account(session, diner_id, balance=points - settled, owed=-settled)
    return True


def credit_points(
    session: Session, diner_id: str, points: int, *, reason: Reason, key: str, day: date, life_days: int, now: datetime
) -> bool:
    """Give points that no order earned, once a key; they can be used at once. They are a gift, so owed points are not paid from them.

    Only domain/grants calls it: value leaves through one door.

    Args:
        points: Nothing happens for 0.
        key: Idempotency key, at most 100 characters.
        day: The business day; the lot expires `life_days` after it.

    Returns:
        False when the key was used before.
    """
    if points <= 0:
        return False
    ledger.lock_or_open_account(session, diner_id)
    lot_id = ledger.add_lot(
        session,
        diner_id,
        points,
        remaining=points,
        earned_on=day,
        usable_from=day,
        expires_on=expires_on(day, life_days),
        source=reason,
        order_id=None,
        now=now,
    )
    if not ledger.write_movement(session, diner_id, [Piece(lot_id, points, reason)], movement=_credit(key), order_id=None, now=now):
        ledger.remove_lot(session, lot_id)
        return False
    ledger.move_account(session, diner_id, balance=points)
    return True


def reverse_earning(session: Session, order_id: str, points: int, *, key: str, now: datetime) -> Reversal:
    """A refund takes back what the refunded lines earned, never more in sum than the order did.

    First from the order's own lot, then from the member's other lots, soonest expiry first; held points are left alone.
    What is not there is owed, and the next earning pays it.

    Args:
        points: What to take back, the caller's share of what the order earned.
        key: Idempotency key of the refund, at most 100 characters.

    Returns:
        What this call took: nothing when the key was used before, or when the order has earned nothing (yet).

    Source: RESTAURANT, Points (a shortfall is owed, visible, and taken from the next earning).
    """
    return _reverse(session, _earning(order_id), points, order_id=order_id, key=key, now=now)


def reverse_credit(session: Session, credit_key: str, points: int, *, key: str, now: datetime) -> Reversal:
    """Take back a grant of points by its key, by the same rules as `reverse_earning`."""
    return _reverse(session, _credit(credit_key), points, order_id=None, key=key, now=now)


def _reverse(session: Session, earning: str, points: int, *, order_id: str | None, key: str, now: datetime) -> Reversal:
    diner_id = ledger.lock_owner(session, lambda: _owner_of(session, earning))
    own = _LOT_OF.first(session, movement=earning)
    if diner_id is None or own is None:
        return Reversal(0, 0)
    own_lot, _, earned, reversed_before = own
    points = min(points, earned - reversed_before)
    if points <= 0:
        return Reversal(0, 0)
    lots = sorted(_FREE_LOTS.all(session, diner_id=diner_id), key=lambda lot: lot[0] != own_lot)
    shares = take_in_order([(lot_id, free) for lot_id, free in lots], points)
    taken = sum(share for _, share in shares)
    owed = points - taken
    pieces = [Piece(lot_id, -share, Reason.REVERSED) for lot_id, share in shares]
    if owed:
        pieces.append(Piece(None, 0, Reason.OWED, owed_delta=owed))
    if not ledger.write_movement(session, diner_id, pieces, movement=f"reverse:{key}", order_id=order_id, now=now):
        return Reversal(0, 0)
    if _REVERSE.run(session, lot_id=own_lot, by=points) != 1:
        raise ledger.LedgerError(f"{earning} is reversed beyond what it earned")
    for lot_id, share in shares:
        ledger.take_free(session, lot_id, share)
    ledger.move_account(session, diner_id, balance=-taken, owed=owed)
    return Reversal(taken, owed)


def _owner_of(session: Session, movement: str) -> str | None:
    lot = _LOT_OF.first(session, movement=movement)
    return None if lot is None else lot[1]


def _earning(order_id: str) -> str:
    return f"earn:{order_id}"


def _credit(key: str) -> str:
    return f"credit:{key}"
