"""A worker is down for three hours: what was due meanwhile is said or dropped by its rule, never twice, and what is dropped is listed."""

from pathlib import Path

from tests.line.clock_file import SharedClock
from tests.line.restaurant import Restaurant
from tests.line.town import SHOP, Town, when


async def test_three_hours_without_a_worker(tmp_path: Path, database_url: str) -> None:
    clock = SharedClock(tmp_path / "clock", when("2026-11-19 16:00"))
    async with Restaurant(tmp_path, database_url, clock=clock, shop=SHOP) as restaurant:
        await restaurant.opens()
        await restaurant.starts("web")
        worker = await restaurant.starts("worker")
        town = Town(restaurant, clock, database_url)
        await town.hires("小李")
        await town.books("day late", "东门店11月21日10点半2个人订位")  # a day before: 10:30
        await town.books("day near", "东门店11月21日12点2个人订位")  # 12:00
        await town.books("hours late", "东门店明天下午1点半2个人订位")  # three hours before: 10:30
        await town.books("hours near", "东门店明天下午3点2个人订位")  # 12:00
        await town.books("missing late", "东门店明天早上10点一刻4个人订位")  # the grace is over at 10:30
        await town.books("missing near", "东门店明天中午12点4个人订位")  # 12:15
        await town.works("2026-11-20 09:05")

        await town.works("2026-11-20 10:00")
        worker.kill()
        town.at("2026-11-20 10:05")
        await town.books("deposit", "东门店11月22日晚上7点8个人订位", heard="订金")  # held until 10:20
        for name, called, table in (("call late", "2026-11-20 10:06", "A01"), ("call near", "2026-11-20 12:55", "A02")):
            town.at(called)
            await town.says(name, "东门店排队 2位", "取好号了")
            await town.says("小李", f"叫号 {table}", "叫了")
        town.at("2026-11-20 13:00")
        await worker.start()
        await town.works("2026-11-20 13:00")

        told = {name: len(town.arrived(name, "订了位")) for name in ("day late", "day near")}
        told |= {name: len(town.arrived(name, "就要见面")) for name in ("hours late", "hours near")}
        told |= {name: len(town.arrived(name, "【叫号】")) for name in ("call late", "call near")}
        assert told == {"day late": 0, "day near": 1, "hours late": 0, "hours near": 1, "call late": 0, "call near": 1}
        assert len(town.arrived("小李", "还没到")) == 1  # of the two who are missing
        assert len(town.arrived("deposit", "没等到订金")) == 1
        listed = await town.listed()
        dropped = [row for row in listed.values() if row["state"] == "expired"]
        assert sorted(row["key"].partition(":")[0] for row in dropped) == ["booking", "booking", "booking_not_here", "queue"]
        assert {(row["reason"], row["sends"]) for row in dropped} == {("too_late", 0)}
        assert all("too late to be worth anything" in row["in_words"] for row in dropped)

        before = {name: len(town.arrived(name)) for name in town.people}
        worker.kill()
        town.at("2026-11-20 13:02")
        await worker.start()
        await town.works("2026-11-20 13:40")
        assert {name: len(town.arrived(name)) for name in town.people} == before
        assert {key: row["state"] for key, row in (await town.listed()).items()} == {key: row["state"] for key, row in listed.items()}
