"""A coupon is used once, whoever comes at once; it waits with an open order, comes back after a refund, and ends on its last day."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from domain.coupons.errors import CouponNotUsableError
from domain.coupons.listing import expiring, list_coupons
from domain.coupons.models import Coupon
from domain.coupons.proof import prove_coupons
from domain.coupons.reductions import Hold
from domain.coupons.service import (
    capture_coupons,
    coupons_held_for,
    expire_coupons,
    hold_coupons,
    issue_coupon,
    merge_coupons,
    owned_coupons,
    release_coupons,
    return_coupons,
    void_coupon,
    void_coupons,
)
from domain.coupons.terms import Terms, amount_terms
from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.storage import Database
from tests.clock import SettableClock

TODAY = date(2026, 11, 21)
TOMORROW = TODAY + timedelta(days=1)
LAST = TODAY + timedelta(days=29)
TERMS = amount_terms("20元券", Fen(2000), Fen(5000))
Diner = str


@pytest.fixture
async def diner(database: Database, clock: SettableClock) -> Diner:
    return await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())


@pytest.fixture
def other(database: Database, clock: SettableClock, diner: Diner) -> Callable[[], Any]:
    async def meet() -> Diner:
        return await database.transaction(meet_diner, Vault(b"s" * 32), "o2", now=clock.now())

    return meet


@pytest.fixture
def issue(database: Database, clock: SettableClock, diner: Diner) -> Callable[..., Any]:
    """Give the diner a coupon."""

    async def give(
        key: str = "k", terms: Terms = TERMS, *, good_from: date = TODAY, good_until: date = LAST, to: Diner = diner
    ) -> str | None:
        return await database.transaction(
            issue_coupon, to, terms, template_id="t", campaign="c", good_from=good_from, good_until=good_until, key=key, now=clock.now()
        )

    return give


@pytest.fixture
def hold(database: Database, clock: SettableClock, diner: Diner) -> Callable[..., Any]:
    """Keep coupons of the diner for an order."""

    async def keep(*ids: str, order: str = "O1", day: date = TODAY, by: Diner = diner) -> None:
        await database.transaction(hold_coupons, by, ids, order_id=order, day=day, now=clock.now())

    return keep


async def _states(database: Database, diner: Diner, day: date = TODAY) -> list[str]:
    return [listed.state.value for listed in await database.read(list_coupons, diner, day=day)]


async def test_50_copies_of_one_key_issue_one_coupon(database: Database, issue: Callable[..., Any], diner: Diner) -> None:
    issued = await asyncio.gather(*(issue("same") for _ in range(50)))

    assert issued.count(None) == 49
    assert len(await database.read(owned_coupons, diner, day=TODAY)) == 1


async def test_500_orders_that_want_one_coupon_use_it_once(
    database: Database, clock: SettableClock, issue: Callable[..., Any], diner: Diner
) -> None:
    coupon = await issue()

    def use(session: Session, order: str) -> tuple[str, ...]:
        hold_coupons(session, diner, [coupon], order_id=order, day=TODAY, now=clock.now())
        return capture_coupons(session, order, now=clock.now())

    used = await asyncio.gather(*(database.transaction(use, f"O{number}") for number in range(500)), return_exceptions=True)

    assert used.count((coupon,)) == 1
    assert sum(isinstance(refused, CouponNotUsableError) for refused in used) == 499
    assert await database.read(prove_coupons) == []


async def test_500_orders_hold_and_pay_one_coupon_in_steps_of_their_own(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any]
) -> None:
    coupon = await issue()

    held = await asyncio.gather(*(hold(coupon, order=f"O{number}") for number in range(500)), return_exceptions=True)
    captured = await asyncio.gather(*(database.transaction(capture_coupons, f"O{number}", now=clock.now()) for number in range(500)))

    assert held.count(None) == 1
    assert [ids for ids in captured if ids] == [(coupon,)]
    assert captured.index((coupon,)) == held.index(None)


async def test_orders_that_want_two_coupons_get_both_or_none(
    database: Database, issue: Callable[..., Any], hold: Callable[..., Any], diner: Diner
) -> None:
    one, two = await issue("1"), await issue("2")

    wanted = [(one, two), (two, one), (two,), (one,)] * 5
    held = await asyncio.gather(*(hold(*ids, order=f"O{place}") for place, ids in enumerate(wanted)), return_exceptions=True)

    kept = [len(await database.read(coupons_held_for, f"O{place}")) for place in range(len(wanted))]
    assert kept == [len(ids) if result is None else 0 for ids, result in zip(wanted, held, strict=True)]
    assert sum(kept) == 2


async def test_a_coupon_is_held_used_and_no_longer_there(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any], diner: Diner
) -> None:
    coupon = await issue()

    await hold(coupon)
    await hold(coupon)  # the same order again
    (seen,) = await database.read(owned_coupons, diner, day=TODAY)
    (mine,) = await database.read(owned_coupons, diner, day=TODAY, order_id="O1")
    assert (seen.hold, mine.hold, seen.terms) == (Hold.ELSEWHERE, Hold.HERE, TERMS)

    assert await database.transaction(capture_coupons, "O1", now=clock.now()) == (coupon,)
    assert await database.transaction(capture_coupons, "O1", now=clock.now()) == ()
    assert await database.read(owned_coupons, diner, day=TODAY) == ()
    assert await database.transaction(release_coupons, "O1", now=clock.now()) == 0
    assert await _states(database, diner) == ["used"]


async def test_a_cancelled_order_lets_go_of_its_coupons(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any]
) -> None:
    coupon = await issue()
    await hold(coupon)

    assert await database.transaction(release_coupons, "O1", now=clock.now()) == 1
    assert await database.transaction(capture_coupons, "O1", now=clock.now()) == ()
    await hold(coupon, order="O2")


async def test_why_a_coupon_cannot_be_held(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any], other: Callable[[], Any]
) -> None:
    stranger = await other()
    later, over = await issue("later", good_from=TOMORROW), await issue("over", good_until=TODAY)
    held, used, void = await issue("held"), await issue("used"), await issue("void")
    await hold(used, order="O8")
    await database.transaction(capture_coupons, "O8", now=clock.now())
    await hold(held, order="O9")
    assert await database.transaction(void_coupon, void, now=clock.now())

    async def refused(coupon: str, **more: Any) -> dict[str, object]:
        with pytest.raises(CouponNotUsableError) as found:
            await hold(coupon, **more)
        return found.value.details

    assert await refused(later) == {"name": "20元券", "reason": "not_started"}
    assert await refused(over, day=TOMORROW) == {"name": "20元券", "reason": "expired"}
    assert await refused(held) == {"name": "20元券", "reason": "held"}
    assert await refused(used) == {"name": "20元券", "reason": "used"}
    assert await refused(void) == {"name": "20元券", "reason": "void"}
    assert await refused(over, by=stranger) == {"name": "这张优惠券", "reason": "unknown"}
    assert await refused("nothing") == {"name": "这张优惠券", "reason": "unknown"}


async def test_a_coupon_is_good_on_its_first_and_on_its_last_day(issue: Callable[..., Any], hold: Callable[..., Any]) -> None:
    only_today = await issue(good_from=TODAY, good_until=TODAY)

    await hold(only_today, day=TODAY)


async def test_a_coupon_that_expires_in_an_open_order_is_good_until_it_is_paid(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any], diner: Diner
) -> None:
    coupon = await issue(good_until=TODAY)
    await hold(coupon)

    assert await database.transaction(expire_coupons, TOMORROW, now=clock.now()) == 0
    (kept,) = await database.read(owned_coupons, diner, day=TOMORROW, order_id="O1")
    assert kept.hold is Hold.HERE
    assert await database.transaction(capture_coupons, "O1", now=clock.now()) == (coupon,)


async def test_a_coupon_let_go_after_its_last_day_expires(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any], diner: Diner
) -> None:
    coupon = await issue(good_until=TODAY)
    await hold(coupon)
    await database.transaction(release_coupons, "O1", now=clock.now())

    assert await database.read(owned_coupons, diner, day=TOMORROW) == ()
    assert await _states(database, diner, TOMORROW) == ["expired"]
    assert await database.transaction(expire_coupons, TOMORROW, now=clock.now()) == 1
    assert await database.transaction(expire_coupons, TOMORROW, now=clock.now()) == 0
    assert await _states(database, diner, TOMORROW) == ["expired"]


async def test_coupons_expire_in_steps(database: Database, clock: SettableClock, issue: Callable[..., Any]) -> None:
    for number in range(5):
        await issue(str(number), good_until=TODAY)
    await issue("good")

    ended = [await database.transaction(expire_coupons, TOMORROW, now=clock.now(), limit=2) for _ in range(4)]

    assert ended == [2, 2, 1, 0]


@pytest.mark.parametrize(("last", "then"), [(TODAY, TODAY + timedelta(days=7)), (LAST, LAST)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_refund_gives_the_coupon_back_once_with_7_days_left(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any], diner: Diner, last: date, then: date
) -> None:
    coupon = await issue(good_until=last)
    await hold(coupon)
    await database.transaction(capture_coupons, "O1", now=clock.now())

    given = await asyncio.gather(*(database.transaction(return_coupons, "O1", day=TODAY, now=clock.now()) for _ in range(5)))

    assert sorted(given) == [(), (), (), (), (coupon,)]
    (back,) = await database.read(owned_coupons, diner, day=TODAY)
    assert (back.id, back.good_until, back.hold) == (coupon, then, Hold.NONE)
    assert await database.read(prove_coupons) == []


async def test_a_coupon_used_again_is_not_given_back_by_the_first_refund(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any]
) -> None:
    coupon = await issue()
    await hold(coupon)
    await database.transaction(capture_coupons, "O1", now=clock.now())
    await database.transaction(return_coupons, "O1", day=TODAY, now=clock.now())
    await hold(coupon, order="O2")
    await database.transaction(capture_coupons, "O2", now=clock.now())

    assert await database.transaction(return_coupons, "O1", day=TODAY, now=clock.now()) == ()
    assert await database.transaction(return_coupons, "O2", day=TODAY, now=clock.now()) == (coupon,)


async def test_only_a_free_coupon_is_taken_back(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any], diner: Diner
) -> None:
    held, free = await issue("held"), await issue("free")
    await hold(held)

    assert not await database.transaction(void_coupon, held, now=clock.now())
    assert await database.transaction(void_coupon, free, now=clock.now())
    assert not await database.transaction(void_coupon, free, now=clock.now())
    assert await _states(database, diner) == ["held"]


async def test_two_that_are_one_person_have_all_coupons(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any], other: Callable[[], Any], diner: Diner
) -> None:
    target = await other()
    free, held, own = await issue("1"), await issue("2"), await issue("3", to=target)
    await hold(held)

    await database.transaction(merge_coupons, diner, target, now=clock.now())

    assert await database.read(owned_coupons, diner, day=TODAY) == ()
    assert {coupon.id for coupon in await database.read(owned_coupons, target, day=TODAY)} == {free, held, own}
    assert await database.transaction(capture_coupons, "O1", now=clock.now()) == (held,)


async def test_the_list_has_live_coupons_first_and_forgets_old_ones(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any], diner: Diner
) -> None:
    for name, until in [("old", TODAY - timedelta(days=31)), ("over", TODAY - timedelta(days=1)), ("late", LAST), ("soon", TODAY)]:
        await issue(name, amount_terms(name, Fen(100)), good_from=TODAY - timedelta(days=60), good_until=until)
    used = await issue("used", amount_terms("used", Fen(100)))
    await hold(used)
    await database.transaction(capture_coupons, "O1", now=clock.now())

    listed = await database.read(list_coupons, diner, day=TODAY)
    assert [(item.terms.name, item.state.value) for item in listed[:2]] == [("soon", "issued"), ("late", "issued")]
    assert {(item.terms.name, item.state.value) for item in listed[2:]} == {("over", "expired"), ("used", "used")}
    assert [item.terms.name for item in await database.read(list_coupons, diner, day=TODAY, limit=1)] == ["soon"]


async def test_reminders_find_unused_coupons_of_a_last_day_page_by_page(
    database: Database, issue: Callable[..., Any], hold: Callable[..., Any], diner: Diner
) -> None:
    due = sorted([await issue(f"{number}", good_until=TOMORROW) for number in range(3)])
    await issue("later")
    await hold(await issue("held", good_until=TOMORROW))

    first = await database.read(expiring, good_until=TOMORROW, limit=2)
    rest = await database.read(expiring, good_until=TOMORROW, limit=2, after=first[-1][0])

    assert [row[0] for row in (*first, *rest)] == due
    assert first[0] == (due[0], diner, "20元券", TOMORROW)


@pytest.mark.parametrize(
    ("change", "rule", "must"),
    [
        ({"held_for": "O1"}, "held exactly", 0),
        ({"state": "held"}, "held exactly", 1),
        ({"used_for": "O1"}, "an order has used it", 0),
        ({"state": "used", "used_for": "O1"}, "a time of use", 1),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_proof_finds_what_does_not_agree(
    database: Database, issue: Callable[..., Any], change: dict[str, str], rule: str, must: int
) -> None:
    coupon = await issue()
    await issue("sound")
    await database.transaction(lambda session: session.execute(update(Coupon).where(Coupon.id == coupon).values(**change)))

    (found,) = await database.read(prove_coupons)
    assert rule in found.rule
    assert (found.subject, found.expected, found.found) == (coupon, must, 1 - must)

    await database.transaction(lambda session: session.execute(delete(Coupon).where(Coupon.id == coupon)))
    assert await database.read(prove_coupons) == []


async def test_who_gives_up_their_coupons_keeps_none_but_those_of_open_orders(
    database: Database, clock: SettableClock, issue: Callable[..., Any], hold: Callable[..., Any], other: Callable[[], Any], diner: Diner
) -> None:
    held, _, _ = (
        await issue("1"),
        await issue("2"),
        await issue("3", good_until=TODAY - timedelta(days=1), good_from=TODAY - timedelta(days=9)),
    )
    await hold(held)
    someone = await other()
    await issue("4", to=someone)

    assert await database.transaction(void_coupons, diner, now=clock.now()) == 2
    assert await database.transaction(void_coupons, diner, now=clock.now()) == 0

    assert [owned.id for owned in await database.read(owned_coupons, diner, day=TODAY)] == [held]
    assert len(await database.read(owned_coupons, someone, day=TODAY)) == 1
    assert await database.transaction(capture_coupons, "O1", now=clock.now()) == (held,)
    assert await database.read(prove_coupons) == []
