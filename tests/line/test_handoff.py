"""A diner asks for a person, and everything between them, WeChat and the bot goes over the wire."""

import pytest

from tests.line.restaurant import Restaurant


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_person_takes_over_and_gives_back(restaurant: Restaurant) -> None:
    await restaurant.starts("serve")
    diner = await restaurant.seats("A01")

    asked = await diner.says("转人工")
    assert (asked.reply, bool(diner.talks_to)) == (None, True)
    await diner.expects("人工客服")  # the answer that hands over can hold no words, so they come as a message of their own

    assert (await diner.says("菜里有根头发")).tries == ()
    diner.staff_writes("马上给您换一份。")
    left = await diner.staff_leaves()

    assert left.text != ""
    assert (await diner.says("菜单")).text != ""
    assert [item.by_person for item in diner.chat].count(True) == 1
    assert restaurant.platform.complaints == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whoever_waits_in_the_queue_can_go_on_without_a_person(restaurant: Restaurant) -> None:
    restaurant.platform.staff.on_duty = ""
    await restaurant.starts("serve")
    diner = await restaurant.seats("A01")

    await diner.says("转人工")
    assert (await diner.says("有人吗")).reply is None
    assert diner.handoffs == ["", ""]  # what is said meanwhile is handed over too

    assert (await diner.says("继续")).text != ""
    assert (await diner.says("菜单")).text != ""
    assert diner.handoffs == ["", ""]
