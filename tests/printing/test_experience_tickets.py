"""活动名单 on paper, against golden text files."""

import pytest

from printing.tickets.experiences import GuestList, ListedGuest, guest_list
from printing.tickets.ticket import Ticket
from tests.printing.paper_text import as_text, looks_like_its_golden_file

MOMENT = "2026-12-05T05:00:05+00:00"
SESSION = GuestList(
    name="亲子烘焙",
    starts_at="2026-12-05T06:00:00+00:00",
    ends_at="2026-12-05T07:00:00+00:00",
    zone="Asia/Shanghai",
    kit_name="烘焙材料包",
    guests=(
        ListedGuest("E001", "王女士", 2, 1, ("3-6岁",), 1, ""),
        ListedGuest("E002", "李先生", 1, 2, ("3-6岁", "7-12岁"), 2, "老二对花生和芒果过敏，麻烦换成不含坚果的材料，谢谢", here=True),
        ListedGuest("E004", "", 1, 1, ("7-12岁",), 1, "", unpaid=True),
    ),
)
TASTING = GuestList(
    name="非遗面点手作与新年品酒会",
    starts_at="2026-12-06T02:30:00+00:00",
    ends_at="2026-12-06T03:15:00+00:00",
    zone="Asia/Shanghai",
    kit_name="",
    guests=(ListedGuest("E001", "陈先生", 2, 0, (), 0, ""),),
)
TICKETS: dict[str, Ticket] = {
    "experience_guests": guest_list(SESSION, MOMENT, code="G001"),
    "experience_guests_plain": guest_list(TASTING, MOMENT, code="G002"),
}


@pytest.mark.parametrize("width", [48, 32])
@pytest.mark.parametrize("name", TICKETS)
def test_ticket_looks_like_its_golden_file(name: str, width: int) -> None:
    looks_like_its_golden_file(TICKETS[name], name, width)


def test_every_guest_is_on_it_and_kits_and_ages_are_summed() -> None:
    text = as_text(TICKETS["experience_guests"], 48)
    assert [number in text for number in ("E001", "E002", "E004")] == [True] * 3
    assert "4份" in text
    assert "3-6岁×2、7-12岁×2" in text
    assert "3家 大4小4" in text


@pytest.mark.parametrize("name", TICKETS)
def test_stored_ticket_reads_back_the_same(name: str) -> None:
    assert Ticket.from_json(TICKETS[name].to_json()) == TICKETS[name]
