"""Experiences at the till: the day's sessions, who comes, who is here."""

from typing import Any

from console.experiences.endpoints import ENDPOINTS
from domain.experiences.service import book_experience
from domain.experiences.wishes import ExperienceWish
from domain.members.service import meet_diner
from domain.members.vault import Vault
from tests.clock import SettableClock
from tests.console.till import SHOP, Till
from tests.console.waitlist.test_waitlist import GONE
from tests.domain.bookings.floors import wall

SATURDAY = "2026-11-28"


async def guests(till: Till, at: str = "14:00", *, of: str = "baking", who: str = "o-chen", children: int = 1) -> Any:
    """A diner books places by chat."""
    diner = await till.does(meet_diner, Vault(b"s" * 32), who)
    ages = ("3-6岁",) * children if of == "baking" else ()
    wish = ExperienceWish(of, "river", wall(f"{SATURDAY} {at}"), 1, children, ages, name="陈女士")
    return await till.does(book_experience, SHOP, wish, diner_id=diner, key=f"{who} {at}")


async def test_the_sessions_of_a_day_are_all_there_booked_or_not(till: Till, hill: Till) -> None:
    await guests(till)

    sessions = (await till.get("/experiences", day=SATURDAY))["sessions"]

    assert [(one["name"], one["starts_at"][11:16], one["places_taken"], one["id"] is None) for one in sessions] == [
        ("亲子烘焙", "14:00", 2, False),
        ("小厨课", "15:00", 0, True),
        ("亲子烘焙", "16:00", 0, True),
    ]
    assert (sessions[0]["kits"], sessions[0]["kit_name"], sessions[2]["places"]) == (1, "材料包", 10)
    assert (await hill.get("/experiences", day=SATURDAY))["sessions"] == []
    assert (await till.get("/experiences", day="2026-11-27"))["sessions"] == []


async def test_guests_are_listed_and_checked_in(till: Till, clock: SettableClock) -> None:
    booked = await guests(till)
    clock.set(wall(f"{SATURDAY} 13:50"))

    here = await till.post(f"/experiences/guests/{booked.id}/check-in")
    again = await till.post(f"/experiences/guests/{booked.id}/check-in")
    listed = await till.get(f"/experiences/{booked.session_id}/guests")

    assert (here["checked_in_at"], again["checked_in_at"]) == (f"{SATURDAY}T13:50:00+08:00",) * 2
    assert [(guest["number"], guest["name"], guest["ages"]) for guest in listed["guests"]] == [("E001", "陈女士", ["3-6岁"])]
    assert await till.done() == [("door", "checked in")] * 2


async def test_a_session_is_called_off_once_and_stays_readable(till: Till) -> None:
    booked = await guests(till)

    off = await till.post(f"/experiences/{booked.session_id}/call-off")
    again = await till.post(f"/experiences/{booked.session_id}/call-off")

    assert (off["session"]["called_off"], off["guests"]) == (True, [])
    assert again.json == off.json
    assert (await till.get("/experiences", day=SATURDAY))["sessions"][0]["called_off"] is True


async def test_every_documented_refusal_is_real(till: Till, hill: Till, clock: SettableClock) -> None:
    free, paid = await guests(till), await guests(till, "15:00", of="class", who="o-li", children=0)
    check_in = "/experiences/guests/{}/check-in"
    seen = {
        "showGuests": {
            (await till.get(f"/experiences/{GONE}/guests")).code,
            (await hill.get(f"/experiences/{free.session_id}/guests")).code,
        },
        "callOffSession": {
            (await till.post(f"/experiences/{GONE}/call-off")).code,
            (await hill.post(f"/experiences/{free.session_id}/call-off")).code,
        },
        "checkIn": {
            (await till.post(check_in.format(GONE))).code,
            (await hill.post(check_in.format(free.id))).code,
            (await till.post(check_in.format(paid.id))).code,
            (await till.post(check_in.format(free.id))).code,
        },
    }
    await till.post(f"/experiences/{free.session_id}/call-off")
    clock.set(wall(f"{SATURDAY} 13:50"))
    seen["checkIn"].add((await till.post(check_in.format(free.id))).code)

    assert seen == {endpoint.name: {error.code for error in endpoint.refusals} for endpoint in ENDPOINTS if endpoint.refusals}
