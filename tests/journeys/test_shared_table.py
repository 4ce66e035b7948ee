"""Six phones at one table share one cart."""

import asyncio

from tests.journeys.restaurant import Restaurant


async def test_everybody_adds_at_once_and_nothing_is_lost(restaurant: Restaurant) -> None:
    party = [restaurant.diner(name) for name in "甲乙丙丁戊己"]
    for diner in party:
        await diner.scans("t.chunxi.A06")

    await asyncio.gather(*(diner.says("一瓶可乐") for diner in party for _ in range(3)))

    await party[0].says("购物车")
    party[0].hears("合计 108元", "同桌点的")


async def test_who_scanned_first_places_the_order(restaurant: Restaurant) -> None:
    opener, friend = restaurant.diner("甲"), restaurant.diner("乙")
    await opener.scans("t.chunxi.A01")
    await friend.scans("t.chunxi.A01")
    friend.hears("2位")
    await friend.says("一份红烧肉")

    await friend.says("下单")
    friend.hears("由先扫码的朋友")
    assert "确认下单" not in friend.heard

    await opener.says("下单")
    opener.hears("秘制红烧肉×1", "同桌点的")
    await opener.taps("确认下单")
    opener.hears("单号 0001")


async def test_a_friends_change_under_my_read_back_is_read_back_again(restaurant: Restaurant) -> None:
    opener, friend = restaurant.diner("甲"), restaurant.diner("乙")
    await opener.scans("t.chunxi.A01")
    await friend.scans("t.chunxi.A01")
    await opener.says("一份红烧肉")
    await opener.says("下单")
    await friend.says("一瓶可乐")

    await opener.taps("确认下单")

    opener.hears("有人改了购物车", "可乐×1", "64.00")
    assert await restaurant.orders() == []


async def test_undo_never_takes_a_friends_dish(restaurant: Restaurant) -> None:
    opener, friend = restaurant.diner("甲"), restaurant.diner("乙")
    await opener.scans("t.chunxi.A01")
    await friend.scans("t.chunxi.A01")
    await opener.says("一瓶可乐")
    await friend.says("两瓶可乐")

    await opener.says("撤销")

    await friend.says("购物车")
    friend.hears("可乐×2", "合计 12元")
    assert "同桌点的" not in friend.heard


async def test_an_idle_table_is_free_again_after_three_hours(restaurant: Restaurant) -> None:
    first, second = restaurant.diner("甲"), restaurant.diner("乙")
    await first.scans("t.chunxi.A01")
    await first.says("一份红烧肉")
    restaurant.clock.advance(hours=3, minutes=1)

    await second.scans("t.chunxi.A01")
    second.hears("欢迎光临")
    await second.says("购物车")
    second.hears("购物车还是空的")


async def test_a_closed_store_and_a_foreign_code_are_refused_kindly(restaurant: Restaurant) -> None:
    diner = restaurant.diner()
    restaurant.clock.advance(hours=9)
    await diner.scans("t.kuanzhai.A01")
    diner.hears("打烊")
    await diner.scans("t.nowhere.A01")
    diner.hears("不是我们的桌码")
    await diner.scans("x.y.z")
    diner.hears("不认识")
