"""Whenever a night has come: forget, expire, remind, give birthday desserts, review levels, prove the sums.

What goes over all members is done in small pieces, each a delivery of its own, so that no night holds a lock for long
and a night that broke off goes on where it was. Reminders look back over nights that did not come, and are told once all the same.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from domain.bookings.lifecycle import finish_past_bookings, forget_bookings
from domain.coupons.events import CouponExpiring
from domain.coupons.listing import expiring as expiring_coupons
from domain.coupons.service import expire_coupons
from domain.experiences.lifecycle import forget_experiences
from domain.experiences.offering import tend_sessions
from domain.grants.birthdays import give_birthday_dessert
from domain.grants.errors import BudgetSpentError, NoBudgetError
from domain.grants.events import BirthdayDessertGiven
from domain.invoices.service import forget_invoices
from domain.kernel.quiet_hours import by_day
from domain.members.birthdays import birthday_of, birthdays_near
from domain.members.codes import forget_codes
from domain.members.levels import members_to_review
from domain.members.phones import forget_proofs
from domain.members.rules import birthdays_on
from domain.messages.service import forget_contents
from domain.messaging import emit
from domain.messaging.housekeeping import NightWorkDue, due_of_night, forget_messages, schedule_housekeeping
from domain.messaging.worker import Handler
from domain.points.events import PointsExpiring
from domain.points.service import expire_points
from domain.points.service import expiring as expiring_points
from domain.reactions.members import bring_level_in_line
from domain.reactions.proofs import PROOFS
from domain.shop.snapshot import ShopSnapshot, SnapshotCache
from domain.staff.models import TaskKind
from domain.staff.tasks import open_task
from domain.storage import savepoint
from domain.waitlist.housekeeping import end_left_over

PIECE = 200  # members, lots or coupons of one delivery
COUPON_NOTICE = timedelta(days=3)  # before a coupon's last day, counted from the morning on which it is told
POINTS_NOTICE = timedelta(days=30)  # before points expire
LOOK_BACK = 3  # nights whose reminders are sent by this one, itself counted: the system may have been down
BIRTHDAY_AHEAD = timedelta(days=7)  # the dessert is given a week before
PROOF_ANSWERED_IN = timedelta(hours=8)
_LOGGED = 20  # discrepancies; `haowei proof` lists them all
_log = structlog.get_logger("nights")

Work = Callable[[Session, ShopSnapshot, date, str, datetime], str | None]
"""One piece: from after a place ("" is the beginning), to the place to go on after; None when the work is done."""


def forgets(snapshots: SnapshotCache) -> Handler:
    """Forget what was kept long enough, begin the works of the night, and put the next night on the books."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        shop = snapshots.get(session)
        forget_messages(session, now=now)
        forget_contents(session, now=now)
        forget_invoices(session, now=now)
        forget_codes(session, now=now)
        end_left_over(session, shop, now=now)
        forget_proofs(session, now=now)
        forget_bookings(session, now=now)
        forget_experiences(session, now=now)
        schedule_housekeeping(session, now=now)
        brand = shop.brand
        # A night closes the day that ended with it, however late it is worked: the next one's works are not taken for these.
        day = brand.business_day(due_of_night(date.fromisoformat(payload["day"])))
        morning = brand.business_day(by_day(now, brand.zone))
        for work in WORKS:
            _next_piece(session, work, morning if work in _TOLD else day, "", now=now)

    return handle


def works(snapshots: SnapshotCache) -> Handler:
    """One piece of one work."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        day = date.fromisoformat(payload["day"])
        after = WORKS[payload["work"]](session, snapshots.get(session), day, payload["after"], now)
        if after is not None:
            _next_piece(session, payload["work"], day, after, now=now)

    return handle


def _next_piece(session: Session, work: str, day: date, after: str, *, now: datetime) -> None:
    emit(session, NightWorkDue(work=work, day=day.isoformat(), after=after), now=now, key=f"night:{work}:{day}:{after}")


def _expire_points(session: Session, shop: ShopSnapshot, day: date, after: str, now: datetime) -> str | None:
    return _again(after) if expire_points(session, day, now=now, limit=PIECE) else None


def _finish_bookings(session: Session, shop: ShopSnapshot, day: date, after: str, now: datetime) -> str | None:
    """Parties of which nobody said anything came and left; their deposits go back."""
    return _again(after) if finish_past_bookings(session, now=now, limit=PIECE) else None


def _expire_coupons(session: Session, shop: ShopSnapshot, day: date, after: str, now: datetime) -> str | None:
    return _again(after) if expire_coupons(session, day, now=now, limit=PIECE) else None


def _tend_experiences(session: Session, shop: ShopSnapshot, day: date, after: str, now: datetime) -> str | None:
    """What the shop file has added to full sessions is offered to their waiting lists."""
    tended = tend_sessions(session, shop, after=after, limit=PIECE, now=now)
    return tended[-1] if len(tended) == PIECE else None


def _remind_of_coupons(session: Session, shop: ShopSnapshot, day: date, after: str, now: datetime) -> str | None:
    """Coupons that are good for three more days: one message for each last day that a coupon has."""
    nights_ago, last_id = _place(after)
    found = expiring_coupons(session, good_until=day + COUPON_NOTICE - timedelta(nights_ago), limit=PIECE, after=last_id or None)
    for coupon_id, diner_id, name, good_until in found:
        event = CouponExpiring(coupon_id=coupon_id, diner_id=diner_id, coupon=name, good_until=good_until.isoformat())
        emit(session, event, now=now, key=f"coupon_expiring:{coupon_id}:{good_until}")
    return _place_after(nights_ago, [coupon_id for coupon_id, *_ in found])


def _remind_of_points(session: Session, shop: ShopSnapshot, day: date, after: str, now: datetime) -> str | None:
    """Points that expire in thirty days."""
    nights_ago, last_id = _place(after)
    last = day + POINTS_NOTICE - timedelta(nights_ago)
    found = expiring_points(session, day_from=last, day_to=last, limit=PIECE, after=(last_id, last) if last_id else None)
    for diner_id, _, points in found:
        event = PointsExpiring(diner_id=diner_id, points=points, expires_on=last.isoformat())
        emit(session, event, now=now, key=f"points_expiring:{diner_id}:{last}")
    return _place_after(nights_ago, [diner_id for diner_id, *_ in found])


def _birthdays(session: Session, shop: ShopSnapshot, day: date, after: str, now: datetime) -> str | None:
    """Desserts for birthdays of the coming week: whoever was missed on one night gets theirs on the next."""
    near = {birthday for n in range(BIRTHDAY_AHEAD.days + 1) for birthday in birthdays_on(day + timedelta(days=n))}
    found = birthdays_near(session, sorted(near), limit=PIECE, after=after)
    for diner_id in found:
        give_dessert(session, shop, diner_id, day=day, now=now)
    return found[-1] if len(found) == PIECE else None


def give_dessert(session: Session, shop: ShopSnapshot, diner_id: str, *, day: date, now: datetime) -> None:
    """Give a member the dessert of a birthday that is near, if one is due and the budget has it; tomorrow is another night."""
    birthday = birthday_of(session, diner_id)
    if birthday is None or shop.brand.birthday is None:
        return
    try:
        with savepoint(session):
            given = give_birthday_dessert(session, shop, diner_id, birthday, day=day, now=now)
    except (BudgetSpentError, NoBudgetError) as spent:
        _log.warning("birthday.no_budget", diner=diner_id, **spent.details)
        return
    if given is not None:
        dish = shop.dishes[shop.brand.birthday.dish].name
        event = BirthdayDessertGiven(diner_id=given.diner_id, grant_id=given.id, dish=dish, good_until=given.good_until.isoformat())
        emit(session, event, now=now)


def _review_levels(session: Session, shop: ShopSnapshot, day: date, after: str, now: datetime) -> str | None:
    found = members_to_review(session, day, after, PIECE)
    for diner_id in found:
        bring_level_in_line(session, shop, diner_id, day=day, may_fall=True, now=now)
    return found[-1] if len(found) == PIECE else None


def _prove(session: Session, shop: ShopSnapshot, day: date, after: str, now: datetime) -> str | None:
    """The nightly proof, one slice a piece; a discrepancy is an alarm and a task for the office, never put right silently."""
    part = int(after or 0)
    found = PROOFS[part](session)
    for item in found[:_LOGGED]:
        _log.error("proof.failed", rule=item.rule, subject=item.subject, expected=item.expected, found=item.found)
    if found:
        text = "夜间对账有不平的账，请运行 haowei proof 查看"
        open_task(session, TaskKind.PROOF, day.isoformat(), text, key=f"proof:{day}", due_at=now + PROOF_ANSWERED_IN, now=now)
    return _again(after) if part + 1 < len(PROOFS) else None


def _again(after: str) -> str:
    return str(int(after or 0) + 1)


def _place(after: str) -> tuple[int, str]:
    """Where a reminder is: (nights ago, the last id of the page before or "")."""
    nights_ago, _, last_id = after.partition("/")
    return int(nights_ago or 0), last_id


def _place_after(nights_ago: int, ids: list[str]) -> str | None:
    if len(ids) == PIECE:
        return f"{nights_ago}/{ids[-1]}"
    return f"{nights_ago + 1}/" if nights_ago + 1 < LOOK_BACK else None


WORKS: dict[str, Work] = {
    "expire_points": _expire_points,
    "expire_coupons": _expire_coupons,
    "finish_bookings": _finish_bookings,
    "tend_experiences": _tend_experiences,
    "remind_of_coupons": _remind_of_coupons,
    "remind_of_points": _remind_of_points,
    "birthdays": _birthdays,
    "levels": _review_levels,
    "proof": _prove,
}
_TOLD = {"remind_of_coupons", "remind_of_points", "birthdays"}
"""Works whose messages are read in the morning: their day is the one that comes. The others close the day that ends."""
