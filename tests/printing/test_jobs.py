"""The life of a ticket in the queue, on both databases."""

import asyncio

import pytest

from domain.shop.store import Printer
from domain.storage import open_database
from printing.jobs.errors import LeaseLostError, NoSuchJobError
from printing.jobs.models import JobKind
from printing.jobs.rules import LEASE, after, all_on_paper, printers_for, retry_delay, short_code
from printing.printers.outcome import CONFIRMED, SENT, not_sent, unknown
from tests.clock import SettableClock
from tests.printing.decoding import decode
from tests.printing.kitchen import STORE, Kitchen, printer_line
from tests.printing.orders import dish, paid, released, sold

HOT = printer_line("hot", port=9101, stations="热菜")
COLD = printer_line("cold", port=9102, stations="凉菜", width=58)
SPARE = printer_line("spare", port=9103)
PASS = printer_line("pass", port=9104, roles="pass")
TILL = printer_line("till", port=9105, roles="receipt", width=58)

ONE_DISH = released(dish("鱼香肉丝"))
TWO_STATIONS = released(dish("鱼香肉丝"), dish("凉拌黄瓜", station="凉菜"))


async def test_a_round_becomes_one_ticket_for_each_station_and_one_for_the_pass(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT, COLD, PASS, TILL)

    await kitchen.released(released(dish("鱼香肉丝"), dish("凉拌黄瓜", station="凉菜"), dish("麻婆豆腐")))

    assert [(job.role, job.kind, job.printer_ids) for job in await kitchen.jobs()] == [
        ("kitchen:热菜", "kitchen", ["hot"]),
        ("kitchen:凉菜", "kitchen", ["cold"]),
        ("pass", "pass", ["pass"]),
    ]


async def test_payment_becomes_a_receipt(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT, TILL)

    await kitchen.paid(paid(sold("鱼香肉丝", 3200)))

    [job] = await kitchen.lease()
    [paper] = decode(job.data, 32)
    assert (job.kind, job.printer.id, job.printer.width) == ("receipt", "till", 32)
    assert "实收:￥32.00" in paper.text


async def test_the_same_event_twice_is_one_set_of_tickets(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT, COLD)

    for _ in range(2):
        await kitchen.released(TWO_STATIONS, event_id="01JD4EVENT0000000000000001")

    assert len(await kitchen.jobs()) == 2


async def test_a_store_without_printers_prints_nothing(kitchen: Kitchen) -> None:
    await kitchen.has_printers()

    await kitchen.released(TWO_STATIONS)
    await kitchen.paid(paid(sold("鱼香肉丝", 3200)))

    assert await kitchen.jobs() == []
    assert await kitchen.lease() == []


async def test_leased_bytes_are_the_ticket_with_its_code(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)

    [job] = await kitchen.lease()

    [paper] = decode(job.data, 48)
    assert f"打印18:30:00 #{job.number}" in paper.text
    assert (job.printer.connection, job.printer.width) == ("tcp://127.0.0.1:9101", 48)
    assert job.lines == len(paper.lines) - 5 + 2  # without the feed, with bell and cut


async def test_a_printer_gets_its_tickets_in_order_and_one_at_a_time(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT, COLD)
    for number in ("0001", "0002"):
        await kitchen.released({**TWO_STATIONS, "number": number})
        clock.advance(seconds=1)

    first = await kitchen.lease()
    blocked = await kitchen.lease("agent-2")
    await kitchen.sending(first[0])
    await kitchen.report(first[0], CONFIRMED)
    second = await kitchen.lease("agent-2")

    assert [job.printer.id for job in first] == ["hot", "cold"]
    assert blocked == []
    assert [job.printer.id for job in second] == [first[0].printer.id]
    assert "单号0002" in decode(second[0].data, 48)[0].text


async def test_two_printers_at_one_address_take_turns(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT, printer_line("till", port=9101, roles="receipt"))
    await kitchen.released(ONE_DISH)
    clock.advance(seconds=1)
    await kitchen.paid(paid(sold("鱼香肉丝", 3200)))

    [job] = await kitchen.lease()
    assert await kitchen.lease() == []
    await kitchen.sending(job)
    await kitchen.report(job, CONFIRMED)

    assert [job.kind for job in await kitchen.lease()] == ["receipt"]


async def test_many_agents_at_once_never_hold_the_same_ticket_or_printer(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT, COLD, SPARE)
    for _ in range(3):
        await kitchen.released(TWO_STATIONS)
    others = [open_database(kitchen.database.url, routes={}) for _ in range(3)]

    leased = await asyncio.gather(
        *(kitchen.lease(f"agent-{number}") for number in range(4)),
        *(other.transaction(kitchen.desk._lease, [STORE], owner="x", now=kitchen.clock.now(), limit=5) for other in others),
    )

    jobs = [job for found in leased for job in found]
    assert len({job.id for job in jobs}) == len(jobs)
    assert sorted(job.printer.id for job in jobs) == ["cold", "hot"]
    for other in others:
        await other.close()


async def test_only_the_holder_may_send(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)
    [job] = await kitchen.lease()

    with pytest.raises(LeaseLostError):
        await kitchen.sending(job, "agent-2")
    with pytest.raises(NoSuchJobError):
        await kitchen.desk.sending("s2", job.id, owner="agent-1")
    await kitchen.sending(job)
    await kitchen.sending(job)  # its answer was lost on the way

    assert await kitchen.states() == [("kitchen:热菜", 1, "sending")]


async def test_nothing_may_be_sent_after_the_lease(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)
    [job] = await kitchen.lease()

    clock.advance(LEASE)

    with pytest.raises(LeaseLostError):
        await kitchen.sending(job)
    [again] = await kitchen.lease("agent-2")
    assert again.id == job.id
    with pytest.raises(LeaseLostError):
        await kitchen.report(job, not_sent("refused"))


async def test_nothing_is_sent_when_it_is_too_late(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)
    clock.advance(minutes=29, seconds=50)
    [job] = await kitchen.lease()

    clock.advance(seconds=10)

    with pytest.raises(LeaseLostError):
        await kitchen.sending(job)


@pytest.mark.parametrize(("outcome", "state"), [(CONFIRMED, "confirmed"), (SENT, "sent"), (unknown("closed"), "unknown")])
async def test_the_same_report_twice_is_one_report(kitchen: Kitchen, outcome: object, state: str) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)
    job = await kitchen.print(outcome)  # type: ignore[arg-type]

    await kitchen.report(job, outcome)  # type: ignore[arg-type]

    assert await kitchen.states() == [("kitchen:热菜", 1, state)]
    assert len(await kitchen.events("print_job_confirmed")) + len(await kitchen.events("print_job_uncertain")) == 1


async def test_proof_needs_a_ticket_that_was_sent(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)
    [job] = await kitchen.lease()

    with pytest.raises(LeaseLostError):
        await kitchen.report(job, CONFIRMED)
    with pytest.raises(LeaseLostError):
        await kitchen.report(job, CONFIRMED, "agent-2")
    with pytest.raises(NoSuchJobError):
        await kitchen.desk.report("s2", job.id, owner="agent-1", outcome=CONFIRMED)


async def test_ticket_not_sent_goes_to_the_next_printer_at_once_then_waits(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT, SPARE)
    await kitchen.released(ONE_DISH)

    [at_hot] = await kitchen.lease()
    await kitchen.report(at_hot, not_sent("paper_out"))
    [at_spare] = await kitchen.lease()
    await kitchen.report(at_spare, not_sent("refused"))

    assert [at_hot.printer.id, at_spare.printer.id] == ["hot", "spare"]
    assert await kitchen.lease() == []
    clock.advance(seconds=1)
    [again] = await kitchen.lease()
    assert again.printer.id == "hot"


async def test_a_ticket_that_waits_for_its_printer_is_not_overtaken(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released({**ONE_DISH, "number": "0001"})
    [job] = await kitchen.lease()
    await kitchen.report(job, not_sent("refused"))
    clock.advance(seconds=0.1)
    await kitchen.released({**ONE_DISH, "number": "0002"})

    assert await kitchen.lease() == []
    clock.advance(seconds=1)

    assert "单号0001" in decode((await kitchen.lease())[0].data, 48)[0].text


async def test_ticket_begun_and_never_reported_is_unknown_and_not_quietly_printed_again(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)
    [job] = await kitchen.lease()
    await kitchen.sending(job)

    clock.advance(LEASE)

    assert await kitchen.lease() == []
    assert await kitchen.states() == [("kitchen:热菜", 1, "unknown")]
    [event] = await kitchen.events("print_job_uncertain")
    assert (event["job_id"], event["code"], event["printer_id"], event["reason"]) == (job.id, job.number, "hot", "no_report")


async def test_kitchen_ticket_in_doubt_is_printed_once_more_with_a_mark_elsewhere_first(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT, SPARE)
    await kitchen.released(ONE_DISH)
    job = await kitchen.print(unknown("no_answer"))
    clock.advance(seconds=59)
    assert await kitchen.lease() == []

    clock.advance(seconds=1)
    [copy] = await kitchen.lease()

    [paper] = decode(copy.data, 48)
    assert paper.lines[0].text == "【可能重复】"
    assert paper.lines[0].wide
    assert copy.number == job.number
    assert copy.printer.id == "spare"
    assert copy.expires_at == job.expires_at
    await kitchen.sending(copy)
    await kitchen.report(copy, unknown("closed"))
    clock.advance(seconds=120)
    assert await kitchen.lease() == []  # one copy, not more
    assert await kitchen.states() == [("kitchen:热菜", 1, "unknown"), ("kitchen:热菜", 2, "unknown")]


async def test_receipts_and_slips_in_doubt_are_not_printed_again(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(PASS, TILL)
    await kitchen.released(ONE_DISH)
    await kitchen.print(unknown("no_answer"))
    await kitchen.paid(paid(sold("鱼香肉丝", 3200)))
    await kitchen.print(unknown("no_answer"))

    clock.advance(minutes=5)

    assert await kitchen.lease() == []
    assert len(await kitchen.jobs()) == 2


async def test_proof_that_comes_late_still_counts_and_saves_the_copy(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)
    job = await kitchen.print(unknown("no_answer"))
    clock.advance(seconds=40)

    await kitchen.report(job, CONFIRMED)
    clock.advance(seconds=60)

    assert await kitchen.lease() == []
    assert await kitchen.states() == [("kitchen:热菜", 1, "confirmed")]
    [event] = await kitchen.events("print_job_confirmed")
    assert event["all_kitchen_confirmed"]


async def test_report_that_nothing_was_sent_may_come_after_the_lease(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)
    [job] = await kitchen.lease()
    await kitchen.sending(job)
    clock.advance(LEASE)
    assert await kitchen.lease() == []

    await kitchen.report(job, not_sent("no_server"))
    clock.advance(seconds=1)

    assert [again.id for again in await kitchen.lease()] == [job.id]


async def test_a_ticket_whose_copy_is_under_way_stays_out_of_the_queue(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)
    job = await kitchen.print(unknown("no_answer"))
    clock.advance(seconds=60)
    [copy] = await kitchen.lease("agent-2")

    await kitchen.report(job, not_sent("no_server"))
    await kitchen.sending(copy, "agent-2")
    await kitchen.report(copy, CONFIRMED, "agent-2")
    clock.advance(minutes=5)

    assert await kitchen.lease() == []
    assert await kitchen.states() == [("kitchen:热菜", 1, "failed"), ("kitchen:热菜", 2, "confirmed")]


@pytest.mark.parametrize(
    ("minutes", "expired"), [(29, []), (30, ["kitchen:热菜"]), (119, ["kitchen:热菜"]), (120, ["kitchen:热菜", "receipt"])]
)
async def test_tickets_grow_too_old(kitchen: Kitchen, clock: SettableClock, minutes: int, expired: list[str]) -> None:
    await kitchen.has_printers(HOT, TILL)
    await kitchen.released(ONE_DISH)
    await kitchen.paid(paid(sold("鱼香肉丝", 3200)))

    clock.advance(minutes=minutes)
    await kitchen.lease()

    assert sorted(job.role for job in await kitchen.jobs() if job.state == "expired") == expired
    assert [event["reason"] for event in await kitchen.events("print_job_failed")] == ["expired"] * len(expired)


async def test_old_tickets_are_given_up_aloud_when_no_agent_ever_asks(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT, COLD)
    await kitchen.released(TWO_STATIONS)
    [taken, _] = await kitchen.lease()
    clock.advance(minutes=29, seconds=30)
    [taken, _] = await kitchen.lease()
    await kitchen.sending(taken)

    clock.advance(minutes=1, seconds=30)
    await kitchen.due()

    assert await kitchen.states() == [("kitchen:热菜", 1, "unknown"), ("kitchen:凉菜", 1, "expired")]
    assert len(await kitchen.events("print_jobs_due")) == 1
    assert len(await kitchen.events("print_job_uncertain")) == 1
    assert len(await kitchen.events("print_job_failed")) == 1


async def test_order_is_accepted_with_its_last_kitchen_ticket(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT, COLD, PASS)
    await kitchen.released(TWO_STATIONS)
    hot, cold, slip = await kitchen.lease()
    for job in (slip, hot, cold):
        await kitchen.sending(job)
        await kitchen.report(job, SENT if job is cold else CONFIRMED)
        clock.advance(seconds=1)

    events = await kitchen.events("print_job_confirmed")

    assert [(event["kind"], event["all_kitchen_confirmed"]) for event in events] == [("pass", False), ("kitchen", False), ("kitchen", True)]


async def test_of_two_last_tickets_confirmed_at_once_one_completes_the_order(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT, COLD)
    await kitchen.released(TWO_STATIONS)
    jobs = await kitchen.lease()
    for job in jobs:
        await kitchen.sending(job)

    await asyncio.gather(*(kitchen.report(job, CONFIRMED) for job in jobs))

    assert sorted(event["all_kitchen_confirmed"] for event in await kitchen.events("print_job_confirmed")) == [False, True]


async def test_a_copy_on_paper_stands_for_its_ticket(kitchen: Kitchen, clock: SettableClock) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)
    await kitchen.print(unknown("no_answer"))
    clock.advance(seconds=60)

    await kitchen.print(CONFIRMED)

    assert [event["all_kitchen_confirmed"] for event in await kitchen.events("print_job_confirmed")] == [True]


async def test_a_printer_that_is_gone_is_passed_over(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT, SPARE)
    await kitchen.released(ONE_DISH)

    await kitchen.has_printers(SPARE)

    assert await kitchen.lease() == []
    [job] = await kitchen.lease()
    assert job.printer.id == "spare"


async def test_a_ticket_without_any_printer_left_fails_aloud(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT)
    await kitchen.released(ONE_DISH)

    await kitchen.has_printers(TILL)
    await kitchen.lease()

    assert await kitchen.states() == [("kitchen:热菜", 1, "failed")]
    assert [event["reason"] for event in await kitchen.events("print_job_failed")] == ["no_printer"]


async def test_a_connection_that_cannot_be_printed_to_is_not_tried_again(kitchen: Kitchen) -> None:
    await kitchen.has_printers(HOT, SPARE)
    await kitchen.released(ONE_DISH)

    for printer_id in ("hot", "spare"):
        [job] = await kitchen.lease()
        assert job.printer.id == printer_id
        await kitchen.report(job, not_sent("unsupported"))

    assert await kitchen.states() == [("kitchen:热菜", 1, "failed")]


def test_a_station_prints_where_it_is_named_then_at_printers_for_all_stations() -> None:
    printers = [
        Printer("spare", "tcp://a:1", 48, ("kitchen",), ()),
        Printer("hot", "tcp://b:1", 48, ("kitchen", "receipt"), ("热菜", "蒸菜")),
        Printer("cold", "tcp://c:1", 48, ("kitchen",), ("凉菜",)),
        Printer("till", "tcp://d:1", 32, ("receipt",), ()),
    ]

    assert printers_for(printers, JobKind.KITCHEN, "热菜") == ["hot", "spare"]
    assert printers_for(printers, JobKind.KITCHEN, "") == ["spare"]
    assert printers_for(printers[1:], JobKind.KITCHEN, "面点") == ["hot", "cold"]
    assert printers_for(printers, JobKind.RECEIPT) == ["hot", "till"]
    assert printers_for(printers, JobKind.PASS) == []


def test_a_copy_begins_after_the_printer_in_doubt() -> None:
    assert after(["a", "b", "c"], "b") == ["c", "a", "b"]
    assert after(["a"], "a") == ["a"]


@pytest.mark.parametrize(("attempts", "longest"), [(0, 1), (1, 1), (2, 2), (4, 8), (5, 15), (1000, 15)])
def test_pauses_double_up_to_fifteen_seconds(attempts: int, longest: float) -> None:
    assert retry_delay(attempts, 0.0).total_seconds() == longest / 2
    assert retry_delay(attempts, 1.0).total_seconds() == longest


def test_code_is_short_and_the_same_for_every_copy() -> None:
    code = short_code("01JD4EVENT0000000000000001", "kitchen:热菜")

    assert len(code) == 4
    assert code == code.upper() == short_code("01JD4EVENT0000000000000001", "kitchen:热菜")
    assert code != short_code("01JD4EVENT0000000000000001", "kitchen:凉菜")


def test_an_order_is_on_paper_when_every_ticket_is_in_some_copy() -> None:
    assert all_on_paper([("e1", "hot", "unknown"), ("e1", "hot", "sent"), ("e2", "hot", "confirmed")])
    assert not all_on_paper([("e1", "hot", "confirmed"), ("e2", "hot", "sending")])
