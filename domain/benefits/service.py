"""Entitle diners, end what they are entitled to, and say what it is on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Select, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from domain.benefits.models import Benefit
from domain.kernel.ids import new_id
from domain.members.identities import lock_diner
from domain.shop.brand import Level
from domain.storage import Prepared, insert_once

LEVEL = "level"
"""The kind that lends a level (its name is the value), and the source of what a level gives."""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a diner is entitled to from `starts_on` on, and before `ends_on`; None: without end."""

    kind: str
    value: str
    source: str
    starts_on: date
    ends_on: date | None


def _good(*columns: Any) -> Select[Any]:
    day = bindparam("day", type_=Date)
    return (
        select(*columns)
        .where(Benefit.diner_id == bindparam("diner_id"), Benefit.starts_on <= day, or_(Benefit.ends_on.is_(None), Benefit.ends_on > day))
        .order_by(Benefit.starts_on, Benefit.id)
    )


_KINDS = Prepared(_good(Benefit.kind))
_ALL = Prepared(_good(Benefit.kind, Benefit.value, Benefit.source, Benefit.starts_on, Benefit.ends_on))
_BY_SOURCE = Prepared(_good(Benefit.id, Benefit.kind).where(Benefit.source == bindparam("source")))
_TIMES = Prepared(
    select(func.count())
    .select_from(Benefit)
    .where(Benefit.diner_id == bindparam("diner_id"), Benefit.source == LEVEL, Benefit.kind == bindparam("kind"))
)


def entitle(
    session: Session,
    diner_id: str,
    kind: str,
    *,
    source: str,
    starts_on: date,
    ends_on: date | None,
    key: str,
    now: datetime,
    value: str = "",
) -> bool:
    """Entitle a diner to something, once for each key.

    Args:
        kind: "birthday_dessert", "priority_queue", "free_delivery", "level", ...
        source: "level", or "plan:<id>": what ends it later.
        starts_on: First business day that counts.
        ends_on: First business day that no longer counts; None while it has no end.
        value: What the kind leaves open: of "level", the level's name.

    Returns:
        False when the key was used before; nothing changes then.
    """
    row = {
        "id": new_id(now),
        "diner_id": diner_id,
        "kind": kind,
        "value": value,
        "source": source,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "key": key,
        "created_at": now,
    }
    return insert_once(session, Benefit, row)


def end_benefits(session: Session, diner_id: str, *, source: str, on: date) -> int:
    """End what a source gives, so that `on` is the first business day without it. What has ended stays as it is.

    Returns:
        How many ended by this.
    """
    end = case((Benefit.starts_on > on, Benefit.starts_on), else_=on)
    still = or_(Benefit.ends_on.is_(None), Benefit.ends_on > end)
    ended = session.execute(
        update(Benefit)
        .where(Benefit.diner_id == diner_id, Benefit.source == source, still)
        .values(ends_on=end)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


def is_entitled(session: Session, diner_id: str, kind: str, day: date) -> bool:
    """Whether a diner is entitled to something on a business day, whatever the source."""
    return any(found == kind for (found,) in _KINDS.all(session, diner_id=diner_id, day=day))


def benefits_of(session: Session, diner_id: str, day: date) -> tuple[Entitlement, ...]:
    """All that a diner is entitled to on a business day, oldest first."""
    return tuple(Entitlement(*row) for row in _ALL.all(session, diner_id=diner_id, day=day))


def level_floor(session: Session, diner_id: str, day: date, *, levels: Sequence[Level]) -> str | None:
    """The level that a plan lends a diner on a business day: below it they do not stand, whatever they spend.

    Args:
        levels: The brand's, lowest first. Of several that are lent the highest counts; one the brand no longer has, does not.

    Returns:
        The level's name, or None when none is lent. Source: RESTAURANT, Subscriptions (level at least gold).
    """
    lent = {given.value for given in benefits_of(session, diner_id, day) if given.kind == LEVEL}
    return next((level.name for level in reversed(levels) if level.name in lent), None)


def entitle_by_level(session: Session, diner_id: str, level: Level, *, day: date, now: datetime) -> bool:
    """Bring what the diner has from their level to what the level gives today.

    What the level does not give ends on `day`; what it gives newly starts on `day`; what was before stays written.
    What a plan gives is left alone.

    Returns:
        Whether anything changed.
    """
    lock_diner(session, diner_id)  # two reviews at once would both find it missing
    wanted = dict.fromkeys(level.benefits)
    kept: set[str] = set()
    over: list[str] = []
    for benefit_id, kind in _BY_SOURCE.all(session, diner_id=diner_id, day=day, source=LEVEL):
        if kind in wanted and kind not in kept:  # after a merge there may be two
            kept.add(kind)
        else:
            over.append(benefit_id)
    if over:
        session.execute(update(Benefit).where(Benefit.id.in_(over)).values(ends_on=day).execution_options(synchronize_session=False))
    missing = [kind for kind in wanted if kind not in kept]
    for kind in missing:
        nth = int(_TIMES.scalar(session, diner_id=diner_id, kind=kind))
        entitle(session, diner_id, kind, source=LEVEL, starts_on=day, ends_on=None, key=f"level:{diner_id}:{kind}:{nth}", now=now)
    return bool(over or missing)


def merge_benefits(session: Session, source: str, target: str) -> None:
    """Give a diner what another one, now known to be the same person, was entitled to. Days, sources and keys stay."""
    session.execute(update(Benefit).where(Benefit.diner_id == source).values(diner_id=target).execution_options(synchronize_session=False))
