"""Experiences, their sessions and what was booked, in words; and the card that pays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.dialogue.commands import Ask, Command, SetSlot, Start
from bot.dialogue.effects import Offer, Prompt
from bot.dialogue.slots import TIME, spoken
from bot.messages import Card
from bot.skill import Context
from bot.skills.experiences.party import ages_said, bands_said, party_said
from bot.understanding.experience_details import EVENT, SESSION
from bot.understanding.experience_words import BOOK, CANCEL, CHANGE, LOOK, MINE
from domain.experiences.listing import ExperienceBooking, WaitingPlace
from domain.experiences.paying import ask_payment
from domain.experiences.rules import ExperienceState, SessionState
from domain.experiences.seen import SessionSeen
from domain.kernel.money import Fen, short_yuan
from domain.kernel.said import day_said
from domain.shop.experience import Experience
from domain.shop.store import Store

MINE_OFFER = Offer("我的活动", (Ask(MINE),))
ALL_OFFER = Offer("看看活动", (Ask(LOOK),))
_LABEL = 20  # characters


def when_said(store: Store, moment: datetime) -> str:
    """Day, weekday and time at the store: 12月5日周六 14:00."""
    local = store.local(moment)
    return spoken(TIME, {"date": local.date().isoformat(), "time": f"{local:%H:%M}"})


def price_said(adult: Fen, child: Fen, *, adults_only: bool) -> str:
    """免费, 每位68元, 大人免费、孩子68元."""
    if not adult and not child:
        return "免费"
    if adults_only or adult == child:
        return f"每位{short_yuan(adult)}元"
    return "、".join(f"{who}{f'{short_yuan(fen)}元' if fen else '免费'}" for who, fen in (("大人", adult), ("孩子", child)))


def rules_said(experience: Experience) -> str:
    """For whom, how long and at what price, on one line."""
    who = f"{experience.level}及以上会员" if experience.level else "人人可报"
    ages = f"孩子{bands_said(experience)}" if experience.ages else "只限大人" if experience.for_adults_only else ""
    price = price_said(experience.adult_fen, experience.child_fen, adults_only=experience.for_adults_only)
    return " · ".join(filter(None, (who, ages, f"{experience.minutes}分钟", price)))


def room_said(seen: SessionSeen) -> str:
    """剩8位, 满了（候补2家）, 11月25日起可报."""
    match seen.state:
        case SessionState.OPEN:
            return f"剩{seen.places_left}位"
        case SessionState.FULL:
            return f"满了（{seen.waiting}家候补）" if seen.waiting else "满了，可候补"
        case SessionState.SOON:
            return f"{day_said(seen.opens_on)}起可报" if seen.opens_on else "还没开始报名"
        case SessionState.CLOSED:
            return "报名已截止"
    return "这场取消了"


def store_of(context: Context, store_id: str) -> Store:
    """A store that the shop has, or had."""
    return context.shop.known_stores[store_id]


def session_commands(context: Context, seen: SessionSeen) -> tuple[SetSlot, ...]:
    """What picks a session: the experience it is of, and itself."""
    experience = context.shop.experiences[seen.experience_id]
    value = {
        "event": seen.experience_id,
        "store": seen.store_id,
        "at": seen.starts_at.isoformat(),
        "name": when_said(store_of(context, seen.store_id), seen.starts_at),
        "kids": not experience.for_adults_only,
        "bands": bool(experience.ages),
    }
    return SetSlot(EVENT, event_value(experience)), SetSlot(SESSION, value)


def event_value(experience: Experience) -> dict[str, Any]:
    """An experience as the slot holds it."""
    return {"ids": [experience.id], "name": experience.name}


def session_offer(context: Context, seen: SessionSeen, *, several_stores: bool, start: Mapping[str, Any] | None = None) -> Offer:
    """A choice of a session.

    Args:
        several_stores: The store is said, and not how much room there is.
        start: With these slots the talk begins; None when it is open.
    """
    store = store_of(context, seen.store_id)
    room = "满·候补" if seen.state is SessionState.FULL else f"剩{seen.places_left}位"
    label = f"{when_said(store, seen.starts_at)} {store.name if several_stores else room}"
    picked = session_commands(context, seen)
    commands: tuple[Command, ...] = picked
    if start is not None:
        commands = (Start(BOOK, {**start, **{one.slot: one.value for one in picked}}),)
    return Offer(label[:_LABEL], commands)


def session_lines(context: Context, sessions: Sequence[SessionSeen]) -> str:
    """Sessions one a line: when, where, how much room."""
    said = ((seen, store_of(context, seen.store_id)) for seen in sessions)
    return "\n".join(f"{when_said(store, seen.starts_at)} {store.name} {room_said(seen)}" for seen, store in said)


def refund_said(context: Context, store_id: str, fen: Fen, until: datetime | None) -> str:
    """Until when the money comes back; "" for what is free."""
    if not fen:
        return ""
    if until is None or until <= context.now:
        return "付款后取消不退"
    return f"{when_said(store_of(context, store_id), until)}前取消全退，之后取消不退"


def booked_values(context: Context, booked: ExperienceBooking) -> dict[str, Any]:
    """What every response about a booking may say."""
    store = store_of(context, booked.store_id)
    return {
        "number": booked.number,
        "name": booked.experience_name,
        "store": store.name,
        "time": when_said(store, booked.starts_at),
        "until": store.clock_said(booked.ends_at),
        "party": party_said(booked.adults, booked.children) + ages_said(booked.ages),
        "price": f"{short_yuan(booked.fen)}元" if booked.fen else "免费",
    }


def waiting_values(context: Context, waiting: WaitingPlace) -> dict[str, Any]:
    """What every response about a place on a waiting list may say."""
    store = store_of(context, waiting.store_id)
    return {
        "name": waiting.experience_name,
        "store": store.name,
        "time": when_said(store, waiting.starts_at),
        "party": party_said(waiting.adults, waiting.children),
        "place": waiting.place,
        "ahead": f"前面还有{waiting.ahead}家" if waiting.ahead else "前面没有人",
        "price": f"{short_yuan(waiting.fen)}元" if waiting.fen else "免费",
        "offer_until": when_said(store, waiting.offer_until) if waiting.offer_until else "",
    }


def told(context: Context, booked: ExperienceBooking) -> Prompt:
    """That the places are the diner's, or with what they are paid."""
    values = booked_values(context, booked)
    if booked.state is ExperienceState.HELD:
        return Prompt("experience_held", values, cards=(pay_card(context, booked),))
    kits = f"\n材料（{booked.kit_name}）给您备好了。" if booked.kits else ""
    offers = (
        Offer("改人数或场次", (Ask(CHANGE, {"place": booked.id}),)),
        Offer("取消报名", (Ask(CANCEL, {"place": booked.id}),)),
    )
    return Prompt("experience_booked", values | {"kits": kits}, offers)


def pay_card(context: Context, booked: ExperienceBooking) -> Card:
    """The card that opens the page on which an experience is paid."""
    payment = ask_payment(context.session, booked.id, diner_id=context.diner_id, now=context.now)
    values = booked_values(context, booked)
    what = "{store} {time} {party}，按时付好就报上了".format(**values)
    return Card(f"待付 {booked.experience_name} ￥{short_yuan(payment.fen)}", what, f"/pay/{payment.id}", "/p/static/bill.png")
