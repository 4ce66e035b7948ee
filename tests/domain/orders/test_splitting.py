"""分单: several bills for one table, which together always are the whole."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from domain.kernel.errors import DomainError
from domain.kernel.ids import new_id
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.orders.errors import LineGoneError, NotJoinableError, NotSplittableError, WrongShareError, WrongSplitError
from domain.orders.models import OrderLine, OrderRound
from domain.orders.rules import FireState
from domain.orders.service import cancel_order, mark_paid, place_round, release_rounds
from domain.orders.splitting import end_session_when_paid, join_orders, split_order, unpaid_orders_of
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.orders.parties import SHOP, Floor

ONE = Decimal(1)


@pytest.fixture
def floor(database: Database, clock: SettableClock) -> Floor:
    return Floor(database, clock)


async def line_of(floor: Floor, order_id: str, dish: str) -> str:
    [line] = [row["id"] for row in await floor.rows(OrderLine) if row["order_id"] == order_id and row["dish_id"] == dish]
    return str(line)


async def split(floor: Floor, order_id: str, shares: Mapping[str, str], payer: str, **kwargs: str) -> str:
    """Args: shares: dish -> how much."""
    lines = {await line_of(floor, order_id, dish): Decimal(n) for dish, n in shares.items()}
    return str(await floor.does(split_order, SHOP, order_id, lines, payer_id=payer, **kwargs))


async def test_dishes_go_to_a_bill_of_their_own(floor: Floor) -> None:
    host, friend = await floor.sits("host", "A01"), await floor.sits("friend", "A01")
    order = await floor.orders(host, ("pork", "3"), ("fish", "1.5"))
    await floor.adds(host, "tofu")

    part = await split(floor, order, {"pork": "1", "fish": "1.5"}, friend)

    assert await floor.lines(order) == [(0, "tofu", "1"), (1, "pork", "2")]
    assert await floor.lines(part) == [(1, "fish", "1.5"), (1, "pork", "1")]
    row = await floor.order(part)
    whole = await floor.order(order)
    same = ("session_id", "table_code", "business_day", "state", "store_id")
    assert [row[name] for name in same] == [whole[name] for name in same]
    assert (row["number"], row["diner_id"], row["active_key"], row["split_from"]) == ("0002", friend, None, order)
    assert (await floor.cart(friend)).order_id == order


async def test_a_part_costs_what_the_dishes_cost_when_they_were_placed(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "3"))
    await floor.database.transaction(lambda session: session.execute(update(OrderLine).values(unit_price_fen=4900, note="少盐")))

    part = await split(floor, order, {"pork": "1"}, host)

    [line] = [row for row in await floor.rows(OrderLine) if row["order_id"] == part]
    assert (line["unit_price_fen"], line["note"], line["diner_id"]) == (4900, "少盐", host)


async def test_the_kitchen_cooks_nothing_again(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "2"), ("tofu", "1"))
    part = await split(floor, order, {"pork": "1"}, host)

    assert await floor.does(release_rounds, floor.store, part) == 0
    assert len(await floor.events("order_released")) == 1


async def test_what_is_paid_first_is_cooked_with_the_bill_it_is_on(database: Database, clock: SettableClock) -> None:
    floor = Floor(database, clock, "first")
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "3"), ("tofu", "1"))
    part = await split(floor, order, {"pork": "2"}, host)

    await floor.does(release_rounds, floor.store, part)
    await floor.does(release_rounds, floor.store, order)

    cooked = [[(line["dish_id"], line["quantity"]) for line in event["lines"]] for event in await floor.events("order_released")]
    assert cooked == [[("pork", "2")], [("pork", "1"), ("tofu", "1")]]


async def test_what_waits_for_its_time_waits_on_every_bill(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    await floor.adds(host, "pork", "2")
    order = (await floor.does(place_round, SHOP, await floor.cart(host), host, wait=True)).order_id
    part = await split(floor, order, {"pork": "1"}, host)

    assert {row["order_id"]: row["fire_state"] for row in await floor.rows(OrderRound)} == dict.fromkeys((order, part), FireState.WAITING)


@pytest.mark.parametrize(
    ("dish", "n", "left"), [("pork", "4", "3"), ("pork", "0.5", "3"), ("pork", "0", "3"), ("pork", "-1", "3"), ("fish", "0.3", "1.5")]
)
async def test_more_than_there_is_or_a_broken_portion_is_refused(floor: Floor, dish: str, n: str, left: str) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "3"), ("fish", "1.5"))

    with pytest.raises(WrongShareError) as refused:
        await split(floor, order, {dish: n}, host)

    assert refused.value.details["left"] == left
    assert await floor.lines(order) == [(1, "fish", "1.5"), (1, "pork", "3")]


async def test_nothing_or_everything_is_no_split(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "3"), ("fish", "1.5"))
    with pytest.raises(WrongSplitError):
        await split(floor, order, {}, host)
    with pytest.raises(WrongSplitError):
        await split(floor, order, {"pork": "3", "fish": "1.5"}, host)


async def test_what_was_taken_back_is_given_to_nobody(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "3"), ("tofu", "1"))
    await floor.database.transaction(
        lambda session: session.execute(update(OrderLine).where(OrderLine.dish_id == "pork").values(voided=Decimal(1)))
    )
    with pytest.raises(WrongShareError):
        await split(floor, order, {"pork": "3"}, host)

    part = await split(floor, order, {"pork": "2"}, host)

    assert {(row["order_id"], row["quantity"] - row["voided"]) for row in await floor.rows(OrderLine)} == {
        (order, Decimal(0)),
        (order, ONE),
        (part, Decimal(2)),
    }


async def test_drafts_strangers_lines_and_what_is_gone_are_refused(floor: Floor) -> None:
    host, other = await floor.sits("host", "A01"), await floor.sits("other", "A02")
    order = await floor.orders(host, ("pork", "3"))
    theirs = await floor.orders(other, ("fish", "1"))
    await floor.adds(host, "tofu")

    for of, dish in ((order, "tofu"), (theirs, "fish")):
        line = await line_of(floor, of, dish)
        with pytest.raises(LineGoneError):
            await floor.does(split_order, SHOP, order, {line: ONE}, payer_id=host)


async def test_a_paid_a_cancelled_an_unplaced_and_a_takeaway_order_are_not_split(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    paid = await floor.orders(host, ("pork", "3"))
    await floor.pays(paid)
    with pytest.raises(NotSplittableError):
        await split(floor, paid, {"pork": "1"}, host)

    await floor.adds(host, "pork", "2")
    with pytest.raises(NotSplittableError):
        await split(floor, (await floor.cart(host)).order_id, {"pork": "1"}, host)

    walker = await floor.does(meet_diner, Vault(b"s" * 32), "walker")
    takeaway = await floor.orders(walker, ("pork", "2"))
    with pytest.raises(NotSplittableError):
        await split(floor, takeaway, {"pork": "1"}, walker)
    await floor.does(cancel_order, takeaway)
    with pytest.raises(NotSplittableError):
        await split(floor, takeaway, {"pork": "1"}, walker)


async def test_a_call_repeated_with_the_same_id_gives_the_same_part(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "3"))
    line, part_id = await line_of(floor, order, "pork"), new_id(floor.clock.now())

    parts = await asyncio.gather(*(floor.does(split_order, SHOP, order, {line: ONE}, payer_id=host, part_id=part_id) for _ in range(5)))

    assert set(parts) == {part_id}
    assert await floor.lines(order) == [(1, "pork", "2")]


async def test_twenty_splits_at_once_never_give_out_more_than_there_is(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "7"), ("tofu", "1"))
    line = await line_of(floor, order, "pork")

    outcomes = await asyncio.gather(
        *(floor.does(split_order, SHOP, order, {line: ONE}, payer_id=host) for _ in range(20)), return_exceptions=True
    )

    parts = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(parts) == 7
    assert {type(outcome) for outcome in outcomes} == {str, LineGoneError}
    assert await floor.quantity() == 8
    assert len({(await floor.order(part))["number"] for part in parts}) == 7


async def test_a_part_goes_back_while_both_are_unpaid(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    await floor.orders(host, ("tofu", "1"))
    order = await floor.orders(host, ("pork", "3"))
    before = await floor.rounds(order)
    part = await split(floor, order, {"pork": "1"}, host)

    assert await floor.does(join_orders, part) == order

    assert await floor.lines(order) == [(1, "tofu", "1"), (2, "pork", "1"), (2, "pork", "2")]
    assert await floor.rounds(order) == before
    assert await floor.rounds(part) == []
    gone = await floor.order(part)
    assert (gone["state"], gone["merged_into"]) == ("cancelled", order)
    assert (await floor.cart(host)).order_id == order
    with pytest.raises(NotJoinableError):
        await floor.does(join_orders, part)


@pytest.mark.parametrize("first", ["order", "part"])
async def test_a_part_does_not_go_back_once_one_of_both_is_paid(floor: Floor, first: str) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "3"))
    part = await split(floor, order, {"pork": "1"}, host)
    await floor.pays({"order": order, "part": part}[first])

    with pytest.raises(NotJoinableError):
        await floor.does(join_orders, part)


async def test_an_order_that_is_no_part_goes_nowhere(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "3"))
    with pytest.raises(NotJoinableError):
        await floor.does(join_orders, order)


async def test_the_table_is_free_with_its_last_bill_however_they_are_paid(floor: Floor) -> None:
    host = await floor.sits("host", "A01")
    order = await floor.orders(host, ("pork", "3"))
    bills = [order, *[await split(floor, order, {"pork": "1"}, host) for _ in range(2)]]
    session_id = await floor.session_of(host)
    assert await floor.database.read(unpaid_orders_of, session_id) == bills

    def settles(session, bill, *, now):
        mark_paid(session, bill, 1, now=now)
        return end_session_when_paid(session, session_id, now=now)

    assert await floor.does(settles, bills[0]) is False
    assert await floor.seat(host) is not None
    ended = await asyncio.gather(*(floor.does(settles, bill) for bill in bills[1:]))

    assert sorted(ended) == [False, True]
    assert await floor.seat(host) is None


HALVES = st.lists(st.integers(1, 6), min_size=2, max_size=3)
ACTS = st.lists(st.tuples(st.integers(0, 7), st.lists(st.integers(0, 6), min_size=1, max_size=3)), max_size=6)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(halves=HALVES, acts=ACTS)
async def test_the_parts_are_always_the_whole(floor: Floor, halves: list[int], acts: list[tuple[int, list[int]]]) -> None:
    """Bills are split, split again and put back at random: what stands of each dish never changes."""
    await floor.clears()
    host = await floor.sits(new_id(floor.clock.now()), "A01")
    bills = [await floor.orders(host, *((dish, str(Decimal(n) / 2)) for dish, n in zip(("fish", "crab", "beef"), halves, strict=False)))]
    whole = await standing(floor, bills)

    for which, shares in acts:
        bill = bills[which % len(bills)]
        lines = [row["id"] for row in await floor.rows(OrderLine) if row["order_id"] == bill]
        wanted = {line: Decimal(n) / 2 for line, n in zip(lines, shares, strict=False) if n}
        act = floor.does(join_orders, bill) if which > 5 else floor.does(split_order, SHOP, bill, wanted, payer_id=host)
        [made] = await asyncio.gather(act, return_exceptions=True)
        assert isinstance(made, str | DomainError)
        bills += [made] if made not in bills and isinstance(made, str) else []
        assert await standing(floor, bills) == whole


async def standing(floor: Floor, bills: list[str]) -> dict[str, Decimal]:
    """How much of each dish stands on these bills together."""
    found = dict[str, Decimal]()
    for row in await floor.rows(OrderLine):
        if row["order_id"] in bills:
            assert row["quantity"] > 0
            found[row["dish_id"]] = found.get(row["dish_id"], Decimal(0)) + row["quantity"]
    return found
