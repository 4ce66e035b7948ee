"""What is told of experiences: offers to take with a tap, reminders, and what became of a booking without the diner."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.asking import last_reminder
from bot.dialogue.slots import PEOPLE, TIME, spoken
from bot.messages import Choice, Reply, ReplyKind
from bot.responses import Responses
from domain.experiences.lifecycle import Side
from domain.experiences.listing import get_booking, get_waiting
from domain.experiences.reminders import comes_too_late, reminder_meant
from domain.experiences.rules import Due, ExperienceState, WaitingState
from domain.kernel.money import yuan
from domain.kernel.quiet_hours import by_day
from domain.messages.asking import Asking
from domain.messages.kinds import BOOKING_REMINDER
from domain.messages.rules import Purpose
from domain.messages.service import request
from domain.messaging.worker import Handler
from domain.shop.snapshot import SnapshotCache
from domain.shop.store import Store
from wechat_gateway.notifications.consents import NOBODY_ASKED, line_that_asks

_WANTED, _NOT_WANTED, _MINE = "要候补位", "不要候补位", "我的活动"
"""A tap says these words: they are understood whatever the talk is about, and open no choice that could take another one's place."""
_REMINDERS = {Due.DAY_BEFORE: "experience_reminder_day", Due.HOURS_BEFORE: "experience_reminder_hours"}
_TOLD_OF = {"closed": "experience_waiting_ended", "called_off": "experience_waiting_called_off"}


def tells_that_the_places_stand(responses: Responses, snapshots: SnapshotCache, asking: Asking = NOBODY_ASKED) -> Handler:
    """The price came in. What costs nothing was told at once, in the talk; what was given up meanwhile does not stand."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        booked = get_booking(session, payload["booking_id"])
        if not payload["fen"] or booked.state is not ExperienceState.BOOKED:
            return
        store = snapshots.get(session).known_stores[booked.store_id]
        last = last_reminder(booked.starts_at, store.zone, now=now)
        line = ""
        if last is not None:
            line = line_that_asks(session, asking, responses, booked.diner_id, BOOKING_REMINDER, needed_at=last, now=now)
        more = {"notes": _notes(snapshots, session, booked.experience_id)}
        _tell(session, responses, store, "experience_stands", payload, more, key=f"{booked.id}:{booked.version}", line=line, now=now)

    return handle


def tells_that_the_places_are_gone(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """Staff cancelled them, or they were not paid. Who cancels for themselves knows."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        if payload["by"] == Side.DINER:
            return
        name = "experience_cancelled_by_staff" if payload["by"] == Side.STAFF else "experience_expired"
        store = snapshots.get(session).known_stores[payload["store_id"]]
        _tell(session, responses, store, name, payload, {"money": _money(payload)}, key=payload["booking_id"], now=now)

    return handle


def tells_that_it_is_called_off(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """The session does not take place: everybody who booked it is told, also where the window is closed."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        store = snapshots.get(session).known_stores[payload["store_id"]]
        why = "报名人数不够" if payload["reason"] == "minimum" else "门店有变动"
        more = {"money": _money(payload), "why": why}
        _tell(
            session, responses, store, "experience_called_off", payload, more, key=payload["booking_id"], note="活动取消，很抱歉", now=now
        )

    return handle


def offers_the_places(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """Places are free for who waited: take them or not, with one tap, until the offer is over. Made at night, it is told in the morning."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        place = get_waiting(session, payload["waiting_id"])
        if place.state is not WaitingState.OFFERED or place.offer_until is None or place.offer_until <= now:
            return
        store = snapshots.get(session).known_stores[place.store_id]
        morning = by_day(now, store.zone)
        until = f"{'' if _same_day(store, place.offer_until, morning) else '明天'}{store.clock_said(place.offer_until)}"
        price = f"，共{yuan(place.fen)}元" if place.fen else ""
        text = responses.render("experience_offer", {**_values(store, payload), "until": until, "price": price}, seed=place.id)
        choices = tuple(Choice(f"say-{n}", words) for n, words in enumerate((_WANTED, _NOT_WANTED), start=1))
        content = {
            "reply": Reply(ReplyKind.CHOICES, text, choices).to_json(),
            "template": _template(store, payload, f"有空位了，{until}前回复“{_WANTED}”"),
        }
        request(
            session,
            Purpose.SERVICE,
            place.diner_id,
            content,
            key=f"experience_offer:{place.id}",
            now=now,
            not_before=morning if morning < place.offer_until else None,  # else the night is all there is to answer in
            not_after=place.offer_until,
            zone=store.timezone,
        )

    return handle


def tells_that_the_offer_is_over(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """It was not answered in time, and how to wait again."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        store = snapshots.get(session).known_stores[payload["store_id"]]
        _tell(session, responses, store, "experience_offer_lapsed", payload, {}, key=payload["waiting_id"], now=now)

    return handle


def tells_that_the_waiting_was_in_vain(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """Booking has closed, or the session was called off. Who left, declined or has places knows."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        name = _TOLD_OF.get(payload["reason"])
        if name is not None:
            store = snapshots.get(session).known_stores[payload["store_id"]]
            _tell(session, responses, store, name, payload, {}, key=payload["waiting_id"], now=now)

    return handle


def reminds_of_an_experience(responses: Responses, snapshots: SnapshotCache) -> Handler:
    """A day and three hours before: never at night, never after it has begun.

    One that comes too late after an outage is asked for all the same, as worth nothing any more: so it is listed with its reason.
    """

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        kind, version = Due(payload["kind"]), payload["booking_version"]
        booked = None if kind is Due.HOLD else reminder_meant(session, payload["booking_id"], kind, version, now=now)
        if booked is None:
            return
        store = snapshots.get(session).known_stores[booked.store_id]
        worth_until = min(booked.starts_at, now) if comes_too_late(booked, kind, now=now) else booked.starts_at
        morning = by_day(now, store.zone)
        about = {
            "experience_name": booked.experience_name,
            "starts_at": booked.starts_at.isoformat(),
            "adults": booked.adults,
            "children": booked.children,
            "number": booked.number,
        }
        values = {
            **_values(store, about),
            "address": f"，{store.address}" if store.address else "",
            "notes": _notes(snapshots, session, booked.experience_id),
        }
        reply = Reply(ReplyKind.CHOICES, responses.render(_REMINDERS[kind], values, seed=booked.id), (Choice("say-1", _MINE),))
        content = {"reply": reply.to_json(), "template": _template(store, about, f"{booked.experience_name}，报名号{booked.number}")}
        request(
            session,
            Purpose.BOOKING,
            booked.diner_id,
            content,
            key=f"experience:{kind.value}:{booked.id}:{booked.version}",
            now=now,
            not_before=morning if morning < worth_until else None,
            not_after=worth_until,
            zone=store.timezone,
        )

    return handle


def _tell(
    session: Session,
    responses: Responses,
    store: Store,
    name: str,
    payload: Mapping[str, Any],
    more: Mapping[str, Any],
    *,
    key: str,
    note: str = "",
    line: str = "",
    now: datetime,
) -> None:
    text = responses.render(name, {**_values(store, payload), **more}, seed=key) + line
    content: dict[str, Any] = {"reply": Reply(ReplyKind.TEXT, text).to_json()}
    if note:
        content["template"] = _template(store, payload, note)
    request(session, Purpose.SERVICE, payload["diner_id"], content, key=f"{name}:{key}", now=now, zone=store.timezone)


def _template(store: Store, about: Mapping[str, Any], note: str) -> dict[str, Any]:
    local = store.local(datetime.fromisoformat(about["starts_at"]))
    people = str(about["adults"] + about["children"])
    fields = {"store": store.name, "time": f"{local:%Y-%m-%d %H:%M}", "people": people, "note": note}
    return {"kind": BOOKING_REMINDER, "fields": fields}


def _values(store: Store, about: Mapping[str, Any]) -> dict[str, Any]:
    local = store.local(datetime.fromisoformat(about["starts_at"]))
    return {
        "name": about["experience_name"],
        "number": about.get("number", ""),
        "store": store.name,
        "time": spoken(TIME, {"date": local.date().isoformat(), "time": f"{local:%H:%M}"}),
        "people": spoken(PEOPLE, {"n": about["adults"] + about["children"], "kids": about["children"]}),
    }


def _money(payload: Mapping[str, Any]) -> str:
    return f"已付的{yuan(payload['refunded_fen'])}元原路退回。" if payload["refunded_fen"] else ""


def _notes(snapshots: SnapshotCache, session: Session, experience_id: str) -> str:
    experience = snapshots.get(session).experiences.get(experience_id)
    return f"\n{experience.notes}" if experience is not None and experience.notes else ""


def _same_day(store: Store, moment: datetime, other: datetime) -> bool:
    return store.local(moment).date() == store.local(other).date()
