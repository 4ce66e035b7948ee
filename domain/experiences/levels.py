"""Whether a diner's level is enough for an experience, and what is missing: told with the way there, never just refused."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.kernel.money import short_yuan
from domain.members.levels import level_of, standing
from domain.shop.snapshot import ShopSnapshot


@dataclass(frozen=True, slots=True)
class LevelGap:
    """What lies between a diner and a level.

    Attributes:
        held: The name of the diner's own level; "" for who is no member.
        progress: The way there, as said: 「还差120元或2次到店到黄金」.
    """

    level: str
    held: str
    is_member: bool
    progress: str


def level_gap(session: Session, shop: ShopSnapshot, level: str, diner_id: str, *, now: datetime) -> LevelGap | None:
    """What is missing to a level.

    Args:
        level: Its name; "" is for everybody, and so is one that the brand no longer has.

    Returns:
        None when nothing is missing: the diner holds it, or a higher one, by spending or by a plan.
    """
    levels = shop.brand.levels
    names = [rule.name for rule in levels]
    if level not in names:
        return None
    needed = names.index(level)
    held = level_of(session, diner_id, levels)
    if held is not None and names.index(held) >= needed:
        return None
    rule = levels[needed]
    spend, visits = rule.spend_fen, rule.visits
    if held is None:
        ways = _ways(spend, visits)
        progress = f"先成为会员，消费{'或'.join(ways)}就到{level}" if ways else f"先成为{level}会员"
        return LevelGap(level, "", is_member=False, progress=progress)
    stands = standing(session, diner_id, levels, day=shop.brand.business_day(now))
    ways = _ways(spend - stands.spend_fen, visits - stands.visits, by_spend=spend > 0, by_visits=visits > 0)
    progress = f"还差{'或'.join(ways)}到{level}" if ways else f"{level}由会员方案获得"
    return LevelGap(level, held, is_member=True, progress=progress)


def _ways(fen: int, visits: int, *, by_spend: bool = True, by_visits: bool = True) -> list[str]:
    """What is missing, in the words of the member card."""
    ways = [f"{short_yuan(fen)}元"] if by_spend and fen > 0 else []
    return ways + ([f"{visits}次到店"] if by_visits and visits > 0 else [])
