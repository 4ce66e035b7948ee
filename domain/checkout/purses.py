"""What a diner can pay an order with, and what they wish of it: member prices, favourites, coupons, points."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from domain.checkout.models import BillWish
from domain.checkout.pricing import NOTHING, Purse
from domain.coupons.service import coupons_on, owned_coupons
from domain.members.favourites import favourites_of
from domain.members.service import is_member
from domain.orders.splitting import other_parts
from domain.points.service import points_of
from domain.shop.brand import Brand


@dataclass(frozen=True, slots=True)
class Wish:
    """What a diner said about paying.

    Attributes:
        coupons: Ids of coupons that must be used where they can; none named: those that save most.
        banned: Ids of coupons that must not be used.
        no_coupons: None at all.
        points: The most points to spend; None: as many as may.
    """

    coupons: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    no_coupons: bool = False
    points: int | None = None


def price_purse(session: Session, brand: Brand, diner_id: str) -> Purse:
    """What sets the prices of dishes for a diner: membership and favourites, without coupons and points."""
    if not is_member(session, diner_id):
        return NOTHING
    favourites = frozenset(favourites_of(session, diner_id)) if brand.favourites_pay < 1 else frozenset()
    return Purse(member=True, favourites=favourites, favourites_pay=brand.favourites_pay)


def full_purse(session: Session, brand: Brand, diner_id: str, wish: Wish, *, day: date, order_id: str = "", held_points: int = 0) -> Purse:
    """All that a diner can pay with.

    Args:
        day: The business day on which coupons and points must be good.
        order_id: The order to be paid; coupons that are held for it are at hand.
        held_points: Points that an older bill of it holds, which are at hand too.
    """
    prices = price_purse(session, brand, diner_id)
    if not prices.member:
        return prices
    coupons = owned_coupons(session, diner_id, day=day, order_id=order_id)
    elsewhere = coupons_on(session, diner_id, other_parts(session, order_id)) if order_id and coupons else ()
    barred = frozenset(coupon.id for coupon in coupons if wish.no_coupons or coupon.id in wish.banned)
    usable = points_of(session, diner_id, day=day).usable + held_points
    return Purse(
        member=True,
        favourites=prices.favourites,
        favourites_pay=prices.favourites_pay,
        coupons=coupons,
        stacking=brand.stacking,
        spent=elsewhere,
        pinned=frozenset(wish.coupons),
        banned=barred,
        points=usable if wish.points is None else min(usable, wish.points),
        point_value_fen=brand.point_value_fen,
        points_most=brand.points_most,
    )


def wish_of(session: Session, order_id: str, diner_id: str) -> Wish:
    """What the diner said about paying this order before; nothing said: whatever saves most."""
    row = session.execute(
        select(BillWish.coupons, BillWish.points).where(BillWish.order_id == order_id, BillWish.diner_id == diner_id)
    ).first()
    return Wish() if row is None else _read(row[0], row[1])


def keep_wish(session: Session, order_id: str, diner_id: str, wish: Wish) -> None:
    """Keep what the diner said, in the place of what they said before. The order's row is locked by the caller."""
    session.execute(delete(BillWish).where(BillWish.order_id == order_id, BillWish.diner_id == diner_id))
    coupons = {"use": list(wish.coupons), "ban": list(wish.banned), "none": wish.no_coupons}
    session.execute(insert(BillWish), {"order_id": order_id, "diner_id": diner_id, "coupons": coupons, "points": wish.points})


def _read(coupons: dict[str, Any], points: int | None) -> Wish:
    return Wish(tuple(coupons["use"]), tuple(coupons["ban"]), bool(coupons["none"]), points)
