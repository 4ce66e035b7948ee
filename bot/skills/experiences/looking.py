"""What is on, for whom and at what price; and what the diner has: bookings, places on waiting lists, places that are offered."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask
from bot.dialogue.effects import Answer, Found, Offer, Prompt, Refused
from bot.messages import Card
from bot.skill import Context
from bot.skills.experiences.choosing import NONE_HELD, fitting, gap_of
from bot.skills.experiences.wording import (
    ALL_OFFER,
    booked_values,
    event_value,
    pay_card,
    rules_said,
    session_lines,
    session_offer,
    store_of,
    waiting_values,
    when_said,
)
from bot.understanding.experience_details import EVENT, WHEN
from bot.understanding.experience_words import BOOK, CANCEL, CHANGE, DECLINE, LEAVE, LOOK, PROMOTIONS, TAKE, UNKNOWN
from domain.experiences.listing import my_experiences
from domain.experiences.rules import ExperienceState, SessionState
from domain.shop.experience import Experience

_MOST_EVENTS = 6
_MOST_SESSIONS = 6
_MOST_MINE = 6
_BOOKABLE = frozenset({SessionState.OPEN, SessionState.FULL})


def view(context: Context, args: Mapping[str, Any]) -> Answer:
    """What is on. Args: event, session_day and store, where they were said; inside a talk about one experience it is that one."""
    held = list(context.shop.experiences.values())
    if not held:
        return Refused(NONE_HELD)
    frame = context.state.frame(BOOK)
    if EVENT not in args and UNKNOWN not in args and WHEN not in args and frame is not None and EVENT in frame.slots:
        args = {**args, EVENT: frame.slots[EVENT]}
    unknown = (Prompt("experience_not_held", {"words": args[UNKNOWN]}),) if UNKNOWN in args else ()
    named = [one for one in held if one.id in ((args.get(EVENT) or {}).get("ids") or [one.id])]
    found = fitting(context, args)
    if WHEN in args and not found:
        unknown = (*unknown, Prompt("nothing_then"))
        args = {name: value for name, value in args.items() if name != WHEN}
    elif WHEN in args:
        named = [one for one in named if any(seen.experience_id == one.id for seen in found)]
    if len(named) == 1:
        return Found((*unknown, _one(context, named[0], args if found else {EVENT: event_value(named[0])})))
    lines = "\n".join(_line(context, one, args) for one in named[:_MOST_EVENTS])
    offers = tuple(
        Offer(one.name[:20], (Ask(LOOK, {**args, EVENT: event_value(one)} if UNKNOWN not in args else {EVENT: event_value(one)}),))
        for one in named[:_MOST_EVENTS]
    )
    return Found((*unknown, Prompt("experiences", {"lines": lines}, offers)))


def whats_on(context: Context, args: Mapping[str, Any]) -> Answer:
    """「有什么活动」: what the house holds; in one that holds nothing, what is cheaper. Args: session_day, where one was said."""
    return view(context, args) if context.shop.experiences else Found(then=(Ask(PROMOTIONS),))


def mine(context: Context, args: Mapping[str, Any]) -> Answer:
    """What the diner has to come. The price that is waited for comes with the card that pays it."""
    have = my_experiences(context.session, context.diner_id, now=context.now)
    lines: list[str] = []
    cards: list[Card] = []
    for booked in have.bookings[:_MOST_MINE]:
        state = "等付款" if booked.state is ExperienceState.HELD else "已到场" if booked.checked_in_at else "已报名"
        lines.append("{number} {name}：{store} {time}，{party}".format(**booked_values(context, booked)) + f"（{state}）")
        if booked.state is ExperienceState.HELD and not cards:
            cards.append(pay_card(context, booked))
    kept = "有位了！{name}：{store} {time}，{party}，为您留到{offer_until}"
    waits = "候补第{place}位 {name}：{store} {time}，{party}，{ahead}"
    lines += [kept.format(**waiting_values(context, place)) for place in have.offers[:_MOST_MINE]]
    lines += [waits.format(**waiting_values(context, place)) for place in have.waiting[:_MOST_MINE]]
    if not lines:
        return Found((Prompt("no_experiences_of_mine", offers=(ALL_OFFER,)),))
    changeable = any(booked.starts_at > context.now for booked in have.bookings)
    offers = (
        *((Offer("要候补位", (Ask(TAKE),)), Offer("不要候补位", (Ask(DECLINE),))) if have.offers else ()),
        *((Offer("改人数或场次", (Ask(CHANGE),)), Offer("取消报名", (Ask(CANCEL),))) if changeable else ()),
        *((Offer("退出候补", (Ask(LEAVE),)),) if have.waiting else ()),
    )
    return Found((Prompt("my_experiences", {"lines": "\n".join(lines)}, offers, tuple(cards)),))


def _one(context: Context, experience: Experience, args: Mapping[str, Any]) -> Prompt:
    """All about one experience, and its next sessions to be tapped; inside a talk about it only what was asked."""
    ahead = fitting(context, {**args, EVENT: event_value(experience)})
    sessions = ([seen for seen in ahead if seen.state in _BOOKABLE] or ahead)[:_MOST_SESSIONS]
    gap = gap_of(context, experience)
    level = f"\n要{experience.level}及以上才能报，您{gap.progress}" if gap is not None else ""
    free = f"\n开始前{experience.cancel_hours}小时取消全退" if experience.adult_fen or experience.child_fen else ""
    values = {
        "name": experience.name,
        "about": f"\n{experience.about}" if experience.about else "",
        "rules": rules_said(experience),
        "notes": f"\n{experience.notes}" if experience.notes else "",
        "lines": session_lines(context, sessions) or "近期还没有排场次",
        "more": f"{free}{level}",
    }
    if _is_open(context, experience):
        return Prompt("experience_about", values)
    several = len({seen.store_id for seen in sessions}) > 1
    offers = tuple(session_offer(context, seen, several_stores=several, start={}) for seen in sessions if seen.state in _BOOKABLE)
    return Prompt("experience", values, offers if gap is None else (Offer("会员卡", (Ask("member_card"),)),))


def _is_open(context: Context, experience: Experience) -> bool:
    frame = context.state.frame(BOOK)
    return frame is not None and (frame.slots.get(EVENT) or {}).get("ids") == [experience.id]


def _line(context: Context, experience: Experience, args: Mapping[str, Any]) -> str:
    """One experience on a line: its next session, and for whom."""
    sessions = fitting(context, {**args, EVENT: event_value(experience)})
    coming = next((seen for seen in sessions if seen.state in _BOOKABLE), None) or next(iter(sessions), None)
    when = f"{when_said(store_of(context, coming.store_id), coming.starts_at)}起" if coming is not None else "近期没有场次"
    return f"{experience.name}：{when}，{rules_said(experience)}"
