"""A meal at a table, paid after."""

from tests.journeys.restaurant import Diner, Restaurant


async def test_from_the_scan_to_the_points(restaurant: Restaurant) -> None:
    diner = restaurant.diner()
    await diner.follows("t.chunxi.A03")
    diner.hears("好味", "A03桌")

    await diner.menu("member_card")
    diner.hears("加入好味会员")
    await diner.taps("同意并加入")
    diner.hears("欢迎加入")

    await diner.says("一份红烧肉，两碗米饭")
    diner.hears("秘制红烧肉×1", "米饭×2", "合计")

    await diner.says("下单")
    diner.hears("春熙路店 A03桌", "秘制红烧肉×1", "米饭×2", "确认下单吗")
    assert await restaurant.tickets() == []

    await diner.says("确认")
    diner.hears("单号 0001")
    await restaurant.works()
    assert [role for role, _ in await restaurant.tickets()] == ["kitchen:热菜", "kitchen:面点", "pass"]

    await diner.menu("pay_bill")
    [card] = diner.last.reply.cards
    assert card.url.startswith("/pay/")

    paid = await restaurant.pays()
    [order] = await restaurant.orders()
    assert (order.payment_status, order.paid_fen) == ("paid", paid)
    assert (await restaurant.tickets())[-1][0] == "receipt"

    await diner.says("我的积分")
    diner.hears(f"您有{paid // 1000}积分")
    [message] = await restaurant.messages()
    assert "收到付款" in message["text"]


async def test_more_dishes_are_a_second_round_of_the_same_order(restaurant: Restaurant, diner: Diner) -> None:
    for order in ("红烧肉一份", "可乐两瓶"):
        await diner.says(order)
        await diner.says("下单")
        await diner.taps("确认下单")

    diner.hears("加菜成功", "单号 0001")
    await restaurant.works()
    assert [role for role, _ in await restaurant.tickets()] == ["kitchen:热菜", "pass", "kitchen:吧台", "pass"]

    await diner.says("买单")
    [card] = diner.last.reply.cards
    assert "70.00" in card.title


async def test_the_bill_closes_the_table(restaurant: Restaurant, diner: Diner) -> None:
    await diner.says("一份红烧肉")
    await diner.says("下单")
    await diner.taps("确认下单")
    await diner.says("买单")
    await restaurant.pays()

    await diner.says("一份红烧肉")

    diner.hears("您想在哪家店取餐")


async def test_a_new_round_makes_an_older_bill_void(restaurant: Restaurant, diner: Diner) -> None:
    await diner.says("一份红烧肉")
    await diner.says("下单")
    await diner.taps("确认下单")
    await diner.says("买单")
    first = diner.last.reply.cards[0].url

    await diner.says("一份可乐")
    await diner.says("下单")
    await diner.taps("确认下单")
    await diner.says("买单")

    assert diner.last.reply.cards[0].url != first
    assert await restaurant.pays() == 6400


async def test_a_member_pays_the_member_price(restaurant: Restaurant, diner: Diner, demo_shop: object) -> None:
    await diner.says("会员")
    await diner.taps("同意并加入")
    await diner.says("一份秘制红烧肉")
    await diner.says("下单")
    if "会员价优惠" in diner.heard:
        diner.hears("菜品合计 58.00元")
    await diner.taps("确认下单")
    await diner.says("买单")

    paid = await restaurant.pays()

    [order] = await restaurant.orders()
    assert order.bill is not None
    assert sum(part["fen"] for part in order.bill["explanation"]) == paid
    assert paid <= 5800
