"""Importing: all or nothing, again without effect, and nothing that was ever ordered is forgotten."""

import asyncio

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.menu.models import Category, Dish, StoreDish
from domain.shop.diff import Action, ShopDiff
from domain.shop.document import ShopDocument
from domain.shop.errors import ShopImportedError
from domain.shop.importing import diff_shop, import_shop
from domain.shop.models import ShopVersion
from domain.shop.rows import document_from_rows
from domain.shop.snapshot import current_version, load_snapshot
from domain.storage import Database
from domain.stores.models import Printer, Store, StoreTable
from tests.clock import SATURDAY_EVENING, SettableClock
from tests.domain.shop.files import DEMO, SMALL, changed, document


async def bring(database: Database, wanted: ShopDocument, clock: SettableClock) -> ShopDiff:
    return await database.transaction(import_shop, wanted, imported_by="test", now=clock.now())


def rows(session: Session) -> dict[str, int]:
    models = (ShopVersion, Store, StoreTable, Printer, Category, Dish, StoreDish)
    return {model.__tablename__: session.execute(select(func.count()).select_from(model)).scalar_one() for model in models}


@pytest.mark.parametrize("text", [SMALL, DEMO.read_text(encoding="utf-8")], ids=["small", "demo"])
async def test_what_is_imported_is_what_the_rows_say(database: Database, clock: SettableClock, text: str):
    wanted = document(text)

    diff = await bring(database, wanted, clock)

    assert diff
    assert await database.read(document_from_rows) == wanted
    assert await database.read(current_version) == 1


async def test_the_same_file_again_changes_nothing(database: Database, clock: SettableClock):
    await bring(database, document(), clock)
    before = await database.read(rows)

    diff = await bring(database, document(SMALL.replace("58.00", "58") + "# only a remark\n"), clock)

    assert not diff
    assert diff.lines() == ["nothing changes"]
    assert await database.read(rows) == before
    assert await database.read(current_version) == 1


async def test_a_dry_run_writes_nothing(database: Database):
    diff = await database.read(diff_shop, document())

    assert "+ dish pork 红烧肉" in diff.lines()
    assert await database.read(rows) == dict.fromkeys(
        ("shop_version", "store", "store_table", "printer", "category", "dish", "store_dish"), 0
    )


async def test_a_dry_run_says_what_the_import_says(database: Database, clock: SettableClock):
    await bring(database, document(), clock)
    wanted = changed("price: 22", "price: 24")

    dry = await database.read(diff_shop, wanted)

    assert dry == await bring(database, wanted, clock)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("price: 58.00", "price: 60", "~ dish pork 红烧肉: price 58.00 → 60.00"),
        ("name: 麻婆豆腐", "name: 陈麻婆豆腐", "~ dish tofu 陈麻婆豆腐: name 麻婆豆腐 → 陈麻婆豆腐"),
        (", member_price: 52", "", "~ dish pork 红烧肉: member_price 52.00 → –"),
        ("aliases: [烧肉]", "aliases: [烧肉, 五花肉]", '~ dish pork 红烧肉: aliases ["烧肉"] → ["烧肉", "五花肉"]'),
        ("category: 主食", "category: 主食酒水", "+ category 主食酒水"),
        ("prices: {rice: 3}", "prices: {rice: 2.5}", '~ store east 东门店: menu.prices {"rice": "3.00"} → {"rice": "2.50"}'),
        ("except: [beer]", "except: []", '~ store east 东门店: menu.except ["beer"] → –'),
        ("pay: first", "pay: after", "~ store west 西门店: pay first → after"),
        ("seats: 4", "seats: 6", "~ table east/A01: seats 4 → 6"),
        ("width: 32", "width: 48", "~ printer east/front: width 32 → 48"),
        ("name: 好味,", "name: 好味道,", "~ brand: name 好味 → 好味道"),
        ("      - {code: A02, seats: 2}\n", "", "- table east/A02"),
        ("      - {code: A02, seats: 2}\n", "      - {code: A02, seats: 2}\n      - {code: A03}\n", "+ table east/A03"),
    ],
)  # fmt: skip
async def test_a_change_is_told_with_its_old_and_new_value(database: Database, clock: SettableClock, old: str, new: str, line: str):
    await bring(database, document(), clock)
    wanted = changed(old, new)

    diff = await bring(database, wanted, clock)

    assert line in diff.lines()
    assert await database.read(document_from_rows) == wanted
    assert await database.read(current_version) == 2


async def test_another_order_of_the_menu_is_a_change(database: Database, clock: SettableClock):
    await bring(database, document(), clock)
    pork, tofu = SMALL.splitlines()[22:24]
    wanted = changed(f"{pork}\n{tofu}", f"{tofu}\n{pork}")

    diff = await bring(database, wanted, clock)

    assert diff.lines() == ["~ order of dishes", "0 added, 1 changed, 0 removed"]
    assert [dish.id for dish in (await database.read(load_snapshot)).menu_of("west")] == ["tofu", "pork", "rice", "beer"]


async def test_what_the_file_no_longer_names_is_retired_and_not_deleted(database: Database, clock: SettableClock):
    await bring(database, document(), clock)
    clock.advance(hours=1)
    only_west = document(SMALL[: SMALL.index("  - id: east")] + SMALL[SMALL.index("  - id: west") : SMALL.index("      - {id: beer")])

    diff = await bring(database, only_west, clock)

    def retired(session: Session) -> dict[str, object]:
        found = {row.id: row.retired_at for row in session.execute(select(Store.id, Store.retired_at))}
        return found | {row.id: row.retired_at for row in session.execute(select(Dish.id, Dish.retired_at))}

    assert {change.key for change in diff.changes if change.action is Action.REMOVED} >= {"east", "east/A01", "east/hot", "beer"}
    assert await database.read(retired) == {
        "east": clock.now(), "west": None, "pork": None, "tofu": None, "rice": None, "beer": clock.now(),
    }  # fmt: skip
    shop = await database.read(load_snapshot)
    assert list(shop.stores) == ["west"]
    assert shop.dish_for("west", "beer") is None


async def test_what_comes_back_is_no_longer_retired(database: Database, clock: SettableClock):
    await bring(database, document(), clock)
    await bring(database, changed("      - {id: tofu, name: 麻婆豆腐, price: 22}\n", ""), clock)
    clock.advance(hours=1)

    diff = await bring(database, document(), clock)

    assert "+ dish tofu 麻婆豆腐" in diff.lines()
    assert await database.read(document_from_rows) == document()
    assert await database.read(current_version) == 3


async def test_an_id_keeps_the_moment_at_which_it_was_first_retired(database: Database, clock: SettableClock):
    await bring(database, document(), clock)
    without = changed("      - {id: tofu, name: 麻婆豆腐, price: 22}\n", "")
    await bring(database, without, clock)
    clock.advance(hours=1)

    await bring(database, without.model_copy(update={"brand": document("brand: {name: 别名}\nstores: [{id: a, name: b}]").brand}), clock)

    retired_at = await database.read(lambda session: session.execute(select(Dish.retired_at).where(Dish.id == "tofu")).scalar_one())
    assert retired_at == SATURDAY_EVENING


async def test_a_dish_may_take_the_name_of_a_retired_one(database: Database, clock: SettableClock):
    await bring(database, document(), clock)

    await bring(database, changed("id: tofu, name: 麻婆豆腐", "id: tofu2, name: 麻婆豆腐"), clock)

    shop = await database.read(load_snapshot)
    assert [dish.id for dish in shop.menu_of("west") if dish.name == "麻婆豆腐"] == ["tofu2"]


async def test_an_import_that_fails_leaves_nothing(database: Database, clock: SettableClock):
    await bring(database, document(), clock)
    before = await database.read(document_from_rows)

    def failing(session: Session) -> None:
        import_shop(session, changed("price: 22", "price: 24"), imported_by="test", now=clock.now())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.transaction(failing)

    assert await database.read(document_from_rows) == before
    assert await database.read(current_version) == 1


async def test_imports_at_once_do_not_mix(database: Database, clock: SettableClock):
    wanted = [changed("price: 22", f"price: {price}") for price in range(30, 36)]

    ends = await asyncio.gather(*(bring(database, one, clock) for one in wanted), return_exceptions=True)

    refused = [end for end in ends if isinstance(end, BaseException)]
    assert [type(end) for end in refused] == [ShopImportedError] * len(refused), refused
    assert await database.read(current_version) == len(ends) - len(refused)
    assert await database.read(document_from_rows) in wanted


async def test_a_price_changed_by_a_row_shows_and_the_next_import_says_so(database: Database, clock: SettableClock):
    await bring(database, document(), clock)

    def raise_price(session: Session) -> None:
        session.execute(update(Dish).where(Dish.id == "tofu").values(price_fen=2600))

    await database.transaction(raise_price)

    assert (await database.read(load_snapshot)).dishes["tofu"].price_fen == 2600
    assert "~ dish tofu 麻婆豆腐: price 26.00 → 22.00" in (await database.read(diff_shop, document())).lines()


async def test_who_imported_and_when_is_kept(database: Database, clock: SettableClock):
    await bring(database, document(), clock)

    def newest(session: Session) -> tuple[object, ...]:
        return tuple(session.execute(select(ShopVersion.version, ShopVersion.imported_at, ShopVersion.imported_by)).one())

    assert await database.read(newest) == (1, clock.now(), "test")
