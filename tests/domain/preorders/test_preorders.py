"""What a party chose while it waited is cooked when it sits down: what it said yes to, once, at its table, and nothing else."""

import asyncio
from datetime import timedelta

import pytest

from domain.orders.errors import CartChangedError, CartGoneError
from domain.waitlist.errors import NotInLineError
from domain.waitlist.service import leave
from tests.domain.preorders.lobby import Lobby


async def test_what_the_diner_said_yes_to_is_cooked_when_the_party_sits_down_and_not_before(lobby: Lobby) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "pork", 2)
    await lobby.confirms("wang")
    assert await lobby.cooked() == []

    await lobby.sits(ticket, "A2")
    await lobby.hears(ticket)

    assert await lobby.cooked() == [("A2", [("pork", "2")])]
    [placed] = await lobby.events("preorder_placed")
    assert (placed["table_code"], placed["order_number"], placed["total_fen"], placed["payment_id"]) == ("A2", "0001", 11600, None)
    assert placed["dishes"] == [{"name": "红烧肉", "quantity": "2"}]


async def test_heard_twice_at_once_it_is_cooked_once(lobby: Lobby) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "pork")
    await lobby.confirms("wang")
    await lobby.sits(ticket)

    await asyncio.gather(*(lobby.hears(ticket) for _ in range(4)))
    await lobby.hears(ticket)

    assert await lobby.cooked() == [("A1", [("pork", "1")])]
    assert len(await lobby.events("preorder_placed")) == 1


async def test_what_has_no_yes_waits_in_the_tables_cart(lobby: Lobby) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "pork")
    await lobby.sits(ticket)
    await lobby.hears(ticket)

    assert await lobby.cooked() == []
    assert [event["reason"] for event in await lobby.events("preorder_brought")] == ["unconfirmed"]
    await lobby.orders("wang")
    assert await lobby.cooked() == [("A1", [("pork", "1")])]


async def test_a_change_asks_for_another_yes(lobby: Lobby) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "pork")
    await lobby.confirms("wang")
    assert await lobby.confirmed(ticket) is True

    await lobby.chooses("wang", "rice")
    assert await lobby.confirmed(ticket) is False
    await lobby.confirms("wang")
    await lobby.sits(ticket)
    await lobby.hears(ticket)

    assert await lobby.cooked() == [("A1", [("pork", "1"), ("rice", "1")])]


async def test_a_change_in_the_moment_of_sitting_down_loses_and_doubles_nothing(lobby: Lobby) -> None:
    for round_ in range(5):
        diner, table = f"wang{round_}", ("A1", "A2", "A3")[round_ % 3]
        ticket = await lobby.waits(diner)
        await lobby.chooses(diner, "pork")
        await lobby.confirms(diner)
        await lobby.calls(table)

        async def sits_down(ticket: object = ticket) -> None:
            await lobby.seats(ticket)
            await lobby.hears(ticket)

        changed, _ = await asyncio.gather(lobby.chooses(diner, "rice"), sits_down(), return_exceptions=True)
        assert changed is None or isinstance(changed, CartGoneError | NotInLineError | AssertionError), changed
        await lobby.hears(ticket)

        mine = await lobby.lines_of(ticket)
        assert sorted(dish for dish, _ in mine) == (["pork", "rice"] if changed is None else ["pork"])
        rounds = dict(mine)
        # Either the change came first, and nothing is cooked without another yes; or it came to the table, as a draft.
        assert rounds["pork"] in {0, 1}
        assert rounds.get("rice", 0) == 0
        await lobby.leaves(table)


async def test_what_friends_choose_at_the_table_stays_theirs_to_send(lobby: Lobby) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "pork")
    await lobby.confirms("wang")
    await lobby.calls("A1")
    await lobby.meets("li")
    await lobby.scans("li", "A1")
    await lobby.chooses("li", "rice")
    await lobby.seats(ticket)
    await lobby.hears(ticket)

    assert await lobby.cooked() == [("A1", [("pork", "1")])]
    assert [line[:3] for line in await lobby.lines()] == [("pork", 1, 1), ("rice", 1, 0)]
    await lobby.orders("li")
    assert await lobby.cooked() == [("A1", [("pork", "1")]), ("A1", [("rice", "1")])]
    assert {event["number"] for event in await lobby.events("order_released")} == {"0001"}


async def test_where_friends_have_ordered_it_is_another_round_of_their_bill(lobby: Lobby) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "pork")
    await lobby.confirms("wang")
    await lobby.calls("A1")
    await lobby.meets("li")
    await lobby.scans("li", "A1")
    await lobby.chooses("li", "rice")
    await lobby.orders("li")
    await lobby.seats(ticket)
    await asyncio.gather(lobby.hears(ticket), lobby.hears(ticket))

    released = await lobby.events("order_released")
    assert [(event["number"], event["round_no"]) for event in released] == [("0001", 1), ("0001", 2)]
    assert [line[:3] for line in await lobby.lines()] == [("pork", 1, 2), ("rice", 1, 1)]


async def test_what_is_sold_out_meanwhile_is_named_and_the_rest_is_cooked(lobby: Lobby) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "pork")
    await lobby.chooses("wang", "rice")
    await lobby.confirms("wang")
    await lobby.sells_out("rice")
    await lobby.sits(ticket)
    await lobby.hears(ticket)

    assert await lobby.cooked() == [("A1", [("pork", "1")])]
    [placed] = await lobby.events("preorder_placed")
    assert (placed["sold_out"], placed["total_fen"]) == (["米饭"], 5800)
    assert [line[0] for line in await lobby.lines()] == ["pork"]


async def test_of_what_too_little_is_left_the_party_decides_at_the_table(lobby: Lobby) -> None:
    early, late = await lobby.waits("wang"), await lobby.waits("li")
    for diner in ("wang", "li"):
        await lobby.chooses(diner, "shrimp", 2)
        await lobby.chooses(diner, "rice")
        await lobby.confirms(diner)
    await lobby.sits(early, "A1")
    await lobby.sits(late, "A2")
    await asyncio.gather(lobby.hears(early), lobby.hears(late))

    placed = await lobby.events("preorder_placed")
    assert sorted(event["too_few"] for event in placed if event["too_few"]) == [[{"name": "大虾", "left": "1", "unit": "份"}]]
    assert [line[:3] for line in await lobby.lines() if line[0] == "shrimp"] == [("shrimp", 2, 0), ("shrimp", 2, 1)]


async def test_where_nothing_is_left_nothing_is_placed(lobby: Lobby) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "rice")
    await lobby.confirms("wang")
    await lobby.sells_out("rice")
    await lobby.sits(ticket)
    await lobby.hears(ticket)

    [brought] = await lobby.events("preorder_brought")
    assert (brought["reason"], brought["sold_out"]) == ("sold_out", ["米饭"])
    assert await lobby.lines() == []


async def test_portions_are_taken_and_prices_are_set_when_it_is_placed(lobby: Lobby) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "shrimp", 3)
    await lobby.confirms("wang")
    assert await lobby.left("shrimp") == 3

    lobby.costs("shrimp", 9900)
    await lobby.sits(ticket)
    await lobby.hears(ticket)

    assert await lobby.left("shrimp") == 0
    assert [event["total_fen"] for event in await lobby.events("preorder_placed")] == [3 * 9900]


async def test_what_was_chosen_before_the_number_was_taken_comes_along_unless_it_is_ordered(lobby: Lobby) -> None:
    for diner, ordered in (("wang", False), ("li", True)):
        await lobby.meets(diner)
        await lobby.puts_by(diner, "pork", ordered=ordered)
        ticket = await lobby.waits(diner, met=True)
        assert await lobby.takes_along(ticket) is not ordered
        assert await lobby.takes_along(ticket) is False
        assert await lobby.confirmed(ticket) is (None if ordered else False)


async def test_a_price_that_moved_before_the_yes_is_read_back_again(lobby: Lobby) -> None:
    await lobby.waits("wang")
    await lobby.chooses("wang", "pork")
    seen = await lobby.reads_back("wang")
    lobby.costs("pork", 6000)

    with pytest.raises(CartChangedError):
        await lobby.says_yes("wang", seen)


async def test_where_one_pays_first_the_kitchen_waits_for_the_money(paid_first: Lobby) -> None:
    ticket = await paid_first.waits("wang")
    await paid_first.chooses("wang", "pork")
    await paid_first.confirms("wang")
    await paid_first.sits(ticket)
    await paid_first.hears(ticket)
    assert await paid_first.cooked() == []

    await paid_first.pays()

    assert await paid_first.cooked() == [("A1", [("pork", "1")])]


async def test_of_a_party_that_goes_away_nothing_is_cooked_and_only_a_yes_is_answered(lobby: Lobby) -> None:
    for diner, confirms in (("wang", True), ("li", False)):
        ticket = await lobby.waits(diner)
        await lobby.chooses(diner, "pork")
        if confirms:
            await lobby.confirms(diner)
        await lobby.does(leave, lobby.shop, diner)
        await lobby.hears_it_left(ticket)
        await lobby.hears_it_left(ticket)

    assert [(event["diner_id"], event["reason"]) for event in await lobby.events("preorder_dropped")] == [("wang", "diner")]
    assert {line[3] for line in await lobby.lines()} == {"cancelled"}


async def test_nothing_is_put_into_the_cart_of_a_number_that_is_over(lobby: Lobby) -> None:
    await lobby.waits("wang")
    await lobby.does(leave, lobby.shop, "wang")

    with pytest.raises(NotInLineError):
        await lobby.database.transaction(lobby.holds, "wang")


@pytest.mark.parametrize(("sits_in_chat", "event"), [(True, "preorder_brought"), (False, "preorder_dropped")])
async def test_heard_of_half_an_hour_too_late_it_is_not_sent_without_asking(lobby: Lobby, *, sits_in_chat: bool, event: str) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "pork")
    await lobby.confirms("wang")
    await lobby.sits(ticket)
    if sits_in_chat:
        await lobby.scans("wang", "A1")
    lobby.clock.advance(timedelta(minutes=31))
    await lobby.hears(ticket)

    assert await lobby.cooked() == []
    assert [heard["reason"] for heard in await lobby.events(event)] == ["late"]


async def test_seated_after_closing_nothing_is_cooked_and_the_diner_hears_why(lobby: Lobby) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "pork")
    await lobby.confirms("wang")
    await lobby.calls("A1")
    lobby.closes()
    await lobby.seats(ticket)
    await lobby.hears(ticket)

    assert [event["reason"] for event in await lobby.events("preorder_dropped")] == ["closed"]
