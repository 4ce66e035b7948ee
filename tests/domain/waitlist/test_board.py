"""The screen at the door."""

from domain.benefits.service import entitle
from domain.waitlist.board import Board, board_of
from domain.waitlist.rules import PRIORITY
from tests.domain.waitlist.door import SHOP, Door


async def board(door: Door) -> Board:
    return await door.database.read(board_of, SHOP, "one", now=door.clock.now())


async def test_it_shows_each_line_its_first_numbers_and_who_is_called(door: Door) -> None:
    for people in (2, 2, 2, 2, 2, 4):
        await door.takes(people)
    await door.calls("A1")
    door.clock.advance(minutes=1)
    await door.calls("A2")
    await door.misses("A001")

    shown = await board(door)

    assert [(line.letter, line.least, line.most, line.waiting, line.next_numbers) for line in shown.lines] == [
        ("A", 1, 2, 3, ("A003", "A004", "A005")),
        ("B", 3, 4, 1, ("B001",)),
        ("C", 5, 6, 0, ()),
        ("D", 7, 10, 0, ()),
    ]
    assert [(call.number, call.table_code, call.reason) for call in shown.calls] == [("A002", "A2", "turn")]
    assert shown.missed == ("A001",)
    assert (shown.jumps, shown.called, shown.kept, shown.judged) == (0, 2, 2, 2)


async def test_a_jump_is_shown_as_one(door: Door) -> None:
    await door.meets("vip")
    day = SHOP.brand.business_day(door.clock.now())
    await door.does(entitle, "vip", PRIORITY, source="plan:1", starts_on=day, ends_on=None, key="plan")
    await door.crowd(2, 11)
    await door.takes(2, "vip")
    await door.calls_and_seats("A1", 9)

    assert await door.calls("A1") == "A012"

    shown = await board(door)
    assert [call.reason for call in shown.calls] == ["priority"]
    assert (shown.jumps, shown.called) == (1, 10)


async def test_nobody_waits_at_the_beginning(door: Door) -> None:
    shown = await board(door)

    assert {line.waiting for line in shown.lines} == {0}
    assert (shown.calls, shown.missed, shown.jumps, shown.called) == ((), (), 0, 0)
