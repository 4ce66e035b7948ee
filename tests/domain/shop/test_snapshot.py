"""The shop in memory: prices of each store, what it sells, and when it is loaded again."""

from datetime import time
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from domain.kernel.money import Fen
from domain.shop.brand import Level
from domain.shop.dish import Choice, Option
from domain.shop.importing import import_shop
from domain.shop.snapshot import SnapshotCache, load_snapshot, snapshot_of
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.shop.files import DEMO, SMALL, changed, document

SHOP = snapshot_of(document())


def test_a_store_sells_at_its_own_price():
    assert SHOP.dish_for("east", "rice").price_fen == Fen(300)  # type: ignore[union-attr]
    assert SHOP.dish_for("west", "rice").price_fen == Fen(200)  # type: ignore[union-attr]
    assert SHOP.dishes["rice"].price_fen == Fen(200)


def test_a_store_does_not_sell_what_it_excepts():
    assert SHOP.dish_for("east", "beer") is None
    assert [dish.id for dish in SHOP.menu_of("east")] == ["pork", "tofu", "rice"]
    assert [dish.id for dish in SHOP.menu_of("west")] == ["pork", "tofu", "rice", "beer"]


def test_an_unknown_store_sells_nothing():
    assert SHOP.menu_of("north") == ()
    assert SHOP.dish_for("north", "rice") is None


def test_a_dish_for_holders_of_a_plan_is_not_sold_to_everybody():
    shop = snapshot_of(document(SMALL.replace("unit: 碗", "plan_only: yes")))

    assert shop.dish_for("west", "rice") is None
    assert "rice" in shop.dishes


def test_stores_tables_and_printers_are_as_written():
    east = SHOP.stores["east"]

    assert (east.tables["A01"].seats, east.tables["A01"].area, east.tables["A02"].area) == (4, "大厅", "")
    assert [(printer.id, printer.roles, printer.stations, printer.width) for printer in east.printers] == [
        ("hot", ("kitchen",), ("热菜",), 48),
        ("front", ("kitchen", "receipt"), (), 32),
    ]
    assert (east.pay, east.phone, east.latitude, east.service_fee) == ("after", "", None, Decimal(0))
    assert (SHOP.stores["west"].pay, SHOP.stores["west"].printers[0].roles) == ("first", ("kitchen", "receipt", "service", "queue"))


def test_a_store_has_the_zone_of_the_brand_unless_it_names_one():
    shop = snapshot_of(document("brand: {timezone: Asia/Urumqi}\nstores: [{id: a, name: b}, {id: c, name: d, timezone: Asia/Tokyo}]"))

    assert [store.timezone for store in shop.stores.values()] == ["Asia/Urumqi", "Asia/Tokyo"]


def test_the_brand_has_the_rules_of_the_house_when_it_writes_none():
    brand = SHOP.brand

    assert (brand.name, brand.business_day_starts) == ("好味", time(5, 0))
    assert (brand.yuan_per_point, brand.point_value_fen, brand.points_expire_days) == (10, Fen(10), 365)
    assert brand.levels == (
        Level("普通", Fen(0), 0, ("birthday_dessert",)),
        Level("白银", Fen(50000), 3, ("birthday_dessert",)),
        Level("黄金", Fen(200000), 12, ("birthday_dessert",)),
        Level("VIP", Fen(600000), 30, ("birthday_dessert",)),
    )
    assert (brand.favourites_pay, brand.points_most, brand.stacking.most, brand.rounding) == (Decimal("0.9"), Decimal("0.1"), 3, "none")
    assert {campaign: budget.per_day for campaign, budget in brand.budgets.items()} == {"rewards": 100000, "birthday": 100000}


def test_a_brand_without_a_name_is_called_like_its_first_store():
    assert snapshot_of(document("stores: [{id: a, name: 东门小馆}]")).brand.name == "东门小馆"


def test_options_carry_their_prices():
    shop = snapshot_of(
        document(SMALL.replace("unit: 碗", "options: [{name: 加料, max: 2, choices: [{name: 加蛋, price: 3}, {name: 加肉, price: 6.5}]}]"))
    )

    assert shop.dishes["rice"].options == (Option("加料", 0, 2, (Choice("加蛋", Fen(300)), Choice("加肉", Fen(650)))),)


@pytest.mark.parametrize("field", ["price_fen", "name"])
def test_a_snapshot_cannot_be_changed(field: str):
    with pytest.raises(AttributeError):
        setattr(SHOP.dishes["rice"], field, 1)
    with pytest.raises(TypeError):
        SHOP.stores["east"] = SHOP.stores["west"]  # type: ignore[index]


async def test_before_the_first_import_there_is_an_empty_shop(database: Database):
    shop = await database.read(load_snapshot)

    assert (shop.version, dict(shop.stores), dict(shop.dishes)) == (0, {}, {})


async def test_a_snapshot_from_rows_is_the_snapshot_of_the_document(database: Database, clock: SettableClock):
    wanted = document(DEMO.read_text(encoding="utf-8"))

    await database.transaction(import_shop, wanted, imported_by="test", now=clock.now())

    assert await database.read(load_snapshot) == snapshot_of(wanted, version=1)


async def test_a_retired_store_is_known_but_closed(database: Database, clock: SettableClock):
    await database.transaction(import_shop, document(), imported_by="test", now=clock.now())
    alone = document(SMALL[: SMALL.index("  - id: east")] + SMALL[SMALL.index("  - id: west") :])

    await database.transaction(import_shop, alone, imported_by="test", now=clock.now())

    shop = await database.read(load_snapshot)
    assert list(shop.stores) == ["west"]
    assert shop.known_stores["east"].name == "东门店"
    assert not shop.known_stores["east"].is_open(clock.now())
    assert shop.menu_of("east") == ()


async def test_the_cache_loads_again_only_when_the_version_moved(database: Database, clock: SettableClock):
    cache = SnapshotCache()
    await database.transaction(import_shop, document(), imported_by="test", now=clock.now())
    first = await database.read(cache.get)

    same = await database.read(cache.get)
    await database.transaction(import_shop, changed("price: 22", "price: 24"), imported_by="test", now=clock.now())
    moved = await database.read(cache.get)

    assert same is first
    assert first.dishes["tofu"].price_fen == Fen(2200)
    assert (moved.version, moved.dishes["tofu"].price_fen) == (2, Fen(2400))


async def test_an_import_that_is_rolled_back_does_not_stay_in_the_cache(database: Database, clock: SettableClock):
    cache = SnapshotCache()
    await database.transaction(import_shop, document(), imported_by="test", now=clock.now())

    def seen_and_undone(session: Session) -> None:
        import_shop(session, changed("price: 22", "price: 24"), imported_by="test", now=clock.now())
        cache.get(session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.transaction(seen_and_undone)

    assert (await database.read(cache.get)).dishes["tofu"].price_fen == Fen(2200)
