"""Levels (等级): reached by net spend or by visits of the last 12 months, up at once, down by night or by refund.

Source: RESTAURANT, Members; peers §4 (no fall inside a business day, a refund lowers with notice).
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Update, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from domain.kernel.money import ZERO, Fen
from domain.members.errors import NotAMemberError
from domain.members.events import LevelChanged
from domain.members.identities import lock_member
from domain.members.models import Membership, MemberSpending
from domain.members.rules import WINDOW_MONTHS, LevelRule, Standing, months_before, standing_of
from domain.messaging import emit
from domain.storage import insert_once


def record_spending(session: Session, diner_id: str, *, order_id: str, visit: str, business_day: date, net_fen: Fen, now: datetime) -> bool:
    """Write down what a member spent with an order, once.

    Args:
        visit: The table session, or the order where there is none: orders of one session and business day are one visit.
        business_day: Of the order.
        net_fen: What was paid, fees left out. An order that cost nothing is no visit.

    Returns:
        False when the order was written down before, or the diner is no member: nothing is kept about those.
    """
    if net_fen < 0:
        raise ValueError(f"nobody spends {net_fen} fen")
    try:
        member = lock_member(session, diner_id)
    except NotAMemberError:
        return False
    row = {"order_id": order_id, "diner_id": member, "visit": visit, "business_day": business_day, "net_fen": net_fen, "recorded_at": now}
    return insert_once(session, MemberSpending, row)


def reduce_spending(session: Session, order_id: str, fen: Fen) -> bool:
    """Take a refund off what an order counted; refunded wholly it is no visit any more.

    Called once a refund: the caller's own key stands in the same transaction. More than is left takes it to nothing.

    Returns:
        False when the order was never counted.
    """
    if fen < 0:
        raise ValueError(f"nobody refunds {fen} fen")
    left = case((MemberSpending.net_fen > fen, MemberSpending.net_fen - fen), else_=ZERO)
    return _count(session, update(MemberSpending).where(MemberSpending.order_id == order_id).values(net_fen=left)) == 1


def standing(session: Session, diner_id: str, levels: Sequence[LevelRule], *, day: date) -> Standing:
    """Where a member stands on a business day: the 12 months that end with it.

    Args:
        levels: Lowest first, at least one (`shop.brand.levels`).
    """
    by_visit = (
        select(func.sum(MemberSpending.net_fen).label("fen"))
        .where(
            MemberSpending.diner_id == diner_id,
            MemberSpending.business_day > months_before(day, WINDOW_MONTHS),
            MemberSpending.business_day <= day,
            MemberSpending.net_fen > 0,
        )
        .group_by(MemberSpending.visit, MemberSpending.business_day)
        .subquery()
    )
    spend, visits = session.execute(select(func.coalesce(func.sum(by_visit.c.fen), 0), func.count()).select_from(by_visit)).one()
    return standing_of(levels, Fen(int(spend)), int(visits))


def level_of(session: Session, diner_id: str, levels: Sequence[LevelRule]) -> str | None:
    """The name of the level that a member holds; None for who is no member."""
    row = session.execute(select(Membership.level).where(Membership.diner_id == diner_id)).first()
    if row is None:
        return None
    held = row[0]
    return held if held in {rule.name for rule in levels} else levels[0].name


def update_level(
    session: Session, diner_id: str, levels: Sequence[LevelRule], *, day: date, floor: str | None, now: datetime, may_fall: bool = False
) -> LevelChanged | None:
    """Bring a member's level in line with their spending: after a paid order, after a refund, and by night.

    Args:
        day: The brand's business day.
        floor: The level that a plan gives at least; None without a plan.
        may_fall: By night and after a refund, which tell the member; never after a paid order.

    Returns:
        What changed, or None. A level that was reached this business day does not fall on it.

    Emits: LevelChanged, once however many bring it in line at the same time.
    """
    try:
        member = lock_member(session, diner_id)
    except NotAMemberError:
        return None
    held, since = session.execute(select(Membership.level, Membership.level_since).where(Membership.diner_id == member)).one()
    names = [rule.name for rule in levels]
    index = standing(session, member, levels, day=day).index
    if floor in names:
        index = max(index, names.index(floor))
    known = held is None or held in names
    old = names.index(held) if held in names else 0
    if index == old and known:
        return None
    if known and index < old and (not may_fall or (since is not None and since >= day)):
        return None
    same = Membership.level.is_(None) if held is None else Membership.level == held
    changed = update(Membership).where(Membership.diner_id == member, same)
    changed = changed.values(level=names[index] if index else None, level_since=day)
    if _count(session, changed) == 0 or not known:
        return None  # a level that the shop has renamed or given up is only put right: the member did nothing
    event = LevelChanged(diner_id=member, old=names[old], new=names[index], rose=index > old, day=day.isoformat())
    emit(session, event, now=now)
    return event


def members_to_review(session: Session, day: date, after: str, limit: int) -> list[str]:
    """Members whose level may have to change by night, in the order of their ids.

    Args:
        day: The business day that is reviewed.
        after: The last id of the page before; "" for the first.
    """
    spent = exists().where(MemberSpending.diner_id == Membership.diner_id, MemberSpending.business_day > months_before(day, WINDOW_MONTHS))
    page = (
        select(Membership.diner_id)
        .where(Membership.diner_id > after, or_(Membership.level.is_not(None), spent))
        .order_by(Membership.diner_id)
        .limit(limit)
    )
    return list(session.execute(page).scalars())


def _count(session: Session, statement: Update) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
