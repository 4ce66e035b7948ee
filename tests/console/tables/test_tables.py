"""The floor at a glance, and parties that move, join others, or have gone."""

import asyncio
from decimal import Decimal
from typing import Any

from console.tables.endpoints import ENDPOINTS
from domain.checkout.billing import ask_for_payment
from domain.orders.cart import add_line, find_cart, open_cart
from domain.orders.service import place_round
from domain.payments.service import confirm_payment
from domain.tables.service import find_seat
from tests.clock import SettableClock
from tests.console.till import SHOP, Answer, Till
from tests.console.waitlist.test_waitlist import number, sits

RIVER = SHOP.stores["river"]


async def orders(till: Till, diner: str, *, placed: bool = True) -> str:
    """A diner at a table chooses a dish, and places it."""

    def run(session: Any, now: Any) -> str:
        seat = find_seat(session, diner, now=now)
        cart = open_cart(session, "river", seat, diner, now=now)
        add_line(session, RIVER, cart, SHOP.menus["river"]["pork"], Decimal(1), diner, now=now)
        if placed:
            read_back = find_cart(session, seat, diner)
            assert read_back is not None
            place_round(session, SHOP, read_back, diner, now=now)
        return str(cart.order_id)

    return str(await till.does(run))


async def floor(till: Till) -> dict[str, Any]:
    """Its tables by code."""
    return {table["code"]: table for table in (await till.get("/floor"))["tables"]}


async def test_the_floor_says_who_is_where(till: Till, clock: SettableClock) -> None:
    diner = await sits(till, "A01")
    await orders(till, diner)
    await till.post("/service-calls", {"table": "A01", "kind": "water"})
    called = await number(till)
    await till.post("/waitlist/call-next", {"table": "A02"})
    booked = await till.post("/bookings", {"starts_at": "2026-11-21T19:15:00+08:00", "people": 4, "name": "陈先生"})
    later = await till.post("/bookings", {"starts_at": "2026-11-21T20:30:00+08:00", "people": 10, "room": True})

    seen = await floor(till)

    assert {code: table["state"] for code, table in seen.items()} == {
        "A01": "seated",
        "A02": "called",
        booked["tables"][0]: "booked",
        next(code for code in ("A03", "A04") if code != booked["tables"][0]): "free",
        "V01": "free",
    }
    assert [(order["number"], order["state"]) for order in seen["A01"]["party"]["orders"]] == [("0001", "placed")]
    assert (seen["A01"]["party"]["phones"], [call["title"] for call in seen["A01"]["calls"]]) == (1, ["加水"])
    assert (seen["A02"]["party"]["number"], seen["A02"]["party"]["people"]) == (called["number"], 2)
    assert (seen[booked["tables"][0]]["expected"]["name"], seen["V01"]["expected"]["number"]) == ("陈先生", later["number"])
    assert (seen["V01"]["room"], seen["A03"]["pairs_with"]) == ("牡丹厅", ["A04"])


async def test_a_booked_party_that_is_late_is_marked_and_one_that_sits_is_seated(till: Till, clock: SettableClock) -> None:
    booked = await till.post("/bookings", {"starts_at": "2026-11-21T19:15:00+08:00", "people": 4})
    clock.advance(hours=1, minutes=1)
    late = (await floor(till))[booked["tables"][0]]
    await till.post(f"/bookings/{booked['id']}/seat")

    seated = (await floor(till))[booked["tables"][0]]

    assert (late["state"], late["expected"]["late"]) == ("booked", True)
    assert (seated["state"], seated["party"]["booking"], seated["expected"]) == ("seated", "B001", None)


async def test_the_tables_are_those_of_the_shop_file(till: Till) -> None:
    tables = (await till.get("/tables"))["tables"]

    assert [(table["code"], table["seats"]) for table in tables] == [("A01", 2), ("A02", 2), ("A03", 4), ("A04", 4), ("V01", 10)]


async def test_a_party_moves_with_its_orders_and_joins_another(till: Till) -> None:
    chen, li = await sits(till, "A01", "o-chen"), await sits(till, "A03", "o-li")
    await orders(till, chen)
    order_id = await orders(till, li)

    moved = await till.post("/tables/A01/move", {"to": "A04"})
    merged = await till.post("/tables/A04/merge", {"to": "A03"})

    assert (moved["table"], merged["table"], merged["order_id"]) == ("A04", "A03", order_id)
    seen = await floor(till)
    assert (seen["A04"]["state"], seen["A03"]["party"]["phones"], len(seen["A03"]["party"]["orders"])) == ("free", 2, 1)


async def test_a_table_is_closed_when_nothing_is_owed_and_a_cart_that_was_never_placed_owes_nothing(till: Till) -> None:
    diner = await sits(till, "A01")
    await orders(till, diner, placed=False)

    closed = await till.post("/tables/A01/close")
    again = await till.post("/tables/A01/close")

    assert (closed["was_taken"], again["was_taken"]) == (True, False)
    assert (await floor(till))["A01"]["state"] == "free"


async def test_of_many_who_close_a_table_at_once_one_frees_it(till: Till) -> None:
    await sits(till, "A01")

    answers = await asyncio.gather(*(till.post("/tables/A01/close") for _ in range(8)))

    assert {answer.code for answer in answers} <= {"", "tables.session_ended"}
    assert sum(answer.status == 200 and answer["was_taken"] for answer in answers) == 1


async def test_a_table_where_a_number_sits_without_a_scan_is_free_when_the_staff_say_so(till: Till) -> None:
    party = await number(till)
    await till.post("/waitlist/call-next", {"table": "A01"})
    held = await till.post("/tables/A01/close")
    await till.post(f"/waitlist/{party['id']}/seat", {})

    assert held.code == "waitlist.table_held"
    assert (await floor(till))["A01"]["party"]["number"] == "A001"
    assert (await till.post("/tables/A01/close"))["was_taken"] is True
    assert (await floor(till))["A01"]["state"] == "free"


async def test_a_table_where_a_booked_party_sits_without_a_scan_is_free_when_the_staff_say_so(till: Till, clock: SettableClock) -> None:
    booked = await till.post("/bookings", {"starts_at": "2026-11-21T19:15:00+08:00", "people": 8})
    clock.advance(minutes=40)
    await till.post(f"/bookings/{booked['id']}/seat")
    table = booked["tables"][0]
    party = (await floor(till))[table]["party"]

    closed, again = [await till.post(f"/tables/{table}/close") for _ in range(2)]

    assert (party["booking"], party["booking_id"], party["number_id"]) == (booked["number"], booked["id"], None)
    assert (closed["was_taken"], again["was_taken"]) == (True, False)
    assert {(await floor(till))[code]["state"] for code in booked["tables"]} == {"free"}
    assert (await till.get(f"/bookings/{booked['id']}"))["state"] == "done"


async def test_nobody_moves_to_a_table_that_a_number_was_called_to(till: Till) -> None:
    await sits(till, "A01")
    waiting = await number(till)
    await till.post("/waitlist/call-next", {"table": "A02"})

    refused = await till.post("/tables/A01/move", {"to": "A02"})

    assert (refused.status, refused.code) == (409, "waitlist.table_held")
    seen = await floor(till)
    assert (seen["A01"]["state"], seen["A02"]["state"]) == ("seated", "called")
    assert (seen["A02"]["party"]["number"], seen["A02"]["party"]["number_id"]) == (waiting["number"], waiting["id"])


async def test_refusals_at_the_tables_are_real_and_change_nothing(till: Till) -> None:
    chen, li = await sits(till, "A01", "o-chen"), await sits(till, "A03", "o-li")
    await orders(till, chen)
    before = await floor(till)

    codes = {
        "unpaid": (await till.post("/tables/A01/close")).code,
        "unknown": {(await till.post(f"/tables/X1/{act}", body)).code for act, body in _ACTS},
        "empty": {(await till.post(f"/tables/A02/{act}", body)).code for act, body in _ACTS[1:]},
        "taken": (await till.post("/tables/A01/move", {"to": "A03"})).code,
        "where it sits": (await till.post("/tables/A01/move", {"to": "A01"})).code,
        "nowhere": {(await till.post(f"/tables/A01/{act}", {"to": "X1"})).code for act, _ in _ACTS[1:]},
        "alone": (await till.post("/tables/A01/merge", {"to": "A02"})).code,
        "itself": (await till.post("/tables/A01/merge", {"to": "A01"})).code,
    }

    assert codes == {
        "unpaid": "tables.unpaid",
        "unknown": {"tables.unknown_table"},
        "empty": {"tables.session_ended"},
        "taken": "tables.taken",
        "where it sits": "tables.same_table",
        "nowhere": {"tables.unknown_table"},
        "alone": "tables.session_ended",
        "itself": "tables.same_table",
    }
    assert await floor(till) == before
    assert await till.done() == []
    assert li != chen


async def test_two_parties_are_not_merged_over_a_payment_of_this_moment(till: Till) -> None:
    chen, li = await sits(till, "A01", "o-chen"), await sits(till, "A03", "o-li")
    first = await orders(till, chen)
    await orders(till, li)
    payment, _ = await till.database.transaction(ask_for_payment, SHOP, first, chen, now=till.clock.now())
    await till.does(confirm_payment, payment.id, fen=payment.fen, method="simulated", external_no="1")

    assert (await till.post("/tables/A01/merge", {"to": "A03"})).code == "orders.just_paid"


async def test_no_operation_declares_a_refusal_that_it_does_not_have(till: Till) -> None:
    declared = {endpoint.name: {error.code for error in endpoint.refusals} for endpoint in ENDPOINTS if endpoint.refusals}

    assert declared == {
        "closeTable": {"tables.unknown_table", "tables.unpaid", "waitlist.table_held", "waitlist.closed", *_AT_THE_SAME_MOMENT},
        "moveParty": {
            "tables.unknown_table",
            "tables.session_ended",
            "tables.same_table",
            "tables.taken",
            "waitlist.table_held",
            "waitlist.closed",
            "bookings.tables_taken",
        },
        "mergeParties": {"tables.unknown_table", "tables.session_ended", "tables.same_table", "orders.just_paid"},
    }


_AT_THE_SAME_MOMENT = {"tables.session_ended", "tables.taken"}
"""A colleague closes it, or a diner scans its code, between the look at the table and the act."""
_ACTS: tuple[tuple[str, Any], ...] = (("close", {}), ("move", {"to": "A04"}), ("merge", {"to": "A03"}))


async def seated_by_number(till: Till, table: str) -> Answer:
    """A party on paper that was called to a table and sits there; nobody scans."""
    party = await number(till)
    await till.post(f"/waitlist/{party['id']}/call", {"table": table})
    return await till.post(f"/waitlist/{party['id']}/seat", {})


async def test_a_party_that_sits_by_its_number_moves_without_a_scan(till: Till) -> None:
    await seated_by_number(till, "A01")

    same = await till.post("/tables/A01/move", {"to": "A01"})
    moved = await till.post("/tables/A01/move", {"to": "A02"})

    seen = await floor(till)
    assert (same.status, same.code) == (409, "tables.same_table")
    assert (moved.status, moved["table"], moved["session_id"]) == (200, "A02", None)
    assert (seen["A01"]["state"], seen["A02"]["party"]["number"]) == ("free", "A001")
    assert (await till.post("/tables/A01/move", {"to": "A03"})).code == "tables.session_ended"


async def test_the_table_of_a_booking_follows_its_party(till: Till, clock: SettableClock) -> None:
    booked = await till.post("/bookings", {"starts_at": "2026-11-21T19:15:00+08:00", "people": 2})
    clock.advance(minutes=70)
    await till.post(f"/bookings/{booked['id']}/seat")
    await seated_by_number(till, "A04")

    held = await till.post(f"/tables/{booked['tables'][0]}/move", {"to": "A04"})
    moved = await till.post(f"/tables/{booked['tables'][0]}/move", {"to": "A03"})

    assert (held.code, moved.status) == ("waitlist.table_held", 200)
    assert (await till.get(f"/bookings/{booked['id']}"))["tables"] == ["A03"]
    assert (await floor(till))[booked["tables"][0]]["state"] == "free"


async def test_who_sits_down_next_has_not_called_for_what_the_last_party_wanted(till: Till) -> None:
    await seated_by_number(till, "A01")
    await till.post("/service-calls", {"table": "A01", "kind": "water"})
    diner = await sits(till, "A03")
    await till.post("/service-calls", {"table": "A03", "kind": "tissue"})

    for table in ("A01", "A03"):
        await till.post(f"/tables/{table}/close")
    await seated_by_number(till, "A02")

    assert diner
    assert (await till.get("/service-calls"))["calls"] == []
    assert (await floor(till))["A01"]["calls"] == []
