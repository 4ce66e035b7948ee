"""A restaurant whose books are kept in one session: what diners and staff do there, told shortly. Nothing here reads a clock."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.checkout.models import OrderRefund
from domain.checkout.refunds import refund_lines
from domain.checkout.service import Placed, place, read_back, settle
from domain.coupons.models import Coupon
from domain.coupons.service import issue_coupon
from domain.coupons.terms import Terms, amount_terms, gift_terms
from domain.kernel.ids import new_id
from domain.kernel.money import Fen
from domain.members.models import Diner, Membership
from domain.messaging.models import OutboxEvent
from domain.orders.cart import add_line, open_cart
from domain.orders.models import Order, OrderLine
from domain.payments.models import Payment
from domain.payments.service import confirm_payment
from domain.points.service import earn_points
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, SnapshotCache, snapshot_of
from domain.tables.service import find_seat, scan_table

_SHOP = """
brand:
  name: 小馆
  rounding: jiao
  stacking: {most: 3, groups: {order: 2, item: 1}}
  rewards:
    - {id: off10, name: 满50减10, points: 40, coupon: {amount: "10", minimum: "50", days: 3}}
    - {id: cake, name: 换蛋糕, points: 20, dish: cake}
  budgets: [{campaign: scan, total: "500"}, {campaign: rewards, per_day: "30"}]
stores:
  - id: after
    name: 后付店
    pay: after
    tables: [{code: A01, seats: 4}, {code: A02, seats: 4}, {code: A03, seats: 4}]
  - id: first
    name: 先付店
    pay: first
    service_fee: "0.10"
    tables: [{code: B01, seats: 4}]
menu:
  - category: 菜
    dishes:
      - {id: pork, name: 红烧肉, price: "58.00", member_price: "52.00", station: 热菜, packaging_fee: "1"}
      - {id: tofu, name: 麻婆豆腐, price: "22.33", station: 热菜, packaging_fee: "0.5"}
      - {id: fish, name: 鱼, price: "68.88", step: "0.5", unit: 斤, station: 蒸菜}
      - {id: cake, name: 蛋糕, price: "18", station: 甜品}
      - {id: rice, name: 米饭, price: "1.01", station: 主食}
"""
SHOP: ShopSnapshot = snapshot_of(read_shop(_SHOP.encode()).document, version=1)
EIGHTY = Terms("八折券", pay_ratio=Decimal("0.8"), most_fen=Fen(3000))
FULL_100 = amount_terms("满100减20", Fen(2000), Fen(10_000))
FIVE_OFF = amount_terms("5元券", Fen(500))
CAKE = gift_terms("生日甜品", "cake")

COUPONS = select(Coupon.id, Coupon.terms)

Dishes = Sequence[tuple[str, str]]


class OneShop(SnapshotCache):
    """The shop as it is in all histories, with no record of it in the database."""

    def get(self, session: Session, version: int | None = None) -> ShopSnapshot:
        return SHOP


def meets(session: Session, *, now: datetime, member: bool = True, points: int = 0) -> str:
    """A diner; a member with so many points, which are good from today on for a year."""
    diner_id = new_id(now)
    session.execute(insert(Diner), {"id": diner_id, "following": True, "met_at": now, "followed_at": now})
    if member:
        joined = {"diner_id": diner_id, "joined_at": now, "member_number": diner_id[-10:]}
        session.execute(insert(Membership), joined)
    had_points(session, diner_id, points, now=now)
    return diner_id


def had_points(session: Session, diner_id: str, points: int, *, now: datetime, days: int = 365) -> None:
    """A member earned points yesterday, which are good for so many business days after it."""
    order_id, earned_on = f"before-{new_id(now)[-10:]}", today(now) - timedelta(days=1)
    earn_points(session, diner_id, points, order_id=order_id, business_day=earned_on, life_days=days, now=now)


def today(now: datetime) -> date:
    """The business day."""
    return SHOP.brand.business_day(now)


def gets(session: Session, diner_id: str, terms: Terms, *, now: datetime, days: int = 30) -> str:
    """A coupon that is good for so many business days, today included. Returns: its id."""
    day = today(now)
    last = day + timedelta(days=days - 1)
    key = f"given:{new_id(now)}"
    coupon = issue_coupon(session, diner_id, terms, template_id="t", campaign="scan", good_from=day, good_until=last, key=key, now=now)
    assert coupon is not None
    return coupon


def orders(session: Session, diner_id: str, dishes: Dishes, *, now: datetime, table: str | None = "A01", store: str = "after") -> Placed:
    """Sit down (or take away), choose and place."""
    seat = scan_table(session, SHOP.stores[store], table, diner_id, now=now) if table else find_seat(session, diner_id, now=now)
    cart = open_cart(session, store, seat, diner_id, now=now)
    for dish, n in dishes:
        add_line(session, SHOP.stores[store], cart, SHOP.dishes[dish], Decimal(n), diner_id, now=now)
    seen = read_back(session, SHOP, seat, diner_id, now=now)
    return place(session, SHOP, seat, diner_id, seen.version, now=now)


def pays(session: Session, payment: Payment, *, now: datetime) -> bool:
    """The provider confirms, and the order is settled. Returns: False when the money came late."""
    confirmed = confirms(session, payment, now=now)
    settles(session, now=now)
    return confirmed


def confirms(session: Session, payment: Payment, *, now: datetime) -> bool:
    """The provider confirms; the order is settled later."""
    return confirm_payment(session, payment.id, fen=payment.fen, method="simulated", external_no=payment.id, now=now)


def settles(session: Session, *, now: datetime) -> None:
    """Every payment that came in settles its order, those of before once more."""
    for payload in events(session, "payment_paid"):
        settle(session, SHOP, payload, now=now)


def gives_back(session: Session, order_id: str, portions: Mapping[str, str] | None = None, *, key: str, now: datetime) -> OrderRefund:
    """A member of staff refunds so much of these dishes, by dish; all that is left when None."""
    wanted = None
    if portions is not None:
        by_dish = {dish: line for dish, line in lines(session, order_id).items() if dish in portions}
        wanted = {by_dish[dish]: Decimal(n) for dish, n in portions.items()}
    return refund_lines(session, SHOP, order_id, wanted, reason="不新鲜", by="staff-1", key=key, now=now)


def lines(session: Session, order_id: str) -> dict[str, str]:
    """Dish -> line of an order's placed dishes."""
    placed = select(OrderLine.dish_id, OrderLine.id).where(OrderLine.order_id == order_id, OrderLine.round_no > 0)
    return dict(session.execute(placed.order_by(OrderLine.id)).all())


def bill(session: Session, order_id: str) -> dict[str, Any] | None:
    """The bill kept with an order."""
    return session.execute(select(Order.bill).where(Order.id == order_id)).scalar_one()


def events(session: Session, name: str) -> list[dict[str, Any]]:
    """What was told under a name, the oldest first."""
    told = select(OutboxEvent.payload).where(OutboxEvent.name == name).order_by(OutboxEvent.id)
    return list(session.execute(told).scalars())
