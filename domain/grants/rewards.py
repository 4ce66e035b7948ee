"""The reward list (积分兑换): points for a dish or a coupon, together or not at all."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.coupons.terms import Terms, amount_terms, gift_terms
from domain.grants.errors import UnknownRewardError
from domain.grants.service import Granted, find_granted, grant_coupon
from domain.members.identities import resolve
from domain.points.rules import Reason
from domain.points.service import spend_points
from domain.shop.snapshot import ShopSnapshot
from domain.shop.value_records import RewardRecord
from domain.storage import savepoint

CAMPAIGN = "rewards"
GIFT_DAYS = 30  # business days a dish for points is good for, as with a coupon of the list that names none. Source: shop file


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A reward that points bought: a coupon, good until this business day included."""

    reward: RewardRecord
    coupon_id: str
    good_until: date


def list_rewards(shop: ShopSnapshot) -> tuple[RewardRecord, ...]:
    """What points buy, cheapest first."""
    return tuple(sorted(shop.brand.rewards, key=lambda reward: reward.points))


def redeem_reward(session: Session, shop: ShopSnapshot, diner_id: str, reward_id: str, *, key: str, day: date, now: datetime) -> Redeemed:
    """Exchange points for a reward. Asked again under the same key, it answers the same and takes nothing more.

    Args:
        key: Idempotency key, at most 80 characters.
        day: The business day of today.

    Raises:
        UnknownRewardError: The list has no such reward.
        NotEnoughPointsError: The diner cannot use as many points today.
        BudgetSpentError: The campaign "rewards" has nothing left; the points stay.
    Source: RESTAURANT, Points (积分兑换).
    """
    reward = next((reward for reward in shop.brand.rewards if reward.id == reward_id), None)
    if reward is None:
        raise UnknownRewardError(reward=reward_id)
    grant_key = f"reward:{key}"
    given = find_granted(session, grant_key)
    if given is None:
        with savepoint(session):
            given = _exchange(session, shop, resolve(session, diner_id, hold=True), reward, key=grant_key, day=day, now=now)
    assert given is not None
    assert given.coupon_id is not None
    return Redeemed(reward, given.coupon_id, given.good_until)


def _exchange(
    session: Session, shop: ShopSnapshot, owner: str, reward: RewardRecord, *, key: str, day: date, now: datetime
) -> Granted | None:
    if not spend_points(session, owner, reward.points, reason=Reason.EXCHANGED, key=key, day=day, now=now):
        return find_granted(session, key)  # while we waited for the points, a copy of this exchange was made
    terms, days = _terms(reward, shop)
    return grant_coupon(
        session,
        shop,
        owner,
        terms,
        template_id=reward.id,
        campaign=CAMPAIGN,
        rule_version=f"shop:{shop.version}",
        reason=Reason.EXCHANGED,
        key=key,
        day=day,
        days=days,
        now=now,
    )


def _terms(reward: RewardRecord, shop: ShopSnapshot) -> tuple[Terms, int]:
    """What the coupon promises, and for how many days. A reward is either of the two; the shop file's reading sees to it."""
    if reward.dish is not None:
        return gift_terms(reward.name, reward.dish), GIFT_DAYS
    assert reward.coupon is not None
    return amount_terms(reward.name, reward.coupon.amount, reward.coupon.minimum), reward.coupon.days
