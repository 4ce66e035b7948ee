"""订位单 on paper, against golden text files."""

from dataclasses import replace

import pytest

from printing.tickets.bookings import BookedParty, BookingMark, booking_slip
from printing.tickets.ticket import Ticket
from tests.printing.paper_text import as_text, looks_like_its_golden_file

MOMENT = "2026-11-21T02:30:05+00:00"
PARTY = BookedParty(
    number="B018",
    starts_at="2026-11-21T11:00:00+00:00",
    ends_at="2026-11-21T13:30:00+00:00",
    zone="Asia/Shanghai",
    people=8,
    kids=2,
    place="锦绣厅",
    name="陈女士",
    notes="两把宝宝椅，老人过七十大寿，蛋糕我们自己带，麻烦先放冰箱",
)
PLAIN = replace(PARTY, people=2, kids=0, place="A01、A02", name="", notes="")

QUESTION = "客人一年内4次没来。20:30前请回复接不接，不回就算接"

TICKETS: dict[str, Ticket] = {
    "booking_asked": booking_slip(replace(PARTY, place="11-28 锦绣厅", question=QUESTION), BookingMark.ASKED, MOMENT, code="B000"),
    "booking_new": booking_slip(PARTY, BookingMark.NEW, MOMENT, code="B001"),
    "booking_new_plain": booking_slip(PLAIN, BookingMark.NEW, MOMENT, code="B002"),
    "booking_changed": booking_slip(replace(PARTY, before="18:30 芙蓉厅"), BookingMark.CHANGED, MOMENT, code="B003"),
    "booking_cancelled": booking_slip(PARTY, BookingMark.CANCELLED, MOMENT, code="B004"),
}


@pytest.mark.parametrize("width", [48, 32])
@pytest.mark.parametrize("name", TICKETS)
def test_ticket_looks_like_its_golden_file(name: str, width: int) -> None:
    looks_like_its_golden_file(TICKETS[name], name, width)


@pytest.mark.parametrize("name", TICKETS)
def test_time_place_and_number_are_always_on_it(name: str) -> None:
    text = as_text(TICKETS[name], 32)
    assert "19:00" in text
    assert "B018" in text


def test_whoever_does_not_come_is_not_named() -> None:
    assert "陈女士" not in as_text(TICKETS["booking_cancelled"], 48)


@pytest.mark.parametrize("name", TICKETS)
def test_stored_ticket_reads_back_the_same(name: str) -> None:
    assert Ticket.from_json(TICKETS[name].to_json()) == TICKETS[name]
