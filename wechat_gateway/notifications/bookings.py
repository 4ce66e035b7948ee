"""What is told of bookings: reminders with one-tap answers, what became of a booking without the diner; to the staff who is missing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.dialogue.slots import PEOPLE, TIME, spoken
from bot.messages import Choice, Reply, ReplyKind
from bot.responses import Responses
from domain.bookings.lifecycle import Side
from domain.bookings.listing import Booked, get_booking
from domain.bookings.reminders import reminder_still_due
from domain.bookings.rules import STRIKES_TO_REVIEW, Due
from domain.bookings.strikes import strikes_of
from domain.kernel.money import yuan
from domain.messages.rules import Purpose, by_day
from domain.messages.service import request
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache, Store
from domain.staff.roster import bound_staff
from domain.staff.rules import Role
from wechat_gateway.templates import BOOKING_REMINDER

_ANSWERS = ("确认到店", "改时间", "取消预订")
"""A tap says these words: they are understood whatever the talk is about, and open no choice that could take another one's place."""
_WELCOMES = (Role.WAITER, Role.MANAGER)
_REMINDERS = {Due.DAY_BEFORE: "booking_reminder_day", Due.HOURS_BEFORE: "booking_reminder_hours"}


def reminds_of_a_booking(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """A day and three hours before: never at night, never after it has begun. When the grace is over, the staff hear who is missing."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        kind = Due(payload["kind"])
        if kind is Due.HOLD:
            return
        booked = reminder_still_due(session, payload["booking_id"], kind, payload["booking_version"], now=now)
        if booked is None:
            return
        store = snapshots.get(session).known_stores[booked.store_id]
        if kind is Due.NO_SHOW:
            _asks_the_staff(session, responses, store, booked, now=now)
        elif booked.diner_id is not None:
            _reminds(session, responses, store, booked, kind, now=now)

    return handle


def tells_that_the_booking_stands(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The deposit is there, or the staff said yes. What was booked at once was told at once."""
    return _teller(responses, snapshots, "booking_stands", _was_waited_for)


def tells_that_the_deposit_is_waited_for(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The staff said yes to a booking that needs a deposit; who books with one at once has the card already."""
    return _teller(responses, snapshots, "booking_wants_deposit", _was_reviewed)


def tells_that_the_booking_is_off(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The house cancelled it, or its deposit did not come. Who cancels for themselves knows."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["by"] == Side.DINER:
            return
        name = "booking_cancelled_by_staff" if payload["by"] == Side.STAFF else "booking_expired"
        money = f"订金{yuan(payload['refunded_fen'])}元原路退回。" if payload["refunded_fen"] else ""
        _tell(session, responses, snapshots, name, payload, {"money": money}, now=now)

    return handle


def tells_that_nobody_came(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The table was given to others, and how such a thing is avoided."""
    return _teller(responses, snapshots, "booking_missed", lambda _session, _booked, _now: True)


def _teller(responses: Responses, snapshots: SnapshotCache, name: str, applies: Callable[[Session, Booked, datetime], bool]) -> Handler:
    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if applies(session, get_booking(session, payload["booking_id"]), now):
            _tell(session, responses, snapshots, name, payload, {}, now=now)

    return handle


def _was_waited_for(session: Session, booked: Booked, now: datetime) -> bool:
    return booked.deposit_fen > 0 or _was_reviewed(session, booked, now)


def _was_reviewed(session: Session, booked: Booked, now: datetime) -> bool:
    return booked.diner_id is not None and len(strikes_of(session, booked.diner_id, now=now)) >= STRIKES_TO_REVIEW


def _tell(
    session: Session,
    responses: Responses,
    snapshots: SnapshotCache,
    name: str,
    payload: Mapping[str, Any],
    more: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    booked = get_booking(session, payload["booking_id"])
    if booked.diner_id is None:
        return
    store = snapshots.get(session).known_stores[booked.store_id]
    text = responses.render(name, {**_values(store, booked), **more}, seed=booked.id)
    content = {"reply": Reply(ReplyKind.TEXT, text).to_json()}
    key = f"{name}:{booked.id}:{booked.version}"
    request(session, Purpose.SERVICE, booked.diner_id, content, key=key, now=now, zone=store.timezone)


def _reminds(session: Session, responses: Responses, store: Store, booked: Booked, kind: Due, *, now: datetime) -> None:
    leaves_at = by_day(now, store.zone)
    if leaves_at >= booked.starts_at:
        return
    assert booked.diner_id is not None
    values = _values(store, booked)
    reply = Reply(
        ReplyKind.CHOICES,
        responses.render(_REMINDERS[kind], values, seed=booked.id),
        tuple(Choice(f"say-{n}", words) for n, words in enumerate(_ANSWERS, start=1)),
    )
    local = store.local(booked.starts_at)
    fields = {"store": store.name, "time": f"{local:%Y-%m-%d %H:%M}", "people": str(booked.people), "note": "回复“确认到店”或“取消预订”"}
    content = {"reply": reply.to_json(), "template": {"kind": BOOKING_REMINDER, "fields": fields}}
    request(
        session,
        Purpose.BOOKING,
        booked.diner_id,
        content,
        key=f"booking:{kind.value}:{booked.id}:{booked.version}",
        now=now,
        not_before=leaves_at,
        not_after=booked.starts_at,
        zone=store.timezone,
    )


def _asks_the_staff(session: Session, responses: Responses, store: Store, booked: Booked, *, now: datetime) -> None:
    """Who welcomes guests hears who has not come. Nobody is missing because a clock says so: a member of staff says it."""
    text = responses.render("booking_not_here", _values(store, booked), seed=booked.id)
    content = {"reply": Reply(ReplyKind.TEXT, text).to_json()}
    for staff_id, diner_id in bound_staff(session, store.id, _WELCOMES):
        key = f"booking_not_here:{booked.id}:{booked.version}:{staff_id}"
        request(session, Purpose.SERVICE, diner_id, content, key=key, now=now, not_after=booked.ends_at, zone=store.timezone)


def _values(store: Store, booked: Booked) -> dict[str, Any]:
    local = store.local(booked.starts_at)
    return {
        "number": booked.number,
        "store": store.name,
        "time": spoken(TIME, {"date": local.date().isoformat(), "time": f"{local:%H:%M}"}),
        "people": spoken(PEOPLE, {"n": booked.people, "kids": booked.kids}),
        "tables": booked.room or "、".join(booked.tables),
        "late": f"{store.local(booked.late_until):%H:%M}",
        "address": store.address,
        "name": f"（{booked.name}）" if booked.name else "",
        "deposit": yuan(booked.deposit_fen),
    }
