"""Changing one's mind before the order is placed."""

import pytest

from tests.journeys.restaurant import Diner, Restaurant


async def test_changes_in_every_form(diner: Diner) -> None:
    await diner.says("两瓶可乐和一份红烧肉")
    await diner.says("可乐改成3瓶")
    diner.hears("可乐", "×3")
    await diner.says("不要可乐了")
    diner.hears("已去掉 可乐")
    await diner.says("把红烧肉换成糖醋里脊")
    diner.hears("糖醋里脊×1")
    await diner.menu("view_cart")
    diner.hears("糖醋里脊×1", "合计 42元")
    assert "红烧肉" not in diner.heard


async def test_undo_takes_back_ones_own_last_step(diner: Diner) -> None:
    await diner.says("一份红烧肉")
    await diner.says("不要红烧肉了")

    await diner.says("撤销")
    diner.hears("秘制红烧肉×1")
    await diner.says("撤销")
    diner.hears("已去掉 秘制红烧肉×1")
    await diner.says("撤销")
    diner.hears("没有可以撤销的")


async def test_how_a_dish_is_made_can_be_undone_too(diner: Diner) -> None:
    await diner.says("麻婆豆腐不要葱")
    await diner.says("一份鱼香肉丝")
    await diner.says("都微辣")
    diner.hears("麻婆豆腐（不要葱、微辣）", "鱼香肉丝（微辣）")

    await diner.says("撤销")

    await diner.says("购物车")
    diner.hears("麻婆豆腐（不要葱）×1", "鱼香肉丝×1")


async def test_one_more_is_made_like_the_last(diner: Diner) -> None:
    await diner.says("麻婆豆腐不要葱")
    await diner.says("再来一份")
    await diner.says("购物车")
    diner.hears("麻婆豆腐（不要葱）×2")


async def test_a_choice_can_be_typed_out(restaurant: Restaurant) -> None:
    diner = restaurant.diner()
    await diner.says("一份红烧肉")
    await diner.says("建设路店")
    diner.hears("秘制红烧肉×1")
    await diner.says("菜单")
    await diner.says("下一页")
    await diner.says("上一页")
    diner.hears("建设路店菜单 1/")


async def test_a_change_under_the_read_back_is_read_back_again(restaurant: Restaurant, diner: Diner) -> None:
    await diner.says("一份红烧肉")
    await diner.says("下单")
    old_card = diner.last.reply.choices[0].id

    await diner.says("再加一碗米饭")
    diner.hears("米饭×1", "请核对一下", "60.00")
    assert await restaurant.orders() == []

    await diner.taps("确认下单")
    diner.hears("单号 0001")
    assert old_card != diner.last.reply.choices[0].id


async def test_a_late_tap_on_an_old_card_places_nothing(restaurant: Restaurant, diner: Diner) -> None:
    from bot.messages import InboundKind

    await diner.says("一份红烧肉")
    await diner.says("下单")
    old_card = diner.last.reply.choices[0].id
    await diner.says("再加一碗米饭")

    await diner.sends(InboundKind.CHOICE, key=old_card)

    diner.hears("过时了")
    assert await restaurant.orders() == []


async def test_no_means_no(restaurant: Restaurant, diner: Diner) -> None:
    await diner.says("一份红烧肉")
    await diner.says("下单")
    await diner.says("不要")
    diner.hears("先不下单")
    await diner.says("好的")
    assert await restaurant.orders() == []


async def test_a_question_in_the_middle_leaves_the_question_open(restaurant: Restaurant, diner: Diner) -> None:
    await diner.says("一份红烧肉")
    await diner.says("下单")
    await diner.says("我的积分")
    diner.hears("下单还等着确认")
    await diner.says("确认")
    diner.hears("单号 0001")


async def test_picking_from_the_menu_by_number(diner: Diner) -> None:
    await diner.menu("view_menu")
    first = diner.last.reply.choices[0].label.split(" ")[0]
    await diner.says("1")
    diner.hears(f"{first}", "×1")


async def test_pages_of_the_menu(diner: Diner) -> None:
    await diner.says("菜单")
    page_one = diner.heard
    await diner.taps("下一页")
    diner.hears("2/")
    assert diner.heard != page_one


async def test_a_diner_who_orders_from_home_is_asked_where_once(restaurant: Restaurant) -> None:
    diner = restaurant.diner()
    await diner.says("一份红烧肉，两碗米饭")
    assert diner.heard.count("哪家店取餐") == 1
    await diner.taps("天府广场店")
    diner.hears("秘制红烧肉×1", "米饭×2")


async def test_takeaway_is_paid_first(restaurant: Restaurant) -> None:
    diner = restaurant.diner()
    await diner.says("一份红烧肉")
    await diner.taps("天府广场店")
    await diner.says("下单")
    diner.hears("天府广场店 外带自取")
    await diner.taps("确认下单")
    await restaurant.works()
    assert await restaurant.tickets() == []

    await restaurant.pays()

    roles = [role for role, _ in await restaurant.tickets()]
    assert "receipt" in roles
    assert "kitchen:热菜" in roles


@pytest.mark.parametrize("said", ["一份佛跳墙", "@#￥%……&*", "😀😀😀", "<xml><a>{0}%s</a>", "a" * 2000])
async def test_what_is_not_understood_commits_nothing(restaurant: Restaurant, diner: Diner, said: str) -> None:
    await diner.says(said)
    assert diner.heard
    await diner.says("购物车")
    diner.hears("购物车还是空的")
