"""From where a number may be taken, and what is kept of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import select

from domain.kernel.errors import DomainError
from domain.shop.snapshot import ShopSnapshot
from domain.shop.waitlist_records import FromAfar, WaitlistRecord
from domain.waitlist.distances import Distance, distance_of, tell_distance
from domain.waitlist.errors import AtTheDoorOnlyError, PlaceNotSaidError, TooFarError
from domain.waitlist.housekeeping import end_left_over
from domain.waitlist.models import QueueTicket
from domain.waitlist.service import take_number
from tests.domain.waitlist.door import HOST, SHOP, Door


def giving(from_afar: FromAfar, near_km: str = "5") -> ShopSnapshot:
    """The shop with another rule at its first store, which stands in the middle of Chengdu."""
    waitlist = WaitlistRecord(from_afar=from_afar, near_km=Decimal(near_km))
    one = replace(SHOP.stores["one"], latitude=30.6575, longitude=104.08, waitlist=waitlist)
    return replace(
        SHOP, stores=MappingProxyType({**SHOP.stores, "one": one}), known_stores=MappingProxyType({**SHOP.known_stores, "one": one})
    )


async def takes(door: Door, shop: ShopSnapshot, diner: str | None, distance: Distance | None) -> str | None:
    if diner is not None:
        await door.meets(diner)
    standing = await door.does(take_number, shop, "one", diner, 2, by=diner or HOST, distance=distance)
    kept: str | None = standing.ticket.distance
    return kept


@pytest.mark.parametrize("distance", [None, *Distance])
async def test_a_number_may_be_taken_from_anywhere_unless_the_house_says_otherwise(door: Door, distance: Distance | None) -> None:
    assert await takes(door, SHOP, "wang", distance) == (distance.value if distance else None)


@pytest.mark.parametrize(
    ("from_afar", "distance", "refused"),
    [
        ("near", None, PlaceNotSaidError),
        ("near", Distance.FAR, TooFarError),
        ("no", None, AtTheDoorOnlyError),
        ("no", Distance.NEAR, AtTheDoorOnlyError),
        ("no", Distance.FAR, AtTheDoorOnlyError),
    ],
)
async def test_who_is_too_far_away_gets_no_number(
    door: Door, from_afar: FromAfar, distance: Distance | None, refused: type[DomainError]
) -> None:
    with pytest.raises(refused) as why:
        await takes(door, giving(from_afar), "wang", distance)
    assert why.value.details["store"] == "一店"

    assert await takes(door, SHOP, "wang", None) is None, "a refusal is no number given up"


@pytest.mark.parametrize("from_afar", ["near", "no"])
async def test_who_scanned_the_door_and_who_stands_there_without_a_phone_get_one(door: Door, from_afar: FromAfar) -> None:
    assert await takes(door, giving(from_afar), "wang", Distance.DOOR) == "door"
    assert await takes(door, giving(from_afar), None, None) == "door"


def test_near_is_what_the_shop_file_says() -> None:
    place = (30.6980, 104.08)  # 4.5 km to the north
    assert distance_of(giving("near").stores["one"], *place) is Distance.NEAR
    assert distance_of(giving("near", "4.4").stores["one"], *place) is Distance.FAR
    assert distance_of(SHOP.stores["one"], *place) is None, "nobody knows where the store is"


async def test_how_far_a_party_is_is_told_again_while_it_waits(door: Door) -> None:
    ticket = await door.takes(2, "wang", distance=Distance.FAR)
    told = await door.database.transaction(tell_distance, ticket, Distance.NEAR)
    assert (told.distance, told.state, told.turn) == ("near", ticket.state, ticket.turn)


async def test_the_tick_is_forgotten_when_the_day_is_over(door: Door) -> None:
    await door.takes(2, "wang", distance=Distance.NEAR)
    await door.does(end_left_over, SHOP)
    assert await kept(door) == ["near"]

    door.clock.advance(timedelta(days=1))
    await door.takes(2, "li", distance=Distance.FAR)
    await door.does(end_left_over, SHOP)
    assert await kept(door) == [None, "far"]


async def kept(door: Door) -> list[Any]:
    return list(await door.database.read(lambda s: s.execute(select(QueueTicket.distance).order_by(QueueTicket.id)).scalars().all()))
