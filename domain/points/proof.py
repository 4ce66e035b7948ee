"""The nightly proof: every cached number of points is the sum it must be."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.kernel.proofs import Discrepancy
from domain.points.models import PointsAccount, PointsEntry, PointsHold, PointsHoldLot, PointsLot
from domain.points.rules import HoldState
from domain.storage import Prepared


def prove_points(session: Session) -> list[Discrepancy]:
    """Compare accounts, lots, holds and entries by whole tables; empty when everything agrees.

    Source: RESTAURANT, Points (balance is a cached sum, proven against lots and entries every night).
    """
    return [found for rule in _RULES for found in _broken(session, rule)]


class _Rule(NamedTuple):
    """A rule in words, and the statements that give (subject, expected, found) where it is broken."""

    words: str
    statements: tuple[Prepared, ...]


def _broken(session: Session, rule: _Rule) -> Iterator[Discrepancy]:
    for statement in rule.statements:
        for subject, expected, found in statement.all(session):
            yield Discrepancy(rule.words, subject, int(expected), int(found))


def _sums(owner: InstrumentedAttribute[Any], number: InstrumentedAttribute[int]) -> Select[Any]:
    return select(owner.label("owner"), func.sum(number).label("total")).group_by(owner)


def _adds_up(
    words: str,
    subject: InstrumentedAttribute[str],
    written: InstrumentedAttribute[int],
    sums: Select[Any],
    only: ColumnElement[bool] | None = None,
) -> _Rule:
    """What is written beside a subject is the sum of its parts, and no part is without its account."""
    parts = sums.subquery()
    total = func.coalesce(parts.c.total, 0)
    different = select(subject, total, written).outerjoin(parts, parts.c.owner == subject).where(written != total)
    if only is not None:
        different = different.where(only)
    if subject.class_ is not PointsAccount:  # a foreign key keeps them together
        return _Rule(words, (Prepared(different),))
    orphans = (
        select(parts.c.owner, parts.c.total, literal(0))
        .outerjoin(subject.class_, subject == parts.c.owner)
        .where(subject.is_(None), parts.c.total != 0)
    )
    return _Rule(words, (Prepared(different), Prepared(orphans)))


_OPEN_HOLD = PointsHold.state == HoldState.HELD
_OPEN = PointsLot.open_until.is_not(None)

_RULES = (
    _adds_up(
        "balance = sum of what remains in lots",
        PointsAccount.diner_id,
        PointsAccount.balance,
        _sums(PointsLot.diner_id, PointsLot.remaining),
    ),
    _adds_up("balance = sum of entries", PointsAccount.diner_id, PointsAccount.balance, _sums(PointsEntry.diner_id, PointsEntry.delta)),
    _adds_up("held = sum of what is held in lots", PointsAccount.diner_id, PointsAccount.held, _sums(PointsLot.diner_id, PointsLot.held)),
    _adds_up(
        "held = sum of open holds",
        PointsAccount.diner_id,
        PointsAccount.held,
        _sums(PointsHold.diner_id, PointsHold.points).where(_OPEN_HOLD),
    ),
    _adds_up(
        "owed = sum of what entries made owed",
        PointsAccount.diner_id,
        PointsAccount.owed,
        _sums(PointsEntry.diner_id, PointsEntry.owed_delta),
    ),
    _adds_up("what remains in a lot = sum of its entries", PointsLot.id, PointsLot.remaining, _sums(PointsEntry.lot_id, PointsEntry.delta)),
    _adds_up(
        "what is held in a lot = sum of its open holds",
        PointsLot.id,
        PointsLot.held,
        _sums(PointsHoldLot.lot_id, PointsHoldLot.points).join(PointsHold, and_(PointsHold.key == PointsHoldLot.hold_key, _OPEN_HOLD)),
    ),
    _adds_up(
        "a hold = sum of its lots",
        PointsHold.key,
        PointsHold.points,
        _sums(PointsHoldLot.hold_key, PointsHoldLot.points),
        only=PointsHold.state != HoldState.RELEASED,
    ),
    # A lot that is empty and open would be looked through for ever; one with points and closed could never be spent.
    _Rule(
        "a lot is open as long as points remain",
        (
            Prepared(select(PointsLot.id, literal(1), literal(0)).where(PointsLot.remaining > 0, ~_OPEN)),
            Prepared(select(PointsLot.id, literal(0), literal(1)).where(PointsLot.remaining == 0, _OPEN)),
        ),
    ),
)
