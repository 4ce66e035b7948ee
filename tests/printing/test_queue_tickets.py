"""排队小票 and 叫号单 on paper, against golden text files, and who gets which."""

import pytest

from printing.consumers import on_number_called, on_number_taken
from printing.jobs.models import JobKind
from printing.tickets.queue import CalledNumber, TakenNumber, call_slip, queue_ticket
from printing.tickets.ticket import Ticket
from tests.printing.kitchen import Kitchen, printer_line
from tests.printing.paper_text import looks_like_its_golden_file

TAKEN: TakenNumber = {
    "ticket_id": "01JD4TICKET000000000000001",
    "store_id": "s1",
    "store_name": "好味(人民路店)",
    "zone": "Asia/Shanghai",
    "number": "A018",
    "people": 2,
    "ahead": 6,
    "low": 25,
    "high": 40,
    "paper": True,
    "taken_at": "2026-11-21T10:31:05+00:00",
}
CALLED: CalledNumber = {
    "ticket_id": "01JD4TICKET000000000000001",
    "store_id": "s1",
    "store_name": "好味(人民路店)",
    "zone": "Asia/Shanghai",
    "number": "A018",
    "people": 2,
    "table_code": "A05",
    "reason": "turn",
    "again": False,
    "called_at": "2026-11-21T11:02:00+00:00",
}

TICKETS: dict[str, Ticket] = {
    "queue_number": queue_ticket(TAKEN, qr="d.s1", code="3C11"),
    "queue_number_is_next": queue_ticket({**TAKEN, "ahead": 0, "low": 0, "high": 5}, qr="d.s1", code="3C12"),
    "queue_call": call_slip(CALLED, code="3C13"),
    "queue_call_by_priority": call_slip({**CALLED, "reason": "priority", "again": True}, code="3C14"),
}


@pytest.mark.parametrize("width", [48, 32])
@pytest.mark.parametrize("name", TICKETS)
def test_ticket_looks_like_its_golden_file(name: str, width: int) -> None:
    looks_like_its_golden_file(TICKETS[name], name, width)


@pytest.mark.parametrize("name", TICKETS)
def test_stored_ticket_reads_back_the_same(name: str) -> None:
    assert Ticket.from_json(TICKETS[name].to_json()) == TICKETS[name]


async def jobs(kitchen: Kitchen) -> list[tuple[str, str]]:
    """(kind, role) of every ticket that was planned."""
    return [(job.kind, job.role) for job in await kitchen.jobs()]


async def test_only_a_guest_without_a_phone_gets_the_number_on_paper_and_only_where_the_door_has_a_printer(kitchen: Kitchen) -> None:
    await kitchen.has_printers(printer_line("till", roles="receipt"))
    await kitchen.told(on_number_taken, TAKEN)
    assert await jobs(kitchen) == []

    await kitchen.has_printers(printer_line("door", roles="queue"))
    await kitchen.told(on_number_taken, {**TAKEN, "paper": False})
    assert await jobs(kitchen) == []

    await kitchen.told(on_number_taken, TAKEN)
    assert await jobs(kitchen) == [(JobKind.QUEUE, "number")]


async def test_a_call_is_printed_once_however_often_the_party_is_called(kitchen: Kitchen) -> None:
    await kitchen.has_printers(printer_line("door", roles="queue"))

    await kitchen.told(on_number_called, CALLED)
    await kitchen.told(on_number_called, {**CALLED, "again": True})

    assert await jobs(kitchen) == [(JobKind.QUEUE, "call")]
