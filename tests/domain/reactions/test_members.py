"""Who joins is entitled, who leaves gives up, two who are one own it all; and levels move only when they may."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.benefits.service import entitle
from domain.coupons.service import hold_coupons, owned_coupons
from domain.coupons.terms import amount_terms
from domain.grants.models import Grant
from domain.grants.service import grant_coupon, take_back
from domain.invoices.service import Invoiceable, asked_by, request_invoice
from domain.kernel.money import Fen
from domain.members.levels import reduce_spending
from domain.members.merging import Proof, merge
from domain.members.service import join, leave_membership
from domain.points.rules import Reason
from domain.points.service import Reversal, capture_hold, earn_points, hold_points, points_of, release_hold, return_points, reverse_earning
from domain.reactions.members import paying_may_raise_the_level, refunds_may_lower_the_level
from domain.reactions.proofs import prove
from domain.service_calls.listing import calls_of_diner
from domain.service_calls.rules import CallKind
from domain.service_calls.service import call_staff
from tests.domain.reactions.house import MORNING, TODAY, House

LATER = TODAY + timedelta(days=60)


async def paid(house: House, diner: str) -> None:
    """An order of theirs was paid, and counted before."""
    handler = paying_may_raise_the_level(house.snapshots)
    await house.do(handler, {"diner_id": diner}, event_id="E1")
    await house.works()


async def refunded(house: House, diner: str) -> None:
    """An order of theirs was given back, and no longer counts."""
    handler = refunds_may_lower_the_level(house.snapshots)
    await house.do(handler, {"diner_id": diner}, event_id="E2")
    await house.works()


async def grant(house: House, diner: str) -> None:
    """A coupon out of a budget."""

    def give(session: Session) -> None:
        given = grant_coupon(
            session,
            house.shop(session),
            diner,
            amount_terms("5元券", Fen(500)),
            template_id="five",
            campaign="scan",
            rule_version="1",
            reason="scanned",
            key=f"scan:{diner}",
            day=TODAY,
            days=30,
            now=house.clock.now(),
        )
        assert given is not None

    await house.database.transaction(give)


async def test_who_joins_has_what_the_lowest_level_gives(house: House) -> None:
    assert await house.benefits(await house.member(), TODAY) == ["birthday_dessert"]


async def test_paying_raises_at_once_with_the_benefits_and_never_lowers(house: House) -> None:
    member = await house.member()
    order = await house.spends(member, 600)

    await paid(house, member)
    assert (await house.level(member), await house.benefits(member, TODAY)) == ("白银", ["birthday_dessert", "priority_queue"])
    assert "从普通会员升到白银会员" in (await house.told(member))[0]

    house.clock.advance(days=1)
    await house.database.transaction(reduce_spending, order, Fen(60_000))
    await paid(house, member)
    assert await house.level(member) == "白银"

    await refunded(house, member)
    assert (await house.level(member), await house.benefits(member, MORNING)) == ("普通", ["birthday_dessert"])
    assert "由白银调整为普通" in (await house.told(member))[1]


@pytest.mark.parametrize("merged", [False, True])
async def test_nothing_takes_a_member_below_what_their_plan_lends(house: House, merged: bool) -> None:
    member = payer = await house.member()
    await house.do(entitle, member, "level", value="黄金", source="plan:P1", starts_on=TODAY, ends_on=None, key="plan:P1")
    if merged:  # the order was paid under an id that leads to the member now
        payer = await house.member()
        await house.do(merge, member, payer, proof=Proof.STAFF)
        await house.works()
    await paid(house, payer)
    assert await house.level(member) == "黄金"

    house.clock.advance(days=1)
    await refunded(house, payer)
    await house.night()

    assert await house.level(member) == "黄金"
    assert "free_delivery" in await house.benefits(member, MORNING)


async def test_who_leaves_gives_up_points_coupons_and_benefits(house: House) -> None:
    member = await house.member()
    await house.do(earn_points, member, 10, order_id="O1", business_day=TODAY, life_days=365)
    await house.points(member, 5, last_day=LATER)
    coupon = await house.coupon(member, last_day=LATER)
    await grant(house, member)
    other = await house.member()
    await house.points(other, 5, last_day=LATER)

    await house.do(leave_membership, member)
    await house.works()

    points = await house.database.read(points_of, member, day=MORNING)
    assert (points.total, points.owed) == (0, 0)
    assert await house.reasons(member) == [("forfeited", -15), ("granted", 5), ("order_paid", 10)]
    assert await house.state(coupon) == "void"
    assert await house.database.read(owned_coupons, member, day=TODAY) == ()
    assert await house.benefits(member, TODAY) == []
    assert (await house.benefits(other, TODAY), (await house.database.read(points_of, other, day=TODAY)).total) == (["birthday_dessert"], 5)
    assert await house.database.read(prove) == []


async def test_what_an_open_bill_keeps_is_left_to_it(house: House) -> None:
    member = await house.member()
    await house.points(member, 10, last_day=LATER)
    await house.do(hold_points, member, 4, key="O2", day=TODAY)
    coupon = await house.coupon(member, last_day=LATER)
    await house.do(hold_coupons, member, [coupon], order_id="O2", day=TODAY)

    await house.do(leave_membership, member)
    await house.works()

    assert await house.state(coupon) == "held"
    assert await house.do(capture_hold, "O2", reason=Reason.SPENT, order_id="O2") == 4
    assert await house.reasons(member) == [("spent", -4), ("forfeited", -6), ("granted", 10)]
    assert await house.do(return_points, "O2", 4, key="R2", day=MORNING) == 4
    assert await house.database.read(prove) == []


async def test_a_refund_after_leaving_owes_only_what_was_spent(house: House) -> None:
    member = await house.member()
    await house.do(earn_points, member, 10, order_id="O1", business_day=TODAY, life_days=365)
    await house.do(hold_points, member, 3, key="O2", day=MORNING)
    await house.do(capture_hold, "O2", reason=Reason.SPENT, order_id="O2")
    await house.do(leave_membership, member)
    await house.works()

    assert await house.do(reverse_earning, "O1", 10, key="R1") == Reversal(0, 3)
    assert await house.database.read(prove) == []


async def test_points_reversed_from_other_lots_and_then_given_up_are_not_counted_twice(house: House) -> None:
    member = await house.member()
    await house.do(earn_points, member, 10, order_id="O1", business_day=TODAY, life_days=365)
    await house.do(hold_points, member, 10, key="O2", day=MORNING)
    await house.points(member, 10, last_day=LATER)
    assert await house.do(reverse_earning, "O1", 10, key="R1") == Reversal(10, 0)
    await house.do(release_hold, "O2")

    await house.do(leave_membership, member)
    await house.works()

    assert (await house.reasons(member))[0] == ("forfeited", -10)
    assert await house.do(reverse_earning, "O1", 10, key="R2") == Reversal(0, 0)
    assert await house.database.read(prove) == []


async def test_a_grant_that_was_given_up_is_not_taken_back_again(house: House) -> None:
    member = await house.member()
    await grant(house, member)
    await house.do(leave_membership, member)
    await house.works()

    assert not await house.do(take_back, f"scan:{member}")
    assert await house.database.read(prove) == []


async def test_who_joins_again_before_it_is_heard_keeps_what_they_had(house: House) -> None:
    member = await house.member()
    await house.points(member, 5, last_day=LATER)
    coupon = await house.coupon(member, last_day=LATER)

    await house.do(leave_membership, member)
    await house.do(join, member, text_version="2026-11")
    await house.works()

    assert (await house.database.read(points_of, member, day=TODAY)).total == 5
    assert (await house.state(coupon), await house.benefits(member, TODAY)) == ("issued", ["birthday_dessert"])


async def test_what_a_plan_gives_ends_with_the_plan(house: House) -> None:
    member = await house.member()
    await house.do(entitle, member, "free_delivery", source="plan:P1", starts_on=TODAY, ends_on=MORNING, key="plan:P1")

    await house.do(leave_membership, member)
    await house.works()

    assert await house.benefits(member, TODAY) == ["free_delivery"]


@pytest.mark.parametrize("heard", ["after each merge", "after both"])
async def test_all_that_three_diners_own_arrives_at_the_one_they_are(house: House, heard: str) -> None:
    people = [await house.member() for _ in range(3)]
    for person in people:
        await house.points(person, 5, last_day=LATER)
        await house.coupon(person, last_day=LATER)
        await grant(house, person)
        await house.spends(person, 700)
    first, second, third = people
    await paid(house, second)

    await house.do(merge, second, first, proof=Proof.PHONE)
    if heard == "after each merge":
        await house.works()
    await house.do(merge, third, second, proof=Proof.STAFF)
    await house.works()

    points = await house.database.read(points_of, third, day=TODAY)
    assert points.total == 15
    assert len(await house.database.read(owned_coupons, third, day=TODAY)) == 6
    assert await house.database.read(_owners_of_grants) == {third}
    assert await house.level(third) == "黄金"  # 2,100 yuan together
    assert await house.benefits(third, TODAY) == ["birthday_dessert", "free_delivery", "priority_queue"]
    for gone in (first, second):
        assert await house.database.read(owned_coupons, gone, day=TODAY) == ()
        assert await house.benefits(gone, TODAY) == []
    assert await house.database.read(prove) == []


def _owners_of_grants(session: Session) -> set[str]:
    return set(session.execute(select(Grant.diner_id)).scalars())


async def test_of_two_levels_one_remains_with_its_benefits_alone(house: House) -> None:
    low, high = await house.member(), await house.member()
    order = await house.spends(high, 2100)
    await paid(house, high)
    await house.spends(low, 600)
    await paid(house, low)
    await house.database.transaction(reduce_spending, order, Fen(210_000))

    await house.do(merge, low, high, proof=Proof.UNIONID)
    await house.works()

    assert (await house.level(low), await house.benefits(low, TODAY)) == ("白银", ["birthday_dessert", "priority_queue"])


async def test_nothing_of_a_merge_is_lost_when_it_is_heard_twice(house: House) -> None:
    source, target = await house.member(), await house.member()
    await house.points(source, 5, last_day=LATER)
    await house.do(merge, target, source, proof=Proof.STAFF)
    await house.works()

    await house.deliver_again("members_merged")

    assert (await house.database.read(points_of, target, day=TODAY)).total == 5
    assert [reason for reason, _ in await house.reasons(target)].count("merged") == 1


async def test_what_one_of_two_has_called_for_and_wants_an_invoice_of_is_the_one_persons(house: House) -> None:
    member, phone = await house.member(), await house.diner()
    store = (await house.database.read(house.snapshots.get)).stores["one"]
    paid_order = Invoiceable("O1", phone, "0001", Fen(5800), house.clock.now(), store.id)
    await house.do(call_staff, store, "A1", CallKind.WATER, diner_id=phone)
    await house.do(request_invoice, paid_order, title="陈家好")

    await house.do(merge, member, phone, proof=Proof.STAFF)
    await house.works()

    [call] = await house.database.read(calls_of_diner, member, None, now=house.clock.now())
    assert call.kind is CallKind.WATER
    assert [asked.order_id for asked in await house.database.read(asked_by, member)] == ["O1"]
