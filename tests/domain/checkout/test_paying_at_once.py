"""Many pay, ask and change one bill at the same moment: one payment, one hold, and never a dish that nobody pays."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.checkout.changes import join, merge, split, void
from domain.checkout.purses import Wish
from domain.checkout.service import lapse
from domain.kernel.errors import DomainError
from domain.orders.models import Order
from domain.payments.models import Payment
from domain.payments.rules import BILL_LIFE
from domain.points.models import PointsHold
from domain.tables.service import find_seat
from tests.domain.checkout import house
from tests.domain.checkout.conftest import House
from tests.domain.checkout.house import CAKE, EIGHTY, FIVE_OFF, FULL_100, SHOP


async def test_fifty_who_ask_for_one_bill_get_one_payment_and_one_hold(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF, EIGHTY, points=60)
    order = await inn.orders(diner, ("pork", "2"))

    payments = await inn.at_once(*(inn.asks(order, diner) for _ in range(50)))

    assert len({payment.id for payment in payments}) == 1

    def counted(session: Any) -> tuple[int, int]:
        holds = session.execute(select(func.count()).select_from(PointsHold)).scalar_one()
        return holds, session.execute(select(func.count()).select_from(Payment)).scalar_one()

    assert await inn.database.read(counted) == (1, 1)
    await inn.books()


async def test_two_tables_of_one_member_never_hold_the_same(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF, points=60)
    one = await inn.orders(diner, ("pork", "1"), table="A01")
    two = await inn.orders(diner, ("pork", "1"), table="A02")

    await inn.at_once(inn.asks(one, diner), inn.asks(two, diner))

    bills = [await inn.bill(one), await inn.bill(two)]
    assert sorted(len(bill["coupons"]) for bill in bills) == [0, 1]
    assert sum(bill["points"] for bill in bills) == 60
    assert sorted(why["outcome"] for bill in bills for why in bill["why"]) == ["busy", "used"]
    await inn.books()


async def test_lapsing_and_asking_anew_at_once_leave_one_whole_bill(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF, points=60)
    order = await inn.orders(diner, ("pork", "1"))
    payment = await inn.asks(order, diner)
    inn.clock.advance(BILL_LIFE)

    await inn.at_once(*(inn.does(lapse, payment.id, order) for _ in range(5)), *(inn.asks(order, diner) for _ in range(5)))

    books = await inn.books()
    assert [fen for _, state, fen in books.payments[order] if state == "pending"] == [4230]


@pytest.mark.parametrize("act", ["place", "void", "split", "join", "merge", "ask", "lapse"])
async def test_paying_while_the_bill_changes_never_leaves_a_dish_unpaid(inn: House, act: str) -> None:
    """Money that comes while the bill is changed either settles the bill as it stood, or is late and goes back whole."""
    diner, friend = await inn.meets(FIVE_OFF, points=60), await inn.meets(FULL_100, points=60)
    order = await inn.orders(diner, ("pork", "2"), ("tofu", "1"))
    other = await inn.orders(friend, ("pork", "2"), table="A02")
    await inn.asks(other, friend)
    if act == "join":
        await inn.does(split, SHOP, order, await inn.portions(order, tofu="1"), payer_id=friend)
    payment = await inn.asks(order, diner)
    here, there = [await inn.database.read(find_seat, who, now=inn.clock.now()) for who in (diner, friend)]
    assert here is not None
    assert there is not None
    if act == "lapse":
        inn.clock.advance(BILL_LIFE)
    [part] = [row.id for row in (await inn.books()).orders if row.split_from] or [""]
    staff = {"by": "staff", "reason": "换菜"}
    changes = {
        "place": lambda n: inn.orders(diner, ("cake", "1")),
        "void": lambda n: inn.does(void, SHOP, order, tofu, **staff, key=f"void-{n}"),
        "split": lambda n: inn.does(split, SHOP, order, tofu, payer_id=friend),
        "join": lambda n: inn.does(join, part),
        "merge": lambda n: inn.does(merge, SHOP.stores["after"], here.session_id, there.session_id, by="staff"),
        "ask": lambda n: inn.asks(order, [diner, friend][n]),
        "lapse": lambda n: inn.does(lapse, payment.id, order),
    }
    tofu = await inn.portions(order, tofu="1") if act in {"void", "split"} else {}

    outcomes = await inn.at_once(inn.does(house.confirms, payment), *(changes[act](n) for n in range(2)))

    assert isinstance(outcomes[0], bool)
    books = await inn.books()
    assert (payment.id in books.late) == (outcomes[0] is False)
    await inn.does(house.settles)
    books = await inn.books()
    for row in books.orders:  # whatever stands somewhere is paid, or can be
        assert row.state == "cancelled" or row.status in {"paid", "none", "pending"}
        if row.status in {"none", "pending"} and row.state != "cancelled" and books.standing[row.id]:
            assert (await inn.asks(row.id, friend)).fen > 0
    await inn.books()


async def test_the_money_wins_or_the_change_but_never_both(inn: House) -> None:
    """Many tables at once: each either paid as billed, or billed anew."""
    people = [await inn.meets(FIVE_OFF) for _ in range(2)]
    placed = [await inn.orders(diner, ("pork", "1"), table=f"A0{n + 1}") for n, diner in enumerate(people)]
    payments = [await inn.asks(order, diner) for order, diner in zip(placed, people, strict=True)]

    async def changes(n: int) -> bool:
        try:
            await inn.orders(people[n], ("cake", "1"), table=f"A0{n + 1}")
        except DomainError:
            return False
        return True

    outcomes = await asyncio.gather(*(inn.does(house.confirms, payment) for payment in payments), changes(0), changes(1))

    assert [paid != changed for paid, changed in zip(outcomes[:2], outcomes[2:], strict=True)] == [True, True]
    await inn.does(house.settles)
    books = await inn.books()
    assert [row.status == "paid" for row in books.orders] == list(outcomes[:2])
    assert await inn.database.read(lambda session: session.execute(select(func.count()).select_from(Order)).scalar_one()) == 2


async def test_what_the_bill_held_last_is_what_the_money_uses_up(inn: House) -> None:
    """The same total with one gift or the other, asked for again and again while the money is being settled."""
    diner = await inn.meets()
    for _ in range(4):
        gifts = [await inn.does(house.gets, diner, CAKE) for _ in range(2)]
        order = await inn.orders(diner, ("pork", "1"), ("cake", "1"))
        payment = await inn.asks(order, diner)

        asking = [inn.asks(order, diner, Wish(banned=(gifts[n % 2],))) for n in range(8)]
        *_, paid = await inn.at_once(*asking, inn.does(house.pays, payment))

        assert paid is True
        await inn.does(house.settles)
        await inn.books()
