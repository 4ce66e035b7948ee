"""Budget lines: what a campaign may give away, counted down by conditional UPDATE."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from domain.grants.errors import BudgetSpentError, NoBudgetError
from domain.grants.models import BudgetLine
from domain.kernel.money import ZERO, Fen
from domain.shop.value_records import BudgetRecord
from domain.storage import FenColumn, Prepared, insert_once

TOTAL = "*"
Line = tuple[str, str | None, date | None]  # scope, store, day


@dataclass(frozen=True, slots=True)
class Place:
    """Where a grant is counted: the campaign's total, its day, and the store's day when a store gives it."""

    campaign: str
    day: date
    store_id: str | None

    @property
    def lines(self) -> Iterator[Line]:
        """The lines, always in the same order: whoever has the first one does not wait in a circle."""
        yield TOTAL, None, None
        yield f"d:{self.day}", None, self.day
        if self.store_id is not None:
            yield f"s:{self.store_id}:{self.day}", self.store_id, self.day


_LINE = (BudgetLine.campaign == bindparam("of"), BudgetLine.scope == bindparam("line"))
_COST = bindparam("cost", type_=FenColumn)
_SPENT = BudgetLine.spent_fen + _COST
_AT_MOST = bindparam("at_most", type_=FenColumn)
_SPEND = Prepared(update(BudgetLine).where(*_LINE).values(spent_fen=_SPENT, limit_fen=None))
_SPEND_WITHIN = Prepared(update(BudgetLine).where(*_LINE, _SPENT <= _AT_MOST).values(spent_fen=_SPENT, limit_fen=_AT_MOST))
_FREE = Prepared(update(BudgetLine).where(*_LINE).values(spent_fen=BudgetLine.spent_fen - _COST))
_STANDS = Prepared(select(BudgetLine.scope).where(*_LINE))
_SO_FAR = Prepared(
    select(BudgetLine.scope, BudgetLine.spent_fen).where(
        BudgetLine.campaign == bindparam("of"),
        or_(BudgetLine.scope == TOTAL, BudgetLine.scope == bindparam("day_line"), BudgetLine.scope == bindparam("store_line")),
    )
)


def refuse_if_spent(session: Session, budget: BudgetRecord, place: Place, cost: Fen) -> None:
    """Refuse, by a look that locks nothing, what `reserve` would refuse now: most of those who come to a popular campaign come late.

    Raises:
        NoBudgetError: No limit holds here (the budget is by store, and no store gives this).
        BudgetSpentError: A line is short.
    """
    limits = dict(_limits(budget, place))
    if all(limit is None for limit in limits.values()):
        raise NoBudgetError(campaign=place.campaign)
    scopes = [scope for scope, _, _ in limits]
    spent = dict(_SO_FAR.all(session, of=place.campaign, day_line=scopes[1], store_line=scopes[-1]))
    for (scope, _, _), limit in limits.items():
        if limit is not None and spent.get(scope, 0) + cost > limit:
            raise BudgetSpentError(campaign=place.campaign, scope=scope)


def reserve(session: Session, budget: BudgetRecord, place: Place, cost: Fen) -> None:
    """Count a grant on every line of its campaign. The total comes first, so that it alone decides who opens a new day's lines.

    Run it under a savepoint: when a line is short, those before it are counted already.

    Args:
        budget: As the shop has it now; a limit changed is obeyed from this moment on.

    Raises:
        BudgetSpentError: A line is short.
    """
    for (scope, store_id, day), limit in _limits(budget, place):
        if _spend(session, place.campaign, scope, cost, limit):
            continue
        _open(session, place.campaign, scope, store_id, day)
        if not _spend(session, place.campaign, scope, cost, limit):
            raise BudgetSpentError(campaign=place.campaign, scope=scope)


def free(session: Session, place: Place, cost: Fen) -> None:
    """Give back to the lines what a grant took that was taken back."""
    for scope, _, _ in place.lines:
        _FREE.run(session, of=place.campaign, line=scope, cost=cost)


def _limits(budget: BudgetRecord, place: Place) -> Iterator[tuple[Line, Fen | None]]:
    return zip(place.lines, (budget.total, budget.per_day, budget.per_store_day), strict=False)  # no store, no store's line


def _spend(session: Session, campaign: str, scope: str, cost: Fen, limit: Fen | None) -> bool:
    if limit is None:
        return _SPEND.run(session, of=campaign, line=scope, cost=cost) == 1
    return _SPEND_WITHIN.run(session, of=campaign, line=scope, cost=cost, at_most=limit) == 1


def _open(session: Session, campaign: str, scope: str, store_id: str | None, day: date | None) -> None:
    """Write a line before its first grant. A look comes first: to insert in vain takes a lock that many would hold at once."""
    if _STANDS.first(session, of=campaign, line=scope) is None:
        line = {"campaign": campaign, "scope": scope, "store_id": store_id, "business_day": day, "limit_fen": None, "spent_fen": ZERO}
        insert_once(session, BudgetLine, line)
