"""The few statements by which points move. Every movement locks the account first, then its lots; the callers keep this order.

Each row is moved by a conditional UPDATE: under the lock it cannot fail, and where it does the whole transaction is undone.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, bindparam, case, delete, insert, null, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.points.models import PointsAccount, PointsEntry, PointsLot
from domain.points.rules import Reason
from domain.storage import Prepared, insert_once


class Account(NamedTuple):
    """An account as it stands under the lock."""

    balance: int
    held: int
    owed: int


class Piece(NamedTuple):
    """One lot's part in a movement; owed points are of no lot."""

    lot_id: str | None
    delta: int
    reason: Reason
    owed_delta: int = 0


class LedgerError(Exception):
    """A row under our lock is not what it was read to be. A fault, not a refusal: the transaction must be undone."""


_FREE = PointsLot.remaining - PointsLot.held
_NUMBER: BindParameter[int] = bindparam("moved")

_LOCK = Prepared(
    select(PointsAccount.balance, PointsAccount.held, PointsAccount.owed)
    .where(PointsAccount.diner_id == bindparam("diner_id"))
    .with_for_update()
)
_ACCOUNT = Prepared(select(PointsAccount.balance).where(PointsAccount.diner_id == bindparam("diner_id")))
_MOVE_ACCOUNT = Prepared(
    update(PointsAccount)
    .where(
        PointsAccount.diner_id == bindparam("owner"),
        PointsAccount.balance + bindparam("balance_by") >= PointsAccount.held + bindparam("held_by"),
        PointsAccount.held + bindparam("held_by") >= 0,
        PointsAccount.owed + bindparam("owed_by") >= 0,
    )
    .values(
        balance=PointsAccount.balance + bindparam("balance_by"),
        held=PointsAccount.held + bindparam("held_by"),
        owed=PointsAccount.owed + bindparam("owed_by"),
    )
)
# One statement locks the account and reads its lots: the account, found by its key, is locked first.
_LOCK_USABLE = Prepared(
    select(PointsLot.id, _FREE)
    .join(PointsAccount, PointsAccount.diner_id == PointsLot.diner_id)
    .where(
        PointsAccount.diner_id == bindparam("diner_id"),
        PointsLot.open_until >= bindparam("day"),
        PointsLot.usable_from <= bindparam("day"),
        _FREE > 0,
    )
    .order_by(PointsLot.open_until, PointsLot.id)
    .with_for_update()
)
_NEW_LOT = Prepared(insert(PointsLot.__table__))  # type: ignore[arg-type]
_REMOVE_LOT = Prepared(delete(PointsLot).where(PointsLot.id == bindparam("lot_id")))
_HAPPENED = Prepared(select(PointsEntry.id).where(PointsEntry.key == bindparam("movement"), PointsEntry.part == 0))
# MySQL sets columns from left to right and sees what it has just set: open_until must come before remaining.
_TAKE_FREE = Prepared(
    update(PointsLot)
    .where(PointsLot.id == bindparam("lot_id"), _FREE >= _NUMBER)
    .ordered_values(
        (PointsLot.open_until, case((PointsLot.remaining > _NUMBER, PointsLot.open_until), else_=null())),
        (PointsLot.remaining, PointsLot.remaining - _NUMBER),
    )
)
_TAKE_HELD = Prepared(
    update(PointsLot)
    .where(PointsLot.id == bindparam("lot_id"), PointsLot.held >= _NUMBER)
    .ordered_values(
        (PointsLot.open_until, case((PointsLot.remaining > _NUMBER, PointsLot.open_until), else_=null())),
        (PointsLot.remaining, PointsLot.remaining - _NUMBER),
        (PointsLot.held, PointsLot.held - _NUMBER),
    )
)
_HOLD = Prepared(update(PointsLot).where(PointsLot.id == bindparam("lot_id"), _FREE >= _NUMBER).values(held=PointsLot.held + _NUMBER))
_SET_FREE = Prepared(
    update(PointsLot).where(PointsLot.id == bindparam("lot_id"), PointsLot.held >= _NUMBER).values(held=PointsLot.held - _NUMBER)
)


def has_account(session: Session, diner_id: str) -> bool:
    """Whether a member ever had points."""
    return _ACCOUNT.first(session, diner_id=diner_id) is not None


def lock_account(session: Session, diner_id: str) -> Account | None:
    """Wait until nobody else moves points of this member; None when they never had any."""
    row = _LOCK.first(session, diner_id=diner_id)
    return None if row is None else Account(*row)


def lock_or_open_account(session: Session, diner_id: str) -> Account:
    """The same, with an empty account for who never had points."""
    account = lock_account(session, diner_id)
    if account is None:
        insert_once(session, PointsAccount, {"diner_id": diner_id, "balance": 0, "held": 0, "owed": 0})
        account = lock_account(session, diner_id)
        assert account is not None
    return account


def lock_owner(session: Session, owner: Callable[[], str | None]) -> str | None:
    """Lock the account of whoever owns something. A merge may move it to another account while we wait: then that one is locked.

    Args:
        owner: Reads who owns it now.
    """
    diner_id = owner()
    while diner_id is not None:
        lock_account(session, diner_id)
        now_of = owner()
        if now_of == diner_id:
            break
        diner_id = now_of
    return diner_id


def lock_usable_lots(session: Session, diner_id: str, day: date) -> list[tuple[str, int]]:
    """Lock the account, and list (lot, points) that can be used today: soonest expiry first, then the oldest.

    The account is locked only where something can be used.
    """
    return [(lot_id, free) for lot_id, free in _LOCK_USABLE.all(session, diner_id=diner_id, day=day)]


def move_account(session: Session, diner_id: str, *, balance: int = 0, held: int = 0, owed: int = 0) -> None:
    """Bring the cached sums up to date. Raises: LedgerError."""
    _one(_MOVE_ACCOUNT.run(session, owner=diner_id, balance_by=balance, held_by=held, owed_by=owed))


def add_lot(
    session: Session,
    diner_id: str,
    points: int,
    *,
    remaining: int,
    earned_on: date,
    usable_from: date,
    expires_on: date,
    source: Reason,
    order_id: str | None,
    now: datetime,
) -> str:
    """Write a new lot, and return its id."""
    lot_id = new_id(now)
    _NEW_LOT.run(
        session,
        id=lot_id,
        diner_id=diner_id,
        points=points,
        remaining=remaining,
        held=0,
        reversed=0,
        earned_on=earned_on,
        usable_from=usable_from,
        expires_on=expires_on,
        open_until=expires_on if remaining else None,
        source=source,
        order_id=order_id,
    )
    return lot_id


def remove_lot(session: Session, lot_id: str) -> None:
    """Undo `add_lot`, when its movement turns out to have happened before."""
    _REMOVE_LOT.run(session, lot_id=lot_id)


def write_movement(session: Session, diner_id: str, pieces: Sequence[Piece], *, movement: str, order_id: str | None, now: datetime) -> bool:
    """Write the entries of one movement, once. Returns: False when it happened before; nothing is written then."""
    for part, piece in enumerate(pieces):
        entry = {
            "id": new_id(now),
            "diner_id": diner_id,
            "lot_id": piece.lot_id,
            "delta": piece.delta,
            "owed_delta": piece.owed_delta,
            "reason": piece.reason,
            "order_id": order_id,
            "key": movement,
            "part": part,
            "at": now,
        }
        if not insert_once(session, PointsEntry, entry):
            if part == 0:
                return False
            raise LedgerError(f"part {part} of {movement} without part 0")
    return True


def happened(session: Session, movement: str) -> bool:
    """Whether a movement is written down."""
    return _HAPPENED.first(session, movement=movement) is not None


def take_free(session: Session, lot_id: str, points: int) -> None:
    """Take points that nobody holds out of a lot. Raises: LedgerError."""
    _one(_TAKE_FREE.run(session, lot_id=lot_id, moved=points))


def take_held(session: Session, lot_id: str, points: int) -> None:
    """Take held points out of a lot. Raises: LedgerError."""
    _one(_TAKE_HELD.run(session, lot_id=lot_id, moved=points))


def hold_in_lot(session: Session, lot_id: str, points: int) -> None:
    """Set points of a lot aside. Raises: LedgerError."""
    _one(_HOLD.run(session, lot_id=lot_id, moved=points))


def set_free_in_lot(session: Session, lot_id: str, points: int) -> None:
    """Give held points of a lot free. Raises: LedgerError."""
    _one(_SET_FREE.run(session, lot_id=lot_id, moved=points))


def _one(rows: int) -> None:
    if rows != 1:
        raise LedgerError(f"{rows} rows where one had to move")
