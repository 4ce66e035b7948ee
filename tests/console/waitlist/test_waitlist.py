"""The waitlist at the door's till, as the staff use it; and every refusal that the document names."""

from datetime import timedelta
from typing import Any

from console.waitlist.endpoints import ENDPOINTS
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.shop.reading import read_shop
from domain.tables.service import scan_table
from domain.waitlist.housekeeping import end_left_over
from domain.waitlist.service import take_number
from haowei.shop_files import bring_in
from tests.clock import SettableClock
from tests.console.till import SHOP, SHOP_FILE, Answer, Till

GONE = "01KQ3ZK7M5S8W0V2C4D6E8F0G2"


async def number(till: Till, people: int = 2) -> Answer:
    """A party at the door."""
    answer = await till.post("/waitlist", {"people": people})
    assert answer.status == 201, answer.text
    till.clock.advance(seconds=1)
    return answer


async def sits(till: Till, table: str, name: str = "o-li") -> str:
    """A diner scans a table's code."""
    diner = await till.does(meet_diner, Vault(b"s" * 32), name)
    await till.does(scan_table, SHOP.stores["river"], table, diner)
    return str(diner)


async def test_a_party_waits_is_called_comes_and_sits_down(till: Till) -> None:
    first, second = await number(till), await number(till)
    assert (first["number"], first["state"], first["ahead"], first["by_chat"]) == ("A001", "waiting", 0, False)
    assert second["ahead"] == 1
    assert second["minutes_low"] <= second["minutes_high"]

    called = await till.post("/waitlist/call-next", {"table": "A01"})
    again = await till.post(f"/waitlist/{first['id']}/call-again")
    here = await till.post(f"/waitlist/{first['id']}/arrived")
    seated = await till.post(f"/waitlist/{first['id']}/seat", {})

    assert (called["id"], called["table"], called["call_reason"]) == (first["id"], "A01", "turn")
    assert [answer["state"] for answer in (again, here, seated)] == ["called", "arrived", "seated"]
    assert (await till.get(f"/waitlist/{second['id']}"))["ahead"] == 0
    assert await till.done() == [("door", what) for what in ("taken", "taken", "called A01", "again", "here", "seated")]


async def test_the_staff_may_call_whom_they_choose_and_seat_elsewhere(till: Till) -> None:
    await number(till)
    second = await number(till)

    called = await till.post(f"/waitlist/{second['id']}/call", {"table": "A01"})
    seated = await till.post(f"/waitlist/{second['id']}/seat", {"table": "A02"})

    assert (called["call_reason"], seated["table"]) == ("staff", "A02")


async def test_who_missed_the_call_comes_back_once(till: Till) -> None:
    party = await number(till)

    states = []
    for _ in range(2):
        await till.post("/waitlist/call-next", {"table": "A01"})
        states.append((await till.post(f"/waitlist/{party['id']}/miss"))["state"])
        back = await till.post(f"/waitlist/{party['id']}/requeue")

    assert states == ["missed", "left"]
    assert back.code == "waitlist.moved"
    assert "已退号" in back["detail"]


async def test_a_party_that_grows_gets_a_number_of_another_line_and_one_given_by_mistake_is_void(till: Till) -> None:
    party = await number(till)

    grown = await till.post(f"/waitlist/{party['id']}/people", {"people": 4})
    void = await till.post(f"/waitlist/{party['id']}/leave", {"mistake": True})

    assert (grown["number"], grown["line"], grown["people"]) == ("B001", "B", 4)
    assert void["state"] == "void"


async def test_the_list_shows_who_lives_in_the_order_of_their_turns_and_in_pages(till: Till) -> None:
    made = [(await number(till, people))["number"] for people in (2, 4, 2, 10)]
    await till.post("/waitlist/call-next", {"table": "A01"})
    gone = await number(till)
    await till.post(f"/waitlist/{gone['id']}/leave", {})

    first = await till.get("/waitlist", limit=3)
    rest = await till.get("/waitlist", limit=3, after=first["next"])
    called = await till.get("/waitlist", state="called")

    assert [one["number"] for page in (first, rest) for one in page["numbers"]] == made
    assert rest["next"] is None
    assert [one["number"] for one in called["numbers"]] == ["A001"]


async def test_a_screen_reads_the_board_and_nothing_else(till: Till, screen: Till) -> None:
    await number(till)
    await number(till)
    await till.post("/waitlist/call-next", {"table": "A01"})

    board = await screen.get("/waitlist/board")

    assert [call["number"] for call in board["calls"]] == ["A001"]
    assert [(line["letter"], line["waiting"], line["next_numbers"]) for line in board["lines"] if line["waiting"]] == [("A", 1, ["A002"])]
    assert (await screen.get("/waitlist")).code == "api.wrong_scope"
    assert (await screen.post("/waitlist", {"people": 2})).code == "api.wrong_scope"


async def test_a_party_is_not_called_to_a_table_that_is_booked_soon(till: Till) -> None:
    await number(till, 4)
    booked = await till.post("/bookings", {"starts_at": "2026-11-21T19:30:00+08:00", "people": 4})

    refused = await till.post("/waitlist/call-next", {"table": booked["tables"][0]})

    assert refused.code == "waitlist.table_booked"
    assert "19:30" in refused["detail"]


async def test_every_documented_refusal_is_real(till: Till, clock: SettableClock) -> None:
    seen: dict[str, set[str]] = {}

    async def see(name: str, answer: Answer) -> None:
        assert answer.status >= 400, f"{name} was not refused: {answer.text}"
        seen.setdefault(name, set()).add(answer.code)

    acts: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("callNumber", "call", {"table": "A02"}),
        ("callAgain", "call-again", {}),
        ("markArrived", "arrived", {}),
        ("seatNumber", "seat", {}),
        ("missNumber", "miss", {}),
        ("requeueNumber", "requeue", {}),
        ("endNumber", "leave", {}),
        ("changePartySize", "people", {"people": 2}),
    )
    over = await number(till)
    await till.post(f"/waitlist/{over['id']}/leave", {})
    for name, act, body in acts:
        await see(name, await till.post(f"/waitlist/{GONE}/{act}", body))
        await see(name, await till.post(f"/waitlist/{over['id']}/{act}", body))
    await see("showNumber", await till.get(f"/waitlist/{GONE}"))
    await see("giveNumber", await till.post("/waitlist", {"people": 11}))
    await see("changePartySize", await till.post(f"/waitlist/{(await number(till))['id']}/people", {"people": 11}))

    booked = (await till.post("/bookings", {"starts_at": "2026-11-21T19:30:00+08:00", "people": 4}))["tables"][0]
    await sits(till, "A01")
    held, four = await number(till), await number(till, 4)
    await till.post(f"/waitlist/{held['id']}/call", {"table": "A02"})
    for table in ("X1", "A01", "A02", booked):
        await see("callNext", await till.post("/waitlist/call-next", {"table": table}))
    for table in ("X1", "A01", "A02", booked):
        await see("callNumber", await till.post(f"/waitlist/{four['id']}/call", {"table": table}))
    third = await number(till, 4)
    await till.post(f"/waitlist/{third['id']}/call", {"table": "V01"})
    for table in ("X1", "A01", "V01"):
        await see("seatNumber", await till.post(f"/waitlist/{held['id']}/seat", {"table": table}))
    await till.post(f"/waitlist/{held['id']}/miss")
    for one in (await till.get("/waitlist", state="waiting"))["numbers"]:
        await till.post(f"/waitlist/{one['id']}/leave", {})
    await see("callNext", await till.post("/waitlist/call-next", {"table": "A02"}))
    clock.advance(timedelta(hours=1, minutes=1))
    await see("requeueNumber", await till.post(f"/waitlist/{held['id']}/requeue"))
    seen |= await _closed(till, acts, seen, held["id"])

    declared = {endpoint.name: {error.code for error in endpoint.refusals} for endpoint in ENDPOINTS if endpoint.refusals}
    assert {name: codes - seen.get(name, set()) for name, codes in declared.items()} == {name: set() for name in declared}


async def _closed(till: Till, acts: Any, seen: dict[str, set[str]], number_id: str) -> dict[str, set[str]]:
    """The store closes for good."""
    river = SHOP_FILE[SHOP_FILE.index("  - id: river") : SHOP_FILE.index("  - id: hill")]
    without = SHOP_FILE[: SHOP_FILE.index("experiences:")].replace(river, "")
    await bring_in(till.database, read_shop(without.encode()).document, imported_by="test", now=till.clock.now())
    for name, act, body in acts:
        if name != "markArrived":  # whoever is here is here
            seen[name].add((await till.post(f"/waitlist/{number_id}/{act}", body)).code)
    seen["giveNumber"].add((await till.post("/waitlist", {"people": 2})).code)
    seen["callNext"].add((await till.post("/waitlist/call-next", {"table": "A01"})).code)
    seen["showBoard"] = {(await till.get("/waitlist/board")).code}
    return seen


async def test_a_diners_own_number_is_shown_as_one_by_chat(till: Till) -> None:
    diner = await till.does(meet_diner, Vault(b"s" * 32), "o-wang")
    standing = await till.does(take_number, SHOP, "river", diner, 2, by=diner)

    assert (await till.get(f"/waitlist/{standing.ticket.id}"))["by_chat"] is True


async def test_a_name_is_for_the_door_and_not_for_the_screen_and_gone_with_the_day(till: Till, screen: Till, clock: SettableClock) -> None:
    party = await till.post("/waitlist", {"people": 2, "name": "陈先生"})
    board = await screen.get("/waitlist/board")
    clock.advance(hours=12)
    await till.does(end_left_over, SHOP)

    assert (party["name"], "陈先生" in board.text) == ("陈先生", False)
    assert (await till.get(f"/waitlist/{party['id']}"))["name"] == ""


async def test_the_staff_insist_when_they_call_a_party_to_a_table_that_is_booked_soon(till: Till) -> None:
    booked = await till.post("/bookings", {"starts_at": "2026-11-21T19:15:00+08:00", "people": 4})
    four, table = await number(till, 4), booked["tables"][0]

    refused = await till.post(f"/waitlist/{four['id']}/call", {"table": table})
    called = await till.post(f"/waitlist/{four['id']}/call", {"table": table, "force": True})

    assert (refused.status, refused.code) == (409, "waitlist.table_booked")
    assert "19:15" in refused["detail"]
    assert (called.status, called["table"]) == (200, table)


async def test_nobody_is_called_to_a_table_where_a_booked_party_sits(till: Till, clock: SettableClock) -> None:
    booked = await till.post("/bookings", {"starts_at": "2026-11-21T19:15:00+08:00", "people": 4})
    clock.advance(timedelta(minutes=45))
    await till.post(f"/bookings/{booked['id']}/seat")
    four = await number(till, 4)

    refused = await till.post(f"/waitlist/{four['id']}/call", {"table": booked["tables"][0], "force": True})

    assert (refused.status, refused.code) == (409, "waitlist.table_held")
