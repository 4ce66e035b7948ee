"""Printers that are off or out of paper: the diner does not notice, and every ticket comes out once."""

import asyncio

import pytest

from haowei.simulators.printers import Fault
from printing.jobs.rules import MAYBE_TWICE
from tests.line.restaurant import Restaurant
from tests.line.waiting import comes_true

ANSWERED_WITHIN_S = 3.0


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, database_url: str) -> str:
    """Printing is the same on both engines; tests/printing runs on both."""
    return database_url


async def test_switched_off_during_an_order_tickets_come_when_it_returns(restaurant: Restaurant) -> None:
    await restaurant.starts("serve")
    diner = await restaurant.seats("A01")
    hot = restaurant.printers["hot"]
    await hot.set_fault(Fault.OFF, True)

    placed = await restaurant.orders(diner, "红烧肉一份", "可乐一瓶")
    more = await restaurant.orders(diner, "两碗米饭")
    await restaurant.prints({"cold": 1})
    await restaurant.records.become("SELECT count(*) FROM print_job WHERE attempts > 1 AND last_error = 'refused'", 1)

    assert [attempt.seconds < ANSWERED_WITHIN_S for attempt in (*placed.tries, *more.tries)] == [True, True]
    assert await _jobs(restaurant) == [("kitchen:热菜", "queued"), ("kitchen:凉菜", "confirmed"), ("kitchen:热菜", "queued")]
    assert hot.papers == []

    await hot.set_fault(Fault.OFF, False)
    await restaurant.prints({"hot": 2, "cold": 1})
    assert ["秘制红烧肉" in hot.papers[0].text, "米饭" in hot.papers[1].text] == [True, True]
    await restaurant.records.become("SELECT count(*) FROM print_job WHERE state = 'confirmed'", 3)
    await restaurant.records.become("SELECT state FROM customer_order", "accepted")
    assert restaurant.records.count("print_job", "copy_no > 1") == 0
    assert {len(printer.papers) for printer in (hot, restaurant.printers["cold"])} == {2, 1}
    assert not any(paper.unknown or paper.overflowed for paper in hot.papers)


async def test_out_of_paper_in_the_middle_the_ticket_is_finished_and_not_repeated(restaurant: Restaurant) -> None:
    await restaurant.starts("serve")
    diner = await restaurant.seats("A01")
    hot = restaurant.printers["hot"]
    await restaurant.orders(diner, "红烧肉一份")
    await restaurant.prints({"hot": 1})
    hot.run_out_after(3)

    placed = await restaurant.orders(diner, "两碗米饭")
    waiting = await restaurant.orders(diner, "红烧肉两份")
    assert await comes_true(lambda: Fault.PAPER_OUT in hot.faults, within_s=60)
    await asyncio.sleep(1)

    assert [attempt.seconds < ANSWERED_WITHIN_S for attempt in (*placed.tries, *waiting.tries)] == [True, True]
    assert len(hot.papers) == 1
    assert [state for _, state in await _jobs(restaurant)] == ["confirmed", "sending", "queued"]

    await hot.set_fault(Fault.PAPER_OUT, False)
    await restaurant.prints({"hot": 3})
    assert ["米饭" in hot.papers[1].text, "秘制红烧肉" in hot.papers[2].text] == [True, True]
    await restaurant.records.become("SELECT count(*) FROM print_job WHERE state = 'confirmed'", 3)
    assert restaurant.records.count("print_job") == 3
    assert len(hot.papers) == 3


@pytest.mark.soak
async def test_out_of_paper_for_long_the_ticket_in_doubt_is_repeated_with_a_mark(restaurant: Restaurant) -> None:
    await restaurant.starts("serve")
    diner = await restaurant.seats("A01")
    hot = restaurant.printers["hot"]
    await restaurant.orders(diner, "红烧肉一份")
    await restaurant.prints({"hot": 1})
    hot.run_out_after(3)

    await restaurant.orders(diner, "两碗米饭")
    await restaurant.orders(diner, "红烧肉两份")
    await restaurant.records.become("SELECT count(*) FROM print_job WHERE state = 'unknown' AND last_error = 'no_answer'", 1)
    await hot.set_fault(Fault.PAPER_OUT, False)

    await restaurant.prints({"hot": 3})
    copy = (await restaurant.prints({"hot": 4}, within_s=90))["hot"]
    assert MAYBE_TWICE in copy
    assert "米饭" in copy
    assert restaurant.records.rows("SELECT copy_no, state FROM print_job WHERE copy_no > 1") == [(2, "confirmed")]


async def _jobs(restaurant: Restaurant) -> list[tuple[str, str]]:
    return [(job["role"], job["state"]) for job in await restaurant.shows("print-jobs")]
