"""The bill of a payer: coupons and points chosen, wished for, held by one bill and not by two, and free when it is given up."""

from typing import Any

import pytest

from domain.checkout.billing import bill_ahead, prices_of
from domain.checkout.purses import Wish
from domain.checkout.service import lapse
from domain.coupons.service import expire_coupons
from domain.kernel.money import Fen
from domain.members.merging import Proof
from domain.members.merging import merge as merge_members
from domain.members.models import MemberFavourite
from domain.orders.cart import find_cart, open_cart
from domain.orders.errors import JustPaidError, NothingToPayError
from domain.orders.rules import Channel
from domain.payments.rules import BILL_LIFE
from domain.points.service import expire_points, points_of
from domain.reactions.members import merged_owns_it_all
from domain.tables.service import find_seat
from tests.domain.checkout import house
from tests.domain.checkout.conftest import House
from tests.domain.checkout.house import CAKE, EIGHTY, FIVE_OFF, FULL_100, SHOP


async def coupons_of(inn: House) -> dict[str, str]:
    """Name -> id of all coupons there are."""
    return await inn.database.read(lambda session: {terms["name"]: found for found, terms in session.execute(house.COUPONS)})


async def usable(inn: House, diner: str) -> int:
    """Points that the diner can spend now."""
    return (await inn.database.read(points_of, diner, day=house.today(inn.clock.now()))).usable


class TestTheGuidesExamples:
    """As the payer reads them, from the table to the bill."""

    async def test_20_off_from_100(self, inn: House) -> None:
        diner = await inn.meets(FULL_100)
        order = await inn.orders(diner, ("pork", "2"))
        assert (await inn.asks(order, diner)).fen == 8400
        assert await inn.explained(order) == [("菜品合计", 11_600), ("会员价优惠", -1200), ("优惠券「满100减20」", -2000)]

    async def test_points_pay_at_most_a_tenth_of_what_coupons_leave(self, inn: House) -> None:
        diner = await inn.meets(FULL_100, points=500)
        order = await inn.orders(diner, ("pork", "2"))
        assert (await inn.asks(order, diner)).fen == 7560
        assert (await inn.explained(order))[-1] == ("积分抵扣", -840)

    async def test_the_birthday_dessert_is_free(self, inn: House) -> None:
        diner = await inn.meets(CAKE)
        order = await inn.orders(diner, ("cake", "2"), ("pork", "1"))
        assert (await inn.asks(order, diner)).fen == 7000
        assert await inn.explained(order) == [("菜品合计", 9400), ("会员价优惠", -600), ("优惠券「生日甜品」", -1800)]

    async def test_a_favourite_costs_nine_tenths(self, inn: House) -> None:
        diner = await inn.meets()
        favourite = {"diner_id": diner, "place": 1, "dish_id": "cake", "chosen_on": house.today(inn.clock.now())}
        await inn.database.transaction(lambda session: session.add(MemberFavourite(**favourite)))
        order = await inn.orders(diner, ("cake", "1"))
        await inn.asks(order, diner)
        assert await inn.explained(order) == [("菜品合计", 1800), ("最爱菜品优惠", -180)]

    async def test_who_is_no_member_pays_the_menu_price(self, inn: House) -> None:
        diner = await inn.meets(FIVE_OFF, member=False)
        order = await inn.orders(diner, ("pork", "1"))
        assert (await inn.asks(order, diner)).fen == 5800
        assert await inn.explained(order) == [("菜品合计", 5800)]

    async def test_each_coupon_that_is_not_used_says_why(self, inn: House) -> None:
        diner = await inn.meets(FULL_100, CAKE)
        order = await inn.orders(diner, ("pork", "1"))
        await inn.asks(order, diner)
        why = {item["name"]: (item["outcome"], item["details"].get("short_fen")) for item in (await inn.bill(order))["why"]}
        assert why == {"满100减20": ("short", 4800), "生日甜品": ("no_dish", None)}


async def test_what_is_read_back_before_paying_first_is_what_is_asked_for(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF, points=100)
    placed = await inn.does(house.orders, diner, (("pork", "1"), ("cake", "1")), table="B01", store="first")
    assert placed.payment.fen == placed.bill.total_fen == (await inn.bill(placed.round.order_id))["total_fen"]
    assert placed.bill.points > 0
    assert placed.bill.coupons
    await inn.books()


async def test_looking_holds_nothing(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF, points=100)

    def look(session: Any, *, now: Any) -> tuple[Fen, Fen]:
        cart = open_cart(session, "after", None, diner, now=now)
        house.add_line(session, SHOP.stores["after"], cart, SHOP.dishes["pork"], house.Decimal(1), diner, now=now)
        found = find_cart(session, None, diner)
        assert found is not None
        where = (session, SHOP, "after", Channel.TAKEAWAY, diner, found.lines)
        return prices_of(*where).total_fen, bill_ahead(*where, now=now).total_fen

    assert await inn.does(look) == (5300, 4330)
    assert await usable(inn, diner) == 100
    await inn.books()


async def test_a_wish_changes_the_bill_and_is_kept_for_the_next_asking(inn: House) -> None:
    diner = await inn.meets(FULL_100, FIVE_OFF, EIGHTY, points=100)
    names = {number: name for name, number in (await coupons_of(inn)).items()}
    ids = {name: number for number, name in names.items()}
    order = await inn.orders(diner, ("pork", "2"))

    async def used(wish: Wish | None) -> tuple[set[str], int]:
        await inn.asks(order, diner, wish)
        await inn.books()
        bill = await inn.bill(order)
        return {names[coupon] for coupon in bill["coupons"]}, bill["points"]

    assert await used(None) == ({"八折券", "满100减20"}, 63)
    assert await used(Wish(coupons=(ids["5元券"],))) == ({"5元券", "八折券"}, 78)
    assert await used(None) == ({"5元券", "八折券"}, 78)
    assert await used(Wish(banned=(ids["八折券"],), points=7)) == ({"满100减20", "5元券"}, 7)
    assert await used(Wish(no_coupons=True, points=0)) == (set(), 0)
    assert await usable(inn, diner) == 100
    assert await used(Wish()) == ({"八折券", "满100减20"}, 63)


async def test_a_wish_that_cannot_be_kept_says_why_and_the_bill_stands(inn: House) -> None:
    diner = await inn.meets(CAKE, points=5)
    ids = await coupons_of(inn)
    order = await inn.orders(diner, ("pork", "1"))

    assert (await inn.asks(order, diner, Wish(coupons=(ids["生日甜品"],), points=400))).fen == 5150

    bill = await inn.bill(order)
    assert (bill["coupons"], bill["points"], [item["outcome"] for item in bill["why"]]) == ([], 5, ["no_dish"])
    await inn.books()


async def test_a_second_table_gets_what_the_first_lets_go(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF)
    one = await inn.orders(diner, ("pork", "1"), table="A01")
    two = await inn.orders(diner, ("pork", "1"), table="A02")
    await inn.asks(one, diner)
    assert (await inn.asks(two, diner)).fen == 5200

    await inn.asks(one, diner, Wish(no_coupons=True))

    assert (await inn.asks(two, diner)).fen == 4700
    await inn.books()


async def test_another_round_gives_up_the_bill_and_what_it_held(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF, points=60)
    order = await inn.orders(diner, ("pork", "1"))
    payment = await inn.asks(order, diner)
    assert await usable(inn, diner) == 60 - 47

    await inn.orders(diner, ("tofu", "1"))

    assert await usable(inn, diner) == 60
    assert await inn.pays(payment) is False  # late: it goes back whole
    books = await inn.books()
    assert (books.orders[0].status, books.late) == ("none", {payment.id})


async def test_a_bill_that_nobody_pays_lapses_and_frees_what_it_held(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF, points=60)
    order = await inn.orders(diner, ("pork", "1"))
    payment = await inn.asks(order, diner)
    assert await inn.does(lapse, payment.id, order) is False

    inn.clock.advance(BILL_LIFE)

    assert await inn.does(lapse, payment.id, order) is True
    assert await inn.does(lapse, payment.id, order) is False
    assert await usable(inn, diner) == 60
    assert (await inn.books()).orders[0].status == "none"


async def test_a_lapse_that_comes_late_leaves_the_newer_bill_alone(inn: House) -> None:
    diner = await inn.meets(FIVE_OFF)
    order = await inn.orders(diner, ("pork", "1"))
    old = await inn.asks(order, diner)
    inn.clock.advance(BILL_LIFE)
    new = await inn.asks(order, diner)
    assert new.id != old.id

    assert await inn.does(lapse, old.id, order) is False
    assert await inn.pays(new) is True
    await inn.books()


async def test_another_payer_pays_with_their_own(inn: House) -> None:
    one, other = await inn.meets(FIVE_OFF, points=60), await inn.meets(points=10)
    order = await inn.orders(one, ("pork", "1"))
    await inn.asks(order, one)

    payment = await inn.asks(order, other)

    assert (payment.fen, payment.diner_id) == (5100, other)
    assert (await usable(inn, one), await usable(inn, other)) == (60, 0)
    await inn.books()


async def test_a_coupon_and_points_that_expire_overnight_stay_good_in_an_open_bill(inn: House) -> None:
    diner = await inn.meets()
    await inn.does(house.gets, diner, FIVE_OFF, days=1)
    order = await inn.orders(diner, ("pork", "1"))
    inn.clock.advance(hours=10, minutes=20)  # ten to five: the books turn at five
    first = await inn.asks(order, diner)
    inn.clock.advance(minutes=30)
    day = house.today(inn.clock.now())
    await inn.does(expire_coupons, day)
    await inn.does(expire_points, day)

    again = await inn.asks(order, diner)

    assert (again.id, again.fen) == (first.id, 4700)
    assert await inn.pays(again) is True
    await inn.books()


@pytest.mark.parametrize(("fresh", "points"), [(3, 20), (30, 30)])
async def test_points_past_their_day_pay_while_they_stay_held_or_make_room_for_more(inn: House, fresh: int, points: int) -> None:
    diner = await inn.meets()
    await inn.does(house.had_points, diner, 20, days=1)
    order = await inn.orders(diner, ("pork", "1"))
    await inn.asks(order, diner)
    inn.clock.advance(days=1)
    await inn.does(house.had_points, diner, fresh, days=30)

    await inn.asks(order, diner)

    assert (await inn.bill(order))["points"] == points
    await inn.books()


async def test_a_bill_of_nothing_is_paid_at_once_and_stands(inn: House) -> None:
    diner, friend = await inn.meets(FIVE_OFF), await inn.meets()
    order = await inn.orders(diner, ("rice", "1"))

    assert (await inn.asks(order, diner)).fen == 0

    with pytest.raises(JustPaidError):  # not settled yet, and paid all the same
        await inn.asks(order, friend)
    with pytest.raises(JustPaidError):
        await inn.orders(diner, ("pork", "1"))
    await inn.does(house.settles)
    [paid] = await inn.told("order_paid")
    assert (paid["paid_fen"], paid["method"]) == (0, "free")
    assert await inn.database.read(lambda session: find_seat(session, diner, now=inn.clock.now())) is None
    await inn.books()


async def test_a_merged_diner_pays_with_what_was_held_before(inn: House) -> None:
    diner, same = await inn.meets(FIVE_OFF, points=60), await inn.meets()
    order = await inn.orders(diner, ("pork", "1"))
    asked = await inn.asks(order, diner)

    def meet_again(session: Any, *, now: Any) -> None:
        merge_members(session, same, diner, proof=Proof.STAFF, now=now)
        merged_owns_it_all(house.OneShop())(session, {"source": diner, "target": same}, event_id="", now=now)

    await inn.does(meet_again)
    again = await inn.asks(order, diner)  # by a link from before

    assert (again.fen, again.diner_id) == (asked.fen, same)
    assert (await inn.bill(order))["points"] == 47
    await inn.pays(again)
    await inn.books()


async def test_what_is_paid_is_not_asked_for_again(inn: House) -> None:
    diner = await inn.meets()
    order = await inn.eats(diner, ("pork", "1"))
    with pytest.raises(NothingToPayError):
        await inn.asks(order, diner)
