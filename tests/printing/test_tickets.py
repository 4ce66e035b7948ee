"""Tickets against golden text files, at 80 mm (48 cells) and 58 mm (32 cells)."""

import re

import pytest

from printing.tickets.changes import fire_ticket, rush_ticket, void_ticket
from printing.tickets.kitchen import kitchen_ticket
from printing.tickets.pass_slip import pass_slip
from printing.tickets.receipt import receipt
from printing.tickets.ticket import Qr, Ticket
from tests.printing.orders import cooking, dish, fired, paid, released, rushed, sold, taken_back, voided
from tests.printing.paper_text import as_text, looks_like_its_golden_file

LONG = "川西坝子农家柴火现炒土鸡配青花椒藤椒(半只去骨)"

TABLE = released(
    dish("鱼香肉丝", options=("微辣", "不要葱")),
    dish("水煮牛肉", "2", options=("大份",), note="少放油,多放豆芽"),
    dish("凉拌黄瓜", station="凉菜"),
    dish("鲈鱼", "1.5", unit="斤", station="蒸菜"),
    note="有小孩,少辣",
)
AGAIN = released(dish("糖醋里脊"), round_no=2)
TAKEAWAY = released(
    dish(LONG, "12"),
    dish("Cappuccino with an extra shot", "2", unit="杯"),
    channel="takeaway",
    table_code=None,
    guests=None,
    pickup_at="2026-11-21T05:15:00+00:00",
)
NO_STATION = released(dish("米饭", "3", station=""), guests=None)
TWENTY = released(*(dish(f"{name}第{number}道", str(number)) for number, name in enumerate(["清炒时蔬", "麻婆豆腐"] * 10, start=1)))
LATER = released(dish("老鸭汤"), dish("扬州炒饭", "2", note="少油"), wait=True)
VOIDED = voided(
    taken_back(dish("水煮牛肉", "2", options=("大份",))),
    taken_back(dish(LONG, "1.5", unit="斤"), round_no=2),
    taken_back(dish("凉拌黄瓜", station="凉菜")),
)
FIRED = fired(cooking(dish("老鸭汤")), cooking(dish("扬州炒饭", "2", note="少油"), round_no=1))
RUSHED = rushed(cooking(dish("蒜蓉西兰花")), cooking(dish("糖醋里脊", "2"), round_no=2, placed_at="2026-11-21T04:50:00+00:00"), times=2)

PLAIN_BILL = paid(sold("鱼香肉丝", 3200), sold("水煮牛肉", 7800, options=("大份", "加辣")))
FULL_BILL = paid(
    sold(LONG, 128800, "12"),
    sold("鲈鱼", 5800, "1.5", unit="斤", amount_fen=8700),
    sold("米饭", 200, "3"),
    explanation=(("会员优惠", -3500), ("券:满100减20", -2000), ("打包费", 300), ("抹零", -5)),
    channel="takeaway",
    table_code=None,
    points=155,
)

TICKETS: dict[str, Ticket] = {
    "kitchen_hot": kitchen_ticket(TABLE, "热菜", part=1, parts=3, code="7F3A"),
    "kitchen_steam": kitchen_ticket(TABLE, "蒸菜", part=3, parts=3, code="0B21"),
    "kitchen_second_round": kitchen_ticket(AGAIN, "热菜", part=1, parts=1, code="8C02"),
    "kitchen_takeaway": kitchen_ticket(TAKEAWAY, "热菜", part=1, parts=1, code="11D0"),
    "kitchen_no_station": kitchen_ticket(NO_STATION, "", part=1, parts=1, code="AA01"),
    "kitchen_twenty_lines": kitchen_ticket(TWENTY, "热菜", part=1, parts=1, code="20AB"),
    "kitchen_maybe_twice": kitchen_ticket(AGAIN, "热菜", part=1, parts=1, code="8C02").marked("【可能重复】"),
    "kitchen_keeps_it_back": kitchen_ticket(LATER, "热菜", part=1, parts=1, code="3C11"),
    "void": void_ticket(VOIDED, "热菜", part=1, parts=2, code="8B11"),
    "void_all_of_a_takeaway": void_ticket(
        voided(taken_back(dish("米饭", station="")), table_code=None, guests=None, cancelled=True, reason=""),
        "",
        part=1,
        parts=1,
        code="8B12",
    ),
    "void_pass": void_ticket(VOIDED, None, part=1, parts=1, code="8B13"),
    "fire": fire_ticket(FIRED, "热菜", part=1, parts=1, code="8C03"),
    "rush": rush_ticket(RUSHED, "热菜", part=1, parts=1, code="8C77"),
    "pass_keeps_it_back": pass_slip(LATER, code="5E60"),
    "pass": pass_slip(TABLE, code="5E5E"),
    "pass_second_round_takeaway": pass_slip({**TAKEAWAY, "round_no": 2}, code="5E5F"),
    "receipt": receipt(PLAIN_BILL, code="91C4"),
    "receipt_with_reductions": receipt(FULL_BILL, code="91C5"),
}


@pytest.mark.parametrize("width", [48, 32])
@pytest.mark.parametrize("name", TICKETS)
def test_ticket_looks_like_its_golden_file(name: str, width: int) -> None:
    looks_like_its_golden_file(TICKETS[name], name, width)


@pytest.mark.parametrize("name", [name for name in TICKETS if not name.startswith("receipt")])
def test_kitchen_paper_never_has_prices(name: str) -> None:
    text = as_text(TICKETS[name], 48)

    assert "￥" not in text
    assert not re.search(r"\d+\.\d\d", text)


@pytest.mark.parametrize("name", TICKETS)
def test_stored_ticket_reads_back_the_same(name: str) -> None:
    assert Ticket.from_json(TICKETS[name].to_json()) == TICKETS[name]


def test_each_station_gets_only_its_dishes() -> None:
    text = as_text(kitchen_ticket(TABLE, "凉菜", part=2, parts=3, code="7F3B"), 48)

    assert "凉拌黄瓜" in text
    assert "水煮牛肉" not in text


@pytest.mark.parametrize("data", ["", "a\x10\x04\x01", "a\nb", "好" * 171])
def test_qr_refuses_what_a_printer_would_misread(data: str) -> None:
    with pytest.raises(ValueError, match="512 bytes"):
        Qr(data)
