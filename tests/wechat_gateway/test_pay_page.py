"""/pay/{payment}: what a diner sees of a bill, and that nobody starts to pay one that is closed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from bot.responses import NLU_DATA, Responses
from domain.bookings.deposits import ask_deposit
from domain.bookings.finding import Wish
from domain.bookings.lifecycle import cancel_booking
from domain.bookings.service import book
from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.orders.cart import open_cart
from domain.payments.models import Payment, Refund
from domain.payments.refunds import request_refund
from domain.payments.service import close_pending, get_payment, request_payment
from domain.shop.reading import read_shop
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from haowei.shop_files import bring_in
from tests.clock import SettableClock
from tests.schema import SqliteTemplate
from wechat_gateway.pages.pay import PayPage
from wechat_gateway.pages.rendering import Pages

SHOP = """
brand: {name: 小馆, timezone: Asia/Shanghai}
stores:
  - id: river
    name: 河边店
    hours: {daily: ["10:00-22:00"]}
    tables: [{code: A1, seats: 4}, {code: V1, seats: 10}]
    rooms: [{name: 梅, seats: 10, tables: [V1]}]
    bookings: {deposit: {rooms: 200}}
"""
BUTTON = "<button"

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def database_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """SQLite alone: nothing here depends on the engine."""
    return sqlite_template.copy_to(tmp_path / "haowei.db")


@pytest.fixture
async def client(database: Database, clock: SettableClock) -> AsyncIterator[Client]:
    await bring_in(database, read_shop(SHOP.encode()).document, imported_by="test", now=clock.now())
    page = PayPage(database, SnapshotCache(), clock, Pages(), Responses.load(NLU_DATA / "responses"))
    app = web.Application()
    app.add_routes(page.routes())
    async with TestClient(TestServer(app)) as opened:
        yield opened


@pytest.fixture
async def order_id(database: Database, clock: SettableClock, client: Client) -> str:
    def run(session) -> str:
        diner = meet_diner(session, Vault(b"s" * 32), "o1", now=clock.now())
        order_id = open_cart(session, "river", None, diner, now=clock.now()).order_id
        request_payment(session, "order", order_id, diner, Fen(9400), now=clock.now())
        return order_id

    return await database.transaction(run)


@pytest.fixture
async def bill(database: Database, order_id: str) -> str:
    """The path of an open bill of 94 yuan."""
    [payment_id] = await database.read(lambda session: session.execute(select(Payment.id)).scalars().all())
    return f"/pay/{payment_id}"


async def shown(client: Client, path: str) -> str:
    async with client.get(path) as answer:
        assert answer.status == 200
        return await answer.text()


async def paid(client: Client, path: str) -> tuple[int, str]:
    async with client.post(path) as answer:
        return answer.status, await answer.text()


async def test_an_open_bill_is_paid_once_however_often_it_is_tapped(database: Database, client: Client, bill: str) -> None:
    assert BUTTON in await shown(client, bill)
    taps = [await paid(client, bill) for _ in range(3)]

    assert {status for status, _ in taps} == {200}
    assert all("支付成功" in page for _, page in taps)
    assert BUTTON not in await shown(client, bill)


async def test_nobody_starts_to_pay_a_closed_bill(database: Database, client: Client, order_id: str, bill: str) -> None:
    await database.transaction(close_pending, "order", order_id)

    assert BUTTON not in await shown(client, bill)
    status, page = await paid(client, bill)

    assert status == 409
    assert "账单已更新" in page
    assert (await database.read(get_payment, bill.rpartition("/")[2])).state == "closed"
    assert await database.read(lambda session: session.execute(select(func.count()).select_from(Refund)).scalar_one()) == 0


async def test_what_was_given_back_stands_on_the_bill(database: Database, clock: SettableClock, client: Client, bill: str) -> None:
    await paid(client, bill)
    payment_id = bill.rpartition("/")[2]
    await database.transaction(request_refund, payment_id, Fen(3000), reason="dish_returned", key="k", now=clock.now())

    page = await shown(client, bill)

    assert "已退款 ￥30.00" in page
    assert "支付成功" not in page


async def test_no_such_bill_is_not_found(client: Client) -> None:
    async with client.get("/pay/01NOSUCHPAYMENT00000000000") as answer:
        assert answer.status == 404


async def test_a_deposit_says_what_for_is_paid_and_is_void_when_the_booking_is_off(
    database: Database, clock: SettableClock, client: Client
) -> None:
    shops = SnapshotCache()

    def run(session) -> tuple[str, str]:
        diner = meet_diner(session, Vault(b"s" * 32), "o1", now=clock.now())
        wish = Wish(clock.now() + timedelta(days=1), 8, 2, room=True)
        booked = book(session, shops.get(session), "river", diner, wish, key="k", now=clock.now())
        return booked.id, ask_deposit(session, booked.id, diner_id=diner, now=clock.now()).id

    booking_id, payment_id = await database.transaction(run)

    page = await (await client.get(f"/pay/{payment_id}")).text()
    assert "订金：11月22日周日 18:30 8人（含2个孩子）" in page
    assert "￥200.00" in page
    assert BUTTON in page

    await database.transaction(cancel_booking, booking_id, diner_id=None, now=clock.now())
    page = await (await client.get(f"/pay/{payment_id}")).text()
    assert BUTTON not in page
    assert "回复“我的预订”" in page
