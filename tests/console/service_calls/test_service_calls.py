"""Service calls at the till."""

from sqlalchemy import select

from console.service_calls.endpoints import ENDPOINTS
from domain.messaging.models import OutboxEvent
from domain.service_calls.rules import MOST_CALLS, CallKind
from domain.service_calls.service import call_staff
from tests.console.till import SHOP, Till, new_till
from tests.console.waitlist.test_waitlist import GONE, sits

RIVER = SHOP.stores["river"]


async def test_a_diners_call_is_seen_taken_and_done(till: Till) -> None:
    diner = await sits(till, "A01")
    await till.does(call_staff, RIVER, "A01", CallKind.WATER, diner_id=diner, words="加热水")

    waiting = await till.get("/service-calls")
    call_id = waiting["calls"][0]["id"]
    taken = await till.post(f"/service-calls/{call_id}/take")
    done = await till.post(f"/service-calls/{call_id}/finish")

    assert [(call["table"], call["title"], call["words"]) for call in waiting["calls"]] == [("A01", "加水", "加热水")]
    assert (taken["state"], done["state"], taken["taken_by"]) == ("taken", "done", (await till.get("/store"))["token_id"])
    assert (await till.get("/service-calls"))["calls"] == []
    assert await till.done() == [("calls", "taken"), ("calls", "done")]


async def test_a_bell_on_the_table_calls_for_nobody_in_particular_and_as_often_as_it_is_pressed(till: Till) -> None:
    first = await till.post("/service-calls", {"table": "A01", "kind": "water"})
    nudged = await till.post("/service-calls", {"table": "A01", "kind": "water"})
    others = [
        await till.post("/service-calls", {"table": table, "kind": kind}) for table in RIVER.tables for kind in ("tissue", "chair", "bill")
    ]

    assert (first["fresh"], nudged["fresh"], nudged["nudged"]) == (True, False, True)
    assert len(others) > MOST_CALLS
    assert {answer.status for answer in others} == {200}
    told = await till.database.read(lambda session: session.execute(select(OutboxEvent.payload).limit(1)).scalars().all())
    assert [payload["diner_id"] for payload in told] == [None]


async def test_a_second_tap_of_the_device_that_goes_changes_nothing(till: Till) -> None:
    call_id = (await till.post("/service-calls", {"table": "A01"}))["call"]["id"]

    first, second = [await till.post(f"/service-calls/{call_id}/take") for _ in range(2)]

    assert (second.status, second.text) == (200, first.text)


async def test_only_the_calls_of_one_table_when_that_is_asked(till: Till) -> None:
    await till.post("/service-calls", {"table": "A01"})
    await till.post("/service-calls", {"table": "A02"})

    assert [call["table"] for call in (await till.get("/service-calls", table="A02"))["calls"]] == ["A02"]
    assert [call["table"] for call in (await till.get("/service-calls", limit=1))["calls"]] == ["A01"]


async def test_every_documented_refusal_is_real(till: Till) -> None:
    colleague = await new_till(till.client, till.database, till.clock)
    call_id = (await till.post("/service-calls", {"table": "A01"}))["call"]["id"]
    await colleague.post(f"/service-calls/{call_id}/take")

    seen = {
        "makeCall": {(await till.post("/service-calls", {"table": "X1"})).code},
        "takeCall": {(await till.post(f"/service-calls/{GONE}/take")).code, (await till.post(f"/service-calls/{call_id}/take")).code},
        "finishCall": {(await till.post(f"/service-calls/{GONE}/finish")).code},
    }
    await till.post(f"/service-calls/{call_id}/finish")
    seen["takeCall"].add((await till.post(f"/service-calls/{call_id}/take")).code)
    seen["finishCall"].add((await till.post(f"/service-calls/{call_id}/finish")).code)

    declared = {one.name: {error.code for error in one.refusals} | {kind.code for kind in one.problems} for one in ENDPOINTS}
    assert seen == {name: codes for name, codes in declared.items() if codes}
