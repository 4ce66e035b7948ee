"""What is placed takes portions, and what is not cooked gives them back."""

import asyncio
from collections import Counter
from decimal import Decimal

import pytest

from domain.menu.errors import SoldOutError, TooFewLeftError
from domain.orders.placing import PlacedRound
from domain.orders.service import cancel_order
from tests.domain.orders.tables import Party, Seated


async def test_placing_takes_and_cancelling_gives_back(seated: Seated) -> None:
    guest = await seated(table=None, pork=10)
    await guest.orders("pork", 4)
    assert await guest.left() == 6
    await guest.database.transaction(cancel_order, guest.order_id, now=guest.clock.now())
    assert await guest.left() == 10


async def test_of_twenty_parties_who_want_the_last_ten_portions_ten_get_one(seated: Seated) -> None:
    parties = [await seated(table=None, name=f"o{number}", pork=10) for number in range(20)]
    await asyncio.gather(*(party.adds("pork") for party in parties))
    outcomes = await asyncio.gather(*(party.places() for party in parties), return_exceptions=True)

    assert Counter(type(outcome) for outcome in outcomes) == {PlacedRound: 10, SoldOutError: 10}
    assert await parties[0].left() == 0


async def test_a_refused_round_leaves_nothing_half_done(party: Party) -> None:
    await party.adds("tofu")
    await party.adds("pork", 11)
    with pytest.raises(TooFewLeftError):
        await party.places()
    order = await party.order()
    assert (order.state, order.number, order.rounds, await party.left()) == ("cart", None, 0, 10)
    assert await party.events("order_released") == []


async def test_portions_count_on_the_business_day_of_the_first_placing(party: Party) -> None:
    await party.orders("pork", 2)
    party.clock.advance(hours=2)
    await party.orders("pork", 3)
    assert await party.left() == 5
    party.clock.advance(days=1)
    assert await party.left() == 10


async def test_nobody_chooses_what_is_sold_out(party: Party) -> None:
    day = party.shop.brand.business_day(party.clock.now(), "Asia/Shanghai")
    await party.adds("pork", 6, day=day)
    with pytest.raises(TooFewLeftError):
        await party.adds("pork", 5, day=day)
    await party.adds("pork", 4, day=day)
    await party.places()
    with pytest.raises(SoldOutError):
        await party.adds("pork", day=day)
    assert await party.standing() == [("pork", Decimal(10))]
