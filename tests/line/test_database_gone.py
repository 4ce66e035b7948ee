"""The database or Redis is killed, or hangs: nobody is told what is not true, and everything goes on afterwards."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from domain.storage.migrating import upgrade
from tests.line.restaurant import Restaurant
from tests.servers import MariaDb, Redis, connect

ANSWERED_WITHIN_S = 5.0  # the platform hangs up then


@pytest.fixture
async def server(mariadb_url: str, tmp_path: Path) -> AsyncIterator[MariaDb]:
    """A MariaDB to be treated badly; needs what `mariadb_url` needs."""
    server = MariaDb(tmp_path / "mariadb").start()
    with await asyncio.to_thread(connect, server.url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE haowei")
    await asyncio.to_thread(upgrade, f"{server.url}/haowei")
    yield server
    server.kill()


@pytest.fixture
async def restaurant(server: MariaDb, tmp_path: Path) -> AsyncIterator[Restaurant]:
    async with Restaurant(tmp_path, f"{server.url}/haowei") as restaurant:
        await restaurant.opens()
        yield restaurant


async def test_killed_the_diner_hears_on_the_last_try_that_it_was_not_done(server: MariaDb, restaurant: Restaurant) -> None:
    web, worker = await asyncio.gather(restaurant.starts("web"), restaurant.starts("worker"))
    diner = await restaurant.seats("A01")
    await restaurant.orders(diner, "红烧肉一份")
    bill = await restaurant.bills(diner)
    await restaurant.reads_back(diner, "可乐一瓶")
    push = restaurant.message("确认")

    server.kill()
    answer = await diner.push(push)
    statuses = [await _status(url) for url in (f"{web.address}/livez", f"{web.address}/readyz", bill, f"{web.address}/p/dishes/kele")]

    assert [attempt.status for attempt in answer.tries] == [503, 503, 200]
    assert "没有办成" in answer.text
    assert statuses == [200, 503, 503, 503]
    assert (web.is_running, worker.is_running) == (True, True)

    server.start()
    await asyncio.to_thread(connect, server.url)
    await asyncio.gather(web.becomes_ready(), worker.becomes_ready())
    assert restaurant.records.inbox(push) == []
    again = await diner.says("确认")
    assert "单号 0001" in again.text
    await restaurant.records.become("SELECT count(*) FROM print_job", 2)
    assert restaurant.records.one("SELECT rounds FROM customer_order") == 2
    assert restaurant.records.inbox(push) == []  # and never runs later
    await restaurant.pays(await restaurant.bills(diner))
    await restaurant.records.become("SELECT payment_status FROM customer_order", "paid")


async def test_hanging_the_platform_is_told_to_come_again_in_time(server: MariaDb, restaurant: Restaurant) -> None:
    web = await restaurant.starts("web")
    diner = await restaurant.seats("A01")
    await restaurant.reads_back(diner, "红烧肉一份")

    server.signal(signal.SIGSTOP)
    await asyncio.sleep(0.3)  # until every thread of it has stopped
    pushing = asyncio.create_task(diner.says("确认"))
    await asyncio.sleep(0.5)
    ready = await _status(f"{web.address}/readyz")
    await asyncio.sleep(4)
    server.signal(signal.SIGCONT)
    answer = await pushing

    assert ready == 503
    assert answer.tries[0].status == 503
    assert answer.tries[0].seconds < ANSWERED_WITHIN_S
    assert answer.tries[-1].status == 200
    assert "单号 0001" in answer.text
    assert restaurant.records.counts("order_round", "order_line") == {"order_round": 1, "order_line": 1}


@pytest.mark.soak
async def test_hanging_for_a_minute_ends_no_process(server: MariaDb, restaurant: Restaurant) -> None:
    programs = await asyncio.gather(restaurant.starts("serve"), restaurant.starts("worker"))
    diner = await restaurant.seats("A01")

    server.signal(signal.SIGSTOP)
    await asyncio.sleep(60)
    server.signal(signal.SIGCONT)

    await asyncio.gather(*(program.becomes_ready() for program in programs))
    await restaurant.orders(diner, "红烧肉一份")
    await restaurant.prints({"hot": 1})


async def test_redis_killed_the_service_goes_on_and_finds_it_again(mariadb_url: str, redis_url: str, tmp_path: Path) -> None:
    redis = Redis(tmp_path / "redis").start()  # one of our own; `redis_url` says whether this machine has any
    async with Restaurant(tmp_path, mariadb_url) as restaurant:
        await restaurant.opens()
        restaurant.settings["HAOWEI_REDIS_URL"] = f"{redis.url}/0"
        web, worker = await asyncio.gather(restaurant.starts("web"), restaurant.starts("worker"))
        diner = await restaurant.seats("A01")
        assert await _health(f"{web.address}/readyz") == {"database": True, "redis": True, "stopping": False, "ready": True}

        redis.kill()
        placed = await restaurant.orders(diner, "红烧肉一份", "可乐一瓶")
        assert [attempt.status for attempt in placed.tries] == [200]
        await restaurant.records.become("SELECT count(*) FROM print_job", 2)
        assert (await _health(f"{web.address}/readyz"))["redis"] is False
        await web.becomes_ready()

        redis.start()
        await asyncio.gather(*(_hears_redis(str(program.address)) for program in (web, worker)))
        await restaurant.orders(diner, "米饭一碗")
        await restaurant.records.become("SELECT count(*) FROM print_job", 3)
    redis.kill()


async def _status(url: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        return answer.status


async def _health(url: str) -> dict[str, bool]:
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        health: dict[str, bool] = await answer.json()
        return health


async def _hears_redis(address: str) -> None:
    async with asyncio.timeout(15):
        while not (await _health(f"{address}/readyz"))["redis"]:
            await asyncio.sleep(0.1)
