"""How a store takes bookings, as its file says it."""

from decimal import Decimal

import pytest

from domain.kernel.money import Fen
from domain.shop.errors import ShopFileError
from domain.shop.importing import import_shop
from domain.shop.snapshot import load_snapshot, snapshot_of
from domain.shop.store import Store
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.shop.files import DEMO, document, shop

STORE = "stores: [{{id: east, name: 东门店, {}}}]"
TABLES = "tables: [{code: A01, seats: 4}, {code: V01, seats: 10}]"


def store(written: str) -> Store:
    return snapshot_of(document(STORE.format(written))).stores["east"]


def warnings(written: str) -> list[str]:
    return [f"{warning.path}: {warning.problem}" for warning in shop(STORE.format(written)).warnings]


def test_a_store_with_tables_takes_bookings_unless_it_says_no():
    assert store(TABLES).bookings.open is True
    assert store("pay: after").bookings.open is False
    assert store(f"{TABLES}, bookings: {{open: no}}").bookings.open is False


def test_the_rules_of_the_house_hold_when_none_are_written():
    rules = store(TABLES).bookings

    assert (rules.days_ahead, rules.notice_minutes, rules.last_minutes, rules.late_minutes, rules.clean_minutes) == (30, 30, 60, 15, 0)
    assert (rules.starting, rules.present, rules.deposit) == (Decimal("0.25"), Decimal(1), None)
    assert [(turn.people, turn.minutes) for turn in rules.turns] == [(2, 90), (4, 105), (6, 120), (7, 150)]


def test_deposits_are_for_rooms_and_parties_of_eight_and_more():
    rules = store(f"{TABLES}, bookings: {{deposit: {{rooms: 100, amount: 200}}}}").bookings

    assert rules.deposit is not None
    assert (rules.deposit.rooms, rules.deposit.people, rules.deposit.amount, rules.deposit.refund_hours) == (Fen(10000), 8, Fen(20000), 4)
    with pytest.raises(ShopFileError, match="is not a whole number from 8"):
        store(f"{TABLES}, bookings: {{deposit: {{people: 6, amount: 200}}}}")


@pytest.mark.parametrize(
    "written",
    [
        "{turns: []}",
        "{turns: [{people: 4, minutes: 90}, {people: 2, minutes: 60}]}",
        "{turns: [{people: 2, minutes: 10}]}",
        "{starting: 25}",
        "{days_ahead: 400}",
        "{minimum_spend: 500}",
    ],
)
def test_what_cannot_be_is_refused(written: str):
    with pytest.raises(ShopFileError):
        store(f"{TABLES}, bookings: {written}")


def test_a_room_has_the_seats_of_its_tables_unless_it_names_them():
    rooms = store(f"{TABLES}, rooms: [{{name: 牡丹厅, tables: [V01]}}, {{name: 荷花厅, seats: 12, tables: [A01]}}, 梅厅]").rooms

    assert [(room.name, room.seats, room.tables) for room in rooms] == [("牡丹厅", 10, ("V01",)), ("荷花厅", 12, ("A01",)), ("梅厅", 0, ())]
    assert store(f"{TABLES}, table_pairs: [[A01, V01]]").table_pairs == (("A01", "V01"),)


def test_what_can_hardly_be_meant_is_told():
    assert warnings(f"{TABLES}, rooms: [牡丹厅]") == ["stores[0].rooms[0]: the room “牡丹厅” cannot be booked"]
    assert warnings("bookings: {open: yes}") == ["stores[0].bookings.open: bookings are taken, and there is no table to book"]
    assert warnings(f"{TABLES}, rooms: [{{name: a, tables: [V01]}}, {{name: b, tables: [V01]}}]") == [
        "stores[0].rooms[1].tables: the table “V01” stands in two rooms"
    ]


async def test_a_store_that_is_no_more_takes_no_bookings_though_its_rooms_are_remembered(database: Database, clock: SettableClock) -> None:
    both = document(DEMO.read_text(encoding="utf-8"))
    first, *rest = both.stores
    assert first.rooms
    await database.transaction(import_shop, both, imported_by="test", now=clock.now())
    await database.transaction(import_shop, both.model_copy(update={"stores": tuple(rest)}), imported_by="test", now=clock.now())

    known = (await database.read(load_snapshot)).known_stores

    assert known[first.id].bookings.open is False
    assert all(known[other.id].bookings.open for other in rest)
    assert known[rest[0].id] == snapshot_of(both).stores[rest[0].id]
