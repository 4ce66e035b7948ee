"""Whenever a party sits down, goes, or is called later than it was told."""

from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from domain.grants.errors import BudgetSpentError, NoBudgetError
from domain.grants.events import LateCallMadeGood
from domain.grants.late_calls import coupon_for_late_call, make_good
from domain.kernel.ids import made_at
from domain.members.identities import resolve
from domain.members.service import is_member
from domain.messaging import emit
from domain.messaging.worker import Handler
from domain.preorders.service import drop_preorder, seat_preorder
from domain.shop.snapshot import ShopSnapshot, SnapshotCache
from domain.storage import savepoint
from domain.waitlist.line import Ticket, ticket_in
from domain.waitlist.promises import find_late_call

_log = structlog.get_logger("waitlist")


def places_what_was_chosen(snapshots: SnapshotCache) -> Handler:
    """Seated: the dishes that were chosen while waiting go to the kitchen, or to the till first."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        seat_preorder(session, snapshots.get(session), payload["store_id"], payload["ticket_id"], now=now)

    return handle


def drops_what_was_chosen(snapshots: SnapshotCache) -> Handler:
    """Gone without a table: nothing of it is cooked."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        drop_preorder(session, snapshots.get(session), payload["store_id"], payload["ticket_id"], reason=payload["reason"], now=now)

    return handle


def makes_good_a_late_call(snapshots: SnapshotCache) -> Handler:
    """Called too late: a member is given what the brand gives for it; who is none is told that it is theirs by joining today."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["diner_id"] is not None:
            ticket = ticket_in(session, payload["store_id"], payload["ticket_id"])
            _make_good(session, snapshots.get(session), ticket, payload["late"], now=now)

    return handle


def joined_is_made_good_to(snapshots: SnapshotCache) -> Handler:
    """Joined on the day of a late call: the coupon that was promised with it is theirs now."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        shop = snapshots.get(session)
        found = find_late_call(session, resolve(session, payload["diner_id"]))
        if found is None:
            return
        store_id, ticket_id, late = found
        ticket = ticket_in(session, store_id, ticket_id)
        if ticket.business_day == _day_of(shop, ticket, made_at(event_id)):  # when they joined, not when a worker hears of it
            _make_good(session, shop, ticket, late, now=now)

    return handle


def _make_good(session: Session, shop: ShopSnapshot, ticket: Ticket, late: int, *, now: datetime) -> None:
    coupon = coupon_for_late_call(shop, late)
    if coupon is None or ticket.diner_id is None:
        return
    diner_id, good_until = resolve(session, ticket.diner_id), None
    if is_member(session, diner_id):
        try:
            with savepoint(session):
                given = make_good(session, shop, diner_id, ticket.store_id, late, day=ticket.business_day, now=now)
        except (BudgetSpentError, NoBudgetError) as spent:
            _log.warning("queue_promise.no_budget", diner=diner_id, **spent.details)
            return
        if given is None:
            return
        good_until = given.good_until.isoformat()
    elif ticket.business_day != _day_of(shop, ticket, now):
        return  # heard after an outage: it is too late to join for it
    event = LateCallMadeGood(diner_id=diner_id, ticket_id=ticket.id, late=late, coupon=coupon.name, good_until=good_until)
    emit(session, event, now=now)


def _day_of(shop: ShopSnapshot, ticket: Ticket, moment: datetime) -> date:
    return shop.brand.business_day(moment, shop.known_stores[ticket.store_id].timezone)
