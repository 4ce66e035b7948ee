"""Which place a party gets, and which others it is offered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.bookings.finding import Floor, Kind, Limits, Wish, candidates, limits_of, places_of, stay_at
from domain.bookings.offers import nearest_offers
from domain.bookings.opening import opening_at, openings_around, seatings_around
from domain.bookings.rules import Scene, ceil_unit, deposit_for, floor_unit, stay_of
from domain.shop.store import Store
from tests.clock import SATURDAY_EVENING
from tests.domain.bookings.floors import SHOP, shop_with, wall

DAY, NIGHT, BERLIN, SINGLE = (SHOP.stores[name] for name in ("day", "night", "berlin", "single"))
SEVEN = wall("2026-11-28 19:00")


def tables(people: int, store: Store = DAY, **wish: object) -> list[str]:
    return ["+".join(place.tables) for place in candidates(store, Wish(SEVEN, people, **wish))]  # type: ignore[arg-type]


def test_the_smallest_table_that_fits_goes_first():
    assert tables(2)[:2] == ["A01", "A02"]
    assert tables(3)[0] == "A05"


def test_a_table_that_could_be_half_of_a_pair_goes_last_among_equals():
    assert tables(4) == ["A05", "A03", "A04", "A03+A04"]


def test_a_party_too_large_for_any_table_gets_a_pair():
    assert tables(6) == ["A03+A04"]


def test_a_party_too_large_for_any_table_or_pair_gets_a_room_unasked():
    assert tables(9) == ["V01"]
    assert tables(11) == []


def test_a_room_is_given_to_who_asks_for_one_and_nothing_else_is():
    assert tables(2, room=True) == ["V01"]
    assert tables(2, room_name="锦绣厅") == ["V01"]
    assert tables(2, room_name="牡丹厅") == []
    assert tables(2, NIGHT, room=True) == []


def test_a_banquet_gets_a_room_before_a_table():
    assert tables(4, scene=Scene.BANQUET)[:2] == ["V01", "A05"]
    assert tables(4, scene=Scene.FAMILY)[0] == "A05"


def test_a_wished_area_goes_before_the_fit_and_elsewhere_is_better_than_nowhere():
    assert tables(2, area="靠窗") == ["A02", "A05", "A01", "A03", "A04", "A03+A04"]
    assert tables(6, area="靠窗") == ["A03+A04"]


def test_a_table_inside_a_room_is_booked_with_its_room_only():
    assert [place.kind for place in places_of(DAY) if "V01" in place.tables] == [Kind.ROOM]


def test_limits_are_shares_of_all_seats_and_the_largest_place_may_always_be_taken():
    assert limits_of(DAY) == Limits(starting=10, present=26)  # a quarter of 26 is less than the room
    assert limits_of(NIGHT) == Limits(starting=8, present=12)  # half and three quarters of 16; the pair has 8


@pytest.mark.parametrize(("people", "minutes"), [(1, 90), (2, 90), (3, 105), (4, 105), (5, 120), (6, 120), (7, 150), (30, 150)])
def test_turns_by_the_size_of_the_party(people: int, minutes: int):
    assert stay_of(people, DAY.bookings) == timedelta(minutes=minutes)


def test_a_stay_ends_at_closing_at_the_latest():
    late = Wish(wall("2026-11-28 21:00"), 2)
    opening = opening_at(DAY, late.starts_at)
    assert opening is not None

    assert stay_at(DAY, places_of(DAY)[0], late, opening).ends_at == wall("2026-11-28 22:00")


def test_tables_are_taken_by_whole_quarters_and_for_the_cleaning():
    wish = Wish(wall("2026-11-28 19:05"), 2)
    opening = opening_at(NIGHT, wish.starts_at)
    assert opening is not None

    stay = stay_at(NIGHT, places_of(NIGHT)[0], wish, opening)

    assert (stay.held_from, stay.ends_at, stay.held_until) == (
        wall("2026-11-28 19:00"),
        wall("2026-11-28 20:35"),
        wall("2026-11-28 20:45"),
    )
    assert (len(stay.units), len(stay.present)) == (7, 7)


@pytest.mark.parametrize(
    ("people", "in_room", "yuan"), [(2, False, 0), (7, False, 0), (8, False, 200), (2, True, 100), (8, True, 200), (20, True, 200)]
)
def test_deposits_are_for_rooms_and_parties_of_eight(people: int, in_room: bool, yuan: int):
    assert deposit_for(people, in_room=in_room, settings=DAY.bookings) == yuan * 100
    assert deposit_for(people, in_room=in_room, settings=NIGHT.bookings) == 0


@pytest.mark.parametrize(
    ("clock", "seated"),
    [("09:59", False), ("10:00", True), ("13:00", True), ("13:01", False), ("16:45", False), ("21:00", True), ("21:15", False)],
)
def test_guests_are_seated_in_opening_hours_until_the_last_seating(clock: str, seated: bool):
    assert (opening_at(DAY, wall(f"2026-11-28 {clock}")) is not None) == seated


def test_an_evening_over_midnight_is_one_opening():
    opening = opening_at(NIGHT, wall("2026-11-29 00:45"))

    assert opening is not None
    assert (opening.opens_at, opening.closes_at) == (wall("2026-11-28 17:00"), wall("2026-11-29 02:00"))
    assert opening_at(NIGHT, wall("2026-11-29 01:15")) is None


def test_a_store_that_never_closes_has_one_opening():
    midnight = wall("2026-11-29 00:00")

    [opening] = openings_around(SINGLE, midnight)

    assert opening.opens_at < midnight - timedelta(hours=20)
    assert opening.closes_at > midnight + timedelta(hours=20)


@pytest.mark.parametrize(("evening", "hours"), [("2026-03-28", 10), ("2026-03-29", 11), ("2026-10-24", 12), ("2026-10-25", 11)])
def test_a_night_in_which_the_clocks_change_is_longer_or_shorter(evening: str, hours: int):
    opening = opening_at(BERLIN, wall(f"{evening} 20:00", "Europe/Berlin"))

    assert opening is not None
    assert opening.closes_at - opening.opens_at == timedelta(hours=hours)
    assert BERLIN.local(opening.closes_at).hour == 4


def test_seatings_around_a_time_go_by_quarters_the_nearest_first():
    seatings = [start for start, _ in seatings_around(DAY, SEVEN)]

    assert seatings[:3] == [SEVEN, SEVEN - timedelta(minutes=15), SEVEN + timedelta(minutes=15)]
    assert all(opening_at(DAY, start) for start in seatings)
    assert {DAY.local(start).day for start in seatings} == {27, 28, 29}


def test_quarters_are_rounded_down_and_up():
    assert floor_unit(SEVEN + timedelta(minutes=14, seconds=59)) == SEVEN
    assert ceil_unit(SEVEN + timedelta(seconds=1)) == SEVEN + timedelta(minutes=15)
    assert ceil_unit(SEVEN) == SEVEN


def taken(*codes: str, until: str = "21:00") -> Floor:
    start, end = wall("2026-11-28 17:00"), wall(f"2026-11-28 {until}")
    units = frozenset(start + timedelta(minutes=15) * number for number in range((end - start) // timedelta(minutes=15)))
    return Floor(dict.fromkeys(codes, units))


def offers(floor: Floor, *, elsewhere: Floor | None = None, **wish: object) -> list[str]:
    wanted = Wish(SEVEN, 2, **wish)  # type: ignore[arg-type]

    def reads(store: Store, start: object, end: object) -> Floor:
        return floor if store.id == "day" else elsewhere or Floor()

    return [offer.said for offer in nearest_offers(SHOP, DAY, wanted, reads, now=SATURDAY_EVENING)]


ALL = ("A01", "A02", "A03", "A04", "A05")


def test_three_offers_near_in_time():
    assert offers(taken(*ALL, until="19:30")) == ["19:30", "19:45", "20:00"]


def test_other_stores_at_that_time_when_nothing_is_free_near_it_the_nearest_first():
    assert offers(taken(*ALL, until="22:00")) == ["夜店 19:00", "独桌店 19:00", "11月29日 19:00"]


def test_other_days_and_then_the_rest_of_the_day_when_other_stores_cannot():
    shop = shop_with("days_ahead: 365, clean", "days_ahead: 0, clean")
    full = {name: Floor({code: frozenset()}) for name, code in (("day", "x"), ("night", "y"))}

    def reads(store: Store, start: object, end: object) -> Floor:
        return taken(*ALL, until="22:00") if store.id == "day" else full.get(store.id, Floor({"T1": taken("T1").taken["T1"]}))

    found = nearest_offers(shop, shop.stores["day"], Wish(SEVEN, 2), reads, now=SATURDAY_EVENING)

    assert [offer.said for offer in found] == ["11月29日 19:00", "11月27日 19:00", "11月30日 19:00"]


def test_offers_for_a_room_are_rooms_with_their_deposit():
    found = nearest_offers(SHOP, DAY, Wish(SEVEN, 2, room_name="锦绣厅"), lambda *_: taken("V01", until="20:00"), now=SATURDAY_EVENING)

    assert [(offer.said, offer.room, offer.deposit_fen) for offer in found] == [
        ("20:00", "锦绣厅", 10000),
        ("20:15", "锦绣厅", 10000),
        ("20:30", "锦绣厅", 10000),
    ]


def test_no_offer_is_too_soon_or_beyond_the_book():
    tonight = replace(Wish(SATURDAY_EVENING, 2), starts_at=SATURDAY_EVENING)

    found = nearest_offers(SHOP, DAY, tonight, lambda *_: Floor(), now=SATURDAY_EVENING)

    assert [offer.said for offer in found] == ["19:00", "19:15", "19:30"]
