"""A chain's way to run it: MariaDB, Redis, two web processes, a worker, and a print agent in the store, each a process of its own."""

import asyncio
import itertools
from pathlib import Path

import aiohttp

from tests.line.programs import Program
from tests.line.restaurant import STORE, Restaurant

EARNED = 7400 // 1000  # points: one for each 10 yuan


async def test_from_the_scan_to_the_points(bare_url: str, redis_url: str, tmp_path: Path) -> None:
    async with Restaurant(tmp_path, bare_url) as restaurant:
        restaurant.settings["HAOWEI_REDIS_URL"] = redis_url
        assert "of this version" in await restaurant.runs("db", "upgrade")
        assert "store dongmen 东门店" in await restaurant.runs("shop", "import", str(restaurant.shop_file()))
        menu, picture, printed = await asyncio.gather(
            restaurant.runs("wechat", "menu"),
            restaurant.runs("qr", "table", "--store", STORE, "--table", "A01"),
            restaurant.runs("token", "create", "--store", STORE, "--scope", "agent"),
        )
        assert "menu bar is created" in menu
        await _is_a_picture(picture.strip())
        token = printed.strip()
        *webs, worker = await asyncio.gather(restaurant.starts("web"), restaurant.starts("web"), restaurant.starts("worker"))
        agent = await restaurant.starts("print-agent", HAOWEI_SERVER_URL=str(webs[0].address), HAOWEI_STORE_TOKEN=token)

        await _eats_and_pays(restaurant, webs)

        [order], [member], jobs = await asyncio.gather(*map(restaurant.shows, ("orders", "members", "print-jobs")))
        assert (order["number"], order["table_code"], order["payment_status"], order["paid_fen"]) == ("0001", "A01", "paid", 7400)
        assert (member["diner_id"], member["points"]) == (order["diner_id"], EARNED)
        assert [(job["role"], job["state"], job["printed_on"], job["attempts"]) for job in jobs] == [
            ("kitchen:热菜", "confirmed", "hot", 1),
            ("kitchen:凉菜", "confirmed", "cold", 1),
            ("receipt", "confirmed", "front", 1),
        ]
        assert restaurant.records.rows("SELECT fen, state, method FROM payment") == [(7400, "paid", "simulated")]
        assert restaurant.records.rows("SELECT purpose, state, channel FROM message") == [("payment", "sent", "customer")]
        assert restaurant.records.rows("SELECT DISTINCT last_error, owner FROM delivery") == [(None, None)]
        secrets = [token, *restaurant.platform.diners, restaurant.account.app_secret, restaurant.account.aes_key, "红烧肉"]
        logs = "".join(program.log for program in (*webs, worker, agent))
        assert [secret for secret in secrets if secret in logs] == []  # ids only


async def _eats_and_pays(restaurant: Restaurant, webs: list[Program]) -> None:
    turns = itertools.cycle(webs)

    def other_process() -> None:
        restaurant.platform.callback_url = f"{next(turns).address}/wechat/callback"

    diner = await restaurant.seats("A01")
    other_process()
    assert "加入好味会员" in (await diner.taps_menu("menu.member_card")).text
    other_process()
    assert "欢迎加入" in (await diner.says("1")).text
    for words, heard in {
        "红烧肉一份": "秘制红烧肉×1",
        "凉拌黄瓜一份": "合计74元",
        "下单": "确认下单",
        "确认": "单号 0001，合计74.00元",
    }.items():
        other_process()
        answer = await diner.says(words)
        assert heard in answer.text, answer
    papers = await restaurant.prints({"hot": 1, "cold": 1})
    assert ["秘制红烧肉" in papers["hot"], "凉拌黄瓜" in papers["cold"]] == [True, True]
    other_process()
    url = await restaurant.bills(diner)
    await restaurant.pays(url)
    papers = await restaurant.prints({"front": 1, "hot": 1, "cold": 1})
    assert "74.00" in papers["front"]
    await diner.expects("收到付款 74.00元", timeout=15)
    await restaurant.records.become("SELECT sum(balance) FROM points_account", EARNED)
    other_process()
    assert f"您有{EARNED}积分" in (await diner.says("我的积分")).text


async def _is_a_picture(url: str) -> None:
    async with aiohttp.ClientSession() as http, http.get(url) as picture:
        assert picture.status == 200
        assert picture.content_type.startswith("image/")
