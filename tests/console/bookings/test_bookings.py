"""Bookings at the till, as the staff use them; and every refusal that the document names."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from console.bookings.endpoints import ENDPOINTS
from domain.bookings.deposits import ask_deposit, deposit_paid
from domain.bookings.finding import Wish
from domain.bookings.listing import get_booking
from domain.bookings.models import BookingStrike
from domain.bookings.service import book
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.payments.service import confirm_payment
from domain.shop.reading import read_shop
from haowei.shop_files import bring_in
from tests.clock import SettableClock
from tests.console.till import SHOP, SHOP_FILE, Answer, Till, new_till
from tests.console.waitlist.test_waitlist import number, sits
from tests.domain.bookings.floors import wall

TONIGHT, SATURDAY = "2026-11-21", "2026-11-28"


async def booked(till: Till, at: str = f"{SATURDAY}T19:00:00+08:00", people: int = 2, **wish: Any) -> Answer:
    """A party that the staff write in."""
    answer = await till.post("/bookings", {"starts_at": at, "people": people, **wish})
    assert answer.status == 201, answer.text
    return answer


async def by_chat(till: Till, at: str, people: int = 2, *, name: str = "o-chen", strikes: int = 0, room: bool = False) -> str:
    """A diner's booking. Returns: its id."""
    diner = await till.does(meet_diner, Vault(b"s" * 32), name)
    for _ in range(strikes):
        number = next(till.keys)
        evening = wall("2026-12-01 19:00") + timedelta(days=number)
        past = await till.does(book, SHOP, "hill", None, Wish(evening, 2), key=f"past {number}")
        row = {"booking_id": past.id, "diner_id": diner, "struck_at": till.clock.now()}
        await till.database.transaction(lambda session, row=row: session.execute(insert(BookingStrike), row))
    made = await till.does(book, SHOP, "river", diner, Wish(wall(at), people, room=room), key=f"chat {name} {at}")
    return str(made.id)


async def test_a_party_is_written_in_changed_seated_and_done(till: Till, clock: SettableClock) -> None:
    made = await booked(till, f"{TONIGHT}T19:30:00+08:00", 2, name="陈先生", notes="靠窗", kids=1)
    assert (made["number"], made["state"], made["business_day"], made["by_chat"]) == ("B001", "confirmed", TONIGHT, False)
    assert made["starts_at"] == f"{TONIGHT}T19:30:00+08:00"

    changed = await till.patch(f"/bookings/{made['id']}", {"version": made["version"], "people": 4, "name": "陈女士"})
    assert (changed["people"], changed["name"], changed["notes"], changed["version"]) == (4, "陈女士", "靠窗", 2)

    clock.advance(hours=1)
    seated = await till.post(f"/bookings/{made['id']}/seat")
    longer = await till.post(f"/bookings/{made['id']}/extend", {"minutes": 30})
    done = await till.post(f"/bookings/{made['id']}/finish")

    assert (seated["state"], longer["state"], done["state"]) == ("seated", "seated", "done")
    assert longer["ends_at"] > changed["ends_at"]
    assert await till.done() == [("door", what) for what in ("booked", "changed", "seated", "extended", "done")]


async def test_a_party_of_another_day_is_neither_seated_nor_done(till: Till) -> None:
    made = await booked(till, f"{SATURDAY}T19:30:00+08:00")

    answers = [await till.post(f"/bookings/{made['id']}/{act}") for act in ("seat", "finish")]

    assert [(answer.status, answer.code) for answer in answers] == [(409, "bookings.not_today")] * 2
    assert (await till.get(f"/bookings/{made['id']}"))["state"] == "confirmed"


async def test_a_booked_party_never_sits_down_at_a_table_of_others(till: Till) -> None:
    """A number has the table: it is refused with what is free. Strangers scanned there: friends who came first, or not."""
    made = await booked(till, f"{TONIGHT}T19:15:00+08:00", 4)
    till.clock.set(wall(f"{TONIGHT} 19:10"))
    four, table = await number(till, 4), made["tables"][0]
    other = "A04" if table == "A03" else "A03"
    await till.post(f"/waitlist/{four['id']}/call", {"table": table, "force": True})

    called = await till.post(f"/bookings/{made['id']}/seat")
    await till.post(f"/waitlist/{four['id']}/seat", {})
    seated = await till.post(f"/bookings/{made['id']}/seat", {"force": True})
    await till.patch(f"/bookings/{made['id']}", {"version": made["version"], "tables": [other]})
    await sits(till, other)
    scanned = await till.post(f"/bookings/{made['id']}/seat")
    friends = await till.post(f"/bookings/{made['id']}/seat", {"force": True})

    assert [answer.code for answer in (called, seated, scanned)] == ["waitlist.booked_table_taken"] * 3
    assert "B001" in called["detail"]
    assert other in called["detail"]
    assert (friends.status, friends["state"], friends["tables"]) == (200, "seated", [other])


async def test_a_diner_who_scanned_first_is_the_booked_party_itself(till: Till) -> None:
    made = await by_chat(till, f"{TONIGHT} 19:15", 4, name="o-chen")
    till.clock.set(wall(f"{TONIGHT} 19:10"))
    await sits(till, (await till.get(f"/bookings/{made}"))["tables"][0], "o-chen")

    assert (await till.post(f"/bookings/{made}/seat"))["state"] == "seated"


async def test_the_store_says_why_it_takes_a_booking_back(till: Till) -> None:
    made = await by_chat(till, f"{SATURDAY} 19:00")

    gone = await till.post(f"/bookings/{made}/cancel", {"reason": "今晚停电"})
    long = await till.post(f"/bookings/{made}/cancel", {"reason": "停" * 61})

    assert (gone["state"], gone["end_reason"], long.status) == ("cancelled", "staff", 422)
    assert (await till.database.read(get_booking, made)).answer == "今晚停电"


async def test_the_staff_choose_the_tables(till: Till) -> None:
    made = await booked(till, people=4)

    chosen = await till.patch(f"/bookings/{made['id']}", {"version": 1, "tables": ["A04", "A03"]})
    same_time = await till.patch(
        f"/bookings/{made['id']}", {"version": 2, "starts_at": f"{SATURDAY}T18:00:00+08:00", "people": 3, "tables": ["A01", "A02"]}
    )

    assert (chosen["tables"], chosen["tables_declared"]) == (["A03", "A04"], True)
    assert (same_time["tables"], same_time["tables_declared"], same_time["people"]) == (["A01", "A02"], False, 3)
    assert same_time["starts_at"] == f"{SATURDAY}T18:00:00+08:00"


async def test_a_change_of_which_one_part_is_refused_is_not_done_at_all(till: Till) -> None:
    made = await booked(till, people=2)
    taken = await booked(till, people=4)

    refused = await till.patch(
        f"/bookings/{made['id']}", {"version": 1, "starts_at": f"{SATURDAY}T19:30:00+08:00", "tables": taken["tables"]}
    )

    assert refused.code == "bookings.tables_taken"
    assert (await till.get(f"/bookings/{made['id']}")).json == made.json


async def test_too_few_seats_are_taken_only_when_the_staff_insist(till: Till) -> None:
    made = await booked(till, people=4)
    body = {"version": 1, "tables": ["A01"]}

    refused = await till.patch(f"/bookings/{made['id']}", body)
    forced = await till.patch(f"/bookings/{made['id']}", {**body, "force": True})

    assert (refused.code, forced["tables"]) == ("bookings.too_few_seats", ["A01"])


async def test_a_request_is_answered_once_and_with_the_words_of_the_store(till: Till) -> None:
    yes = await by_chat(till, f"{SATURDAY} 19:00", name="o-yes", strikes=4)
    no = await by_chat(till, f"{SATURDAY} 19:00", name="o-no", strikes=4)
    waiting = await till.get("/bookings", day=SATURDAY, state="requested")

    said_yes = await till.post(f"/bookings/{yes}/confirm", {"yes": True})
    said_no = await till.post(f"/bookings/{no}/confirm", {"yes": False, "reason": "当晚包场"})
    again = await till.post(f"/bookings/{no}/confirm", {"yes": True})

    assert [one["id"] for one in waiting["bookings"]] == [yes, no]
    assert (said_yes["state"], said_no["state"], said_no["end_reason"]) == ("confirmed", "cancelled", "refused")
    assert again.code == "bookings.nothing_to_review"
    assert "已取消" in again["detail"]


async def test_offers_for_who_is_on_the_phone_are_three_and_the_wished_time_is_the_first(till: Till) -> None:
    free = await till.get("/bookings/offers", at=f"{SATURDAY}T19:00:00+08:00", people=2)
    await till.post("/bookings", {"starts_at": f"{SATURDAY}T19:00:00+08:00", "people": 10, "room": True})
    taken = await till.get("/bookings/offers", at=f"{SATURDAY}T19:00:00+08:00", people=10, room="true")

    assert len(free["offers"]) == 3
    assert free["offers"][0]["starts_at"] == f"{SATURDAY}T19:00:00+08:00"
    assert len(taken["offers"]) == 3
    assert taken["offers"][0]["starts_at"] != f"{SATURDAY}T19:00:00+08:00"


async def test_a_full_house_is_refused_with_the_offers_in_words_and_as_data(till: Till) -> None:
    await booked(till, people=10, room=True)

    refused = await till.post("/bookings", {"starts_at": f"{SATURDAY}T19:00:00+08:00", "people": 10})

    assert (refused.status, refused.code) == (409, "bookings.full")
    assert len(refused["offers"]) == 3
    assert refused["offers"][0]["said"] in refused["detail"]


async def test_a_day_is_read_in_pages_that_miss_nobody(till: Till) -> None:
    made = [(await booked(till, f"{SATURDAY}T{hour}:00:00+08:00"))["id"] for hour in (11, 13, 15, 17, 19)]

    first = await till.get("/bookings", day=SATURDAY, limit=2)
    await till.post(f"/bookings/{made[1]}/cancel", {})
    second = await till.get("/bookings", day=SATURDAY, limit=2, after=first["next"])
    third = await till.get("/bookings", day=SATURDAY, limit=2, after=second["next"])

    assert [one["id"] for page in (first, second, third) for one in page["bookings"]] == made
    assert third["next"] is None


async def test_a_party_that_did_not_come_is_excused_and_its_deposit_goes_back(till: Till, clock: SettableClock) -> None:
    held = await by_chat(till, f"{SATURDAY} 19:00", 10, room=True)
    diner = await till.does(meet_diner, Vault(b"s" * 32), "o-chen")
    payment = await till.does(ask_deposit, held, diner_id=diner)
    await till.does(confirm_payment, payment.id, fen=payment.fen, method="simulated", external_no="1")
    await till.does(deposit_paid, held)
    clock.set(wall(f"{SATURDAY} 20:00"))

    await till.post(f"/bookings/{held}/no-show")
    excused = await till.post(f"/bookings/{held}/excuse")
    again = await till.post(f"/bookings/{held}/excuse")

    assert (excused["strike_taken_back"], excused["refunded_fen"]) == (True, 20000)
    assert (again["strike_taken_back"], again["refunded_fen"]) == (False, 0)


async def _refusals(till: Till) -> Mapping[str, set[str]]:
    """Every refusal of every operation on bookings, provoked."""
    late = f"{TONIGHT}T21:00:00+08:00"
    one = await booked(till, f"{TONIGHT}T20:00:00+08:00", 2)
    over = await booked(till, late, 2)
    await till.post(f"/bookings/{over['id']}/cancel", {})
    room = await booked(till, people=10, room=True)
    four = await booked(till, people=4)
    chat = await by_chat(till, f"{SATURDAY} 19:00", 2)
    near = await by_chat(till, f"{SATURDAY} 12:00", 2)
    gone = "01KQ3ZK7M5S8W0V2C4D6E8F0G2"
    when = f"{SATURDAY}T19:00:00+08:00"
    wishes: Mapping[str, dict[str, Any]] = {
        "bad_party": {"people": 2, "kids": 3},
        "party_too_large": {"people": 30},
        "no_room": {"room_name": "没有厅"},
        "too_soon": {"starts_at": f"{TONIGHT}T18:31:00+08:00"},
        "too_far": {"starts_at": "2027-11-28T19:00:00+08:00"},
        "outside_hours": {"starts_at": f"{SATURDAY}T23:00:00+08:00"},
        "full": {"people": 10, "starts_at": when},
    }
    seen: dict[str, set[str]] = {}

    async def see(name: str, answer: Answer) -> None:
        assert answer.status >= 400, f"{name} was not refused: {answer.text}"
        seen.setdefault(name, set()).add(answer.code)

    for wish in wishes.values():
        await see("makeBooking", await till.post("/bookings", {"starts_at": when, "people": 2, **wish}))
        await see("changeBooking", await till.patch(f"/bookings/{four['id']}", {"version": 1, **wish}))
    for query in ({"people": 30}, {"room": "true", "people": 11}, {"at": f"{TONIGHT}T18:31:00+08:00"}, {"at": "2027-11-28T19:00:00+08:00"}):
        await see("listOffers", await till.get("/bookings/offers", **{"at": when, "people": 2, **query}))
    await see("changeBooking", await till.patch(f"/bookings/{gone}", {"version": 1}))
    await see("changeBooking", await till.patch(f"/bookings/{four['id']}", {"version": 9, "people": 2}))
    await see("changeBooking", await till.patch(f"/bookings/{over['id']}", {"version": 1, "people": 1}))
    await see(
        "changeBooking", await till.patch(f"/bookings/{chat}", {"version": 1, "people": 9, "starts_at": f"{SATURDAY}T15:00:00+08:00"})
    )
    await see("changeBooking", await till.patch(f"/bookings/{near}", {"version": 1, "starts_at": f"{SATURDAY}T18:00:00+08:00"}))
    for tables in (["X9"], ["A01"], room["tables"]):
        await see("changeBooking", await till.patch(f"/bookings/{four['id']}", {"version": 1, "tables": tables}))
    for name, act, body in (
        ("answerBooking", "confirm", {"yes": True}),
        ("cancelBooking", "cancel", {}),
        ("seatBooking", "seat", {}),
        ("finishBooking", "finish", {}),
        ("missBooking", "no-show", {}),
        ("excuseBooking", "excuse", {}),
        ("extendBooking", "extend", {"minutes": 15}),
    ):
        await see(name, await till.post(f"/bookings/{gone}/{act}", body))
        if name != "cancelBooking":
            await see(name, await till.post(f"/bookings/{over['id']}/{act}", body))
    await see("showBooking", await till.get(f"/bookings/{gone}"))
    await see("seatBooking", await till.post(f"/bookings/{four['id']}/seat"))
    await see("finishBooking", await till.post(f"/bookings/{four['id']}/finish"))
    await see("missBooking", await till.post(f"/bookings/{one['id']}/no-show"))
    await see("extendBooking", await till.post(f"/bookings/{one['id']}/extend", {"minutes": 600}))
    till.clock.set(wall(f"{TONIGHT} 20:00") + timedelta(minutes=1))
    await sits(till, one["tables"][0])
    await see("seatBooking", await till.post(f"/bookings/{one['id']}/seat", {}))
    await till.post(f"/bookings/{one['id']}/seat", {"force": True})
    await see("cancelBooking", await till.post(f"/bookings/{one['id']}/cancel", {}))
    return seen


async def test_every_documented_refusal_is_real(till: Till) -> None:
    seen = await _refusals(till)
    shut = await _closed(till)

    declared = {endpoint.name: {error.code for error in endpoint.refusals} for endpoint in ENDPOINTS if endpoint.refusals}
    assert {name: codes - seen.get(name, set()) - shut.get(name, set()) for name, codes in declared.items()} == {
        name: set() for name in declared
    }


async def _closed(till: Till) -> dict[str, set[str]]:
    """A store that takes no bookings, and one that takes none any more."""
    shut = await new_till(till.client, till.database, till.clock, "shut")
    when = f"{SATURDAY}T19:00:00+08:00"
    living = await booked(till, f"{SATURDAY}T14:00:00+08:00")
    closed = read_shop(SHOP_FILE.replace("bookings: {starting", "bookings: {open: no, starting").encode()).document
    await bring_in(till.database, closed, imported_by="test", now=till.clock.now())
    return {
        "makeBooking": {(await shut.post("/bookings", {"starts_at": when, "people": 2})).code},
        "listOffers": {(await shut.get("/bookings/offers", at=when, people=2)).code},
        "changeBooking": {(await till.patch(f"/bookings/{living['id']}", {"version": 1, "people": 1})).code},
    }


@pytest.mark.parametrize("path", ["/bookings", "/bookings/offers"])
async def test_a_screen_learns_no_names(screen: Till, path: str) -> None:
    assert (await screen.get(path)).code == "api.wrong_scope"
