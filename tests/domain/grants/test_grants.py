"""Value leaves once for each key, within every line of its budget, and whole or not at all."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.coupons.models import Coupon
from domain.coupons.service import hold_coupons, owned_coupons
from domain.grants.errors import BudgetSpentError, NoBudgetError
from domain.grants.models import Grant, GrantKind
from domain.grants.proof import prove_grants
from domain.grants.service import find_granted, grant_points, merge_grants, take_back
from domain.members.models import Diner
from domain.points.proof import prove_points
from domain.points.rules import Reason
from domain.points.service import balance_of, points_of, spend_points
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.grants.giving import TODAY, give, granted_rows, meet, rows, shop_with, spent

TOMORROW = TODAY + timedelta(days=1)
ENOUGH = {"total": "1000"}


async def _diners(database: Database, clock: SettableClock, number: int) -> list[str]:
    return await database.transaction(meet, number, now=clock.now())


@pytest.fixture
async def diner(database: Database, clock: SettableClock) -> str:
    return (await _diners(database, clock, 1))[0]


async def _in_crowds(database: Database, takers: Sequence[Callable[[Any], Any]]) -> list[Any]:
    """Run all, a hundred at once; refusals are results."""
    results: list[Any] = []
    for start in range(0, len(takers), 100):
        crowd = (database.transaction(take) for take in takers[start : start + 100])
        results += await asyncio.gather(*crowd, return_exceptions=True)
    return results


async def test_a_coupon_costs_its_budget_what_it_takes_off(database: Database, clock: SettableClock, diner: str) -> None:
    granted = await database.transaction(give, shop_with(scan=ENOUGH), diner, "K", now=clock.now(), yuan=20, store_id="one")

    assert granted is not None
    assert (granted.kind, granted.cost_fen, granted.good_until) == (GrantKind.COUPON, 2000, date(2026, 12, 20))
    assert [owned.id for owned in await database.read(owned_coupons, diner, day=TODAY)] == [granted.coupon_id]
    assert await database.read(spent) == {"*": 2000, "d:2026-11-21": 2000, "s:one:2026-11-21": 2000}
    assert await database.read(find_granted, "K") == granted
    assert await database.read(find_granted, "L") is None
    assert await database.read(prove_grants) == []


async def test_points_cost_their_budget_what_they_pay_on_a_bill(database: Database, clock: SettableClock, diner: str) -> None:
    def grant(session):
        return grant_points(
            session,
            shop_with(scan=ENOUGH),
            diner,
            30,
            campaign="scan",
            rule_version="shop:7",
            reason="scanned",
            key="K",
            day=TODAY,
            now=clock.now(),
        )

    granted = await database.transaction(grant)

    assert granted is not None
    assert (granted.kind, granted.points, granted.cost_fen, granted.good_until) == (GrantKind.POINTS, 30, 300, date(2027, 11, 21))
    assert await database.transaction(grant) is None
    assert await database.read(balance_of, diner) == 30
    assert await database.read(spent) == {"*": 300, "d:2026-11-21": 300}


async def test_no_points_are_no_grant(database: Database, clock: SettableClock, diner: str) -> None:
    with pytest.raises(ValueError, match="0 points"):
        await database.transaction(
            grant_points,
            shop_with(scan=ENOUGH),
            diner,
            0,
            campaign="scan",
            rule_version="1",
            reason="scanned",
            key="K",
            day=TODAY,
            now=clock.now(),
        )


async def test_of_a_thousand_takers_as_many_get_it_as_the_budget_has(database: Database, clock: SettableClock) -> None:
    diners = await _diners(database, clock, 1000)
    shop = shop_with(scan={"total": "1503", "per_day": "2000"})  # 300 coupons of 5 yuan, and 3 yuan that suffice for none

    def taker(diner: str) -> Callable[[Any], Any]:
        return lambda session: give(session, shop, diner, f"scan:{diner}", now=clock.now())

    results = await _in_crowds(database, [taker(diner) for diner in diners])

    assert sum(isinstance(result, BudgetSpentError) for result in results) == 700
    assert await database.read(granted_rows) == await database.read(rows, Coupon) == 300
    assert await database.read(spent) == {"*": 150_000, "d:2026-11-21": 150_000}
    assert await database.read(prove_grants) == []


async def test_the_first_grants_of_a_campaign_may_all_come_at_once(database: Database, clock: SettableClock) -> None:
    diners = await _diners(database, clock, 100)

    def taker(campaign: str, diner: str) -> Callable[[Any], Any]:
        shop = shop_with(**{campaign: ENOUGH})
        return lambda session: give(session, shop, diner, f"{campaign}:{diner}", now=clock.now(), campaign=campaign)

    campaigns = [f"c{n}" for n in range(4)]  # from the second on, every connection is open, and all find that no line stands
    results = await _in_crowds(database, [taker(campaign, diner) for campaign in campaigns for diner in diners])

    assert [result for result in results if isinstance(result, Exception)] == []
    assert await database.read(granted_rows) == 400
    assert await database.read(prove_grants) == []


async def test_fifty_copies_of_one_key_give_once(database: Database, clock: SettableClock, diner: str) -> None:
    shop = shop_with(scan={"total": "5"})  # the last of the budget

    results = await _in_crowds(database, [lambda session: give(session, shop, diner, "K", now=clock.now())] * 50)

    assert results.count(None) == 49
    assert await database.read(rows, Coupon) == 1
    assert await database.read(spent) == {"*": 500, "d:2026-11-21": 500}


async def test_fifty_copies_of_one_key_without_budget_give_nothing(database: Database, clock: SettableClock, diner: str) -> None:
    shop = shop_with(scan={"total": "4"})

    results = await _in_crowds(database, [lambda session: give(session, shop, diner, "K", now=clock.now())] * 50)

    assert {type(result) for result in results} == {BudgetSpentError}
    assert await database.read(granted_rows) == await database.read(rows, Coupon) == 0


@pytest.mark.parametrize(
    ("limits", "day", "store", "scope"),
    [
        ({"total": "12"}, TOMORROW, "two", "*"),
        ({"per_day": "12"}, TODAY, "two", "d:2026-11-21"),
        ({"per_day": "12"}, TOMORROW, "two", None),
        ({"per_store_day": "12"}, TODAY, "one", "s:one:2026-11-21"),
        ({"per_store_day": "12"}, TODAY, "two", None),
        ({"per_store_day": "12"}, TOMORROW, "one", None),
        ({"total": "100", "per_day": "50", "per_store_day": "12"}, TODAY, "one", "s:one:2026-11-21"),
    ],
)
async def test_each_line_of_a_budget_has_its_limit(
    database: Database, clock: SettableClock, diner: str, limits: dict[str, str], day: date, store: str, scope: str | None
) -> None:
    shop = shop_with(scan=limits)

    def third(session):
        for key in "AB":
            give(session, shop, diner, key, now=clock.now(), store_id="one")
        before = spent(session), granted_rows(session)
        try:
            give(session, shop, diner, "C", now=clock.now(), day=day, store_id=store)
        except BudgetSpentError as refused:
            return refused.details["scope"], (spent(session), granted_rows(session)) == before
        return None, (spent(session), granted_rows(session)) == before

    # Nothing is left behind for who goes on after a refusal.
    assert await database.transaction(third) == (scope, scope is not None)
    assert await database.read(prove_grants) == []


async def test_campaigns_do_not_spend_each_others_budget(database: Database, clock: SettableClock, diner: str) -> None:
    shop = shop_with(scan={"total": "5"}, games={"total": "5"})

    assert await database.transaction(give, shop, diner, "A", now=clock.now(), campaign="scan")
    assert await database.transaction(give, shop, diner, "B", now=clock.now(), campaign="games")
    with pytest.raises(BudgetSpentError):
        await database.transaction(give, shop, diner, "C", now=clock.now(), campaign="games")


async def test_nothing_is_given_without_a_budget(database: Database, clock: SettableClock, diner: str) -> None:
    with pytest.raises(NoBudgetError):
        await database.transaction(give, shop_with(), diner, "K", now=clock.now(), campaign="scan")
    with pytest.raises(NoBudgetError):  # a budget of stores does not hold where no store gives
        await database.transaction(give, shop_with(scan={"per_store_day": "50"}), diner, "K", now=clock.now())

    assert await database.read(granted_rows) == 0


async def test_a_used_key_is_told_apart_from_a_campaign_that_is_over(database: Database, clock: SettableClock, diner: str) -> None:
    await database.transaction(give, shop_with(scan={"total": "5"}), diner, "K", now=clock.now())

    assert await database.transaction(give, shop_with(scan={"total": "5"}), diner, "K", now=clock.now()) is None  # nothing is left
    assert await database.transaction(give, shop_with(), diner, "K", now=clock.now()) is None  # no budget stands any more


async def test_a_refused_key_may_come_again(database: Database, clock: SettableClock, diner: str) -> None:
    with pytest.raises(BudgetSpentError):
        await database.transaction(give, shop_with(scan={"total": "4"}), diner, "K", now=clock.now())

    assert await database.transaction(give, shop_with(scan={"total": "5"}), diner, "K", now=clock.now())


async def test_a_changed_limit_holds_at_once_and_counts_what_was_given_before(database: Database, clock: SettableClock, diner: str) -> None:
    async def gets_it(key: str, **limits: str) -> bool:
        try:
            return await database.transaction(give, shop_with(scan=limits), diner, key, now=clock.now()) is not None
        except BudgetSpentError:
            return False

    assert await gets_it("A", total="5")
    assert not await gets_it("B", total="5")
    assert await gets_it("C", total="10")
    assert not await gets_it("D", total="5")
    assert not await gets_it("E", per_day="14")  # no limit stood for the day until now
    assert await gets_it("F", per_day="15")
    assert await database.read(spent) == {"*": 1500, "d:2026-11-21": 1500}
    assert await database.read(prove_grants) == []


async def test_a_coupon_taken_back_is_void_and_its_budget_free(database: Database, clock: SettableClock, diner: str) -> None:
    shop = shop_with(scan={"total": "5", "per_store_day": "5"})
    await database.transaction(give, shop, diner, "A", now=clock.now(), store_id="one")

    taken = await _in_crowds(database, [lambda session: take_back(session, "A", now=clock.now())] * 10)

    assert taken.count(True) == 1
    assert await database.read(owned_coupons, diner, day=TODAY) == ()
    assert await database.read(spent) == {"*": 0, "d:2026-11-21": 0, "s:one:2026-11-21": 0}
    granted = await database.read(find_granted, "A")
    assert granted is not None
    assert granted.taken_back
    assert await database.transaction(give, shop, diner, "A", now=clock.now()) is None  # the key stays used
    assert await database.transaction(give, shop, diner, "B", now=clock.now())
    assert await database.read(prove_grants) == []


async def test_a_coupon_in_use_is_not_taken_back(database: Database, clock: SettableClock, diner: str) -> None:
    granted = await database.transaction(give, shop_with(scan=ENOUGH), diner, "A", now=clock.now())
    await database.transaction(hold_coupons, diner, [granted.coupon_id], order_id="O1", day=TODAY, now=clock.now())

    assert not await database.transaction(take_back, "A", now=clock.now())
    assert not await database.transaction(take_back, "unknown", now=clock.now())
    assert await database.read(spent) == {"*": 500, "d:2026-11-21": 500}


async def test_points_are_taken_back_and_those_that_were_spent_are_owed(database: Database, clock: SettableClock, diner: str) -> None:
    def grant_and_spend(session):
        grant_points(
            session,
            shop_with(scan=ENOUGH),
            diner,
            30,
            campaign="scan",
            rule_version="1",
            reason="scanned",
            key="A",
            day=TODAY,
            now=clock.now(),
        )
        spend_points(session, diner, 20, reason=Reason.SPENT, key="S", day=TODAY, now=clock.now())

    await database.transaction(grant_and_spend)
    taken = await _in_crowds(database, [lambda session: take_back(session, "A", now=clock.now())] * 10)

    assert taken.count(True) == 1
    points = await database.read(points_of, diner, day=TODAY)
    assert (points.total, points.owed) == (0, 20)
    assert await database.read(spent) == {"*": 0, "d:2026-11-21": 0}
    assert await database.read(prove_grants) == []
    assert await database.read(prove_points) == []


async def test_who_was_merged_gets_it_as_the_one_who_remains(database: Database, clock: SettableClock) -> None:
    gone, remains = await _diners(database, clock, 2)
    shop = shop_with(scan=ENOUGH)

    def merge(session):
        give(session, shop, gone, "A", now=clock.now())
        session.execute(update(Diner).where(Diner.id == gone).values(merged_into=remains))
        merge_grants(session, gone, remains)
        return give(session, shop, gone, "B", now=clock.now())

    granted = await database.transaction(merge)

    assert granted is not None
    assert granted.diner_id == remains
    assert await database.read(lambda session: set(session.scalars(select(Grant.diner_id)))) == {remains}


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE budget_line SET spent_fen = spent_fen + 1 WHERE scope = '*'",
        "UPDATE budget_line SET spent_fen = spent_fen - 1 WHERE scope = 'd:2026-11-21'",
        "DELETE FROM budget_line WHERE scope = 's:one:2026-11-21'",
        "UPDATE granted SET cost_fen = 400 WHERE granted.key = 'B'",
        "DELETE FROM granted",
    ],
)
async def test_the_proof_finds_what_does_not_add_up(database: Database, clock: SettableClock, diner: str, tamper: str) -> None:
    def given(session):
        shop = shop_with(scan={"total": "50"}, games={"total": "50"})
        give(session, shop, diner, "A", now=clock.now(), campaign="games")
        give(session, shop, diner, "B", now=clock.now(), store_id="one")
        assert prove_grants(session) == []
        session.connection().exec_driver_sql(tamper)
        return prove_grants(session)

    assert await database.transaction(given)
