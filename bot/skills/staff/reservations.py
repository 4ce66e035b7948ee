"""The bookings of a day as the staff read them, and the one that a number or a name means."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt
from bot.skill import Context
from bot.skills.staff.place import at_store
from bot.understanding.door_words import AHEAD, DAY_BOOKINGS, PARTY_MISSED, PARTY_SEATED
from domain.bookings.listing import Booked, bookings_of_day
from domain.bookings.rules import COMING, BookingState
from domain.kernel.text import fold
from domain.shop.snapshot import Store
from domain.staff.rules import Act

_SHOWN = 15
_MOST_OFFERED = 4  # parties, with up to two taps each
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
_TITLES = ("先生", "女士", "小姐", "太太", "老师", "总")


def day_bookings(context: Context, args: Mapping[str, Any]) -> Answer:
    """今天的订位: time, people, name, table and state, in the order of time. Args: ahead, days from today; store."""
    at = at_store(context, Act.DOOR, DAY_BOOKINGS, args)
    if isinstance(at, Done):
        return Found(at.say)
    _, store = at
    day = _today(context, store) + timedelta(days=int(args.get(AHEAD, 0)))
    of_day = [booked for booked in bookings_of_day(context.session, store.id, day) if booked.state not in _OFF]
    values = {"store": store.name, "day": f"{day:%m-%d}"}
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
    return Found((Prompt("bookings_of_day", values, tuple(_taps(context, expected[:_MOST_OFFERED]))),))


def named_bookings(context: Context, store: Store, args: Mapping[str, Any]) -> Sequence[Booked]:
    """Today's bookings of the number or the name that was said; those that are still expected before any that are not."""
    number, name = str(args.get("number", "")), _family(str(args.get("name", "")))
    today = [
        booked
        for booked in bookings_of_day(context.session, store.id, _today(context, store))
        if (number and booked.number == number) or (name and _family(booked.name).startswith(name))
    ]
    return [booked for booked in today if booked.state in COMING] or today


def party_said(booked: Booked) -> str:
    """A booking in short: B018 陈先生."""
    return f"{booked.number} {booked.name}".strip()


def tables_said(booked: Booked) -> str:
    """Where it sits: the room by its name, or its tables."""
    return booked.room or "、".join(booked.tables)


def _today(context: Context, store: Store) -> date:
    return context.shop.brand.business_day(context.now, store.timezone)


def _family(name: str) -> str:
    """A name without its title: 陈 of 陈先生."""
    folded = fold(name)
    title = next((title for title in _TITLES if folded.endswith(title) and folded != title), "")
    return folded.removesuffix(title)


def _line(store: Store, booked: Booked) -> str:
    at = f"{store.local(booked.starts_at):%H:%M}"
    return f"{at} {party_said(booked)} {booked.people}人 {tables_said(booked)} {STATE_WORDS[booked.state]}"


def _taps(context: Context, expected: Sequence[Booked]) -> list[Offer]:
    offers = []
    for booked in expected:
        this = {"booking": booked.id, "store": booked.store_id}
        offers.append(Offer(f"{party_said(booked)} 到了"[:20], (Start(PARTY_SEATED, this),)))
        if context.now >= booked.late_until:
            offers.append(Offer(f"{party_said(booked)} 没来"[:20], (Start(PARTY_MISSED, this),)))
    return offers
