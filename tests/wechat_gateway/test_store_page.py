"""/p/stores/{store}: what a diner reads there, and the links into the telephone and the map."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from domain.shop.reading import read_shop
from domain.shop.snapshot import SnapshotCache, snapshot_of
from domain.storage import Database
from haowei.shop_files import bring_in
from tests.clock import SettableClock
from tests.schema import SqliteTemplate
from wechat_gateway.pages.dishes import DishPages
from wechat_gateway.pages.rendering import Pages
from wechat_gateway.pages.stores import StorePage, dial_link, map_link, open_days

SHOP = """
brand: {name: 老灶 & 小馆, timezone: Asia/Shanghai}
stores:
  - id: river
    name: 河边店
    address: 滨江路 9 号; 2 层
    phone: 028-5550 1001 转 8
    location: [30.657512, 104.080049]
    hours: {daily: ["10:30-14:00", "17:00-21:30"], fri: ["17:00-02:00"], sun: []}
  - id: bare
    name: 巷子店
"""

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def database_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """SQLite alone: nothing here depends on the engine."""
    return sqlite_template.copy_to(tmp_path / "haowei.db")


async def imported(database: Database, clock: SettableClock, text: str) -> None:
    await bring_in(database, read_shop(text.encode()).document, imported_by="test", now=clock.now())


@pytest.fixture
async def client(database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Client]:
    await imported(database, clock, SHOP)
    snapshots, pages = SnapshotCache(), Pages()
    app = web.Application()
    app.add_routes(StorePage(database, snapshots, clock, pages).routes())
    app.add_routes(DishPages(database, snapshots, pages, tmp_path).routes())
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def shown(client: Client, path: str, status: int = 200) -> str:
    async with client.get(path) as answer:
        assert answer.status == status
        return await answer.text()


async def test_everything_the_shop_file_says(client: Client) -> None:
    page = await shown(client, "/p/stores/river")

    for words in ("河边店", "滨江路 9 号; 2 层", "028-5550 1001 转 8", "周一至周四", "17:00-02:00", 'href="tel:02855501001"'):
        assert words in page
    assert 'class="today">周六</dt><dd class="today">10:30-14:00、17:00-21:30<' in page  # the test's clock stands on a Saturday
    assert "<dt>周日</dt><dd>休息<" in page


async def test_what_the_shop_file_does_not_say_is_left_out(client: Client) -> None:
    page = await shown(client, "/p/stores/bare")

    assert ">每天</dt>" in page
    assert "全天营业" in page
    for missing in ("地址", "电话", "tel:", "map.qq.com"):
        assert missing not in page


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ({}, "营业中"),  # Saturday 18:30
        ({"hours": 3, "minutes": 30}, "休息中"),  # Saturday 22:00
        ({"days": 1}, "休息中"),  # Sunday
        ({"days": 6, "hours": 7}, "营业中"),  # Saturday 01:30, in the window that Friday opened
        ({"days": 6, "hours": 8}, "休息中"),
    ],
)
async def test_open_or_not_by_the_stores_own_clock(client: Client, clock: SettableClock, later: dict[str, float], words: str) -> None:
    clock.advance(**later)

    assert f'role="status">{words}<' in await shown(client, "/p/stores/river")


async def test_nothing_is_loaded_from_elsewhere_and_no_script_runs(client: Client) -> None:
    async with client.get("/p/stores/river") as answer:
        page, policy = await answer.text(), answer.headers["Content-Security-Policy"]

    assert "<script" not in page
    assert "default-src 'none'" in policy
    sources = [part.partition('"')[0] for part in page.split('src="')[1:]]
    assert sources == ["/p/static/store.png"]


async def test_the_picture_of_cards_is_there_and_asked_for_again(client: Client) -> None:
    async with client.get("/p/static/store.png") as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        assert "immutable" not in answer.headers["Cache-Control"]
        assert len(await answer.read()) < 8_000


@pytest.mark.parametrize("store", ["nowhere", "RIVER", "..%2F..%2Fetc", "<script>"])
async def test_a_store_that_nobody_knows(client: Client, store: str) -> None:
    page = await shown(client, f"/p/stores/{store}", status=404)

    assert "没有这家门店" in page
    assert store not in page


async def test_a_store_that_was_given_up_is_named_and_shows_nothing_to_do_there(
    client: Client, database: Database, clock: SettableClock
) -> None:
    await imported(database, clock, SHOP[: SHOP.index("  - id: bare")].replace("river", "hill").replace("河边店", "山上店"))

    page = await shown(client, "/p/stores/river", status=404)

    assert "河边店”已经停业了" in page
    assert "tel:" not in page


def test_the_map_gets_the_place_and_names_that_cannot_break_out_of_their_field() -> None:
    shop = snapshot_of(read_shop(SHOP.replace("河边店", "河边;店:&x|y").encode()).document)

    link = urlsplit(map_link(shop.stores["river"], shop.brand.name))

    assert (link.scheme, link.netloc, link.path) == ("https", "apis.map.qq.com", "/uri/v1/marker")
    fields = parse_qs(link.query, strict_parsing=True)
    assert fields["marker"] == ["coord:30.657512,104.080049;title:河边；店：&x｜y;addr:滨江路 9 号； 2 层"]
    assert fields["referer"] == ["老灶 & 小馆"]
    assert map_link(shop.stores["bare"], shop.brand.name) == ""


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("028-55501001", "tel:02855501001"),
        ("+86 28 5550 1001", "tel:+862855501001"),
        ("前台 400-820-8820 / 400-820-8821", "tel:4008208820"),
        ("到店问", ""),
        ("", ""),
    ],
)
def test_the_number_that_is_dialled(phone: str, link: str) -> None:
    assert dial_link(phone) == link


def test_days_that_are_alike_stand_on_one_line() -> None:
    lunch, all_day = ((660, 840),), ((0, 1440),)
    week = (lunch, lunch, (), lunch, lunch, all_day, all_day)

    assert [tuple(line) for line in open_days(week, 6)] == [
        ("周一、周二", "11:00-14:00", False),
        ("周三", "休息", False),
        ("周四、周五", "11:00-14:00", False),
        ("周六、周日", "全天营业", True),
    ]
