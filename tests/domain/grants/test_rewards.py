"""A reward is points for a coupon: both move, or neither."""

import asyncio
from datetime import date

import pytest

from domain.coupons.models import Coupon
from domain.coupons.service import owned_coupons
from domain.grants.errors import BudgetSpentError, UnknownRewardError
from domain.grants.proof import prove_grants
from domain.grants.rewards import Redeemed, list_rewards, redeem_reward
from domain.grants.service import grant_points, take_back
from domain.kernel.money import Fen
from domain.points.errors import NotEnoughPointsError
from domain.points.proof import prove_points
from domain.points.rules import Reason
from domain.points.service import balance_of, credit_points, earn_points
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.grants.giving import TODAY, granted_rows, meet, rows, shop_with, spent

SHOP = shop_with()


@pytest.fixture
async def diner(database: Database, clock: SettableClock) -> str:
    """With 250 points."""

    def begin(session):
        (diner,) = meet(session, 1, now=clock.now())
        credit_points(session, diner, 250, reason=Reason.GRANTED, key="start", day=TODAY, life_days=365, now=clock.now())
        return diner

    return await database.transaction(begin)


async def _redeem(database: Database, clock: SettableClock, diner: str, reward: str, key: str, shop=SHOP) -> Redeemed:
    return await database.transaction(redeem_reward, shop, diner, reward, key=key, day=TODAY, now=clock.now())


def test_the_list_begins_with_what_is_cheapest() -> None:
    assert [reward.id for reward in list_rewards(SHOP)] == ["cake", "off10"]


async def test_points_buy_a_coupon(database: Database, clock: SettableClock, diner: str) -> None:
    redeemed = await _redeem(database, clock, diner, "off10", "K")

    (owned,) = await database.read(owned_coupons, diner, day=TODAY)
    assert (redeemed.reward.id, redeemed.coupon_id, redeemed.good_until) == ("off10", owned.id, date(2026, 12, 5))
    assert (owned.terms.name, owned.terms.amount_fen, owned.terms.minimum_fen) == ("满50减10", Fen(1000), Fen(5000))
    assert await database.read(balance_of, diner) == 150
    assert await database.read(spent) == {"*": 1000, "d:2026-11-21": 1000}


async def test_points_buy_a_dish(database: Database, clock: SettableClock, diner: str) -> None:
    redeemed = await _redeem(database, clock, diner, "cake", "K")

    (owned,) = await database.read(owned_coupons, diner, day=TODAY)
    assert (owned.terms.name, owned.terms.dishes, owned.terms.pay_ratio, owned.terms.portions) == ("换蛋糕", ("cake",), 0, 1)
    assert redeemed.good_until == date(2026, 12, 20)
    assert await database.read(balance_of, diner) == 190
    assert await database.read(spent) == {"*": 1800, "d:2026-11-21": 1800}


async def test_asked_again_it_answers_the_same_and_takes_nothing_more(database: Database, clock: SettableClock, diner: str) -> None:
    answers = await asyncio.gather(*(_redeem(database, clock, diner, "off10", "K") for _ in range(50)))

    assert len(set(answers)) == 1
    assert await database.read(balance_of, diner) == 150
    assert await database.read(rows, Coupon) == 1


async def test_the_last_points_are_spent_once(database: Database, clock: SettableClock, diner: str) -> None:
    answers = await asyncio.gather(*(_redeem(database, clock, diner, "off10", f"K{n}") for n in range(30)), return_exceptions=True)

    assert sum(isinstance(answer, Redeemed) for answer in answers) == 2
    assert sum(isinstance(answer, NotEnoughPointsError) for answer in answers) == 28
    assert await database.read(balance_of, diner) == 50
    assert await database.read(rows, Coupon) == 2
    assert await database.read(prove_grants) == []
    assert await database.read(prove_points) == []


async def test_givers_and_takers_of_one_diner_at_once_leave_every_sum_right(database: Database, clock: SettableClock, diner: str) -> None:
    shop = shop_with(rewards={"per_day": "25"})
    now = clock.now()

    def redeem(session, n: int):
        redeem_reward(session, shop, diner, "off10", key=f"R{n}", day=TODAY, now=now)

    def take(session, n: int):
        take_back(session, f"reward:R{n}", now=now)

    def earn(session, n: int):
        earn_points(session, diner, 5, order_id=f"O{n}", business_day=TODAY, life_days=365, now=now)

    def present(session, n: int):
        grant_points(session, shop, diner, 1, campaign="rewards", rule_version="7", reason="present", key=f"P{n}", day=TODAY, now=now)

    def both(session, n: int):
        earn(session, 100 + n)
        present(session, 100 + n)

    acts = [database.transaction(act, n) for n in range(12) for act in (redeem, take, earn, present, both)]
    refusals = [result for result in await asyncio.gather(*acts, return_exceptions=True) if result is not None]

    assert {type(refusal) for refusal in refusals} <= {NotEnoughPointsError, BudgetSpentError}
    assert await database.read(prove_grants) == []
    assert await database.read(prove_points) == []


async def test_who_has_too_few_points_gets_nothing_and_keeps_them(database: Database, clock: SettableClock, diner: str) -> None:
    await _redeem(database, clock, diner, "off10", "A")
    await _redeem(database, clock, diner, "off10", "B")

    with pytest.raises(NotEnoughPointsError) as refused:
        await _redeem(database, clock, diner, "cake", "C")

    assert refused.value.details == {"points": 60, "usable": 50}
    assert await database.read(balance_of, diner) == 50
    assert await database.read(granted_rows) == 2


async def test_where_the_budget_is_spent_the_points_stay(database: Database, clock: SettableClock, diner: str) -> None:
    shop = shop_with(rewards={"per_day": "9"})

    def refused(session):
        try:
            redeem_reward(session, shop, diner, "off10", key="K", day=TODAY, now=clock.now())
        except BudgetSpentError:
            return True  # and the transaction goes on
        return False

    assert await database.transaction(refused)
    assert await database.read(balance_of, diner) == 250
    assert await database.read(granted_rows) == 0
    assert await _redeem(database, clock, diner, "off10", "K")  # under the same key, when there is money again


async def test_the_house_gives_rewards_for_a_thousand_yuan_a_day_where_no_budget_is_written() -> None:
    budget = SHOP.brand.budgets["rewards"]
    assert (budget.total, budget.per_day, budget.per_store_day) == (None, 1000_00, None)


async def test_what_is_not_on_the_list_cannot_be_had(database: Database, clock: SettableClock, diner: str) -> None:
    with pytest.raises(UnknownRewardError):
        await _redeem(database, clock, diner, "car", "K")
