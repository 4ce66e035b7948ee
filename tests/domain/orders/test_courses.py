"""叫起, 起菜 and 催菜: the kitchen cooks when the table says so, and is called at most once in five minutes."""

import asyncio
from collections import Counter
from decimal import Decimal

import pytest

from domain.orders.courses import fire_round, rush_order
from domain.orders.errors import NothingToFireError, NothingToRushError, RushedAlreadyError
from domain.orders.rules import OrderState
from domain.orders.voiding import void_lines
from tests.domain.orders.tables import Party, Seated


async def test_a_round_that_waits_is_released_as_such_and_fired_once(party: Party) -> None:
    await party.orders("pork")
    await party.orders("tofu", wait=True)
    assert [told["wait"] for told in await party.events("order_released")] == [False, True]
    party.clock.advance(minutes=24)

    outcomes = await asyncio.gather(*(party.does(fire_round) for _ in range(10)), return_exceptions=True)

    assert Counter(type(outcome) for outcome in outcomes) == {list: 1, NothingToFireError: 9}
    [fired] = await party.events("order_fired")
    assert (fired["round_no"], [dish["name"] for dish in fired["lines"]]) == (2, ["麻婆豆腐"])
    assert fired["placed_at"] < fired["fired_at"] == party.clock.now().isoformat()


async def test_one_round_is_fired_and_the_others_wait_on(party: Party) -> None:
    for dish in ("pork", "tofu", "fish"):
        await party.orders(dish, wait=True)
    assert await party.does(fire_round, 2) == [2]
    with pytest.raises(NothingToFireError):
        await party.does(fire_round, 2)
    assert await party.does(fire_round) == [1, 3]


async def test_what_waits_for_its_time_and_its_money_is_cooked_when_both_have_come(seated: Seated) -> None:
    guest = await seated(table=None)
    await guest.orders("pork", wait=True)
    assert await guest.does(fire_round) == [1]
    assert await guest.events("order_fired") == []
    await guest.released()
    [released] = await guest.events("order_released")
    assert not released["wait"]


async def test_a_dish_taken_back_is_not_fired_and_not_rushed(party: Party) -> None:
    await party.adds("pork")
    await party.orders("tofu", wait=True)
    pork, _ = await party.line_ids()
    await party.does(void_lines, {pork: Decimal(1)}, by="s", reason="", key="v")
    await party.does(fire_round)
    [fired] = await party.events("order_fired")
    assert [dish["dish_id"] for dish in fired["lines"]] == ["tofu"]
    assert await party.does(rush_order) == ["麻婆豆腐"]


async def test_the_kitchen_is_called_once_in_five_minutes_however_many_call(party: Party) -> None:
    await party.orders("pork")
    party.clock.advance(minutes=20)

    outcomes = await asyncio.gather(*(party.does(rush_order) for _ in range(10)), return_exceptions=True)
    assert Counter(type(outcome) for outcome in outcomes) == {list: 1, RushedAlreadyError: 9}

    party.clock.advance(minutes=3, seconds=30)
    with pytest.raises(RushedAlreadyError) as refused:
        await party.does(rush_order)
    assert refused.value.details == {"number": "0001", "minutes": 2}
    party.clock.advance(minutes=1, seconds=30)
    await party.does(rush_order)
    assert [told["times"] for told in await party.events("order_rushed")] == [1, 2]


async def test_only_what_is_being_cooked_can_be_hurried(party: Party) -> None:
    await party.adds("tofu")
    with pytest.raises(NothingToRushError):
        await party.does(rush_order)
    await party.places(wait=True)
    with pytest.raises(NothingToRushError):
        await party.does(rush_order)
    await party.orders("pork")
    tofu, pork = await party.line_ids()
    with pytest.raises(NothingToRushError):
        await party.does(rush_order, line_ids={tofu})
    assert await party.does(rush_order, line_ids={tofu, pork}) == ["红烧肉"]
    party.clock.advance(minutes=10)
    await party.moves(OrderState.READY)
    with pytest.raises(NothingToRushError):
        await party.does(rush_order)
