"""叫服务员 on paper, against golden text files."""

import pytest

from printing.tickets.service_calls import CalledTable, CallMark, service_call_slip
from printing.tickets.ticket import Beep, Ticket
from tests.printing.paper_text import as_text, looks_like_its_golden_file

WATER: CalledTable = {
    "call_id": "01JD4CALL00000000000000001",
    "store_id": "s1",
    "zone": "Asia/Shanghai",
    "table_code": "A08",
    "title": "加水",
    "words": "加水",
    "called_at": "2026-11-21T10:30:05+00:00",
}
BOXES: CalledTable = {**WATER, "title": "叫服务员", "words": "老太太吃剩半盘舍不得扔，要三个打包盒，再拿两双公筷"}

TICKETS: dict[str, Ticket] = {
    "service_call": service_call_slip(WATER, CallMark.MADE, WATER["called_at"], code="5C01"),
    "service_call_words": service_call_slip(BOXES, CallMark.MADE, BOXES["called_at"], code="5C02"),
    "service_call_again": service_call_slip(BOXES, CallMark.AGAIN, "2026-11-21T10:31:40+00:00", code="5C03"),
    "service_call_urgent": service_call_slip(
        {**WATER, "minutes": 3, "times": 1}, CallMark.URGENT, "2026-11-21T10:33:06+00:00", code="5C04"
    ),
    "service_call_withdrawn": service_call_slip(WATER, CallMark.WITHDRAWN, "2026-11-21T10:32:00+00:00", code="5C05"),
}


@pytest.mark.parametrize("width", [48, 32])
@pytest.mark.parametrize("name", TICKETS)
def test_ticket_looks_like_its_golden_file(name: str, width: int) -> None:
    looks_like_its_golden_file(TICKETS[name], name, width)


@pytest.mark.parametrize("name", TICKETS)
def test_the_table_is_always_on_it(name: str) -> None:
    assert "桌:A08" in as_text(TICKETS[name], 32)


@pytest.mark.parametrize("name", TICKETS)
def test_it_is_heard_unless_nobody_needs_to_come(name: str) -> None:
    assert any(isinstance(block, Beep) for block in TICKETS[name].blocks) is (name != "service_call_withdrawn")


@pytest.mark.parametrize("name", TICKETS)
def test_stored_ticket_reads_back_the_same(name: str) -> None:
    assert Ticket.from_json(TICKETS[name].to_json()) == TICKETS[name]
