"""转台 and 并台 on paper, against golden text files."""

import re

import pytest

from printing.tickets.tables import MovedTable, table_ticket
from printing.tickets.ticket import Ticket
from tests.printing.orders import dish
from tests.printing.paper_text import as_text, looks_like_its_golden_file

MOVED: MovedTable = {
    "store_id": "s1",
    "zone": "Asia/Shanghai",
    "from_code": "A03",
    "to_code": "B01",
    "merged": False,
    "moved_at": "2026-11-21T04:31:02+00:00",
    "order_id": "01JD4ORDER0000000000000001",
    "number": "0087",
    "lines": [
        dish("水煮牛肉", "2", options=("大份",), note="少放油"),
        dish("鲈鱼", "1.5", unit="斤", station="蒸菜"),
        dish("川西坝子农家柴火现炒土鸡配青花椒藤椒(半只去骨)"),
        dish("米饭", "3", station=""),
    ],
}
MERGED: MovedTable = {**MOVED, "merged": True}

TICKETS: dict[str, Ticket] = {
    "table_moved_hot": table_ticket(MOVED, "热菜", part=1, parts=3, code="3C11"),
    "table_moved_no_station": table_ticket(MOVED, "", part=3, parts=3, code="3C13"),
    "table_moved_pass": table_ticket(MOVED, None, part=1, parts=1, code="3C20"),
    "table_merged_steam": table_ticket(MERGED, "蒸菜", part=2, parts=3, code="3C12"),
}


@pytest.mark.parametrize("width", [48, 32])
@pytest.mark.parametrize("name", TICKETS)
def test_ticket_looks_like_its_golden_file(name: str, width: int) -> None:
    looks_like_its_golden_file(TICKETS[name], name, width)


@pytest.mark.parametrize("name", TICKETS)
def test_it_says_both_tables_and_never_a_price(name: str) -> None:
    text = as_text(TICKETS[name], 32)

    assert "A03→B01" in text
    assert "￥" not in text
    assert not re.search(r"\d+\.\d\d", text)


@pytest.mark.parametrize("name", TICKETS)
def test_stored_ticket_reads_back_the_same(name: str) -> None:
    assert Ticket.from_json(TICKETS[name].to_json()) == TICKETS[name]
