"""Which orders a diner can have an invoice of, and which parts of a bill they have not paid."""

from datetime import timedelta
from decimal import Decimal

from domain.checkout.changes import join, split
from domain.checkout.looking import invoiceable_orders, order_to_pay, unpaid_parts
from domain.invoices.rules import ASK_WITHIN
from domain.invoices.service import invoice_done, request_invoice, withdraw_invoice
from domain.orders.service import placed_lines
from tests.domain.checkout.conftest import House
from tests.domain.checkout.house import SHOP


async def can_have(inn: House, diner: str) -> list[tuple[str, int]]:
    return [(order.order_id, order.paid_fen) for order in await inn.does(invoiceable_orders, diner)]


async def test_every_order_paid_can_have_an_invoice_the_newest_first_less_what_was_given_back(inn: House) -> None:
    diner, other = await inn.meets(), await inn.meets()
    first = await inn.eats(diner, ("pork", "2"))
    inn.clock.advance(minutes=5)
    second = await inn.eats(diner, ("pork", "1"))
    await inn.eats(other, ("pork", "1"))

    await inn.gives_back(first, pork="1")

    assert await can_have(inn, diner) == [(second, 5200), (first, 5200)]


async def test_what_was_all_given_back_or_paid_too_long_ago_has_none(inn: House) -> None:
    diner = await inn.meets()
    order = await inn.eats(diner, ("pork", "1"))
    assert await can_have(inn, diner)
    await inn.gives_back(order)
    assert await can_have(inn, diner) == []

    await inn.eats(diner, ("pork", "1"))
    inn.clock.advance(ASK_WITHIN)
    assert await can_have(inn, diner)
    inn.clock.advance(timedelta(seconds=1))
    assert await can_have(inn, diner) == []


async def test_what_was_asked_for_is_not_asked_again_but_may_be_changed_until_it_is_written(inn: House) -> None:
    diner = await inn.meets()
    first = await inn.eats(diner, ("pork", "1"))
    inn.clock.advance(minutes=5)
    second = await inn.eats(diner, ("pork", "1"))
    [newest, eldest] = await inn.does(invoiceable_orders, diner)

    asked = await inn.does(request_invoice, newest, title="王小明")
    assert [order for order, _ in await can_have(inn, diner)] == [first]
    await inn.does(request_invoice, eldest, title="王小明")
    assert [order for order, _ in await can_have(inn, diner)] == [second, first]
    await inn.does(invoice_done, asked.id, link="https://dppt.sichuan.chinatax.gov.cn/v/1", by="staff1")
    assert [order for order, _ in await can_have(inn, diner)] == [first]
    await inn.does(withdraw_invoice, first, diner)
    assert [order for order, _ in await can_have(inn, diner)] == [first]


async def test_a_part_is_the_payers_until_it_is_paid_or_joined_again(inn: House) -> None:
    diner, friend = await inn.meets(), await inn.meets()
    order = await inn.orders(diner, ("pork", "1"), ("cake", "1"))
    line = (await inn.database.read(placed_lines, order))[0]

    await inn.does(split, SHOP, order, {line.id: Decimal(1)}, payer_id=friend)
    [part] = await inn.database.read(unpaid_parts, friend)
    assert await inn.database.read(unpaid_parts, diner) == []
    assert await inn.database.read(order_to_pay, None, friend) == part

    assert await inn.does(join, part) == order
    assert await inn.database.read(unpaid_parts, friend) == []
