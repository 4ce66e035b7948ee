"""What is given back: every fen, the points that paid, the points that were earned, coupons, spending, the invoice."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from domain.checkout.changes import cancel
from domain.checkout.errors import NotRefundableError, TooMuchBackError
from domain.checkout.looking import invoiceable_orders
from domain.checkout.models import OrderRefund
from domain.coupons.models import Coupon
from domain.invoices.service import find_invoice, request_invoice
from domain.members.models import MemberSpending
from domain.orders.errors import TooLateToCancelError
from domain.orders.models import Order
from domain.orders.rules import OrderState
from domain.orders.service import move_order
from domain.payments.errors import TooManyRefundsError
from domain.points.rules import Reason
from domain.points.service import balance_of, points_of, spend_points
from tests.domain.checkout import house
from tests.domain.checkout.conftest import House
from tests.domain.checkout.house import FIVE_OFF, FULL_100


async def test_part_refunds_add_up_to_what_was_paid_to_the_fen(inn: House) -> None:
    diner = await inn.meets(FULL_100, points=70)
    order = await inn.eats(diner, ("tofu", "3"), ("fish", "1.5"))
    bill = await inn.bill(order)

    given = [(await inn.gives_back(order, f"t{n}", tofu="0.1")).fen for n in range(20)]
    given += [(await inn.gives_back(order, f"f{n}", fish="0.5")).fen for n in range(3)]
    given.append((await inn.gives_back(order, "rest")).fen)

    assert len(set(given[:20])) > 1  # the shares differ by a fen
    assert sum(given) == bill["total_fen"]
    assert (await inn.books()).returned[order] == bill["total_fen"]


async def test_a_line_gives_back_its_share_of_what_was_paid_and_not_its_price(inn: House) -> None:
    diner = await inn.meets(FULL_100)
    order = await inn.eats(diner, ("pork", "2"), ("cake", "1"))  # 104 at the member price and 18: 20 off

    refund = await inn.gives_back(order, pork="1")

    line = next(line for line in (await inn.bill(order))["lines"] if line["dish_id"] == "pork")
    assert (line["payable_fen"], refund.fen) == (10_400 - 1705, (10_400 - 1705) // 2)


async def test_one_key_gives_back_once_however_often_it_comes(inn: House) -> None:
    order = await inn.eats(await inn.meets(), ("pork", "3"))

    refunds = await inn.at_once(*(inn.gives_back(order, "tap", pork="1") for _ in range(50)))

    assert len({refund.id for refund in refunds}) == 1
    assert (await inn.books()).returned[order] == 5200
    assert len(await inn.told("order_refunded")) == 1


async def test_a_key_belongs_to_one_order(inn: House) -> None:
    diner = await inn.meets()
    one, other = await inn.eats(diner, ("pork", "1")), await inn.eats(diner, ("tofu", "1"))
    await inn.gives_back(one, "tap")

    with pytest.raises(ValueError, match="another order"):
        await inn.gives_back(other, "tap")


async def test_a_hundred_at_once_never_give_back_more_than_there_is(inn: House) -> None:
    order = await inn.eats(await inn.meets(points=50), ("pork", "4"), ("tofu", "3"))

    outcomes = await inn.at_once(
        *(inn.gives_back(order, f"p{n}", pork="0.5") for n in range(50)), *(inn.gives_back(order, f"t{n}", tofu="1") for n in range(50))
    )

    assert sum(isinstance(outcome, OrderRefund) for outcome in outcomes) == 8 + 3
    assert {type(outcome) for outcome in outcomes} <= {OrderRefund, TooMuchBackError, NotRefundableError}
    books = await inn.books()
    assert books.returned[order] == books.paid(order)


async def test_a_payment_gives_back_in_fifty_parts_at_most(inn: House) -> None:
    order = await inn.eats(await inn.meets(), ("pork", "6"))
    for n in range(50):
        await inn.gives_back(order, f"p{n}", pork="0.1")

    with pytest.raises(TooManyRefundsError):
        await inn.gives_back(order, "p50", pork="0.1")
    await inn.books()


async def test_a_refund_takes_back_exactly_what_the_dishes_earned(inn: House) -> None:
    diner = await inn.meets()
    order = await inn.eats(diner, ("pork", "2"), ("tofu", "1"))  # 126.30 yuan earn 12 points
    assert await inn.database.read(balance_of, diner) == 12

    refund = await inn.gives_back(order, tofu="1")  # 104.01 would have earned 10

    assert (refund.points_taken, refund.points_owed) == (2, 0)
    await inn.gives_back(order, "rest")
    assert await inn.database.read(balance_of, diner) == 0
    await inn.books()


async def test_points_spent_meanwhile_are_owed_and_the_next_earning_pays_them(inn: House) -> None:
    diner = await inn.meets()
    order = await inn.eats(diner, ("pork", "2"))
    inn.clock.advance(days=1)
    day = house.today(inn.clock.now())
    await inn.does(spend_points, diner, 10, reason=Reason.EXCHANGED, key="reward", day=day)

    refund = await inn.gives_back(order)

    assert (refund.points_taken, refund.points_owed) == (0, 10)
    assert (await inn.database.read(points_of, diner, day=day)).owed == 10
    await inn.eats(diner, ("pork", "4"))
    seen = await inn.database.read(points_of, diner, day=day)
    assert (seen.owed, await inn.database.read(balance_of, diner)) == (0, 10)
    await inn.books()


async def test_points_that_paid_come_back_part_by_part(inn: House) -> None:
    diner = await inn.meets(points=200)
    order = await inn.eats(diner, ("pork", "2"), ("cake", "1"))
    spent = (await inn.bill(order))["points"]
    assert spent == 122

    part = await inn.gives_back(order, "one", pork="1")
    rest = await inn.gives_back(order, "rest")

    assert 0 < part.points_returned < spent
    assert part.points_returned + rest.points_returned == spent
    assert (await inn.database.read(points_of, diner, day=house.today(inn.clock.now()))).usable == 200


async def test_a_coupon_comes_back_only_when_all_is_given_back(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF)
    order = await inn.eats(diner, ("pork", "1"), ("cake", "1"))
    [coupon] = (await inn.bill(order))["coupons"]

    async def state() -> str:
        return await inn.database.read(lambda session: str(session.execute(select(Coupon.state)).scalar_one()))

    assert (await inn.gives_back(order, "cake", cake="1")).coupons_returned == []
    assert await state() == "used"
    assert (await inn.gives_back(order, "rest")).coupons_returned == [coupon]
    assert await state() == "issued"
    again = await inn.orders(diner, ("pork", "1"))
    await inn.asks(again, diner)
    assert (await inn.bill(again))["coupons"] == [coupon]


async def test_what_is_given_back_no_longer_counts_for_the_level(inn: House) -> None:
    diner = await inn.meets()
    order = await inn.eats(diner, ("pork", "2"), ("cake", "1"))

    async def counted() -> list[int]:
        spent = select(MemberSpending.net_fen).where(MemberSpending.diner_id == diner)
        return await inn.database.read(lambda session: list(session.execute(spent).scalars()))

    assert await counted() == [12_200]
    await inn.gives_back(order, pork="1")
    assert await counted() == [7000]


async def test_an_invoice_says_what_is_left_and_ends_when_nothing_is(inn: House) -> None:
    diner = await inn.meets()
    order = await inn.eats(diner, ("pork", "2"))
    [asked] = await inn.does(invoiceable_orders, diner)
    await inn.does(request_invoice, asked, title="王小明")

    async def invoice() -> tuple[int, str]:
        request = await inn.database.read(find_invoice, order)
        assert request is not None
        return request.fen, str(request.state)

    await inn.gives_back(order, "one", pork="1")
    assert await invoice() == (5200, "asked")
    await inn.gives_back(order, "rest")
    assert (await invoice())[1] == "withdrawn"


async def test_a_paid_takeaway_that_is_cancelled_gives_all_back_and_calls_the_kitchen_off(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF, points=100)
    order = await inn.eats(diner, ("pork", "1"), ("tofu", "2"), table=None)
    bill = await inn.bill(order)

    await inn.does(cancel, house.SHOP, order)

    [told] = await inn.told("order_voided")
    assert (told["cancelled"], {line["dish_id"]: line["in_kitchen"] for line in told["lines"]}) == (True, {"pork": True, "tofu": True})
    books = await inn.books()
    assert (books.orders[0].status, books.orders[0].state) == ("refunded", "cancelled")
    assert books.returned[order] == bill["total_fen"]
    assert (await inn.database.read(points_of, diner, day=house.today(inn.clock.now()))).usable == 100


async def test_what_the_kitchen_has_accepted_is_not_cancelled_and_nothing_goes_back(inn: House) -> None:
    order = await inn.eats(await inn.meets(), ("pork", "1"), table=None)
    await inn.does(move_order, order, OrderState.ACCEPTED)

    with pytest.raises(TooLateToCancelError):
        await inn.does(cancel, house.SHOP, order)
    assert (await inn.books()).returned[order] == 0


async def test_cancelled_after_the_staff_gave_all_back_it_is_only_called_off(inn: House) -> None:
    order = await inn.eats(await inn.meets(), ("pork", "1"), table=None)
    await inn.gives_back(order)

    await inn.does(cancel, house.SHOP, order)

    assert len(await inn.told("order_voided")) == len(await inn.told("order_refunded")) == 1
    assert (await inn.books()).orders[0].state == "cancelled"


async def test_a_refund_right_after_the_money_came_waits_for_the_settling(inn: House) -> None:
    diner = await inn.meets()
    order = await inn.orders(diner, ("pork", "1"))
    await inn.does(house.confirms, await inn.asks(order, diner))

    with pytest.raises(NotRefundableError):
        await inn.gives_back(order)
    await inn.does(house.settles)
    assert (await inn.gives_back(order)).points_taken == 5
    assert await inn.database.read(balance_of, diner) == 0


async def test_a_dish_gives_back_its_part_of_the_service_fee(inn: House) -> None:
    order = await inn.eats(await inn.meets(), ("pork", "1"), ("cake", "1"), store="first", table="B01")
    assert (await inn.bill(order))["fees_fen"] == 700

    refund = await inn.gives_back(order, cake="1")

    assert (refund.fen, refund.goods_fen) == (1980, 1800)
    assert (await inn.gives_back(order, "rest")).fen == 7700 - 1980


async def test_a_dish_gives_back_its_own_boxes(inn: House) -> None:
    order = await inn.eats(await inn.meets(), ("pork", "2"), ("cake", "1"), table=None)
    assert (await inn.bill(order))["fees_fen"] == 200

    assert [(await inn.gives_back(order, f"{n}", pork="1")).fen for n in range(2)] == [5300, 5300]
    assert (await inn.gives_back(order, "rest")).fen == 1800


async def test_what_nobody_paid_or_ordered_is_not_given_back(inn: House) -> None:
    diner = await inn.meets()
    order = await inn.orders(diner, ("pork", "1"))
    with pytest.raises(NotRefundableError):
        await inn.gives_back(order)

    await inn.pays(await inn.asks(order, diner))
    with pytest.raises(TooMuchBackError):
        await inn.gives_back(order, pork="1.1")
    with pytest.raises(TooMuchBackError):
        await inn.does(house.refund_lines, house.SHOP, order, {"x": Decimal(1)}, reason="", by="staff", key="x")
    assert (await inn.books()).returned[order] == 0
    assert await inn.database.read(lambda session: session.execute(select(Order.payment_status)).scalar_one()) == "paid"


async def test_a_bill_of_nothing_gives_back_points_and_coupons(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF)
    order = await inn.orders(diner, ("rice", "1"))
    await inn.asks(order, diner)
    await inn.does(house.settles)

    refund = await inn.gives_back(order)

    assert (refund.fen, len(refund.coupons_returned)) == (0, 1)
    assert (await inn.books()).orders[0].status == "refunded"


async def test_the_staffs_words_stay_in_the_house(inn: House) -> None:
    order = await inn.eats(await inn.meets(), ("pork", "1"))
    words = "王先生说这道菜里有一根头发，经理同意全额退款，" * 3

    refund = await inn.does(house.refund_lines, house.SHOP, order, None, reason=words, by="staff-1", key="k")

    assert refund.reason == words[:64]
