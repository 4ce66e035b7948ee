"""What a shop file may leave out, what it must say, and how what it says is typed."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

import domain.shop
from domain.kernel.money import Fen
from domain.shop.document import ShopDocument, shop_schema
from domain.shop.errors import ShopFileError
from domain.shop.menu_records import DishRecord
from domain.shop.records import stored
from domain.shop.store_records import StoreRecord
from tests.domain.shop.files import DEMO, SMALL, document, shop

DISH = "menu: [{{category: 热菜, dishes: [{{id: pork, name: 红烧肉, price: 58, {}}}]}}]"
STORE = "stores: [{{id: east, name: 东门店, {}}}]"


def dish(written: str) -> DishRecord:
    return document(DISH.format(written)).menu[0].dishes[0]


def store(written: str) -> StoreRecord:
    return document(STORE.format(written)).stores[0]


def test_only_id_name_and_price_of_a_dish_and_id_and_name_of_a_store_are_required():
    shortest = document("stores: [{id: east, name: 东门店}]\nmenu: [{dishes: [{id: pork, name: 红烧肉, price: 58}]}]")

    assert shortest.stores[0].pay == "after"
    assert shortest.menu[0].dishes[0].price == Fen(5800)
    assert shortest.brand.timezone == "Asia/Shanghai"


@pytest.mark.parametrize("key", ["id", "name", "price"])
def test_a_dish_without_a_required_key_is_refused(key: str):
    keys = {"id": "pork", "name": "红烧肉", "price": "58"} | {key: ""}

    with pytest.raises(ShopFileError, match=f"the key {key} is missing"):
        document(f"menu: [{{dishes: [{{{', '.join(f'{name}: {value}' for name, value in keys.items())}}}]}}]")


@pytest.mark.parametrize("key", ["id", "name"])
def test_a_store_without_a_required_key_is_refused(key: str):
    keys = {"id": "east", "name": "东门店"} | {key: ""}

    with pytest.raises(ShopFileError, match=f"the key {key} is missing"):
        document(f"stores: [{{{', '.join(f'{name}: {value}' for name, value in keys.items())}}}]")


@pytest.mark.parametrize(
    ("written", "fen"), [("58", 5800), ("58.5", 5850), ("58.00", 5800), ("'58.00'", 5800), ("0", 0), ("0.01", 1), ("9999999.99", 999999999)]
)
def test_prices_are_yuan_with_at_most_two_decimals(written: str, fen: int):
    assert document(f"menu: [{{dishes: [{{id: a, name: b, price: {written}}}]}}]").menu[0].dishes[0].price == fen


@pytest.mark.parametrize(
    "written", ["58.001", "-1", "58元", "五十八", "1e3", "1_000", "10000000", ".5", "5.", "0x10", "yes", "[5]", "{a: 1}"]
)
def test_anything_else_is_no_price(written: str):
    with pytest.raises(ShopFileError):
        document(f"menu: [{{dishes: [{{id: a, name: b, price: {written}}}]}}]")


@pytest.mark.parametrize("text", ["001", "58.00", "10:30", "no", "null", "~", "1e3", "0x10", "2026-11-21", "true", ".inf"])
def test_scalars_stay_the_text_that_was_written(text: str):
    assert dish(f"aliases: ['{text}', 肉]").aliases[0] == text
    assert dish(f"aliases: [{text}, 肉]").aliases[0] == text


def test_ids_and_codes_keep_leading_zeros():
    found = document("stores: [{id: 007, name: 东门店, tables: [{code: 001}]}]").stores[0]

    assert (found.id, found.tables[0].code) == ("007", "001")


def test_a_key_without_a_value_is_a_key_left_out():
    found = dish("unit: , aliases: , daily_limit: ")

    assert (found.unit, found.aliases, found.daily_limit) == ("份", (), None)


@pytest.mark.parametrize(("written", "step"), [("1", "1"), ("0.5", "0.5"), ("0.1", "0.1"), ("1.0", "1")])
def test_steps_are_whole_half_or_tenth(written: str, step: str):
    assert dish(f"step: {written}").step == Decimal(step)


@pytest.mark.parametrize("written", ["0.2", "2", "0", "-1", "half", "١"])
def test_other_steps_are_refused(written: str):
    with pytest.raises(ShopFileError, match="is not a step"):
        dish(f"step: {written}")


@pytest.mark.parametrize(("written", "ratio"), [("10%", "0.1"), ("0.1", "0.1"), ("8.5%", "0.085"), ("0", "0")])
def test_service_fees_are_shares(written: str, ratio: str):
    assert store(f"service_fee: {written}").service_fee == Decimal(ratio)


def test_a_service_fee_of_ten_is_not_taken_for_ten_percent():
    with pytest.raises(ShopFileError, match="for example 10%"):
        store("service_fee: 10")


@pytest.mark.parametrize(("written", "cells"), [("48", 48), ("32", 32), ("42", 42), ("80", 48), ("58", 32)])
def test_printer_width_counts_characters_and_knows_paper(written: str, cells: int):
    printer = store(f"printers: [{{id: p, connection: 'file:a.bin', width: {written}}}]").printers[0]

    assert printer.width == cells


@pytest.mark.parametrize(
    "connection",
    [
        "tcp://127.0.0.1:9100",
        "tcp://printer-1.local:65535",
        "tcp://[fe80::1]:9100",
        "serial:/dev/ttyUSB0",
        "serial:COM3",
        "usb:04b8:0e15",
        "file:kitchen.bin",
        "file:east/kitchen.bin",
    ],
)
def test_printer_connections_that_are_known(connection: str):
    assert store(f"printers: [{{id: p, connection: '{connection}'}}]").printers[0].connection == connection


@pytest.mark.parametrize(
    "connection",
    [
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:0",
        "tcp://127.0.0.1:65536",
        "tcp://user@host:9100",
        "tcp://host:9100/path",
        "tcp:host:9100",
        "http://host:9100",
        "serial:",
        "usb:",
        "usb:a b",
        "file:",
        "file:/etc/passwd",
        "file:../x.bin",
        "file:a/../../x.bin",
        "file:C:\\x.bin",
        "192.168.1.50",
    ],
)
def test_other_printer_connections_are_refused(connection: str):
    with pytest.raises(ShopFileError):
        store(f"printers: [{{id: p, connection: '{connection}'}}]")


def test_keys_whose_feature_comes_later_are_checked_and_kept():
    text = """
brand:
  levels: [{name: 普通}, {name: 金, spend: 300, visits: 5}]
  rewards: [{id: r, name: 券, points: 100, coupon: {amount: 10}}]
stores:
  - id: east
    name: 东门店
    tables: [{code: A01}, {code: A02}]
    rooms: [牡丹厅, {name: 荷花厅, seats: 12, tables: [A02]}]
    table_pairs: [[A01, A02]]
    delivery: {radius_km: 2.5, fee: 5, minimum: 30}
menu:
  - dishes: [{id: pork, name: 红烧肉, price: 58, plan_only: yes, daily_limit: 5, available: [mon-fri 10:30-14:00], link: "https://example.com/v"}]
set_meals:
  - {id: lunch, name: 午餐, price: 30, dishes: [{dish: pork, quantity: 0.5}]}
"""
    found = document(text)

    assert found.stores[0].rooms[0].name == "牡丹厅"
    assert found.set_meals[0].dishes[0].quantity == Decimal("0.5")
    assert ShopDocument.model_validate(json.loads(json.dumps(stored(found)))) == found


@pytest.mark.parametrize("text", [SMALL, DEMO.read_text(encoding="utf-8")])
def test_a_stored_document_reads_back_equal(text: str):
    found = document(text)

    assert ShopDocument.model_validate(json.loads(json.dumps(stored(found)))) == found


def test_the_demo_shop_has_neither_faults_nor_warnings():
    found = shop(DEMO.read_text(encoding="utf-8"))

    assert found.warnings == ()
    assert len(found.document.stores) == 5
    assert sum(len(part.dishes) for part in found.document.menu) >= 60
    assert [part.category for part in found.document.menu] == ["热销", "主食", "小吃", "饮品", "甜品"]


PRICES = {
    "秘制红烧肉": 58,
    "宫保鸡丁": 36,
    "鱼香肉丝": 32,
    "糖醋里脊": 42,
    "麻婆豆腐": 22,
    "酸菜鱼": 68,
    "水煮牛肉": 62,
    "清炒时蔬": 20,
    "蒜蓉西兰花": 24,
    "凉拌黄瓜": 16,
    "肉夹馍": 12,
    "扬州炒饭": 26,
    "米饭": 2,
    "蛋花汤": 12,
    "可乐": 6,
    "啤酒": 10,
    "酸梅汤": 8,
    "双皮奶": 15,
}


def test_the_demo_shop_sells_what_it_promises():
    dishes = {dish.name: dish for part in document(DEMO.read_text(encoding="utf-8")).menu for dish in part.dishes}

    assert {name: dishes[name].price for name in PRICES} == {name: yuan * 100 for name, yuan in PRICES.items()}


def test_demo_printers_have_a_port_each():
    connections = [printer.connection for one in document(DEMO.read_text(encoding="utf-8")).stores for printer in one.printers]

    assert len(set(connections)) == len(connections)


def test_the_published_schema_is_the_one_of_the_models():
    path = Path(domain.shop.__file__).parent / "shop.schema.json"

    assert json.loads(path.read_text(encoding="utf-8")) == shop_schema(), f"write shop_schema() to {path.name} again"


def test_the_schema_knows_every_key_of_the_contract():
    schema = shop_schema()
    keys = {name: " ".join(record["properties"]) for name, record in schema["$defs"].items()}

    assert " ".join(schema["properties"]) == "brand stores menu set_meals experiences"
    assert keys["BrandRecord"] == (
        "name timezone business_day_starts levels points rewards coupons stacking budgets birthday queue_promise favourites_pay rounding"
    )
    assert keys["StoreRecord"] == (
        "id name address phone location timezone hours pay tables rooms table_pairs bookings waitlist service_fee delivery menu printers"
    )
    assert keys["WaitlistRecord"] == "from_afar near_km"
    assert keys["ExperienceRecord"] == (
        "id name about stores on dates except times minutes places adults children ages level price kits minimum decide_hours"
        " open_days close_minutes cancel_hours offer_minutes picture notes"
    )
    assert keys["BookingRecord"] == (
        "open days_ahead notice_minutes last_minutes starting present turns clean_minutes late_minutes deposit"
    )
    assert keys["DepositRecord"] == "rooms people amount refund_hours"
    assert keys["TurnRecord"] == "people minutes"
    assert keys["HoursRecord"] == "daily mon tue wed thu fri sat sun"
    assert keys["TableRecord"] == "code seats area"
    assert keys["DeliveryRecord"] == "radius_km fee minimum"
    assert keys["StoreMenuRecord"] == "except prices"
    assert keys["PrinterRecord"] == "id connection width roles stations"
    assert keys["CategoryRecord"] == "category dishes"
    assert keys["DishRecord"] == (
        "id name aliases price member_price cost unit step station options allergens spice carbon_g available daily_limit "
        "packaging_fee picture link origin plan_only"
    )
    assert keys["OptionRecord"] == "name min max choices"
    assert keys["ChoiceRecord"] == "name price"
    assert schema["$defs"]["DishRecord"]["required"] == ["id", "name", "price"]
    assert schema["$defs"]["StoreRecord"]["required"] == ["id", "name"]
