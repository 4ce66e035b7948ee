"""Every fault of a shop file is told with its path and line, all of them at once."""

from pathlib import Path

import pytest

from domain.shop.errors import Fault, ShopFileError
from domain.shop.reading import read_shop, read_shop_file
from tests.domain.shop.files import SMALL, shop

# What is changed in the small shop, where the fault is then, and a word of it.
MEALS = "set_meals: [{{id: {}, name: 餐, price: 1, dishes: [{{dish: {}}}]}}]\nmenu:\n  - category"
COUPON = "name: 好味, coupons: [{{id: a, name: 券, {}}}],"
BROKEN = [
    ("brand: {name: 好味,", "brand: {nam: 好味,", "brand.nam", 1, "no key “nam”"),
    ("timezone: Asia/Shanghai", "timezone: Asia/Chengdu", "brand.timezone", 1, "not a time zone"),
    ("name: 好味,", "name: 好味, business_day_starts: 5am,", "brand.business_day_starts", 1, "not a time of day"),
    ("name: 好味,", "name: 好味, levels: [],", "brand.levels", 1, "list is empty"),
    ("name: 好味,", "name: 好味, levels: [{name: 金}, {name: 金}],", "brand.levels[1].name", 1, "stands twice"),
    ("name: 好味,", "name: 好味, points: {value: 0.001},", "brand.points.value", 1, "not a price"),
    ("name: 好味,", "name: 好味, rewards: [{id: r, name: 券, points: 9}],", "brand.rewards[0]", 1, "either a dish or a coupon"),
    ("name: 好味,", "name: 好味, rewards: [{id: r, name: 饭, points: 9, dish: ric}],", "brand.rewards[0].dish", 1, "no dish “ric”"),
    ("name: 好味,", COUPON.format("pay: 0}, {id: A, name: 卷, pay: 0"), "brand.coupons[1].id", 1, "stands twice"),
    ("name: 好味,", "name: 好味, coupons: [{id: a, name: 券}],", "brand.coupons[0]", 1, "takes off an amount or lets a share be paid"),
    ("name: 好味,", COUPON.format("pay: 0, dishes: [ric]"), "brand.coupons[0].dishes[0]", 1, "no dish “ric”"),
    ("name: 好味,", COUPON.format("pay: 0, stores: [西门店]"), "brand.coupons[0].stores[0]", 1, "write its id: west"),
    ("name: 好味,", COUPON.format("pay: 0, channels: [外卖]"), "brand.coupons[0].channels[0]", 1, "not allowed"),
    ("name: 好味,", "name: 好味, birthday: {dish: 米饭},", "brand.birthday.dish", 1, "write its id: rice"),
    ("name: 好味,", COUPON.format("pay: 0") + " queue_promise: {coupon: 券},", "brand.queue_promise.coupon", 1, "write its id: a"),
    ("name: 好味,", "name: 好味, queue_promise: {coupon: a},", "brand.queue_promise.coupon", 1, "no coupon “a”"),
    (
        "name: 好味,",
        "name: 好味, budgets: [{campaign: a, total: 1}, {campaign: a, per_day: 1}],",
        "brand.budgets[1].campaign",
        1,
        "stands twice",
    ),
    ("name: 好味,", "name: 好味, budgets: [{campaign: a}],", "brand.budgets[0]", 1, "no limit"),
    ("id: west", "id: EAST", "stores[1].id", 15, "stands twice"),
    ("name: 西门店", "name: 东门店", "stores[1].name", 16, "stands twice"),
    ("id: west", "id: we.st", "stores[1].id", 15, "cannot be an id"),
    ("pay: first", "pay: later", "stores[1].pay", 17, "not allowed"),
    ("pay: first", "phoen: 1", "stores[1].phoen", 17, "no key"),
    ("pay: first", "location: [104.08, 30.65]", "stores[1].location", 17, "from -90 to 90"),
    ("pay: first", "location: 成都", "stores[1].location", 17, "two numbers"),
    ("pay: first", "delivery: {radius_km: 0}", "stores[1].delivery.radius_km", 17, "not a number"),
    ("pay: first", "service_fee: 十分之一", "stores[1].service_fee", 17, "not a number"),
    ("pay: first", "printer: []", "stores[1].printer", 17, "no key “printer”"),
    ("pay: first", "rooms: [{seats: 4}]", "stores[1].rooms[0].name", 17, "name is missing"),
    ("pay: first", "rooms: [{name: 厅, tables: [Z9]}]", "stores[1].rooms[0].tables[0]", 17, "no table “Z9”"),
    ('"10:30-14:00"', '"10:30"', "stores[0].hours.daily[0]", 5, "not a window"),
    ('"10:30-14:00"', '"10:30-25:00"', "stores[0].hours.daily[0]", 5, "not a window"),
    ('"10:30-14:00"', '"10:30-18:00"', "stores[0].hours.daily", 5, "17:00-02:00 begins before"),
    ('["10:30-14:00", "17:00-02:00"]', '"10:30-14:00"', "stores[0].hours.daily", 5, "a list belongs here"),
    ("hours: {daily:", "hours: {everyday:", "stores[0].hours.everyday", 5, "no key"),
    ("seats: 4", "seats: four", "stores[0].tables[0].seats", 7, "not a whole number"),
    ("seats: 2", "seats: 0", "stores[0].tables[1].seats", 8, "not a whole number"),
    ("code: A02", "code: a01", "stores[0].tables[1].code", 8, "stands twice"),
    ("{code: A02, seats: 2}", "A02", "stores[0].tables[1]", 8, "a map belongs here"),
    ("pay: first", "tables: [{code: A}]\n    table_pairs: [[A, B]]", "stores[1].table_pairs[0][1]", 18, "no table “B”"),
    ("pay: first", "tables: [{code: A}]\n    table_pairs: [[A, A]]", "stores[1].table_pairs[0]", 18, "with itself"),
    ("pay: first", "table_pairs: [[A]]", "stores[1].table_pairs[0]", 17, "two table codes"),
    ("except: [beer]", "except: [bier]", "stores[0].menu.except[0]", 10, "no dish “bier”"),
    ("prices: {rice: 3}", "prices: {米饭: 3}", "stores[0].menu.prices.米饭", 11, "no dish “米饭”"),
    ("prices: {rice: 3}", "prices: {rice: 三块}", "stores[0].menu.prices.rice", 11, "not a price"),
    ("roles: [kitchen]", "roles: [kitchn]", "stores[0].printers[0].roles[0]", 13, "not allowed"),
    ("width: 32", "width: 200", "stores[0].printers[1].width", 14, "not a width"),
    ("id: front", "id: hot", "stores[0].printers[1].id", 14, "stands twice"),
    ('connection: "tcp://127.0.0.1:9100"', "connection: kitchen", "stores[0].printers[0].connection", 13, "not a printer"),
    ('"usb:04b8:0e15"', "", "stores[1].printers[0].connection", 19, "connection is missing"),
    ("category: 主食", "category: 热菜", "menu[1].category", 25, "stands twice"),
    ("price: 58.00", "price: 58.001", "menu[0].dishes[0].price", 23, "not a price"),
    ("price: 22", "prise: 22", "menu[0].dishes[1].price", 24, "price is missing"),
    ("id: tofu", "id: pork", "menu[0].dishes[1].id", 24, "stands twice"),
    ("name: 麻婆豆腐", "name: 红烧肉", "menu[0].dishes[1].name", 24, "stands twice"),
    ("aliases: [烧肉]", "aliases: [麻婆豆腐]", "menu[0].dishes[0].aliases[0]", 23, "name of another dish"),
    ("aliases: [烧肉]", "aliases: [烧肉, 烧肉]", "menu[0].dishes[0].aliases[1]", 23, "stands twice"),
    ("aliases: [烧肉]", "aliases: 烧肉", "menu[0].dishes[0].aliases", 23, "a list belongs here"),
    ("unit: 碗", "unit: 一二三四五六七八九", "menu[1].dishes[0].unit", 27, "9 characters"),
    ("unit: 碗", "step: 0.3", "menu[1].dishes[0].step", 27, "not a step"),
    ("unit: 碗", "spice: 很辣", "menu[1].dishes[0].spice", 27, "not a whole number"),
    ("unit: 碗", "plan_only: maybe", "menu[1].dishes[0].plan_only", 27, "neither yes nor no"),
    ("unit: 碗", "picture: ../a.png", "menu[1].dishes[0].picture", 27, "not a picture"),
    ("unit: 碗", "link: www.example.com", "menu[1].dishes[0].link", 27, "not a link"),
    ("unit: 碗", "available: [noon]", "menu[1].dishes[0].available[0]", 27, "not a serving time"),
    ("unit: 碗", "options: [{name: 辣}]", "menu[1].dishes[0].options[0].choices", 27, "choices is missing"),
    ("unit: 碗", "options: [{name: 辣, choices: []}]", "menu[1].dishes[0].options[0].choices", 27, "list is empty"),
    ("unit: 碗", "options: [{name: 辣, min: 2, choices: [{name: a}, {name: b}]}]", "menu[1].dishes[0].options[0].min", 27, "at least 2"),
    ("unit: 碗", "options: [{name: 辣, max: 3, choices: [{name: a}]}]", "menu[1].dishes[0].options[0].max", 27, "3 of 1"),
    (
        "unit: 碗",
        "options: [{name: x, choices: [{name: 少}]}, {name: y, choices: [{name: 少}]}]",
        "menu[1].dishes[0].options[1].choices[0].name",
        27,
        "stands twice",
    ),
    ("unit: 碗", "unit: 碗, unit: 份", "menu[1].dishes[0].unit", 27, "stands twice"),
    ("menu:\n  - category", MEALS.format("rice", "tofu"), "set_meals[0].id", 20, "stands twice"),
    ("menu:\n  - category", MEALS.format("s", "x"), "set_meals[0].dishes[0].dish", 20, "no dish “x”"),
    ("stores:", "store:", "store", 2, "did you mean stores"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path", "line", "word"), BROKEN, ids=[f"{case[2]}-{case[4]}" for case in BROKEN])
def test_a_fault_is_told_with_path_and_line(old: str, new: str, path: str, line: int, word: str):
    assert SMALL.count(old) >= 1
    broken = SMALL.replace(old, new, 1)

    with pytest.raises(ShopFileError) as refused:
        shop(broken)

    told = [fault for fault in refused.value.faults if fault.path == path]
    assert [fault.line for fault in told] == [line] * len(told)
    assert any(word in str(fault) for fault in told), str(refused.value)


BOMB = b"a: &a [x, x, x, x, x, x, x, x]\n" + b"".join(
    b"b%d: &b%d [%s]\n" % (n, n, b", ".join([b"*b%d" % (n - 1) if n else b"*a"] * 8)) for n in range(9)
)
JUNK = [
    (b"", "", 1, "neither stores nor a menu"),
    (b"# nothing\n", "", 1, "neither stores nor a menu"),
    (b"stores: []\nmenu: []\n", "", 1, "neither stores nor a menu"),
    (b"- a\n- b\n", "", 1, "a map belongs here, not a list"),
    (b"hello", "", 1, "a map belongs here"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "", 1, "not UTF-8"),
    ("menu: 红烧肉".encode("gbk"), "", 1, "not UTF-8"),
    ("a: 1\nmenu: 红烧肉".encode("gb18030"), "", 2, "not UTF-8"),
    ("menu: []".encode("utf-16"), "", 1, "UTF-16"),
    (b"menu:\n  - a: \x00", "", 2, "U+0000"),
    (b"menu:\n\t- a: 1", "", 2, "a tab"),
    (b"menu: [", "", 1, "not YAML"),
    (b"menu: {a: b: c}", "", 1, "not YAML"),
    (b"menu:\n  a: 'x", "", 2, "not YAML"),
    (b"menu: !!python/object:os.system x", "menu", 1, "a YAML tag"),
    (b"stores:\n  - !!int 3", "stores[0]", 2, "a YAML tag"),
    (b"menu: ! x", "menu", 1, "a YAML tag"),
    (b"menu: []\n---\nmenu: []", "", 2, "second document"),
    (b"? [a]\n: b", "", 1, "not a plain word"),
    (b"menu: *x", "menu", 1, "points to nothing"),
    (b"menu: &x [*x]", "menu[0]", 1, "points to nothing"),
    (b"menu: " + b"[" * 40, "menu" + "[0]" * 19, 1, "levels of maps and lists"),
    (b"menu:\n" + b"- a\n" * 5001, "menu", 5002, "5,000 entries"),
    (BOMB, "b4[5]", 6, "too many values"),
    (b"menu: []\n" + b"#" * 2_097_152, "", 1, "2 MB"),
    (b"<<: {menu: []}", "<<", 1, "no key"),
    (b"menu:\n  - dishes: 5\n", "menu[0].dishes", 2, "a list belongs here"),
    (b"stores: {east: {}}", "stores", 1, "a list belongs here, not a map"),
    (b"stores: [[], {}]", "stores[0]", 1, "a map belongs here, not a list"),
    (b"menu: [null]", "menu[0]", 1, "a map belongs here"),
    (b"stores: [{id: a, name: [b]}]", "stores[0].name", 1, "a list stands where one value"),
    (b"stores: [{id: a, name: {b: c}}]", "stores[0].name", 1, "a map stands where one value"),
    (b"stores: [{id: a, name: '  '}]", "stores[0].name", 1, "text is empty"),
    (b'stores: [{id: a, name: "b\\u202ec"}]', "stores[0].name", 1, "invisible"),
    (b'stores: [{id: a, name: "b\\nc"}]', "stores[0].name", 1, "line breaks"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "path", "line", "word"), JUNK, ids=range(len(JUNK)))
def test_junk_is_refused_with_a_reason(raw: bytes, path: str, line: int, word: str):
    with pytest.raises(ShopFileError) as refused:
        read_shop(raw)

    told = [fault for fault in refused.value.faults if fault.path == path and word in str(fault)]
    assert [fault.line for fault in told] == [line], str(refused.value)


def test_all_faults_are_told_together_in_the_order_of_the_file():
    broken = SMALL.replace("seats: 4", "seats: four").replace("id: tofu", "id: pork").replace("price: 10", "price: ten")

    with pytest.raises(ShopFileError) as refused:
        shop(broken)

    assert [(fault.path, fault.line) for fault in refused.value.faults] == [
        ("stores[0].tables[0].seats", 7),
        ("menu[0].dishes[1].id", 24),
        ("menu[1].dishes[1].price", 28),
    ]


def test_a_fault_names_the_column():
    with pytest.raises(ShopFileError) as refused:
        shop("menu:\n  - dishes: [{id: a, name: b, price: x}]")

    assert refused.value.faults == (
        Fault(
            "menu[0].dishes[0].price",
            2,
            38,
            "“x” is not a price",
            "yuan with at most two decimals, without a sign or currency: 58 or 58.00",
        ),
    )


def test_a_fault_behind_an_alias_is_placed_where_the_alias_stands():
    with pytest.raises(ShopFileError) as refused:
        shop("menu:\n- dishes:\n  - {id: a, name: b, price: 1, options: [&o {name: x}]}\n  - {id: c, name: d, price: 1, options: [*o]}\n")

    assert [(fault.path, fault.line) for fault in refused.value.faults] == [
        ("menu[0].dishes[0].options[0].choices", 3),
        ("menu[0].dishes[1].options[0].choices", 4),
    ]


def test_a_byte_order_mark_and_windows_line_ends_are_fine():
    found = read_shop(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())

    assert found.document == shop(SMALL).document


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path):
    with pytest.raises(ShopFileError, match="cannot be read"):
        read_shop_file(tmp_path / "shop.yaml")
    with pytest.raises(ShopFileError, match="cannot be read"):
        read_shop_file(tmp_path)


WARNED = [
    ("roles: [kitchen, receipt]", "roles: [receipt]", "stores[0].printers", 13, "dishes without a station: 麻婆豆腐、米饭"),
    ("station: 热菜, member_price: 52", "member_price: 60", "menu[0].dishes[0].member_price", 23, "members pay more"),
    ("name: 好味,", "name: 好味, points: {value: 0.01},", "brand.points", 1, "0.1 %"),
    ("name: 好味,", "name: 好味, points: {yuan_per_point: 1, value: 1},", "brand.points", 1, "100 %"),
    ("name: 好味,", COUPON.format("amount: 20, minimum: 19.9"), "brand.coupons[0].amount", 1, "20 yuan from 19.9 on"),
    ("name: 好味,", COUPON.format("pay: 1"), "brand.coupons[0].pay", 1, "takes nothing off"),
    (
        "name: 好味,",
        "name: 好味, rewards: [{id: r, name: 券, points: 9, coupon: {amount: 6, minimum: 5}}],",
        "brand.rewards[0].coupon.amount",
        1,
        "6 yuan from 5 on",
    ),
    *(
        (
            "name: 好味,",
            f"name: 好味, budgets: [{{campaign: scan, per_store_day: 9}}, {{campaign: {campaign}, per_store_day: 9}}],",
            "brand.budgets[1].per_store_day",
            1,
            "gives nothing",
        )
        for campaign in ("rewards", "birthday")
    ),
    ("name: 好味,", COUPON.format("pay: 0") + " queue_promise: {coupon: a},", "brand.queue_promise", 1, "no budget"),
]


@pytest.mark.parametrize(("old", "new", "path", "line", "word"), WARNED)
def test_what_is_hardly_meant_is_a_warning(old: str, new: str, path: str, line: int, word: str):
    found = shop(SMALL.replace(old, new))

    assert [(fault.path, fault.line) for fault in found.warnings] == [(path, line)]
    assert word in str(found.warnings[0])


def test_a_dish_that_a_store_does_not_sell_needs_no_station_there():
    only_hot = SMALL.replace("roles: [kitchen, receipt]", "roles: [receipt]").replace("except: [beer]", "except: [beer, tofu, rice]")

    assert shop(only_hot).warnings == ()


def test_a_coupon_for_any_spend_and_one_that_takes_its_minimum_are_meant():
    coupons = "coupons: [{id: a, name: 券, amount: 5}, {id: b, name: 卷, amount: 20, minimum: 20}],"

    assert shop(SMALL.replace("name: 好味,", f"name: 好味, {coupons}")).warnings == ()


def test_a_budget_by_store_beside_one_by_day_is_meant():
    budgets = "budgets: [{campaign: rewards, per_store_day: 9, per_day: 90}, {campaign: birthday, per_store_day: 9, total: 900}],"

    assert shop(SMALL.replace("name: 好味,", f"name: 好味, {budgets}")).warnings == ()


def test_the_small_shop_has_no_warnings():
    assert shop(SMALL).warnings == ()
