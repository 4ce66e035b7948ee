"""退菜: what is taken back is neither cooked nor billed, once, and never more than was ordered."""

import asyncio
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from domain.orders.errors import NothingToVoidError, TooManyVoidedError, VoidPaidError, WrongQuantityError
from domain.orders.rules import OrderState
from domain.orders.voiding import void_lines
from tests.domain.orders.tables import Party, Seated

ONE = Decimal(1)


async def void(party: Party, portions: dict[str, Decimal], key: str = "v1") -> Any:
    return await party.does(void_lines, portions, by="staff-1", reason="等待过久", key=key)


async def test_a_part_of_a_line_is_taken_back_and_the_kitchen_is_told(party: Party) -> None:
    await party.orders("pork", 3)
    [line] = await party.line_ids()

    assert await void(party, {line: Decimal(2)})

    assert await party.standing() == [("pork", ONE)]
    assert await party.left() == 9
    assert await party.state() == "placed"
    [told] = await party.events("order_voided")
    assert (told["table_code"], told["voided_by"], told["reason"], told["cancelled"]) == ("A01", "staff-1", "等待过久", False)
    [dish] = told["lines"]
    assert (dish["quantity"], dish["station"], dish["round_no"], dish["in_kitchen"]) == ("2", "热菜", 1, True)


async def test_the_same_act_twice_takes_back_once(party: Party) -> None:
    await party.orders("pork", 3)
    [line] = await party.line_ids()

    outcomes = await asyncio.gather(*(void(party, {line: ONE}) for _ in range(10)))

    assert Counter(outcomes) == {True: 1, False: 9}
    assert await party.standing() == [("pork", Decimal(2))]


async def test_many_at_once_never_take_back_more_than_was_ordered(party: Party) -> None:
    await party.orders("pork", 5)
    await party.orders("tofu")
    [pork, _] = await party.line_ids()

    outcomes = await asyncio.gather(*(void(party, {pork: ONE}, key=f"v{number}") for number in range(20)), return_exceptions=True)

    assert Counter(type(outcome) for outcome in outcomes) == {bool: 5, TooManyVoidedError: 15}
    assert await party.standing() == [("pork", 0), ("tofu", ONE)]
    assert await party.left() == 10


async def test_an_order_of_which_nothing_stands_is_cancelled_and_the_table_starts_anew(party: Party) -> None:
    await party.orders("pork", 2)
    await party.orders("fish", "1.5")
    pork, fish = await party.line_ids()
    await void(party, {pork: Decimal(2)})
    await void(party, {fish: Decimal("1.5")}, key="v2")

    order = await party.order()
    assert (order.state, order.active_key, order.closed_at) == ("cancelled", None, party.clock.now())
    assert [told["cancelled"] for told in await party.events("order_voided")] == [False, True]
    with pytest.raises(NothingToVoidError):
        await void(party, {pork: ONE}, key="v3")
    assert not await void(party, {pork: Decimal(2)})  # an answer that was lost is asked for again

    before = party.order_id
    await party.orders("tofu")
    assert party.order_id != before


async def test_drafts_keep_an_order_open_whose_dishes_were_all_taken_back(party: Party) -> None:
    await party.orders("pork")
    [line] = await party.line_ids()
    await party.adds("tofu")
    await void(party, {line: ONE})
    assert await party.state() == "placed"
    await party.places()
    assert await party.standing() == [("pork", 0), ("tofu", ONE)]


async def test_one_dish_that_cannot_be_taken_back_leaves_all_as_they_are(party: Party) -> None:
    await party.orders("pork", 2)
    await party.orders("tofu")
    pork, tofu = await party.line_ids()
    with pytest.raises(TooManyVoidedError) as refused:
        await void(party, {pork: ONE, tofu: Decimal(2)})
    assert refused.value.details == {"dish": "麻婆豆腐", "left": ONE, "unit": "份"}
    assert await party.standing() == [("pork", Decimal(2)), ("tofu", ONE)]
    assert await party.events("order_voided") == []
    assert await void(party, {pork: ONE})  # the key of an act that was refused is not used up


async def test_quantities_that_nobody_orders_are_refused(party: Party) -> None:
    await party.orders("pork", 2)
    [line] = await party.line_ids()
    with pytest.raises(WrongQuantityError):
        await void(party, {line: Decimal("0.5")})
    with pytest.raises(WrongQuantityError):
        await void(party, {line: Decimal(-1)})
    with pytest.raises(NothingToVoidError):
        await void(party, {})


async def test_dishes_of_another_order_and_drafts_are_not_on_the_bill(party: Party, seated: Seated) -> None:
    other = await seated(table="A02", name="o2")
    await other.orders("pork")
    [elsewhere] = await other.line_ids()
    await party.adds("pork")
    with pytest.raises(NothingToVoidError):
        await void(party, {elsewhere: ONE})
    await party.places()
    with pytest.raises(NothingToVoidError):
        await void(party, {elsewhere: ONE})
    assert await other.standing() == [("pork", ONE)]


async def test_what_is_paid_is_refunded_and_not_voided(party: Party) -> None:
    await party.orders("pork")
    await party.pays()
    [line] = await party.line_ids()
    with pytest.raises(VoidPaidError):
        await void(party, {line: ONE})


async def test_a_dish_that_is_ready_is_not_for_sale_again(party: Party) -> None:
    await party.orders("pork", 2)
    [line] = await party.line_ids()
    await void(party, {line: ONE})
    await party.moves(OrderState.READY)
    await void(party, {line: ONE}, key="v2")
    assert await party.left() == 9
    assert await party.state() == "cancelled"


async def test_what_was_taken_back_before_it_was_paid_is_not_cooked(seated: Seated) -> None:
    guest = await seated(table=None)
    await guest.adds("pork", 2)
    await guest.orders("tofu")
    pork, tofu = await guest.line_ids()
    await void(guest, {pork: ONE, tofu: ONE})
    await guest.released()

    [told] = await guest.events("order_voided")
    assert [dish["in_kitchen"] for dish in told["lines"]] == [False, False]
    [released] = await guest.events("order_released")
    assert [(dish["dish_id"], dish["quantity"]) for dish in released["lines"]] == [("pork", "1")]
