"""The bookings of a day as the staff read them, and the one that a number, a name or a telephone means."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.place import at_store, stores_spoken_of
from bot.understanding.desk_words import ANSWER_BOOKING, DAY, PART, PHONE, YES
from bot.understanding.door_words import AHEAD, DAY_BOOKINGS, PARTY_MISSED, PARTY_SEATED
from domain.bookings.listing import Booked, bookings_of_day, living_bookings
from domain.bookings.rules import COMING, EARLY, BookingState
from domain.kernel.said import day_said
from domain.kernel.text import fold
from domain.shop.store import Store
from domain.staff.rules import Act

_PHONE = re.compile("[0-9]{7,}")
_SHOWN = 15
_MOST_AROUND = 100  # bookings that go on or come next
_MOST_OFFERED = 4  # parties, with up to two taps each
_DAY_BEGINS, _NOON, _AFTERNOON, _EVENING = 5, 12, 15, 16  # o'clock
_OFF = frozenset({BookingState.CANCELLED, BookingState.EXPIRED})
STATE_WORDS: Mapping[BookingState, str] = {
    BookingState.REQUESTED: "等门店确认",
    BookingState.HELD: "等付订金",
    BookingState.CONFIRMED: "已订好",
    BookingState.SEATED: "已入座",
    BookingState.DONE: "已离店",
    BookingState.CANCELLED: "已取消",
    BookingState.NO_SHOW: "没来",
    BookingState.EXPIRED: "没付订金，已失效",
}
_MEALS: Mapping[str, tuple[str, Callable[[int], bool]]] = {
    "morning": ("上午", lambda hour: _DAY_BEGINS <= hour < _NOON),
    "noon": ("中午", lambda hour: _NOON - 2 <= hour < _AFTERNOON),
    "afternoon": ("下午", lambda hour: _NOON <= hour < _EVENING),
    "evening": ("晚上", lambda hour: hour >= _EVENING or hour < _DAY_BEGINS),
    "night": ("晚上", lambda hour: hour >= _EVENING or hour < _DAY_BEGINS),
}
"""The parts of a business day by the hours in which a party starts."""
_ALL_DAY: tuple[str, Callable[[int], bool]] = ("", lambda _: True)
_SEXES = {"先生": "m", "女士": "f", "小姐": "f", "太太": "f"}
_TITLES = ("先生", "女士", "小姐", "太太", "老师", "总")


def day_bookings(context: Context, args: Mapping[str, Any]) -> Answer:
    """今天的订位: time, people, name, table and state, in the order of time. Args: ahead, days from today, or day and part of it; store."""
    at = at_store(context, Act.DOOR, DAY_BOOKINGS, args)
    if isinstance(at, Done):
        return Found(at.say)
    _, store = at
    day = date.fromisoformat(args[DAY]) if DAY in args else _today(context, store) + timedelta(days=int(args.get(AHEAD, 0)))
    meal, within = _MEALS.get(str(args.get(PART, "")), _ALL_DAY)
    of_day = [
        booked
        for booked in bookings_of_day(context.session, store.id, day)
        if booked.state not in _OFF and within(store.local(booked.starts_at).hour)
    ]
    values = {"store": store.name, "day": f"{day:%m-%d}{meal}"}
    if not of_day:
        return Found((Prompt("no_bookings_of_day", values),))
    coming = [booked for booked in of_day if booked.state in COMING]
    shown = of_day if len(of_day) <= _SHOWN else coming[:_SHOWN] or of_day[-_SHOWN:]
    values |= {"n": str(len(of_day)), "people": str(sum(booked.people for booked in of_day))}
    lines = [_line(store, booked) for booked in shown]
    if len(shown) < len(of_day):
        lines.append(f"（只列{len(shown)}个）")
    values["lines"] = "\n".join(lines)
    expected = [booked for booked in coming if booked.state is BookingState.CONFIRMED and booked.business_day == _today(context, store)]
    asked = [tap for booked in coming if booked.state is BookingState.REQUESTED for tap in answer_taps(booked)]
    taps = (*asked[: 2 * _MOST_OFFERED], *_taps(context, expected[:_MOST_OFFERED]))
    return Found((Prompt("bookings_of_day", values, taps),))


def find_booking(context: Context, args: Mapping[str, Any]) -> Answer:
    """查一下陈先生的订位, 尾号5678的订位: in every store of theirs. Args: number, name, or phone, by its last digits; store."""
    _, stores = stores_spoken_of(context, Act.DOOR, args)
    phone = str(args.get(PHONE, ""))
    if phone:
        held = [one for store in stores for one in living_bookings(context.session, store.id, now=context.now, limit=_MOST_AROUND)]
        found: Sequence[Booked] = [one for one in held if any(digits.endswith(phone) for digits in _PHONE.findall(one.notes))]
    else:
        found = [booked for store in stores for booked in _named(context, store, args)]
    if not found:
        which = f"尾号{phone}" if phone else str(args.get("number") or args.get("name") or "")
        return Refused("staff.no_such_booking", {"which": which, "store": "、".join(store.name for store in stores[:3])})
    lines, expected = list[str](), list[Booked]()
    for booked in found[:_SHOWN]:
        store = context.shop.known_stores[booked.store_id]
        where = f"{store.name} " if len(stores) > 1 else ""
        notes = f"（{booked.notes}）" if booked.notes else ""
        lines.append(f"{where}{day_said(store.local(booked.starts_at))} {_line(store, booked)}{notes}")
        if booked.state is BookingState.CONFIRMED and booked.business_day == _today(context, store):
            expected.append(booked)
    return Found((Prompt("bookings_found", {"lines": "\n".join(lines)}, tuple(_taps(context, expected[:_MOST_OFFERED]))),))


def _named(context: Context, store: Store, args: Mapping[str, Any]) -> Sequence[Booked]:
    """The bookings of a number or a name that are to come or go on; else today's that are over."""
    number, name = str(args.get("number", "")) or None, family_of(str(args.get("name", ""))) or None
    living = living_bookings(context.session, store.id, number=number, name=name, now=context.now)
    over = bookings_of_day(context.session, store.id, _today(context, store)) if not living else ()
    return of_title(living, args) or of_title([booked for booked in over if is_named(booked, args)], args)


def coming_bookings(context: Context, stores: Sequence[Store], args: Mapping[str, Any]) -> Sequence[Booked]:
    """The bookings of a number or a name at these stores that are not over: today's before any other day's."""
    number, name = str(args.get("number", "")) or None, family_of(str(args.get("name", ""))) or None
    if number is None and name is None:
        return []
    found = [
        (booked.business_day == _today(context, store), booked)
        for store in stores
        for booked in living_bookings(context.session, store.id, number=number, name=name, now=context.now)
    ]
    return of_title([booked for today, booked in found if today] or [booked for _, booked in found], args)


def of_title(found: Sequence[Booked], args: Mapping[str, Any]) -> Sequence[Booked]:
    """Of bookings of one family name those that may be meant by its title: 陈女士 is no 陈先生. All, where the title fits none."""
    said = _sex_of(str(args.get("name", "")))
    fitting = [booked for booked in found if not said or _sex_of(booked.name) in {said, ""}]
    named = [booked for booked in fitting if said and _sex_of(booked.name) == said]
    return named or fitting or found


def is_named(booked: Booked, args: Mapping[str, Any]) -> bool:
    """Whether a number or a name that was said is a booking's; nothing that was said means any."""
    number, name = str(args.get("number", "")), family_of(str(args.get("name", "")))
    return (not number or booked.number == number) and (not name or family_of(booked.name).startswith(name))


def answer_taps(booked: Booked) -> tuple[Offer, ...]:
    """The yes and the no to a booking that waits for it."""
    this = {"booking": booked.id, "store": booked.store_id}
    return tuple(
        Offer(f"{booked.number} {word}", (Start(ANSWER_BOOKING, {**this, YES: yes}),)) for word, yes in (("同意", True), ("不行", False))
    )


def named_bookings(context: Context, store: Store, args: Mapping[str, Any]) -> Sequence[Booked]:
    """Today's bookings of the number or the name that was said; those that are still expected before any that are not.

    Of today is also a party that may sit down now, though the business day turns before its time or has turned since.
    """
    if not (args.get("number") or args.get("name")):
        return ()
    of_day = list(bookings_of_day(context.session, store.id, _today(context, store)))
    of_day += [
        booked
        for booked in living_bookings(context.session, store.id, now=context.now, limit=_MOST_AROUND)
        if booked.business_day != _today(context, store) and booked.starts_at - EARLY <= context.now
    ]
    today = [booked for booked in of_day if is_named(booked, args)]
    return of_title([booked for booked in today if booked.state in COMING] or today, args)


def seated_bookings(context: Context, store: Store, args: Mapping[str, Any]) -> Sequence[Booked]:
    """The bookings of a number or a name whose parties sit now."""
    if not (args.get("number") or args.get("name")):
        return ()
    of_day = bookings_of_day(context.session, store.id, _today(context, store))
    return of_title([booked for booked in of_day if booked.state is BookingState.SEATED and is_named(booked, args)], args)


def party_said(booked: Booked) -> str:
    """A booking in short: B018 陈先生."""
    return f"{booked.number} {booked.name}".strip()


def tables_said(booked: Booked) -> str:
    """Where it sits: the room by its name, or its tables."""
    return booked.room or "、".join(booked.tables)


def _today(context: Context, store: Store) -> date:
    return context.shop.brand.business_day(context.now, store.timezone)


def _sex_of(name: str) -> str:
    return next((sex for title, sex in _SEXES.items() if name.endswith(title)), "")


def family_of(name: str) -> str:
    """A name without its title: 陈 of 陈先生."""
    folded = fold(name)
    title = next((title for title in _TITLES if folded.endswith(title) and folded != title), "")
    return folded.removesuffix(title)


def _line(store: Store, booked: Booked) -> str:
    at = store.clock_said(booked.starts_at)
    return f"{at} {party_said(booked)} {booked.people}人 {tables_said(booked)} {STATE_WORDS[booked.state]}"


def _taps(context: Context, expected: Sequence[Booked]) -> list[Offer]:
    offers = []
    for booked in expected:
        this = {"booking": booked.id, "store": booked.store_id}
        offers.append(Offer(f"{party_said(booked)} 到了"[:20], (Start(PARTY_SEATED, this),)))
        if context.now >= booked.late_until:
            offers.append(Offer(f"{party_said(booked)} 没来"[:20], (Start(PARTY_MISSED, this),)))
    return offers
