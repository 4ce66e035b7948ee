"""Points go out: held for a bill, captured or released, spent at once; a refund gives them back."""

from datetime import date, datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.points import ledger
from domain.points.errors import HoldChangedError, NotEnoughPointsError
from domain.points.ledger import Piece
from domain.points.models import PointsHold, PointsHoldLot, PointsLot
from domain.points.rules import HoldState, Reason, returned_expires_on, take_in_order
from domain.storage import Prepared, insert_once

_HOLD = Prepared(
    select(PointsHold.diner_id, PointsHold.points, PointsHold.state, PointsHold.order_id).where(PointsHold.key == bindparam("of"))
)
_HOLD_AGAIN = Prepared(
    update(PointsHold)
    .where(PointsHold.key == bindparam("of"), PointsHold.diner_id == bindparam("owner"), PointsHold.state == HoldState.RELEASED)
    .values(state=HoldState.HELD, points=bindparam("number"), held_at=bindparam("at"), settled_at=None)
)
_SETTLE = Prepared(
    update(PointsHold)
    .where(
        PointsHold.key == bindparam("of"),
        PointsHold.diner_id == bindparam("owner"),
        PointsHold.points == bindparam("number"),
        PointsHold.state == HoldState.HELD,
    )
    .values(state=bindparam("to"), order_id=bindparam("order"), settled_at=bindparam("at"))
)
_HOLD_LOTS = Prepared(
    select(PointsHoldLot.lot_id, PointsHoldLot.points, PointsHoldLot.returned, PointsLot.earned_on, PointsLot.expires_on)
    .join(PointsLot, PointsLot.id == PointsHoldLot.lot_id)
    .where(PointsHoldLot.hold_key == bindparam("of"))
    .order_by(PointsLot.expires_on, PointsLot.id)
)
_ADD_HOLD_LOT = Prepared(insert(PointsHoldLot.__table__))  # type: ignore[arg-type]
_REMOVE_HOLD_LOTS = Prepared(delete(PointsHoldLot).where(PointsHoldLot.hold_key == bindparam("of")))
_RETURN = Prepared(
    update(PointsHoldLot)
    .where(
        PointsHoldLot.hold_key == bindparam("of"),
        PointsHoldLot.lot_id == bindparam("lot"),
        PointsHoldLot.returned + bindparam("by") <= PointsHoldLot.points,
    )
    .values(returned=PointsHoldLot.returned + bindparam("by"))
)


def hold_points(session: Session, diner_id: str, points: int, *, key: str, day: date, now: datetime) -> None:
    """Set points aside until `capture_hold` or `release_hold`: soonest expiry first, then the oldest.

    They stay good while they are held, also when their lot expires meanwhile. The same key and points again: nothing happens.
    A key that was released can hold again, also another number.

    Args:
        points: At least 1.
        key: Idempotency key, at most 96 characters.
        day: The business day on which they are to be used.

    Raises:
        NotEnoughPointsError: Fewer can be used today. Nothing is held then.
        HoldChangedError: Other points are held under the key, or were captured under it.
    """
    _at_least_one(points)
    lots = ledger.lock_usable_lots(session, diner_id, day)
    known = _HOLD.first(session, of=key)
    if known is not None and known[2] != HoldState.RELEASED:
        if known[:2] != (diner_id, points):
            raise HoldChangedError(points=points, held=known[1])
        return
    shares = _shares(lots, points)
    if known is None:
        hold = {
            "key": key,
            "diner_id": diner_id,
            "points": points,
            "state": HoldState.HELD,
            "order_id": None,
            "held_at": now,
            "settled_at": None,
        }
        new = insert_once(session, PointsHold, hold)
    else:
        new = _HOLD_AGAIN.run(session, of=key, owner=diner_id, number=points, at=now) == 1
    if not new:
        raise HoldChangedError(points=points, held=known[1] if known else 0)
    for lot_id, share in shares:
        ledger.hold_in_lot(session, lot_id, share)
        _ADD_HOLD_LOT.run(session, hold_key=key, lot_id=lot_id, points=share, returned=0)
    ledger.move_account(session, diner_id, held=points)


def release_hold(session: Session, key: str, *, now: datetime) -> int:
    """Give held points free again. Returns: How many; 0 when none are held under the key."""
    found = _settle(session, key, HoldState.RELEASED, order_id=None, now=now)
    if found is None:
        return 0
    diner_id, points = found
    for lot_id, share, *_ in _HOLD_LOTS.all(session, of=key):
        ledger.set_free_in_lot(session, lot_id, share)
    _REMOVE_HOLD_LOTS.run(session, of=key)
    ledger.move_account(session, diner_id, held=-points)
    return points


def capture_hold(session: Session, key: str, *, reason: Reason, order_id: str | None = None, now: datetime) -> int:
    """Spend held points. Returns: How many; 0 when none are held under the key, or they were captured before."""
    found = _settle(session, key, HoldState.CAPTURED, order_id=order_id, now=now)
    if found is None:
        return 0
    diner_id, points = found
    shares = [(lot_id, share) for lot_id, share, *_ in _HOLD_LOTS.all(session, of=key)]
    pieces = [Piece(lot_id, -share, reason) for lot_id, share in shares]
    if not ledger.write_movement(session, diner_id, pieces, movement=f"capture:{key}", order_id=order_id, now=now):
        raise ledger.LedgerError(f"hold {key} was captured before, but still held")
    for lot_id, share in shares:
        ledger.take_held(session, lot_id, share)
    ledger.move_account(session, diner_id, balance=-points, held=-points)
    return points


def spend_points(session: Session, diner_id: str, points: int, *, reason: Reason, key: str, day: date, now: datetime) -> bool:
    """Spend points at once, for a reward: soonest expiry first, then the oldest.

    Args:
        points: At least 1.
        key: Idempotency key, at most 100 characters.
        day: The business day.

    Returns:
        False when the key was used before; nothing is spent then.

    Raises:
        NotEnoughPointsError: Fewer can be used today. Nothing is spent then.
    """
    _at_least_one(points)
    movement = f"spend:{key}"
    lots = ledger.lock_usable_lots(session, diner_id, day)
    try:
        shares = _shares(lots, points)
    except NotEnoughPointsError:
        if ledger.happened(session, movement):
            return False
        raise
    pieces = [Piece(lot_id, -share, reason) for lot_id, share in shares]
    if not ledger.write_movement(session, diner_id, pieces, movement=movement, order_id=None, now=now):
        return False
    for lot_id, share in shares:
        ledger.take_free(session, lot_id, share)
    ledger.move_account(session, diner_id, balance=-points)
    return True


def return_points(session: Session, hold_key: str, points: int, *, key: str, day: date, now: datetime) -> int:
    """A refund gives back points that paid a bill: those that last longest first, never more in sum than were captured.

    They come as new lots with their old last day, but a week is left at least, and can be used at once.

    Args:
        points: What to give back, the caller's share of what the hold captured.
        key: Idempotency key of the refund, at most 100 characters.
        day: The business day of the refund.

    Returns:
        How many this call gave back; 0 when the key was used before.

    Source: RESTAURANT, Points; reference peers §4 (returned points keep their old expiry, with a floor of 7 days).
    """
    diner_id = ledger.lock_owner(session, lambda: _owner_of(session, hold_key))
    hold = _HOLD.first(session, of=hold_key)
    movement = f"return:{key}"
    if diner_id is None or hold is None or hold[2] != HoldState.CAPTURED or ledger.happened(session, movement):
        return 0
    taken = {lot_id: (earned_on, last_day) for lot_id, _, _, earned_on, last_day in _HOLD_LOTS.all(session, of=hold_key)}
    left = [(lot_id, share - returned) for lot_id, share, returned, *_ in _HOLD_LOTS.all(session, of=hold_key)]
    shares = take_in_order(left[::-1], points)
    pieces = []
    for lot_id, share in shares:
        if _RETURN.run(session, of=hold_key, lot=lot_id, by=share) != 1:
            raise ledger.LedgerError(f"more points of hold {hold_key} go back than were captured")
        earned_on, last_day = taken[lot_id]
        new_lot = ledger.add_lot(
            session,
            diner_id,
            share,
            remaining=share,
            earned_on=earned_on,
            usable_from=day,
            expires_on=returned_expires_on(last_day, day),
            source=Reason.RETURNED,
            order_id=hold[3],
            now=now,
        )
        pieces.append(Piece(new_lot, share, Reason.RETURNED))
    if not pieces:
        return 0
    if not ledger.write_movement(session, diner_id, pieces, movement=movement, order_id=hold[3], now=now):
        raise ledger.LedgerError(f"{movement} is used by two members")
    returned = sum(share for _, share in shares)
    ledger.move_account(session, diner_id, balance=returned)
    return returned


def _settle(session: Session, key: str, to: HoldState, *, order_id: str | None, now: datetime) -> tuple[str, int] | None:
    """End a hold under its account's lock, and return its member and points; None when it is not open."""
    while True:
        hold = _HOLD.first(session, of=key)
        if hold is None or hold[2] != HoldState.HELD:
            return None
        diner_id, points = hold[:2]
        ledger.lock_account(session, diner_id)
        if _SETTLE.run(session, of=key, owner=diner_id, number=points, to=to, order=order_id, at=now) == 1:
            return diner_id, points
        # While we waited it was settled, held again, or moved to another account by a merge: look again.


def _shares(lots: list[tuple[str, int]], points: int) -> list[tuple[str, int]]:
    shares = take_in_order(lots, points)
    if sum(share for _, share in shares) < points:
        raise NotEnoughPointsError(points=points, usable=sum(free for _, free in lots))
    return shares


def _owner_of(session: Session, hold_key: str) -> str | None:
    hold = _HOLD.first(session, of=hold_key)
    return None if hold is None else hold[0]


def _at_least_one(points: int) -> None:
    if points < 1:
        raise ValueError(f"{points} points cannot be moved")
