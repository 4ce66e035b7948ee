"""What is told of bookings: reminders with one-tap answers, what became of a booking without the diner.

To the staff: who is missing, and what waits for their yes.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.asking import last_reminder
from bot.dialogue.slots import PEOPLE, TIME, spoken
from bot.messages import Choice, Reply, ReplyKind
from bot.responses import Responses
from domain.bookings.lifecycle import Side
from domain.bookings.listing import Booked, get_booking
from domain.bookings.reminders import comes_too_late, reminder_meant
from domain.bookings.requests import REFUSED
from domain.bookings.rules import BookingState, Due
from domain.kernel.money import yuan
from domain.kernel.quiet_hours import by_day
from domain.messages.asking import Asking
from domain.messages.kinds import BOOKING_REMINDER
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache
from domain.shop.store import Store
from domain.staff.models import TaskKind
from domain.staff.roster import bound_staff
from domain.staff.rules import IN_CHARGE, Act, Role, roles_that
from domain.staff.tasks import had_task
from wechat_gateway.notifications.consents import NOBODY_ASKED, line_that_asks

_ANSWERS = ("确认到店", "改时间", "取消预订")
"""A tap says these words: they are understood whatever the talk is about, and open no choice that could take another one's place."""
_WELCOMES = (Role.WAITER, Role.MANAGER)
_SIGNS_AT_END = "。.，,；; "
_TOLD_PARTS = ("store_id", "starts_at", "people", "room")
_REMINDERS = {Due.DAY_BEFORE: "booking_reminder_day", Due.HOURS_BEFORE: "booking_reminder_hours"}


def reminds_of_a_booking(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """A day and three hours before: never at night, never after it has begun. When the grace is over, the staff hear who is missing.

    One that comes too late after an outage is asked for all the same, as worth nothing any more: so it is listed with its reason.
    """

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        kind = Due(payload["kind"])
        if kind is Due.HOLD:
            return
        booked = reminder_meant(session, payload["booking_id"], kind, payload["booking_version"], now=now)
        if booked is None:
            return
        store = snapshots.get(session).known_stores[booked.store_id]
        worth_until = booked.ends_at if kind is Due.NO_SHOW else booked.starts_at
        if comes_too_late(booked, kind, now=now):
            worth_until = min(worth_until, now)
        if kind is Due.NO_SHOW:
            _asks_the_staff(session, responses, store, booked, worth_until, now=now)
        elif booked.diner_id is not None:
            _reminds(session, responses, store, booked, kind, worth_until, now=now)

    return handle


def tells_that_the_booking_stands(responses: Responses, snapshots: SnapshotCache, asking: Asking = NOBODY_ASKED) -> Handler:
    """The deposit is there, or the staff said yes. What was booked at once was told at once, and asked for the reminder there; what
    is off by the time this is heard is not said to stand.
    """
    return _teller(responses, snapshots, "booking_stands", _stands_at_last, asking)


def tells_that_the_deposit_is_waited_for(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The staff said yes to a booking that needs a deposit; who books with one at once has the card already."""
    return _teller(responses, snapshots, "booking_wants_deposit", _waits_after_all)


def tells_that_the_booking_is_off(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The house cancelled it, or its deposit did not come. Who cancels for themselves knows."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["by"] == Side.DINER:
            return
        name = "booking_cancelled_by_staff" if payload["by"] == Side.STAFF else "booking_expired"
        answer = get_booking(session, payload["booking_id"]).answer
        why = f"门店说：{answer.rstrip(_SIGNS_AT_END)}。" if answer else ""
        if payload["reason"] == REFUSED:
            name = "booking_refused"
        money = f"订金{yuan(payload['refunded_fen'])}元原路退回。" if payload["refunded_fen"] else ""
        _tell(session, responses, snapshots, name, payload, {"money": money, "why": why}, now=now)

    return handle


def tells_that_the_house_changed_it(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """Staff brought a booking to another time, store, party or room. Which table it is in the hall is nobody's worry but theirs,
    and who sits there already knows.
    """

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        before = tuple(payload[f"before_{part}"] for part in _TOLD_PARTS)
        if payload["by"] != Side.STAFF or before == tuple(payload[part] for part in _TOLD_PARTS):
            return
        if get_booking(session, payload["booking_id"]).state is not BookingState.SEATED:
            place = f"，包间“{payload['room']}”" if payload["room"] else "，大厅的位子" if payload["before_room"] else ""
            _tell(session, responses, snapshots, "booking_changed_by_staff", payload, {"place": place}, now=now)

    return handle


def asks_for_a_yes(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """A booking waits for the staff: everybody in charge of the store hears it whose phone is bound; without any, who keeps its door."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        booked = get_booking(session, payload["booking_id"])
        if booked.state is not BookingState.REQUESTED or booked.version != payload["booking_version"] or booked.hold_until is None:
            return
        shop = snapshots.get(session)
        store = shop.known_stores[booked.store_id]
        which = booked.number if len(shop.stores) == 1 else f"{store.name} {booked.number}"
        words = (f"{which} 同意", f"{which} 不行")
        more = {"strikes": payload["strikes"], "until": store.clock_said(booked.hold_until), "which": which}
        text = responses.render("booking_asked_for", {**_values(store, booked), **more}, seed=booked.id)
        reply = Reply(ReplyKind.CHOICES, text, tuple(Choice(f"say-{n}", said) for n, said in enumerate(words, start=1)))
        for staff_id, diner_id in bound_staff(session, store.id, IN_CHARGE) or bound_staff(session, store.id, roles_that(Act.DOOR)):
            key = f"booking_asked_for:{booked.id}:{booked.version}:{staff_id}"
            content = {"reply": reply.to_json()}
            request(session, Purpose.SERVICE, diner_id, content, key=key, now=now, not_after=booked.hold_until, zone=store.timezone)

    return handle


def tells_that_the_deposit_goes_back(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The party sits, or staff gave it back after all: how much."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        _tell(session, responses, snapshots, "deposit_returned", payload, {"total": yuan(payload["refunded_fen"])}, now=now)

    return handle


def tells_that_nobody_came(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The table was given to others, and how such a thing is avoided."""
    return _teller(responses, snapshots, "booking_missed", lambda _session, _booked, _now: True)


def _teller(
    responses: Responses,
    snapshots: SnapshotCache,
    name: str,
    applies: Callable[[Session, Booked, datetime], bool],
    asking: Asking = NOBODY_ASKED,
) -> Handler:
    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if applies(session, get_booking(session, payload["booking_id"]), now):
            _tell(session, responses, snapshots, name, payload, {}, now=now, asking=asking)

    return handle


def _stands_at_last(session: Session, booked: Booked, now: datetime) -> bool:
    return booked.state is BookingState.CONFIRMED and (booked.deposit_fen > 0 or had_task(session, TaskKind.BOOKING, booked.id))


def _waits_after_all(session: Session, booked: Booked, now: datetime) -> bool:
    return booked.state is BookingState.HELD and had_task(session, TaskKind.BOOKING, booked.id)


def _tell(
    session: Session,
    responses: Responses,
    snapshots: SnapshotCache,
    name: str,
    payload: Mapping[str, Any],
    more: Mapping[str, Any],
    *,
    now: datetime,
    asking: Asking = NOBODY_ASKED,
) -> None:
    booked = get_booking(session, payload["booking_id"])
    if booked.diner_id is None:
        return
    store = snapshots.get(session).known_stores[booked.store_id]
    text = responses.render(name, {**_values(store, booked), **more}, seed=booked.id)
    last = last_reminder(booked.starts_at, store.zone, now=now)
    if last is not None:
        text += line_that_asks(session, asking, responses, booked.diner_id, BOOKING_REMINDER, needed_at=last, now=now)
    content = {"reply": Reply(ReplyKind.TEXT, text).to_json()}
    key = f"{name}:{booked.id}:{booked.version}"
    request(session, Purpose.SERVICE, booked.diner_id, content, key=key, now=now, zone=store.timezone)


def _reminds(
    session: Session, responses: Responses, store: Store, booked: Booked, kind: Due, worth_until: datetime, *, now: datetime
) -> None:
    assert booked.diner_id is not None
    morning = by_day(now, store.zone)
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
        not_before=morning if morning < worth_until else None,  # else it is suppressed at once: the party comes before the morning does
        not_after=worth_until,
        zone=store.timezone,
    )


def _asks_the_staff(session: Session, responses: Responses, store: Store, booked: Booked, worth_until: datetime, *, now: datetime) -> None:
    """Who welcomes guests hears who has not come. Nobody is missing because a clock says so: a member of staff says it."""
    text = responses.render("booking_not_here", _values(store, booked), seed=booked.id)
    content = {"reply": Reply(ReplyKind.TEXT, text).to_json()}
    for staff_id, diner_id in bound_staff(session, store.id, _WELCOMES):
        key = f"booking_not_here:{booked.id}:{booked.version}:{staff_id}"
        request(session, Purpose.SERVICE, diner_id, content, key=key, now=now, not_after=worth_until, zone=store.timezone)


def _values(store: Store, booked: Booked) -> dict[str, Any]:
    local = store.local(booked.starts_at)
    return {
        "number": booked.number,
        "store": store.name,
        "time": spoken(TIME, {"date": local.date().isoformat(), "time": f"{local:%H:%M}"}),
        "people": spoken(PEOPLE, {"n": booked.people, "kids": booked.kids}),
        "tables": booked.room or "、".join(booked.tables),
        "late": store.clock_said(booked.late_until),
        "address": f"，{store.address}" if store.address else "",
        "name": f"（{booked.name}）" if booked.name else "",
        "deposit": yuan(booked.deposit_fen),
    }
