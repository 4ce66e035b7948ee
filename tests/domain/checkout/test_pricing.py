"""One pricing function: the guide's own examples with the words a diner reads, and what holds of every bill."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.checkout.bill import Bill
from domain.checkout.pricing import PricedLine, Purse, price
from domain.coupons.choosing import Occasion, Outcome
from domain.coupons.reductions import Owned
from domain.coupons.terms import Terms, amount_terms, gift_terms
from domain.kernel.money import Fen
from domain.orders.rules import Channel
from domain.shop.value_records import StackingRecord

NO_FEE = Decimal(0)
TODAY = date(2026, 11, 21)
HERE = Occasion("one", "dine_in", TODAY)
ANY_STACK = StackingRecord.model_validate({"most": 12, "groups": {"order": 12, "item": 12}})


def line(unit_price: int, quantity: str = "1", *, dish: str = "dish", member: int | None = None, packaging: int = 0) -> PricedLine:
    return PricedLine(
        "菜", "份", Decimal(quantity), (), Fen(unit_price), None if member is None else Fen(member), Fen(packaging), f"L-{dish}", dish
    )


def coupon(terms: Terms, name: str = "c1", *, days: int = 30) -> Owned:
    return Owned(name, terms, TODAY, TODAY + timedelta(days=days))


def purse(*coupons: Owned, points: int = 0, favourites: Sequence[str] = (), stacking: StackingRecord | None = None, **more) -> Purse:
    return Purse(
        member=True,
        favourites=frozenset(favourites),
        favourites_pay=Decimal("0.9"),
        coupons=coupons,
        stacking=stacking or StackingRecord(),
        points=points,
        point_value_fen=Fen(10),
        points_most=Decimal("0.1"),
        **more,
    )


def bill(
    lines: Sequence[PricedLine], owner: Purse | None = None, *, channel: Channel = Channel.DINE_IN, fee: str = "0", rounding="none"
) -> Bill:
    return price(
        lines, channel=channel, service_fee_ratio=Decimal(fee), purse=owner or Purse(), occasion=HERE if owner else None, rounding=rounding
    )


def explained(found: Bill) -> list[tuple[str, int]]:
    return [(part.label, part.fen) for part in found.parts]


class TestTheGuidesExamples:
    """Source: the brand's guide, 2.1.2, 2.4.2, 3.3.1, 5.2."""

    FULL_100 = amount_terms("满100减20", Fen(2000), Fen(10_000))

    def test_20_off_from_100(self) -> None:
        found = bill([line(5800, dish="pork"), line(4200, dish="ribs")], purse(coupon(self.FULL_100)))
        assert explained(found) == [("菜品合计", 10_000), ("优惠券「满100减20」", -2000)]
        assert found.total_fen == 8000

    def test_a_fen_short_of_100_says_what_is_missing(self) -> None:
        found = bill([line(9680)], purse(coupon(self.FULL_100)))
        assert found.total_fen == 9680
        assert [(why.outcome, why.details["short_fen"]) for why in found.why] == [(Outcome.SHORT, 320)]

    def test_the_minimum_is_judged_after_member_prices(self) -> None:
        dishes = [line(5800, member=5200, dish="pork"), line(4500, dish="ribs")]
        assert bill(dishes, purse(coupon(self.FULL_100))).total_fen == 9700
        assert bill([*dishes, line(300, dish="rice")], purse(coupon(self.FULL_100))).total_fen == 8000

    def test_a_20_yuan_coupon_over_50(self) -> None:
        new_guest = coupon(amount_terms("新客20元券", Fen(2000), Fen(5000)))
        assert explained(bill([line(5800)], purse(new_guest))) == [("菜品合计", 5800), ("优惠券「新客20元券」", -2000)]
        assert bill([line(4999)], purse(new_guest)).total_fen == 4999

    def test_points_pay_at_most_a_tenth(self) -> None:
        found = bill([line(9990)], purse(points=500))
        assert explained(found) == [("菜品合计", 9990), ("积分抵扣", -990)]
        assert (found.points, found.total_fen) == (99, 9000)

    def test_fewer_points_than_a_tenth_pay_what_they_are_worth(self) -> None:
        assert explained(bill([line(9990)], purse(points=7)))[1:] == [("积分抵扣", -70)]

    def test_the_birthday_dessert_is_free_once(self) -> None:
        dessert = coupon(gift_terms("生日甜品", "dessert"))
        found = bill([line(1500, "2", dish="dessert"), line(5800, dish="pork")], purse(dessert))
        assert explained(found) == [("菜品合计", 8800), ("优惠券「生日甜品」", -1500)]

    def test_a_favourite_costs_nine_tenths_and_the_total_says_so(self) -> None:
        found = bill([line(5800, dish="pork"), line(2200, dish="tofu")], purse(favourites=["pork"]))
        assert explained(found) == [("菜品合计", 8000), ("最爱菜品优惠", -580)]
        assert found.total_fen == 7420

    def test_the_lower_of_member_price_and_favourite_never_both(self) -> None:
        cheap_member = bill([line(5800, dish="pork", member=5000)], purse(favourites=["pork"]))
        cheap_favourite = bill([line(5800, dish="pork", member=5500)], purse(favourites=["pork"]))
        assert explained(cheap_member) == [("菜品合计", 5800), ("会员价优惠", -800)]
        assert explained(cheap_favourite) == [("菜品合计", 5800), ("最爱菜品优惠", -580)]

    def test_the_80_percent_coupon_needs_50_yuan(self) -> None:
        eighty = coupon(Terms("八折券", pay_ratio=Decimal("0.8"), minimum_fen=Fen(5000)))
        assert explained(bill([line(5805)], purse(eighty))) == [("菜品合计", 5805), ("优惠券「八折券」", -1161)]
        assert bill([line(4999)], purse(eighty)).total_fen == 4999

    def test_everything_in_the_order_of_the_house(self) -> None:
        owned = (
            coupon(gift_terms("生日甜品", "dessert"), "gift"),
            coupon(Terms("八折券", pay_ratio=Decimal("0.8"), minimum_fen=Fen(5000)), "ratio"),
            coupon(self.FULL_100, "fixed"),
        )
        dishes = [line(5800, "2", dish="pork", member=5200), line(2200, dish="tofu"), line(1500, dish="dessert")]
        found = bill(dishes, purse(*owned, points=1000, favourites=["tofu"], stacking=ANY_STACK), fee="0.1", rounding="jiao")
        assert explained(found) == [
            ("菜品合计", 15_300),
            ("会员价优惠", -1200),
            ("最爱菜品优惠", -220),
            ("优惠券「生日甜品」", -1500),
            ("优惠券「八折券」", -2476),
            ("优惠券「满100减20」", -2000),
            ("积分抵扣", -790),
            ("服务费", 790),
            ("抹零", -4),
        ]
        assert found.total_fen == 7900


def test_a_guest_pays_the_menu_price() -> None:
    found = price([line(5800, member=5200)], channel=Channel.DINE_IN, service_fee_ratio=NO_FEE)
    assert explained(found) == [("菜品合计", 5800)]


def test_lines_are_rounded_half_up_one_by_one() -> None:
    assert bill([line(333, "0.5"), line(333, "0.5")]).total_fen == 167 + 167


def test_the_service_fee_is_on_what_coupons_leave_and_points_do_not_lower_it() -> None:
    found = bill([line(10_000)], purse(points=100), fee="0.1")
    assert explained(found) == [("菜品合计", 10_000), ("积分抵扣", -1000), ("服务费", 1000)]


def test_packaging_is_for_each_portion_begun_is_never_discounted_and_earns_no_points() -> None:
    found = bill([line(1000, "1.5", packaging=100)], purse(coupon(amount_terms("大额券", Fen(99_999), Fen(0)))), channel=Channel.TAKEAWAY)
    assert (found.total_fen, found.fees_fen, found.goods_fen) == (200, 200, 0)


def test_a_coupon_by_another_name_than_a_step_stays_its_own_part() -> None:
    found = bill([line(5800)], purse(coupon(amount_terms("抹零", Fen(100), Fen(0)))), rounding="jiao")
    assert sum(part.fen for part in found.parts) == found.total_fen == 5700


@pytest.mark.parametrize(("rounding", "total"), [("none", 1239), ("jiao", 1230)])
def test_rounding_goes_down_to_a_tenth_of_a_yuan_where_the_shop_says_so(rounding: str, total: int) -> None:
    assert bill([line(1239)], rounding=rounding).total_fen == total


dish_ids = st.sampled_from(["a", "b", "c", "d"])
orders = st.lists(
    st.builds(
        PricedLine,
        name=st.just("菜"),
        unit=st.just("份"),
        quantity=st.integers(1, 60).map(lambda tenths: Decimal(tenths) / 10),
        options=st.just(()),
        unit_price_fen=st.integers(0, 20_000).map(Fen),
        member_price_fen=st.none() | st.integers(0, 20_000).map(Fen),
        packaging_fen=st.integers(0, 500).map(Fen),
        id=st.just(""),
        dish_id=dish_ids,
    ),
    max_size=10,
)
terms = st.builds(
    Terms,
    name=st.sampled_from(["甲", "乙", "丙"]),
    amount_fen=st.integers(1, 8000).map(Fen),
    dishes=st.sampled_from([(), ("a",), ("a", "b")]),
    minimum_fen=st.integers(0, 8000).map(Fen),
) | st.builds(
    Terms,
    name=st.sampled_from(["丁", "戊"]),
    pay_ratio=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("0.83"), Decimal("0.8")]),
    dishes=st.sampled_from([(), ("a",), ("b", "c")]),
    portions=st.sampled_from([None, 1, 2]),
    most_fen=st.none() | st.integers(1, 3000).map(Fen),
)
purses = st.builds(
    Purse,
    member=st.just(True),
    favourites=st.frozensets(dish_ids, max_size=3),
    favourites_pay=st.sampled_from([Decimal("0.9"), Decimal(1), Decimal("0.333")]),
    coupons=st.lists(terms, max_size=5).map(lambda found: tuple(coupon(each, f"c{n}") for n, each in enumerate(found))),
    stacking=st.sampled_from([StackingRecord(), ANY_STACK]),
    points=st.integers(0, 3000),
    point_value_fen=st.sampled_from([Fen(1), Fen(10), Fen(33)]),
    points_most=st.sampled_from([Decimal("0.1"), Decimal("0.37"), Decimal(1)]),
)
channels = st.sampled_from(list(Channel))
fees = st.sampled_from(["0", "0.05", "0.1"])
roundings = st.sampled_from(["none", "jiao"])


@settings(max_examples=300)
@given(orders, purses, channels, fees, roundings)
def test_every_fen_of_every_reduction_sits_on_a_line(
    dishes: list[PricedLine], owner: Purse, channel: Channel, fee: str, rounding: str
) -> None:
    found = bill(dishes, owner, channel=channel, fee=fee, rounding=rounding)

    assert sum(part.fen for part in found.parts) == found.total_fen == sum(item.payable_fen for item in found.lines)
    assert all(item.net_fen >= 0 and item.fees_fen >= 0 and item.points >= 0 for item in found.lines)
    assert all(reduction.fen > 0 for item in found.lines for reduction in item.reductions)
    off = {part.label: -part.fen for part in found.parts if part.fen < 0}
    on_lines: dict[str, int] = {}
    for item in found.lines:
        for reduction in item.reductions:
            on_lines[reduction.label] = on_lines.get(reduction.label, 0) + reduction.fen
    assert off == on_lines
    assert sum(item.points for item in found.lines) == found.points <= owner.points
    assert found.goods_fen == sum(item.net_fen for item in found.lines)


@settings(max_examples=300)
@given(orders, purses, channels, fees, roundings, st.randoms())
def test_shuffling_lines_or_coupons_changes_no_part_of_the_bill(
    dishes: list[PricedLine], owner: Purse, channel: Channel, fee: str, rounding: str, dice
) -> None:
    found = bill(dishes, owner, channel=channel, fee=fee, rounding=rounding)
    shuffled, coupons = list(dishes), list(owner.coupons)
    dice.shuffle(shuffled)
    dice.shuffle(coupons)
    mixed = Purse(**{name: getattr(owner, name) for name in Purse.__slots__} | {"coupons": tuple(coupons)})

    again = bill(shuffled, mixed, channel=channel, fee=fee, rounding=rounding)

    assert (again.total_fen, again.points, set(again.coupons)) == (found.total_fen, found.points, set(found.coupons))
    assert sorted(explained(again)) == sorted(explained(found))


@settings(max_examples=200)
@given(orders, purses, channels, fees)
def test_what_a_member_has_never_makes_the_food_dearer(dishes: list[PricedLine], owner: Purse, channel: Channel, fee: str) -> None:
    assert bill(dishes, owner, channel=channel, fee=fee).total_fen <= bill(dishes, channel=channel, fee=fee).total_fen
