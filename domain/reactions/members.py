"""Whenever someone joins, leaves, rises, falls, or turns out to be two."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.benefits.service import LEVEL, end_benefits, entitle_by_level, level_floor, merge_benefits
from domain.bookings.lifecycle import merge_bookings
from domain.coupons.service import merge_coupons, void_coupons
from domain.experiences.merging import merge_experiences
from domain.grants.service import merge_grants
from domain.invoices.service import merge_invoices
from domain.members.identities import resolve
from domain.members.levels import level_of, update_level
from domain.members.service import is_member
from domain.messaging.worker import Handler
from domain.orders.merging import merge_orders
from domain.payments.service import merge_payments
from domain.points.service import forfeit_points, merge_points
from domain.service_calls.service import merge_calls
from domain.shop.brand import Brand
from domain.shop.snapshot import ShopSnapshot, SnapshotCache
from domain.staff.binding import move_binding
from domain.tables.service import merge_guests
from domain.waitlist.housekeeping import merge_numbers


def bring_level_in_line(session: Session, shop: ShopSnapshot, diner_id: str, *, day: date, may_fall: bool, now: datetime) -> None:
    """Bring a member's level in line with what they spent and what a plan gives them at least."""
    levels, diner_id = shop.brand.levels, resolve(session, diner_id)
    floor = level_floor(session, diner_id, day, levels=levels)
    update_level(session, diner_id, levels, day=day, floor=floor, may_fall=may_fall, now=now)


def gets_what_the_level_gives(snapshots: SnapshotCache) -> Handler:
    """Joined, risen or fallen: the benefits of the level begin, those of the old one end."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        _entitle(session, snapshots.get(session).brand, resolve(session, payload["diner_id"]), now=now)

    return handle


def leaving_ends_what_membership_gave(snapshots: SnapshotCache) -> Handler:
    """Left: points are given up, coupons are void, the benefits of the level end.

    What an open bill keeps is left to that bill, what a plan gives to the plan, which was paid for. Who joined again before
    this was heard keeps what they had: nothing given to a member is taken.
    """

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        diner_id = resolve(session, payload["diner_id"])
        if is_member(session, diner_id):
            return
        forfeit_points(session, diner_id, key=event_id, now=now)
        void_coupons(session, diner_id, now=now)
        end_benefits(session, diner_id, source=LEVEL, on=snapshots.get(session).brand.business_day(now))

    return handle


def paying_may_raise_the_level(snapshots: SnapshotCache) -> Handler:
    """Paid: the payer may have reached the next level."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        shop = snapshots.get(session)
        bring_level_in_line(session, shop, payload["diner_id"], day=shop.brand.business_day(now), may_fall=False, now=now)

    return handle


def refunds_may_lower_the_level(snapshots: SnapshotCache) -> Handler:
    """Given back: what was not spent in the end does not count."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        shop = snapshots.get(session)
        bring_level_in_line(session, shop, payload["diner_id"], day=shop.brand.business_day(now), may_fall=True, now=now)

    return handle


def merged_owns_it_all(snapshots: SnapshotCache) -> Handler:
    """Two were one person: what they own, have booked and wait for follows, as does a place on the staff, and the level counts both."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        shop, source, target = snapshots.get(session), payload["source"], resolve(session, payload["target"])
        merge_orders(session, source, target, now=now)
        merge_guests(session, source, target)
        merge_payments(session, source, target)
        merge_points(session, source, target, now=now)
        merge_coupons(session, source, target, now=now)
        merge_benefits(session, source, target)
        merge_grants(session, source, target)
        merge_bookings(session, source, target)
        merge_experiences(session, source, target)
        merge_calls(session, source, target)
        merge_invoices(session, source, target)
        merge_numbers(session, shop, source, target, now=now)
        move_binding(session, source, target)
        bring_level_in_line(session, shop, target, day=shop.brand.business_day(now), may_fall=False, now=now)
        _entitle(session, shop.brand, target, now=now)  # both brought what their levels gave; one level remains

    return handle


def _entitle(session: Session, brand: Brand, diner_id: str, *, now: datetime) -> None:
    held = level_of(session, diner_id, brand.levels)
    level = next((level for level in brand.levels if level.name == held), None)
    if level is not None:
        entitle_by_level(session, diner_id, level, day=brand.business_day(now), now=now)
