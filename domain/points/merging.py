"""Two accounts of one person become one."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.points import ledger
from domain.points.ledger import Account, Piece
from domain.points.models import PointsEntry, PointsHold, PointsLot
from domain.points.rules import Reason

_OWNED: tuple[Any, ...] = (PointsLot, PointsHold, PointsEntry)


def merge_points(session: Session, source: str, target: str, *, now: datetime) -> None:
    """Move everything of one member's points to another: rows change their owner, amounts, keys and times stay.

    The accounts add up, also what is owed. Twice is once; what came to the source since then moves the next time.

    Source: RESTAURANT, Members (merging moves ledger entries, never edits them).
    """
    if source == target or not ledger.has_account(session, source):
        return
    first, second = sorted((source, target))  # everyone who locks two accounts does so in the order of their ids
    accounts = {diner_id: ledger.lock_or_open_account(session, diner_id) for diner_id in (first, second)}
    moved = accounts[source]
    rows = 0
    for table in _OWNED:
        changed = session.execute(
            update(table).where(table.diner_id == source).values(diner_id=target), execution_options={"synchronize_session": False}
        )
        rows += changed.rowcount  # type: ignore[attr-defined]
    if moved != Account(0, 0, 0):
        ledger.move_account(session, source, balance=-moved.balance, held=-moved.held, owed=-moved.owed)
        ledger.move_account(session, target, balance=moved.balance, held=moved.held, owed=moved.owed)
    if rows:
        ledger.write_movement(session, target, [Piece(None, 0, Reason.MERGED)], movement=f"merge:{source}:{target}", order_id=None, now=now)
