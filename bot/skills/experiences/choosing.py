"""Which session is meant: by the experience, the store, the day and the hour that were said; else the diner picks one."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Any, Final

from bot.dialogue.commands import Ask, SetSlot, Start
from bot.dialogue.effects import Answer, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.experiences.party import adults_of, age_slot, children_of
from bot.skills.experiences.wording import (
    ALL_OFFER,
    booked_values,
    event_value,
    rules_said,
    session_commands,
    session_lines,
    session_offer,
    store_of,
)
from bot.understanding.experience_details import EVENT, SESSION, WHEN
from bot.understanding.experience_words import BOOK, CANCEL, CHANGE, UNKNOWN
from domain.experiences.ahead import sessions_ahead
from domain.experiences.errors import AlreadyBookedError, LevelNeededError
from domain.experiences.levels import LevelGap, level_gap
from domain.experiences.listing import my_experiences
from domain.experiences.rules import SessionState
from domain.experiences.seen import SessionSeen
from domain.shop.experience import Experience
from domain.shop.store import Store

NONE_HELD = "experiences.none_held"
_MOST_OFFERED: Final = 6
_MOST_EVENTS: Final = 6
_AHEAD_DAYS: Final = 92
_PARTS: Mapping[str, tuple[int, int]] = {
    "morning": (0, 12),
    "noon": (11, 14),
    "afternoon": (12, 18),
    "evening": (17, 24),
    "night": (17, 24),
}
_HALF_A_DAY = timedelta(hours=12)


def ask_session(context: Context, args: Mapping[str, Any]) -> Answer:
    """The session that was said, where it is clear; else the choice of those that fit, or of what there is instead."""
    slots = context.state.top.slots if context.state.top is not None else {}
    held = list(context.shop.experiences.values())
    if not held:
        return Refused(NONE_HELD)
    if UNKNOWN in slots:
        return _unknown(context, str(slots[UNKNOWN]), held)
    sessions = fitting(context, slots)
    ids = {seen.experience_id for seen in sessions} or set(_ids(context, slots))
    if len(ids) > 1:
        return _which_experience(context, [one for one in held if one.id in ids])
    experience = context.shop.experiences[next(iter(ids))]
    gap = gap_of(context, experience)
    if gap is not None:
        return level_needed(context, experience, gap)
    if not sessions:
        return _not_then(context, experience, slots)
    bookable = [seen for seen in sessions if seen.state in {SessionState.OPEN, SessionState.FULL}]
    if len(bookable) == 1:
        booked = _booked_that_day(context, bookable[0])
        if booked is not None:
            return booked
        return Found(then=session_commands(context, bookable[0]))
    if not bookable:
        return _not_then(context, experience, slots, lines=session_lines(context, sessions[:3]))
    values = {
        "name": experience.name,
        "rules": rules_said(experience),
        "lines": session_lines(context, bookable[:_MOST_OFFERED]),
    }
    return Found((Prompt("ask_session", values, _offers(context, bookable)),))


def ask_age(context: Context, args: Mapping[str, Any]) -> Answer:
    """How old a child is, by the bands of the experience. The first time all of them may be said to be of one."""
    top = context.state.top
    slots = top.slots if top is not None else {}
    experience = context.shop.experiences.get((slots.get(SESSION) or {}).get("event", ""))
    if top is None or experience is None:
        return Refused(NONE_HELD)
    n, children = int((top.asked or age_slot(1)).rpartition("_")[2]), children_of(slots)
    offers = [Offer(band.name[:20], (SetSlot(age_slot(n), band.name),)) for band in experience.ages]
    if n == 1 and children > 1:
        every = {band.name: tuple(SetSlot(age_slot(one), band.name) for one in range(1, children + 1)) for band in experience.ages}
        offers += [Offer(f"都是{name}"[:20], commands) for name, commands in every.items()]
    name = "ask_age_of_child" if children > 1 else "ask_age"
    return Found((Prompt(name, {"n": n}, tuple(offers)),))


def fitting(context: Context, slots: Mapping[str, Any], *, days: int = _AHEAD_DAYS) -> list[SessionSeen]:
    """The sessions ahead that fit what was said of experience, store, day and hour; those of the store the talk is about come alone."""
    ids = _ids(context, slots)
    ahead = sessions_ahead(
        context.session,
        context.shop,
        now=context.now,
        store_id=slots.get("store"),
        experience_id=ids[0] if len(ids) == 1 else None,
        days=days,
    )
    found = [seen for seen in ahead if seen.experience_id in ids and is_then(store_of(context, seen.store_id), seen, slots.get(WHEN))]
    here = context.store()
    if here is not None and "store" not in slots and any(seen.store_id == here.id for seen in found):
        found = [seen for seen in found if seen.store_id == here.id]
    return found


def is_then(store: Store, seen: SessionSeen, when: Mapping[str, Any] | None) -> bool:
    """Whether a session is at a time that was said; 3点 is 15:00 where that is when it begins."""
    if when is None:
        return True
    local = store.local(seen.starts_at)
    if when["days"] and local.date().isoformat() not in when["days"]:
        return False
    if when["month"] and f"{local:%Y-%m}" != when["month"]:
        return False
    if when["time"]:
        said = time.fromisoformat(when["time"])
        return (said.hour % 12, said.minute) == (local.hour % 12, local.minute) and (
            said.hour == local.hour or said.hour < _HALF_A_DAY // timedelta(hours=1)
        )
    first, last = _PARTS.get(when["part"] or "", (0, 24))
    return first <= local.hour < last


def others_with_room(context: Context, slots: Mapping[str, Any], but: str) -> list[SessionSeen]:
    """Up to three other sessions of the same experience that have room for the party. Args: but: When the one that has none begins, ISO."""
    event = (slots.get(SESSION) or {}).get("event")
    adults, children = adults_of(slots), children_of(slots)
    ahead = sessions_ahead(context.session, context.shop, now=context.now, experience_id=event, days=_AHEAD_DAYS)
    free = [seen for seen in ahead if seen.state is SessionState.OPEN and seen.starts_at.isoformat() != but and seen.fits(adults, children)]
    return free[:3]


def _booked_that_day(context: Context, seen: SessionSeen) -> Answer | None:
    """Who has places in the same experience on that day is told before any question: one session a day."""
    day = context.shop.brand.business_day(seen.starts_at, store_of(context, seen.store_id).timezone)
    mine = my_experiences(context.session, context.diner_id, now=context.now).bookings
    booked = next((one for one in mine if (one.experience_id, one.business_day) == (seen.experience_id, day)), None)
    if booked is None:
        return None
    values = booked_values(context, booked)
    offers = (Offer("改人数或场次", (Ask(CHANGE, {"place": booked.id}),)), Offer("取消报名", (Ask(CANCEL, {"place": booked.id}),)))
    return Refused(AlreadyBookedError.code, {key: values[key] for key in ("name", "number", "time")}, offers)


def gap_of(context: Context, experience: Experience) -> LevelGap | None:
    """What the diner lacks to the level that an experience is for."""
    if not experience.level:
        return None
    return level_gap(context.session, context.shop, experience.level, context.diner_id, now=context.now)


def level_needed(context: Context, experience: Experience, gap: LevelGap) -> Answer:
    """What is missing, how to get there, and what this diner can book today."""
    free = [one for one in context.shop.experiences.values() if one.id != experience.id and gap_of(context, one) is None]
    open_ = {
        seen.experience_id
        for seen in sessions_ahead(context.session, context.shop, now=context.now, days=_AHEAD_DAYS)
        if seen.state is SessionState.OPEN
    }
    offers = tuple(Offer(one.name[:20], (Start(BOOK, {EVENT: event_value(one)}),)) for one in free if one.id in open_)[:3]
    refused = LevelNeededError(gap, name=experience.name)
    return Refused(refused.code, refused.details, (*offers, Offer("会员卡", (Ask("member_card"),))))


def _ids(context: Context, slots: Mapping[str, Any]) -> list[str]:
    """The experiences that the words fit: all of them where none was named."""
    said = (slots.get(EVENT) or {}).get("ids") or list(context.shop.experiences)
    return [one for one in said if one in context.shop.experiences] or list(context.shop.experiences)


def _which_experience(context: Context, held: Sequence[Experience]) -> Answer:
    lines = "\n".join(f"{one.name}：{rules_said(one)}" for one in held[:_MOST_EVENTS])
    offers = tuple(Offer(one.name[:20], (SetSlot(EVENT, event_value(one)),)) for one in held[:_MOST_EVENTS])
    return Found((Prompt("which_experience", {"lines": lines}, offers),))


def _unknown(context: Context, words: str, held: Sequence[Experience]) -> Answer:
    """An experience that is not held: what is held instead."""
    offers = tuple(Offer(one.name[:20], (Start(BOOK, {EVENT: event_value(one)}),)) for one in held[:_MOST_EVENTS])
    return Refused("experiences.unknown_name", {"words": words, "names": "、".join(one.name for one in held[:_MOST_EVENTS])}, offers)


def _not_then(context: Context, experience: Experience, slots: Mapping[str, Any], *, lines: str = "") -> Answer:
    """Nothing takes place then, or it cannot be booked: what can be."""
    anytime = {key: value for key, value in slots.items() if key == "store"} | {EVENT: event_value(experience)}
    bookable = [seen for seen in fitting(context, anytime) if seen.state in {SessionState.OPEN, SessionState.FULL}]
    if not bookable:
        return Refused("experiences.none_ahead", {"name": experience.name, "lines": f"\n{lines}" if lines else ""}, (ALL_OFFER,))
    values = {"name": experience.name, "lines": session_lines(context, bookable[:_MOST_OFFERED])}
    if lines:
        return Found((Prompt("experience_not_open", values | {"closed": lines}, _offers(context, bookable)),))
    return Found((Prompt("experience_not_then", values, _offers(context, bookable)),))


def _offers(context: Context, sessions: Sequence[SessionSeen]) -> tuple[Offer, ...]:
    several = len({seen.store_id for seen in sessions}) > 1
    return tuple(session_offer(context, seen, several_stores=several) for seen in sessions[:_MOST_OFFERED])
