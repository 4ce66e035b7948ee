"""What the kitchen is told after its ticket: at which stations, on both databases."""

import pytest

from printing.consumers import on_order_fired, on_order_rushed, on_order_voided
from printing.printers.outcome import CONFIRMED
from tests.printing.decoding import decode
from tests.printing.kitchen import Kitchen, printer_line
from tests.printing.orders import cooking, dish, fired, released, rushed, taken_back, voided

HOT = printer_line("hot", port=9101, stations="热菜")
COLD = printer_line("cold", port=9102, stations="凉菜", width=58)
PASS = printer_line("pass", port=9104, roles="pass")


@pytest.fixture
async def store(kitchen: Kitchen) -> Kitchen:
    """A store with two stations and a pass."""
    await kitchen.has_printers(HOT, COLD, PASS)
    return kitchen


async def test_every_station_that_has_a_dish_taken_back_is_told_and_the_pass(store: Kitchen) -> None:
    await store.told(on_order_voided, voided(taken_back(dish("水煮牛肉")), taken_back(dish("凉拌黄瓜", station="凉菜"))))
    assert [(job.role, job.kind, job.printer_ids) for job in await store.jobs()] == [
        ("void:热菜", "kitchen", ["hot"]),
        ("void:凉菜", "kitchen", ["cold"]),
        ("void-pass", "pass", ["pass"]),
    ]


async def test_what_the_kitchen_never_had_is_not_taken_back_from_it(store: Kitchen) -> None:
    await store.told(on_order_voided, voided(taken_back(dish("水煮牛肉")), taken_back(dish("凉拌黄瓜", station="凉菜"), in_kitchen=False)))
    assert [job.role for job in await store.jobs()] == ["void:热菜", "void-pass"]


async def test_nothing_is_printed_of_dishes_that_waited_for_their_money(store: Kitchen) -> None:
    await store.told(on_order_voided, voided(taken_back(dish("水煮牛肉"), in_kitchen=False), cancelled=True))
    assert await store.jobs() == []


async def test_a_round_that_is_fired_and_a_table_that_waits_are_told_where_they_are_cooked(store: Kitchen) -> None:
    await store.told(on_order_fired, fired(cooking(dish("凉拌黄瓜", station="凉菜"))))
    await store.told(on_order_rushed, rushed(cooking(dish("水煮牛肉"))))
    assert [job.role for job in await store.jobs()] == ["fire:凉菜", "fire-pass", "rush:热菜", "rush-pass"]


async def test_a_slip_is_paper_like_any_other(store: Kitchen) -> None:
    await store.told(on_order_rushed, rushed(cooking(dish("水煮牛肉", "2"))))
    [job, _] = await store.lease()
    [paper] = decode(job.data, 48)
    assert job.printer.id == "hot"
    assert "【催菜】热菜" in paper.text
    assert "水煮牛肉" in paper.text


async def test_a_kitchen_ticket_that_waits_is_confirmed_like_any_other(store: Kitchen) -> None:
    await store.released(released(dish("水煮牛肉"), wait=True))
    [kitchen, slip] = await store.lease()
    await store.sending(kitchen)
    await store.report(kitchen, CONFIRMED)
    assert [told["all_kitchen_confirmed"] for told in await store.events("print_job_confirmed")] == [True]
    assert slip.printer.id == "pass"
