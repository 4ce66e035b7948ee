"""One pricing function, and every total explains itself."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.checkout.pricing import PricedLine, price
from domain.kernel.money import Fen
from domain.orders.rules import Channel

NO_FEE = Decimal(0)

lines = st.lists(
    st.builds(
        PricedLine,
        name=st.just("菜"),
        unit=st.just("份"),
        quantity=st.integers(1, 200).map(lambda tenths: Decimal(tenths) / 10),
        options=st.just(()),
        unit_price_fen=st.integers(0, 100_000).map(Fen),
        member_price_fen=st.none() | st.integers(0, 100_000).map(Fen),
        packaging_fen=st.integers(0, 500).map(Fen),
    ),
    max_size=20,
)


def line(unit_price: int, quantity: str = "1", *, member: int | None = None, packaging: int = 0) -> PricedLine:
    return PricedLine("菜", "份", Decimal(quantity), (), Fen(unit_price), None if member is None else Fen(member), Fen(packaging))


def test_lines_are_rounded_half_up_one_by_one() -> None:
    bill = price([line(333, "0.5"), line(333, "0.5")], member=False, channel=Channel.DINE_IN, service_fee_ratio=NO_FEE)
    assert bill.total_fen == 167 + 167


def test_only_a_member_pays_the_member_price_and_only_when_it_is_lower() -> None:
    dishes = [line(5800, member=5200), line(3600, member=4000)]
    guest = price(dishes, member=False, channel=Channel.DINE_IN, service_fee_ratio=NO_FEE)
    member = price(dishes, member=True, channel=Channel.DINE_IN, service_fee_ratio=NO_FEE)
    assert (guest.total_fen, member.total_fen) == (9400, 8800)
    assert [(part.label, part.fen) for part in member.parts] == [("菜品合计", 9400), ("会员价优惠", -600)]


def test_the_service_fee_is_on_what_is_left_after_reductions_and_only_at_a_table() -> None:
    dishes = [line(10_000, member=9000)]
    at_table = price(dishes, member=True, channel=Channel.DINE_IN, service_fee_ratio=Decimal("0.10"))
    taken_away = price(dishes, member=True, channel=Channel.TAKEAWAY, service_fee_ratio=Decimal("0.10"))
    assert (at_table.total_fen, at_table.fees_fen, at_table.goods_fen) == (9900, 900, 9000)
    assert taken_away.total_fen == 9000


def test_packaging_is_for_each_portion_begun_and_earns_no_points() -> None:
    bill = price([line(1000, "1.5", packaging=100)], member=False, channel=Channel.TAKEAWAY, service_fee_ratio=NO_FEE)
    assert bill.fees_fen == 200
    assert bill.goods_fen == 1500


@given(lines, st.booleans(), st.sampled_from(list(Channel)), st.sampled_from(["0", "0.05", "0.1"]), st.randoms())
def test_the_parts_add_up_whatever_is_ordered(dishes: list[PricedLine], member: bool, channel: Channel, fee: str, dice) -> None:
    bill = price(dishes, member=member, channel=channel, service_fee_ratio=Decimal(fee))

    assert sum(part.fen for part in bill.parts) == bill.total_fen
    assert sum(item.amount_fen - item.reduced_fen for item in bill.lines) + bill.fees_fen == bill.total_fen
    assert all(0 <= item.reduced_fen <= item.amount_fen for item in bill.lines)
    assert bill.total_fen >= 0
    shuffled = list(dishes)
    dice.shuffle(shuffled)
    assert price(shuffled, member=member, channel=channel, service_fee_ratio=Decimal(fee)).total_fen == bill.total_fen
