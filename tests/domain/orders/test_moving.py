"""换台 and 并台: nothing is lost, doubled or cooked twice."""

import asyncio
import random
from decimal import Decimal

import pytest
from sqlalchemy import update

from domain.kernel.errors import DomainError
from domain.orders.absorbing import surviving_order
from domain.orders.cart import add_line, open_cart
from domain.orders.errors import CartChangedError, CartGoneError
from domain.orders.models import Order, OrderLine
from domain.orders.moving import has_unpaid_dishes, merge_tables, move_table
from domain.orders.rules import OrderState, PaymentStatus
from domain.orders.service import move_order, place_round, release_rounds
from domain.orders.splitting import join_orders, split_order, unpaid_orders_of
from domain.storage import Database
from domain.tables.errors import SameTableError, SessionEndedError, TableTakenError, UnknownTableError
from domain.tables.service import end_session, guests_of, scan_table
from tests.clock import SettableClock
from tests.domain.orders.parties import SHOP, Floor

BY = "staff-1"


@pytest.fixture
def floor(database: Database, clock: SettableClock) -> Floor:
    return Floor(database, clock)


async def move(floor: Floor, diner: str, to: str):
    return await floor.does(move_table, floor.store, await floor.session_of(diner), to, by=diner)


async def merge(floor: Floor, source: str, target: str):
    return await floor.does(merge_tables, floor.store, await floor.session_of(source), await floor.session_of(target), by=BY)


async def test_a_party_moves_with_all_it_has_ordered_and_its_session_stays(floor: Floor) -> None:
    host, friend = await floor.sits("host", "A01"), await floor.sits("friend", "A01")
    order = await floor.orders(host, ("pork", "2"), ("fish", "1.5"))
    await floor.adds(friend, "tofu")
    before = await floor.session_of(host)

    seat = await move(floor, host, "A03")

    assert (seat.session_id, seat.table_code) == (before, "A03")
    assert (await floor.seat(friend)).table_code == "A03"
    assert (await floor.cart(friend)).table_code == "A03"
    assert await floor.lines(order) == [(0, "tofu", "1"), (1, "fish", "1.5"), (1, "pork", "2")]
    assert len(await floor.events("order_released")) == 1


async def test_the_kitchen_hears_what_it_must_carry_to_the_new_table(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    await floor.orders(host, ("pork", "2"), ("fish", "1.5"))
    await floor.adds(host, "tofu")

    await move(floor, host, "A03")

    [told] = await floor.events("table_moved")
    assert (told["from_code"], told["to_code"], told["merged"], told["number"], told["by"]) == ("A01", "A03", False, "0001", host)
    assert sorted((line["dish_id"], line["quantity"], line["station"]) for line in told["lines"]) == [
        ("fish", "1.5", "蒸菜"),
        ("pork", "2", "热菜"),
    ]


async def test_what_is_served_is_not_carried_again(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "2"))
    await floor.does(move_order, order, OrderState.SERVED)

    await move(floor, host, "A03")

    [told] = await floor.events("table_moved")
    assert (told["lines"], told["order_id"]) == ([], None)


async def test_a_taken_an_unknown_and_the_own_table(floor: Floor) -> None:
    host, _ = await floor.sits("host", "A01"), await floor.sits("other", "A02")

    with pytest.raises(TableTakenError) as refused:
        await move(floor, host, "A02")
    with pytest.raises(UnknownTableError):
        await move(floor, host, "Z99")
    assert (await move(floor, host, "A01")).table_code == "A01"

    assert refused.value.details == {"table": "A02"}
    assert await floor.events("table_moved") == []


async def test_a_party_that_was_idle_for_too_long_frees_its_table(floor: Floor) -> None:
    await floor.sits("gone", "A02")
    floor.clock.advance(hours=3)
    host = await floor.sits("host", "A01")

    assert (await move(floor, host, "A02")).table_code == "A02"


async def test_a_party_that_left_is_not_moved(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    session_id = await floor.session_of(host)
    await floor.does(end_session, session_id, reason="paid")

    with pytest.raises(SessionEndedError):
        await floor.does(move_table, floor.store, session_id, "A03", by=host)


async def test_a_session_of_another_store_is_not_moved(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    with pytest.raises(SessionEndedError):
        await floor.does(move_table, SHOP.stores["first"], await floor.session_of(host), "A02", by=BY)


async def test_two_parties_become_one_with_one_bill(floor: Floor) -> None:
    host, guest = await floor.sits("host", "A01"), await floor.sits("guest", "A02")
    theirs = await floor.orders(host, ("pork", "1"))
    await floor.orders(host, ("tofu", "1"))
    ours = await floor.orders(guest, ("fish", "0.5"))
    await floor.adds(guest, "tofu", "3")
    source = await floor.session_of(guest)

    merged = await merge(floor, guest, host)

    assert (merged.seat.table_code, merged.order_id, merged.billed_anew) == ("A01", theirs, (ours, theirs))
    assert await floor.lines(theirs) == [(0, "tofu", "3"), (1, "pork", "1"), (2, "tofu", "1"), (3, "fish", "0.5")]
    assert await floor.rounds(theirs) == [(1, True), (2, True), (3, True)]
    assert await floor.lines(ours) == []
    assert (await floor.order(ours))["state"] == "cancelled"
    assert await floor.database.read(surviving_order, ours) == theirs
    assert (await floor.seat(guest)).session_id == await floor.session_of(host)
    assert (await floor.sessions())[source] is None
    assert await floor.database.read(guests_of, await floor.session_of(host)) == [host, guest]
    assert len(await floor.events("order_released")) == 3
    [told] = await floor.events("table_moved")
    assert (told["from_code"], told["to_code"], told["merged"]) == ("A02", "A01", True)
    assert [line["dish_id"] for line in told["lines"]] == ["fish"]


async def test_a_merged_party_orders_on_in_one_cart_and_the_host_places(floor: Floor) -> None:
    host, guest = await floor.sits("host", "A01"), await floor.sits("guest", "A02")
    await floor.orders(host, ("pork", "1"))
    await floor.orders(guest, ("fish", "1"))
    await merge(floor, guest, host)

    await floor.adds(guest, "tofu")
    order = await floor.places(host)

    assert await floor.rounds(order) == [(1, True), (2, True), (3, True)]
    assert await floor.quantity() == 3


@pytest.mark.parametrize("chosen", [(), (("tofu", "1"),)])
async def test_the_number_that_the_kitchen_knows_stays(floor: Floor, chosen: tuple[tuple[str, str], ...]) -> None:
    host, guest = await floor.sits("host", "A01"), await floor.sits("guest", "A02")
    for dish, n in chosen:
        await floor.adds(host, dish, n)
    ours = await floor.orders(guest, ("fish", "1"))

    merged = await merge(floor, guest, host)

    order = await floor.order(ours)
    assert (merged.order_id, order["number"], order["table_code"], order["diner_id"]) == (ours, "0001", "A01", host)
    assert (await floor.cart(host)).order_id == ours
    assert await floor.quantity() == 1 + len(chosen)


async def test_what_is_not_served_makes_the_whole_order_not_served(floor: Floor) -> None:
    host, guest = await floor.sits("host", "A01"), await floor.sits("guest", "A02")
    theirs = await floor.orders(host, ("pork", "1"))
    await floor.does(move_order, theirs, OrderState.SERVED)
    await floor.does(move_order, await floor.orders(guest, ("fish", "1")), OrderState.COOKING)

    await merge(floor, guest, host)

    assert (await floor.order(theirs))["state"] == "cooking"


async def test_parties_without_a_dish_are_merged_too(floor: Floor) -> None:
    host, guest = await floor.sits("host", "A01"), await floor.sits("guest", "A02")
    merged = await merge(floor, guest, host)
    assert (merged.order_id, merged.billed_anew) == (None, ())
    assert (await floor.seat(guest)).table_code == "A01"


async def test_a_table_is_not_merged_with_itself(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    with pytest.raises(SameTableError):
        await merge(floor, host, host)


async def test_paid_orders_come_along_as_they_are_and_unreleased_rounds_go_out_once(database: Database, clock: SettableClock) -> None:
    floor = Floor(database, clock, "first")
    host, guest = await floor.sits("host", "A01"), await floor.sits("guest", "A02")
    paid = await floor.orders(guest, ("pork", "1"))
    await floor.pays(paid)
    await floor.does(release_rounds, floor.store, paid)
    await floor.orders(guest, ("fish", "1"))
    theirs = await floor.orders(host, ("tofu", "1"))

    await merge(floor, guest, host)

    order = await floor.order(paid)
    assert (order["session_id"], order["table_code"], order["payment_status"]) == (await floor.session_of(host), "A01", "paid")
    assert await floor.rounds(theirs) == [(1, False), (2, False)]
    assert await floor.does(release_rounds, floor.store, theirs) == 2
    assert await floor.does(release_rounds, floor.store, theirs) == 0
    assert [event["table_code"] for event in await floor.events("order_released")] == ["A02", "A01", "A01"]


async def test_parts_of_a_split_bill_come_along_and_still_go_back(floor: Floor) -> None:
    host, guest = await floor.sits("host", "A01"), await floor.sits("guest", "A02")
    theirs = await floor.orders(host, ("tofu", "1"))
    ours = await floor.orders(guest, ("pork", "3"))
    [line] = [row["id"] for row in await floor.rows(OrderLine) if row["order_id"] == ours]
    part = await floor.does(split_order, SHOP, ours, {line: Decimal(1)}, payer_id=guest)

    await merge(floor, guest, host)
    assert await floor.database.read(unpaid_orders_of, await floor.session_of(host)) == [theirs, part]
    assert await floor.does(join_orders, part) == theirs

    assert await floor.lines(theirs) == [(1, "tofu", "1"), (2, "pork", "1"), (2, "pork", "2")]
    assert await floor.rounds(theirs) == [(1, True), (2, True)]


async def test_bills_that_were_asked_for_stand_until_checkout_withdraws_them(floor: Floor) -> None:
    host, guest = await floor.sits("host", "A01"), await floor.sits("guest", "A02")
    bills = [await floor.orders(host, ("tofu", "1")), await floor.orders(guest, ("pork", "2"))]
    asked = {"bill": {"points_hold": "bill:1"}, "payment_status": PaymentStatus.PENDING.value}
    await floor.database.transaction(lambda session: session.execute(update(Order).values(asked)))

    merged = await merge(floor, guest, host)

    assert sorted(merged.billed_anew) == sorted(bills)
    assert [(row["bill"], row["payment_status"]) for row in await floor.rows(Order)] == [tuple(asked.values())] * 2


async def test_a_phone_that_looked_before_the_merge_loses_nothing_silently(floor: Floor) -> None:
    host, guest = await floor.sits("host", "A01"), await floor.sits("guest", "A02")
    await floor.adds(host)
    await floor.adds(guest)
    seat, cart = await floor.seat(guest), await floor.cart(guest)
    await merge(floor, guest, host)

    with pytest.raises(CartGoneError):
        await floor.does(add_line, floor.store, cart, SHOP.dishes["pork"], Decimal(1), guest)
    with pytest.raises(CartGoneError):
        await floor.does(open_cart, "one", seat, guest)
    with pytest.raises(CartChangedError):
        await floor.does(place_round, SHOP, cart, guest)


async def test_what_is_chosen_or_ordered_is_unpaid_until_it_is_paid(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    session_id = await floor.session_of(host)
    assert not await floor.database.read(has_unpaid_dishes, session_id)
    await floor.adds(host)
    assert await floor.database.read(has_unpaid_dishes, session_id)
    await floor.pays(await floor.places(host))
    assert not await floor.database.read(has_unpaid_dishes, session_id)


async def test_one_free_table_takes_one_party_of_those_who_want_it(database: Database, clock: SettableClock) -> None:
    floor = Floor(database, clock)
    hosts = [await floor.sits(f"o{number}", table) for number, table in enumerate(("A01", "A02", "A03"))]

    outcomes = await asyncio.gather(*(move(floor, host, "A04") for host in hosts * 2), return_exceptions=True)

    tables = [table for table in (await floor.sessions()).values() if table]
    assert sorted(set(tables)) == sorted(tables)
    assert "A04" in tables
    assert {type(outcome) for outcome in outcomes if isinstance(outcome, BaseException)} <= {TableTakenError}


@pytest.mark.parametrize("seed", range(3))
async def test_six_phones_add_move_scan_and_merge_at_once_and_no_dish_is_lost_or_doubled(floor: Floor, seed: int) -> None:
    dice = random.Random(seed)
    tables = ["A01", "A02", "A03", "A04"]
    phones = [await floor.sits(f"o{number}", tables[number // 2]) for number in range(6)]
    for host in phones[::2]:
        await floor.orders(host, ("pork", "1"))
    added = len(phones) // 2

    async def acts(phone: str) -> int:
        match dice.randrange(5):
            case 0:
                await move(floor, phone, dice.choice(tables))
            case 1:
                await merge(floor, phone, dice.choice(phones))
            case 2:
                await floor.does(scan_table, floor.store, dice.choice(tables), phone)
            case 3:
                await floor.places(phone)
            case _:
                await floor.adds(phone, dice.choice(["pork", "tofu"]))
                return 1
        return 0

    for _ in range(5):
        outcomes = await asyncio.gather(*(acts(phone) for phone in phones), return_exceptions=True)
        assert [outcome for outcome in outcomes if not isinstance(outcome, int | DomainError | LookupError)] == []
        added += sum(outcome for outcome in outcomes if isinstance(outcome, int))

    assert await floor.quantity() == added
    opened = [order for order in await floor.rows(Order) if order["active_key"]]
    sessions = await floor.sessions()
    assert len({order["session_id"] for order in opened}) == len(opened)
    assert all(
        order["active_key"] == f"t:{order['session_id']}" and sessions[order["session_id"]] == order["table_code"] for order in opened
    )
    live = [table for table in sessions.values() if table]
    assert sorted(set(live)) == sorted(live)
    released = [(event["order_id"], line["line_id"]) for event in await floor.events("order_released") for line in event["lines"]]
    assert len({line for _, line in released}) == len(released)
