"""Idempotency-Key: one request acts once, however often it is sent, and its answer stays the same for 48 hours."""

import asyncio
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from console.api.models import ApiAnswer
from console.api.repeating import KEPT, forgets_answers
from domain.bookings.listing import bookings_of_day
from tests.clock import SettableClock
from tests.console.conftest import Client
from tests.console.till import Answer, Till, new_till

BOOKING = {"starts_at": "2026-11-28T19:00:00+08:00", "people": 2, "name": "陈先生"}
REPLAYED = "Idempotent-Replayed"


async def answers_kept(till: Till) -> int:
    """How many the API remembers."""
    return int(await till.database.read(lambda session: session.execute(select(func.count()).select_from(ApiAnswer)).scalar_one()))


async def bookings(till: Till) -> int:
    """How many there are on the Saturday."""
    day = (await till.get("/bookings", day="2026-11-28")).json
    return len(day["bookings"])


async def test_the_same_again_is_answered_the_same_byte_for_byte_and_done_once(till: Till) -> None:
    first = await till.post("/bookings", BOOKING, key="k1")
    again = await till.post("/bookings", BOOKING, key="k1")

    assert (first.status, again.status) == (201, 201)
    assert again.text == first.text
    assert again.headers["Location"] == first.headers["Location"] == f"/api/v1/bookings/{first['id']}"
    assert (first.headers.get(REPLAYED), again.headers.get(REPLAYED)) == (None, "true")
    assert await bookings(till) == 1
    assert await till.done() == [("door", "booked")]


async def test_it_is_the_first_answer_also_when_the_world_has_moved_on(till: Till) -> None:
    first = await till.post("/bookings", BOOKING, key="k1")
    await till.post(f"/bookings/{first['id']}/cancel", {})

    assert (await till.post("/bookings", BOOKING, key="k1")).text == first.text
    assert (await till.get(f"/bookings/{first['id']}"))["state"] == "cancelled"


async def test_spaces_and_the_order_of_members_make_no_other_request(till: Till) -> None:
    first = await till.post("/bookings", BOOKING, key="k1")
    text = json.dumps(dict(reversed(BOOKING.items())), indent=2, ensure_ascii=False)

    again = await till.ask("POST", "/bookings", data=text, kind="application/json", key='"k1"')

    assert again.text == first.text


@pytest.mark.parametrize(
    ("path", "body"), [("/bookings", {**BOOKING, "people": 3}), ("/waitlist", {"people": 2}), ("/waitlist/call-next", {"table": "A01"})]
)
async def test_another_request_under_the_same_key_is_422(till: Till, path: str, body: dict[str, object]) -> None:
    await till.post("/bookings", BOOKING, key="k1")

    answer = await till.post(path, body, key="k1")

    assert (answer.status, answer.code) == (422, "api.key_reused")
    assert await till.done() == [("door", "booked")]


async def test_a_key_belongs_to_its_store(till: Till, hill: Till) -> None:
    ours, theirs = await till.post("/bookings", BOOKING, key="k1"), await hill.post("/bookings", BOOKING, key="k1")

    assert ours["id"] != theirs["id"]


async def test_another_device_of_the_store_gets_the_same_answer(client: Client, till: Till) -> None:
    first = await till.post("/bookings", BOOKING, key="k1")
    second_till = await new_till(client, till.database, till.clock)

    assert (await second_till.post("/bookings", BOOKING, key="k1")).text == first.text


async def test_a_refusal_is_not_kept_and_the_same_request_may_succeed_later(till: Till, clock: SettableClock) -> None:
    booked = await till.post("/bookings", {**BOOKING, "starts_at": "2026-11-21T19:30:00+08:00"})
    early = await till.post(f"/bookings/{booked['id']}/no-show", key="k1")
    clock.advance(hours=2)

    late = await till.post(f"/bookings/{booked['id']}/no-show", key="k1")

    assert (early.status, early.code) == (409, "bookings.not_late_yet")
    assert (late.status, late["state"]) == (200, "no_show")
    assert late.headers.get(REPLAYED) is None
    assert await answers_kept(till) == 2


@pytest.mark.parametrize(
    ("key", "code"), [(None, "api.key_missing"), ("", "api.wrong_key"), ("a b", "api.wrong_key"), ("x" * 65, "api.wrong_key")]
)
async def test_an_act_without_a_good_key_is_400_and_not_done(till: Till, key: str | None, code: str) -> None:
    headers = {"Authorization": f"Bearer {till.token}"} | ({} if key is None else {"Idempotency-Key": key})
    async with till.client.post("/api/v1/bookings", json=BOOKING, headers=headers) as response:
        problem = await response.json()

    assert (response.status, problem["code"]) == (400, code)
    assert await bookings(till) == 0


async def test_fifty_at_once_are_one(till: Till) -> None:
    answers: list[Answer] = await asyncio.gather(*(till.post("/bookings", BOOKING, key="k1") for _ in range(50)))

    assert {(answer.status, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert sum(REPLAYED not in answer.headers for answer in answers) == 1
    assert len(await till.database.read(bookings_of_day, "river", date(2026, 11, 28))) == 1


async def test_of_two_different_requests_under_one_key_at_once_one_is_done(till: Till) -> None:
    bodies = [{**BOOKING, "people": 1 + number % 2} for number in range(12)]

    answers = await asyncio.gather(*(till.post("/bookings", body, key="k1") for body in bodies))

    assert sorted(answer.status for answer in answers) == [201] * 6 + [422] * 6
    assert await bookings(till) == 1


async def test_answers_are_forgotten_by_the_night_after_48_hours(till: Till, clock: SettableClock) -> None:
    await till.post("/waitlist", {"people": 2})
    clock.advance(KEPT - timedelta(minutes=1))
    await till.does(forgets_answers, {}, event_id="night")
    kept = await answers_kept(till)

    clock.advance(minutes=2)
    await till.does(forgets_answers, {}, event_id="night")

    assert (kept, await answers_kept(till)) == (1, 0)
