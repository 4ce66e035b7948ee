"""Who comes to an experience, for the staff: the sessions of a day with their guests, and that one of them is here."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.dialogue.commands import Ask, Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.place import at_store
from bot.skills.staff.reservations import family_of
from bot.understanding.door_words import PARTY_SEATED
from bot.understanding.experience_details import EVENT, WHEN
from bot.understanding.experience_words import DAY_GUESTS, GUEST_HERE
from domain.experiences.lifecycle import check_in
from domain.experiences.listing import ExperienceBooking, guests_of, line_of
from domain.experiences.rules import DOOR_OPENS, ExperienceState
from domain.experiences.sessions import SessionNow, sessions_on
from domain.shop.store import Store
from domain.staff.roster import record_act
from domain.staff.rules import Act

_SHOWN = 20
_MOST_OFFERED = 8
_NOON, _EVENING = 12, 17
GUEST = "guest"


def day_guests(context: Context, args: Mapping[str, Any]) -> Answer:
    """今天的活动: each session with who is expected and who is here. Args: event, session_day (a day, an hour, 下午) and store, as said."""
    at = at_store(context, Act.DOOR, DAY_GUESTS, args)
    if isinstance(at, Done):
        return Found(at.say)
    _, store = at
    when = args.get(WHEN) or {}
    day = date.fromisoformat(when["days"][0]) if when.get("days") else context.shop.brand.business_day(context.now, store.timezone)
    sessions = [one for one in _held(context, store, day, args) if _is_then(store, one, when)]
    values = {"store": store.name, "day": f"{day:%m-%d}"}
    if not sessions:
        return Found((Prompt("no_guests_of_day", values),))
    lines: list[str] = []
    expected: list[ExperienceBooking] = []
    for one in sessions:
        guests = guests_of(context.session, one.id)
        waiting = len(line_of(context.session, one.id))
        list_said = f"，候补{waiting}家" if waiting else ""
        here = sum(guest.checked_in_at is not None for guest in guests)
        lines.append(
            f"{store.clock_said(one.starts_at)} {one.name}：{one.places_taken}/{one.places}位，到了{here}/{len(guests)}家{list_said}"
        )
        lines += [f"  {_line(guest)}" for guest in guests]
        expected += [guest for guest in guests if guest.checked_in_at is None and guest.state is ExperienceState.BOOKED]
    if len(lines) > _SHOWN:
        lines = [*lines[:_SHOWN], f"（只列{_SHOWN}行，说活动名或时间看那一场）"]
    at_door = [one for one in expected if one.starts_at - DOOR_OPENS <= context.now <= one.ends_at + DOOR_OPENS]
    taps = tuple(Offer(f"{guest_said(one)} 到了"[:20], (Start(GUEST_HERE, {GUEST: one.id, "store": store.id}),)) for one in at_door)
    return Found((Prompt("guests_of_day", values | {"lines": "\n".join(lines)}, taps[:_MOST_OFFERED]),))


def guest_here(context: Context, args: Mapping[str, Any]) -> Answer:
    """烘焙 王女士到了, E003到了. Args: guest (an id), or number or name, and event, as said. A number of none of them may be of a table."""
    at = at_store(context, Act.DOOR, GUEST_HERE, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    found = _meant(context, store, args)
    if not found:
        if "number" in args and EVENT not in args:
            return Done(then=(Ask(PARTY_SEATED, {key: args[key] for key in ("number", "store") if key in args}),))
        return Refused("staff.no_such_guest", {"party": str(args.get("number") or args.get("name") or "")})
    if len(found) > 1:
        offers = tuple(Offer(f"{guest_said(one)} 到了"[:20], (Start(GUEST_HERE, {GUEST: one.id, "store": store.id}),)) for one in found)
        return Done((Prompt("which_guest", offers=offers[:_MOST_OFFERED]),))
    booked = check_in(context.session, found[0].id, by=staff.id, now=context.now)
    record_act(context.session, staff, Act.DOOR, f"{booked.id} here", store_id=store.id, now=context.now)
    values = {
        "guest": guest_said(booked),
        "party": _party(booked),
        "name": booked.experience_name,
        "time": store.clock_said(booked.starts_at),
    }
    return Done((Prompt("guest_is_here", values),))


def guest_said(booked: ExperienceBooking) -> str:
    """A guest in short: E003 王女士."""
    return f"{booked.number} {booked.name}".strip()


def _meant(context: Context, store: Store, args: Mapping[str, Any]) -> Sequence[ExperienceBooking]:
    day = context.shop.brand.business_day(context.now, store.timezone)
    guests = [guest for one in _held(context, store, day, args) for guest in guests_of(context.session, one.id)]
    if GUEST in args:
        return [guest for guest in guests if guest.id == args[GUEST]]
    number, name = str(args.get("number", "")), family_of(str(args.get("name", "")))
    named = [guest for guest in guests if (not number or guest.number == number) and (not name or family_of(guest.name).startswith(name))]
    return [guest for guest in named if guest.checked_in_at is None] or named


def _held(context: Context, store: Store, day: date, args: Mapping[str, Any]) -> list[SessionNow]:
    ids = (args.get(EVENT) or {}).get("ids")
    held = (one for one in sessions_on(context.session, store.id, day) if one.called_off_at is None)
    return sorted((one for one in held if not ids or one.experience_id in ids), key=lambda one: one.starts_at)


def _is_then(store: Store, one: SessionNow, when: Mapping[str, Any]) -> bool:
    local = store.local(one.starts_at)
    if when.get("time"):
        return f"{local:%I:%M}" == f"{int(when['time'][:2]) % 12 or 12:02}:{when['time'][3:]}"
    match str(when.get("part")):
        case "morning" | "noon":
            return local.hour < _NOON + int(when["part"] == "noon")
        case "afternoon":
            return _NOON <= local.hour < _EVENING
        case "evening" | "night":
            return local.hour >= _EVENING
    return True


def _line(guest: ExperienceBooking) -> str:
    state = "已到" if guest.checked_in_at else "等付款" if guest.state is ExperienceState.HELD else "没到"
    ages = f"（{'、'.join(guest.ages)}）" if guest.ages else ""
    notes = f"，{guest.notes}" if guest.notes else ""
    return f"{guest_said(guest)} {_party(guest)}{ages} {state}{notes}"


def _party(guest: ExperienceBooking) -> str:
    return f"{guest.adults}大{guest.children}小" if guest.children else f"{guest.adults}位"
