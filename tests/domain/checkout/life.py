"""The life of the house as a machine of rules: what diners, staff and nights do, in any order Hypothesis likes."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.checkout.billing import ask_for_payment
from domain.checkout.changes import cancel, join, merge, split, void
from domain.checkout.purses import Wish
from domain.checkout.refunds import refund_lines
from domain.checkout.service import lapse
from domain.coupons.service import expire_coupons
from domain.coupons.terms import Terms
from domain.grants.rewards import redeem_reward
from domain.grants.service import grant_coupon, grant_points
from domain.kernel.errors import DomainError
from domain.members.identities import resolve
from domain.members.merging import Proof
from domain.members.merging import merge as merge_members
from domain.messaging.models import OutboxEvent
from domain.orders.rules import OrderState
from domain.orders.service import move_order
from domain.payments.rules import BILL_LIFE
from domain.payments.service import get_payment
from domain.points.service import expire_points
from domain.reactions.members import merged_owns_it_all
from domain.reactions.payments import settles_what_it_was_for
from domain.reactions.proofs import prove
from domain.storage import savepoint
from domain.tables.service import find_seat_at
from tests.clock import SATURDAY_EVENING
from tests.domain.checkout import house
from tests.domain.checkout.books import SETTLED, Books, OrderRow, read_books
from tests.domain.checkout.house import SHOP

PLACES = {"A01": "after", "A02": "after", "B01": "first", "": "after"}
GIVEN: tuple[Terms, ...] = (house.EIGHTY, house.FULL_100, house.FIVE_OFF, house.CAKE)

which = st.integers(0, 7)
diners = st.integers(0, 2)
portions = st.dictionaries(
    st.sampled_from(["pork", "tofu", "cake", "rice"]), st.sampled_from(["1", "2", "3"]), min_size=1, max_size=3
) | st.dictionaries(st.sampled_from(["pork", "fish"]), st.sampled_from(["1", "2"]), min_size=1, max_size=2)
shares = st.lists(st.sampled_from(["0", "0.1", "0.5", "1", "all"]), min_size=1, max_size=3)
wishes = st.sampled_from(["", "", "none", "pin", "ban", "no points", "few points"])


def there_is(fits: Callable[[OrderRow], bool]) -> Callable[[Any], bool]:
    """Whether a history has such an order by now."""
    return lambda machine: any(map(fits, machine.books.orders))


def may_be_billed(order: OrderRow) -> bool:
    """Nobody has paid it."""
    return order.status in {"none", "pending"} and order.state != "cancelled"


def may_be_refunded(order: OrderRow) -> bool:
    """It is paid, and something of it is left."""
    return order.status in SETTLED[:2]


def life_of_the_house(session: Session, people: Sequence[str], done: Counter[str]) -> type[RuleBasedStateMachine]:
    """A machine whose histories each run in one transaction, rolled back at the end.

    Args:
        people: Two members and a diner who is none.
        done: Counts the acts that were not refused.
    """
    settle = settles_what_it_was_for(house.OneShop())
    follow = merged_owns_it_all(house.OneShop())

    class LifeOfTheHouse(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            session.connection()  # begins
            self.now: datetime = SATURDAY_EVENING
            self.people = people
            self.paid_in: Counter[str] = Counter()
            self.settled = 0
            self.keys = 0
            self.books: Books

        def teardown(self) -> None:
            try:
                assert prove(session) == []
            finally:
                done["histories"] += 1
                session.rollback()

        def does(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            """One act, all of it or nothing, as a turn of the bot or a tap of the staff does it."""
            self.now += timedelta(seconds=7)
            name = act.__name__
            try:
                with savepoint(session):
                    result = act(*args, **kwargs, now=self.now)
            except DomainError as refused:
                done[f"refused {name} {refused.code}"] += 1
                return None
            done[name] += 1
            return result

        def some(self, number: int, fits: Callable[[OrderRow], bool]) -> OrderRow | None:
            """One of the orders that fit, else any."""
            fitting = [order for order in self.books.orders if fits(order)] or self.books.orders
            return fitting[number % len(fitting)] if fitting else None

        def key(self) -> str:
            self.keys += 1
            return f"key-{self.keys}"

        @initialize(
            points=st.integers(0, 300),
            given=st.lists(st.sampled_from(GIVEN), max_size=3),
            chosen=portions,
            far=st.sampled_from([0, 1, 2, 2]),
        )
        def opens(self, points: int, given: list[Terms], chosen: dict[str, str], far: int) -> None:
            """The first party has ordered, and asked for the bill, and paid, or not yet."""
            house.had_points(session, self.people[0], points, now=self.now)
            house.had_points(session, self.people[1], 30, now=self.now)
            for terms in given:
                house.gets(session, self.people[0], terms, now=self.now, days=2)
            self.does(house.orders, session, self.people[0], tuple(chosen.items()))
            self.books = read_books(session)
            if far:
                self.asks_for_the_bill(0, 0, "", False)
                self.books = read_books(session)
            if far > 1:
                self.money_comes(0, True, True)

        @rule(diner=diners, place=st.sampled_from(list(PLACES)), chosen=portions)
        def sells(self, diner: int, place: str, chosen: dict[str, str]) -> None:
            """The one who opened the table orders for it."""
            seat = find_seat_at(session, PLACES[place], place, now=self.now) if place else None
            who = seat.opened_by if seat else resolve(session, self.people[diner])
            self.does(house.orders, session, who, tuple(chosen.items()), table=place or None, store=PLACES[place])

        @precondition(there_is(may_be_billed))
        @rule(number=which, diner=diners, wish=wishes, usual=st.booleans())
        def asks_for_the_bill(self, number: int, diner: int, wish: str, usual: bool) -> None:
            order = self.some(number, may_be_billed)
            if order is not None:
                who = resolve(session, order.diner_id if usual else self.people[diner])
                self.does(ask_for_payment, session, SHOP, order.id, who, wish=self.wish(wish))

        def wish(self, said: str) -> Wish | None:
            ids = tuple(coupon_id for coupon_id, *_ in self.books.coupons)
            said_so = {
                "none": Wish(no_coupons=True),
                "pin": Wish(coupons=ids[-1:]),
                "ban": Wish(banned=ids[:1]),
                "no points": Wish(points=0),
                "few points": Wish(points=3),
            }
            return said_so.get(said)

        @precondition(lambda self: self.books.payments)
        @rule(number=which, at_once=st.booleans(), open_one=st.sampled_from([True, True, True, False]))
        def money_comes(self, number: int, at_once: bool, open_one: bool) -> None:
            """For the open bill mostly; else for any that was ever asked for, also twice, also after it was closed."""
            asked = [payment_id for of in self.books.payments.values() for payment_id, state, _ in of if state == "pending" or not open_one]
            if not asked:
                return
            payment = get_payment(session, asked[number % len(asked)])
            if self.does(house.confirms, session, payment):
                self.paid_in[payment.payable_id] += payment.fen
            if at_once:
                self.settles()

        @precondition(lambda self: self.books.payments)
        @rule()
        def settles(self) -> None:
            """Every payment that came in since, and the last one once more."""
            for payload in self.told("payment_paid")[max(0, self.settled - 1) :]:
                settle(session, payload, event_id="", now=self.now)
            self.settled = len(self.told("payment_paid"))

        def told(self, name: str) -> list[dict[str, Any]]:
            return list(session.execute(select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.id)).scalars())

        @precondition(lambda self: self.books.payments)
        @rule()
        def nobody_pays_for_two_hours(self) -> None:
            self.now += BILL_LIFE
            for order_id, payments in self.books.payments.items():
                for payment_id, _, _ in payments:
                    self.does(lapse, session, payment_id, order_id)

        @precondition(there_is(may_be_billed))
        @rule(number=which, share=shares)
        def staff_void(self, number: int, share: list[str]) -> None:
            order = self.some(number, lambda order: order.status in {"none", "pending"})
            if order is not None:
                self.does(void, session, SHOP, order.id, self.part(order, share, "1"), by="staff", reason="退", key=self.key())

        @precondition(there_is(may_be_refunded))
        @rule(number=which, share=shares)
        def staff_refund(self, number: int, share: list[str]) -> None:
            order = self.some(number, may_be_refunded)
            if order is not None:
                self.refunds(order, self.part(order, share, None))

        @precondition(there_is(may_be_refunded))
        @rule(number=which)
        def staff_refund_the_rest(self, number: int) -> None:
            order = self.some(number, may_be_refunded)
            if order is not None:
                self.refunds(order, None)

        def refunds(self, order: OrderRow, wanted: dict[str, Decimal] | None) -> None:
            key = self.key()
            refund = self.does(refund_lines, session, SHOP, order.id, wanted, reason="不新鲜", by="staff", key=key)
            again = self.does(refund_lines, session, SHOP, order.id, wanted, reason="不新鲜", by="staff", key=key)
            assert (refund and refund.id) == (again and again.id)

        def part(self, order: OrderRow, share: list[str], least: str | None) -> dict[str, Decimal]:
            """So much of each of an order's lines; whole portions only where `least` is one."""
            found = {}
            for (line_id, left), wanted in zip(self.books.lines[order.id], share, strict=False):
                n = left if wanted == "all" else Decimal(wanted)
                if n and (least is None or n % Decimal(least) == 0 or n == left):
                    found[line_id] = n
            return found

        @rule(number=which)
        def diner_cancels(self, number: int) -> None:
            order = self.some(number, lambda order: order.state == "placed")
            if order is not None:
                self.does(cancel, session, SHOP, order.id)

        @rule(number=which, to=st.sampled_from([OrderState.ACCEPTED, OrderState.SERVED]))
        def kitchen_goes_on(self, number: int, to: OrderState) -> None:
            order = self.some(number, lambda order: order.state in {"placed", "accepted"})
            if order is not None:
                self.does(move_order, session, order.id, to)

        @precondition(there_is(may_be_billed))
        @rule(number=which, diner=diners, share=shares)
        def table_splits(self, number: int, diner: int, share: list[str]) -> None:
            order = self.some(number, lambda order: order.status in {"none", "pending"} and order.channel == "dine_in")
            if order is not None:
                self.does(split, session, SHOP, order.id, self.part(order, share, "1"), payer_id=resolve(session, self.people[diner]))

        @precondition(there_is(lambda order: order.split_from is not None))
        @rule(number=which)
        def part_comes_back(self, number: int) -> None:
            order = self.some(number, lambda order: order.split_from is not None and order.state != "cancelled")
            if order is not None:
                self.does(join, session, order.id)

        @rule(source=st.sampled_from(["A01", "A02"]))
        def tables_join(self, source: str) -> None:
            here, there = (find_seat_at(session, "after", table, now=self.now) for table in (source, "A02" if source == "A01" else "A01"))
            if here and there:
                self.does(merge, session, SHOP.stores["after"], here.session_id, there.session_id, by="staff")

        @rule(diner=diners, reward=st.sampled_from(["off10", "cake"]))
        def buys_a_reward(self, diner: int, reward: str) -> None:
            day = house.today(self.now)
            self.does(redeem_reward, session, SHOP, self.people[diner], reward, key=self.key(), day=day)

        @rule(diner=diners, terms=st.sampled_from(GIVEN), days=st.integers(1, 3))
        def is_given_a_coupon(self, diner: int, terms: Terms, days: int) -> None:
            self.does(grant_coupon, session, SHOP, self.people[diner], terms, template_id="t", **self.grant(days))

        @rule(diner=diners, points=st.integers(1, 60), days=st.integers(0, 3))
        def is_given_points(self, diner: int, points: int, days: int) -> None:
            self.does(grant_points, session, SHOP, self.people[diner], points, **self.grant(days))

        def grant(self, days: int) -> dict[str, Any]:
            given = {"campaign": "scan", "rule_version": "1", "reason": "scan"}
            return given | {"key": self.key(), "days": days, "day": house.today(self.now)}

        @rule(days=st.sampled_from([1, 1, 2, 8]))
        def nights_pass(self, days: int) -> None:
            self.now += timedelta(days=days)
            self.does(expire_points, session, house.today(self.now))
            self.does(expire_coupons, session, house.today(self.now))

        @rule(source=diners, into=diners)
        def two_are_one(self, source: int, into: int) -> None:
            if self.does(merge_members, session, self.people[into], self.people[source], proof=Proof.STAFF):
                follow(session, self.told("members_merged")[-1], event_id="", now=self.now)

        @invariant()
        def the_books_agree(self) -> None:
            self.books = read_books(session)
            assert self.books.wrong() == []
            assert +self.paid_in == +Counter({order.id: self.books.paid(order.id) for order in self.books.orders})
            done["steps"] += 1

    return LifeOfTheHouse
