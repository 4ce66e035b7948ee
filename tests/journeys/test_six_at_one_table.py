"""Six phones edit one cart at the same time: each gets what they said, and nobody loses a dish to another."""

import asyncio

from tests.journeys.restaurant import Diner, Restaurant

_PARTY = ("老大", "老二", "老三", "老四", "老五", "老六")
_TALKS = (
    ("两份回锅肉", "回锅肉少辣", "一瓶可乐", "可乐不要了"),
    ("一瓶可乐", "可乐改成三瓶", "再来一瓶可乐", "撤销"),
    ("米饭五碗", "米饭少两碗", "一份回锅肉", "回锅肉换成麻婆豆腐"),
    ("一瓶可乐", "撤销", "一瓶可乐", "可乐换成酸梅汤"),
    ("一份麻婆豆腐，两瓶可乐", "麻婆豆腐不要了", "撤销", "麻婆豆腐不要葱"),
    ("十串羊肉串", "羊肉串改成六串", "羊肉串少一串", "不要辣"),
)
_LEFT = (
    "回锅肉（少辣）×2",
    "可乐×3",
    "米饭×3",
    "麻婆豆腐×1",
    "酸梅汤×1",
    "麻婆豆腐（不要葱）×1",
    "可乐×2",
    "孜然羊肉串（不辣）×5",
)


async def _talks(diner: Diner, lines: tuple[str, ...]) -> None:
    for line in lines:
        await diner.says(line)


async def test_six_talks_at_once_leave_what_each_one_said(restaurant: Restaurant) -> None:
    party = [restaurant.diner(name) for name in _PARTY]
    await party[0].scans("t.chunxi.V01")
    await asyncio.gather(*(diner.scans("t.chunxi.V01") for diner in party[1:]))

    await asyncio.gather(*(_talks(diner, lines) for diner, lines in zip(party, _TALKS, strict=True)))

    await party[0].says("购物车")
    party[0].hears(*_LEFT, "合计 189元")
    lines = [line for line in party[0].heard.splitlines() if "×" in line]
    assert len(lines) == len(_LEFT)
    assert sum("同桌点的" in line for line in lines) == len(_LEFT) - 1


async def test_the_order_goes_while_five_still_add(restaurant: Restaurant) -> None:
    party = [restaurant.diner(name) for name in _PARTY]
    for diner in party:
        await diner.scans("t.chunxi.V01")
    await party[0].says("一份酸菜鱼，下单")

    await asyncio.gather(party[0].taps("确认下单"), *(diner.says("一瓶可乐") for diner in party[1:] for _ in range(2)))

    if "单号" not in party[0].heard:  # a friend was faster: it was read back again
        await party[0].says("确认")
    await party[0].says("购物车")
    if "还是空的" not in party[0].heard:
        await party[0].says("下单")
        await party[0].says("确认")
    await party[0].says("买单")
    assert await restaurant.pays() == 6800 + 10 * 600
    assert len(await restaurant.orders()) == 1
