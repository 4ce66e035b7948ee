"""The proof of the budgets, run every night: every line is the sum of what was given on it. Source: RESTAURANT, Grants."""

from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.grants.models import BudgetLine, Grant
from domain.kernel.proofs import Discrepancy

_SPENT = "spent = sum of the costs of what was granted"
_WITHIN = "spent <= limit of the last grant"

_Pair = tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]]
_CAMPAIGN: _Pair = (Grant.campaign, BudgetLine.campaign)
_DAY: _Pair = (Grant.business_day, BudgetLine.business_day)
_STORE: _Pair = (Grant.store_id, BudgetLine.store_id)


def prove_grants(session: Session) -> list[Discrepancy]:
    """What does not add up, empty when all is well: lines against grants, grants without their line, lines above their limit.

    A limit lowered below what was spent is no fault: a line keeps the limit under which its last grant was made.
    """
    found = _differing(session, _CAMPAIGN) + _differing(session, _CAMPAIGN, _DAY) + _differing(session, _CAMPAIGN, _DAY, _STORE)
    limit = func.coalesce(BudgetLine.limit_fen, BudgetLine.spent_fen)
    above = select(BudgetLine.campaign, BudgetLine.scope, limit, BudgetLine.spent_fen).where(BudgetLine.spent_fen > limit)
    return found + [
        Discrepancy(_WITHIN, f"{campaign} {scope}", int(most), spent) for campaign, scope, most, spent in session.execute(above)
    ]


def _differing(session: Session, *pairs: _Pair) -> list[Discrepancy]:
    """Lines of one kind (in all, by day, by day and store) that are not the sum of their grants, and grants without their line."""
    columns = [granted for granted, _ in pairs]
    counted = select(*columns, func.sum(Grant.cost_fen).label("cost")).where(Grant.taken_back_at.is_(None)).group_by(*columns)
    if _STORE in pairs:
        counted = counted.where(Grant.store_id.is_not(None))
    sums = counted.subquery()
    same = and_(*(sums.c[granted.key] == line for granted, line in pairs))
    kind = and_(*(line.is_not(None) if (_, line) in pairs else line.is_(None) for _, line in (_DAY, _STORE)))
    cost = func.coalesce(sums.c.cost, 0)

    lines = select(BudgetLine.campaign, BudgetLine.scope, cost, BudgetLine.spent_fen).outerjoin(sums, same)
    wrong = [
        Discrepancy(_SPENT, f"{campaign} {scope}", int(expected), spent)
        for campaign, scope, expected, spent in session.execute(lines.where(kind, BudgetLine.spent_fen != cost))
    ]
    without = select(*(sums.c[granted.key] for granted, _ in pairs), sums.c.cost).outerjoin(BudgetLine, and_(same, kind))
    missing = [
        Discrepancy(_SPENT, " ".join(str(part) for part in key), int(expected), 0)
        for *key, expected in session.execute(without.where(BudgetLine.campaign.is_(None)))
    ]
    return wrong + missing
