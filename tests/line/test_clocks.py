"""Days that are not like others, through the real program: the cut-off at five, lunar new year, 29 February, summer time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.line.clock_file import SharedClock
from tests.line.restaurant import Restaurant
from tests.line.town import SHOP, Town, when
from wechat_gateway.templates import KINDS

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def town(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    """Everything in one process, and an account that has a template for reminders."""
    clock = SharedClock(tmp_path / "clock", when("2027-01-20 12:00"))
    async with Restaurant(tmp_path, database_url, clock=clock, shop=SHOP) as restaurant:
        lines = "\n".join(f"{name}:{{{{{field}.DATA}}}}" for name, field in KINDS["booking_reminder"].items())
        restaurant.platform.add_template("booking_reminder", lines, "reminder")
        restaurant.settings["HAOWEI_WECHAT_TEMPLATE_BOOKING_REMINDER"] = "reminder"
        await restaurant.opens()
        await restaurant.starts("serve")
        yield Town(restaurant, clock, database_url)


async def test_at_five_in_the_morning_the_day_is_another(town: Town) -> None:
    town.at("2027-01-21 04:50")
    await town.person("早班").scans("t.dongmen.A01")
    await town.says("早班", "凉拌黄瓜三份")
    await town.says("早班", "下单")
    await town.says("早班", "确认", "单号 0001")
    town.at("2027-01-21 04:59")
    await town.person("夜宵").scans("t.dongmen.A02")
    assert "售完" in (said := await town.says("夜宵", "凉拌黄瓜一份")) or "卖完" in said or "没有了" in said, said
    await town.says("夜宵", "红烧肉一份")
    await town.says("夜宵", "下单")
    await town.says("夜宵", "确认", "单号 0002")
    await town.says("排一", "东门店排队 2位", "A001")
    await town.books("订一", "东门店1月22日早上4点半2个人订位", heard="B001")
    await town.books("订二", "东门店1月22日早上5点半2个人订位", heard="B001")  # the day after

    town.at("2027-01-21 05:01")
    await town.person("早餐").scans("t.dongmen.B01")
    await town.says("早餐", "凉拌黄瓜一份", "凉拌黄瓜×1")
    await town.says("早餐", "下单")
    await town.says("早餐", "确认", "单号 0001")
    await town.says("排二", "东门店排队 2位", "A001")
    await town.says("排一", "排到哪了", "没有在排队")
    await town.says("早班", "米饭一碗")  # who sat through it keeps the order and its number
    await town.says("早班", "下单")
    await town.says("早班", "确认", "0001")

    orders = town.restaurant.records.rows("SELECT number, business_day, rounds FROM customer_order ORDER BY placed_at")
    assert [(number, str(day), rounds) for number, day, rounds in orders] == [
        ("0001", "2027-01-20", 2),
        ("0002", "2027-01-20", 1),
        ("0001", "2027-01-21", 1),
    ]
    days = town.restaurant.records.rows("SELECT business_day FROM booking ORDER BY starts_at")
    assert [str(day) for (day,) in days] == ["2027-01-21", "2027-01-22"]


async def test_points_are_of_the_day_on_which_the_bill_was_paid(town: Town) -> None:
    for name, moment, table in (("早", "2027-02-28 04:58", "A01"), ("晚", "2027-02-28 05:02", "A02")):
        town.at(moment)
        await town.person(name).taps_menu("menu.member_card")
        await town.says(name, "1", "欢迎加入")
        await town.person(name).scans(f"t.dongmen.{table}")
        await town.says(name, "红烧肉一份")
        await town.says(name, "下单")
        await town.says(name, "确认", "单号")
        await town.restaurant.pays(await town.restaurant.bills(town.person(name)))
        await town.works(moment)

    lots = town.restaurant.records.rows("SELECT earned_on, expires_on FROM points_lot ORDER BY id")
    assert [tuple(map(str, lot)) for lot in lots] == [("2027-02-27", "2028-02-27"), ("2027-02-28", "2028-02-28")]


async def test_tables_for_lunar_new_year_are_booked_and_reminded_of(town: Town) -> None:
    await town.books("除夕", "东门店除夕晚上6点6个人订位", "2月5日周五 18:00")
    await town.books("初一", "东门店大年初一中午12点4个人订位", "2月6日周六 12:00")
    await town.books("初五", "东门店正月初五晚上7点2个人订位", "2月10日周三 19:00")
    assert town.arrived("除夕") == []

    for moment in ("2027-02-04 18:00", "2027-02-05 12:00", "2027-02-05 15:00", "2027-02-06 09:00"):
        await town.works(moment)

    assert town.arrived("除夕", "2027-02-05 18:00") == [when("2027-02-04 18:00"), when("2027-02-05 15:00")]
    assert town.arrived("初一", "2027-02-06 12:00") == [when("2027-02-05 12:00"), when("2027-02-06 09:00")]
    assert town.arrived("初五") == []


async def test_29_february_is_a_day_in_leap_years_only(town: Town) -> None:
    town.at("2027-02-10 12:00")
    await town.says("平年", "东门店2月29号晚上7点2个人订位", "90天内")  # the next one is in 2028
    await town.says("平年", "2月28号", "2月28日周日 19:00")

    town.at("2028-02-27 12:00")
    await town.books("闰年", "东门店2月29号晚上7点2个人订位", "2月29日周二 19:00")
    await town.books("后天", "东门店后天中午12点2个人订位", "2月29日周二 12:00")
    await town.books("三月", "东门店3月1号中午12点2个人订位", "3月1日周三 12:00")
    for moment in ("2028-02-28 12:00", "2028-02-28 19:00", "2028-02-29 09:00", "2028-02-29 12:00"):
        await town.works(moment)

    assert town.arrived("闰年") == [when("2028-02-28 19:00")]
    assert town.arrived("后天") == [when("2028-02-28 12:00"), when("2028-02-29 09:00")]
    assert town.arrived("三月") == [when("2028-02-29 12:00")]


async def test_a_birthday_on_29_february_is_kept_in_common_years(town: Town) -> None:
    town.at("2027-02-19 12:00")
    await town.person("寿星").taps_menu("menu.member_card")
    await town.says("寿星", "1", "欢迎加入")
    await town.says("寿星", "我的生日2月29日", "2月29日")
    await town.says("寿星", "确认", "记下了，2月29日")

    for day in (20, 21, 22, 23):
        await town.says("寿星", "你好")  # so that a message may be sent
        await town.works(f"2027-02-{day} 04:00")
        await town.works(f"2027-02-{day} 09:00")

    assert len(town.arrived("寿星", "凉拌黄瓜")) == 1
    [row] = town.restaurant.records.rows("SELECT business_day, good_until FROM granted")
    assert tuple(map(str, row)) == ("2027-02-21", "2027-03-07")  # a week before, and good until a week after the 28th


async def test_a_store_in_another_zone_keeps_its_own_days_and_nights(town: Town) -> None:
    town.at("2027-03-10 12:00-05:00")  # one in the morning of the 11th in Shanghai
    await town.books("今晚", "曼哈顿店今天晚上8点3个人订位", "3月10日周三 20:00")
    await town.says("跳过", "曼哈顿店3月14日凌晨2点半2个人订位", "03:30")  # there is no half past two on that night
    await town.books(
        "凌晨", "曼哈顿店3月14日凌晨1点半2个人订位", "3月14日周日 01:30", "到04:00"
    )  # ninety minutes by the clock are not there
    await town.books("午饭", "曼哈顿店3月14日中午12点2个人订位", "3月14日周日 12:00")
    await town.books("晚饭", "曼哈顿店3月14日晚上7点2个人订位", "3月14日周日 19:00")
    for moment in (
        "03-10 17:00-05:00",
        "03-13 01:30-05:00",
        "03-13 09:00-05:00",
        "03-13 11:00-05:00",
        "03-13 18:00-05:00",
        "03-13 22:30-05:00",
    ):
        await town.works(f"2027-{moment}")
    await town.works("2027-03-14 09:00-04:00")
    await town.works("2027-03-14 16:00-04:00")

    assert town.arrived("今晚") == [when("2027-03-10 17:00-05:00")]
    assert town.arrived("午饭") == [when("2027-03-13 11:00-05:00"), when("2027-03-14 09:00-04:00")]  # 24 hours, 23 by the wall clock
    assert town.arrived("晚饭") == [when("2027-03-13 18:00-05:00"), when("2027-03-14 16:00-04:00")]
    assert town.arrived("凌晨") == [when("2027-03-13 09:00-05:00")]  # due half past midnight: it waits for the morning
    reasons = {row["reason"] for row in (await town.listed()).values() if row["state"] == "suppressed"}
    assert reasons == {"quiet_hours"}  # three hours before half past one nobody is woken
    days = town.restaurant.records.rows("SELECT business_day FROM booking ORDER BY starts_at")
    assert [str(day) for (day,) in days] == ["2027-03-10", "2027-03-13", "2027-03-14", "2027-03-14"]


async def test_the_hour_that_comes_twice_is_one_evening(town: Town) -> None:
    town.at("2027-11-05 12:00-04:00")
    await town.books("一点半", "曼哈顿店11月7日凌晨1点半2个人订位", "11月7日周日 01:30")
    await town.books("两点半", "曼哈顿店11月7日凌晨2点半2个人订位", "11月7日周日 02:30")

    starts = town.restaurant.records.rows("SELECT starts_at, ends_at, business_day FROM booking ORDER BY starts_at")
    begun = [when(f"{str(row[0])[:19]}+00:00") for row in starts]
    assert begun == [when("2027-11-07 01:30-04:00"), when("2027-11-07 02:30-05:00")]  # two hours apart
    assert [str(row[2]) for row in starts] == ["2027-11-06", "2027-11-06"]
