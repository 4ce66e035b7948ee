"""To change and to cancel a booking: which one, the read-back of what it would become and of what comes back, and the yes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Cancel, Deny, SetSlot
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.experiences.choosing import is_then
from bot.skills.experiences.party import AgeUnfitError, adults_of, age_slot, ages_said, bands_of, children_of, party_said
from bot.skills.experiences.wording import ALL_OFFER, MINE_OFFER, booked_values, session_lines, session_offer, store_of, when_said
from bot.understanding.experience_details import ADULTS, CHILDREN, EVENT, GUESTS, SESSION, WHEN
from bot.understanding.experience_words import CANCEL, CHANGE, LEAVE
from domain.experiences.ahead import sessions_ahead
from domain.experiences.changing import change_experience, propose_change
from domain.experiences.errors import (
    AdultsOnlyError,
    BadPartyError,
    ExperienceOverError,
    PartyTooLargeError,
    SessionFullError,
    StaleExperienceError,
)
from domain.experiences.lifecycle import Side, cancel_experience
from domain.experiences.listing import ExperienceBooking, get_booking, my_experiences
from domain.experiences.paying import money_back
from domain.experiences.rules import ExperienceState, SessionState
from domain.experiences.seen import SessionSeen
from domain.kernel.errors import DomainError
from domain.kernel.ids import new_id
from domain.kernel.money import short_yuan
from domain.storage import savepoint

NONE = "experiences.none"
PLACE = "place"
_MOST_SHOWN = 5
_DIGEST = 12


class _BandUnknownError(Exception):
    """The age band of a child who comes more is to be asked. Args: which one, from 1."""


@dataclass(frozen=True, slots=True)
class _Becomes:
    """What a booking would be."""

    adults: int
    children: int
    ages: tuple[str, ...]
    store_id: str
    starts_at: datetime


def which_place(context: Context, args: Mapping[str, Any]) -> Answer:
    """The only booking there is, or that was named; else the diner says which. Who only waits is told how to leave the list."""
    top = context.state.top
    flow, slots = (top.flow, top.slots) if top is not None else ("", {})
    mine = my_experiences(context.session, context.diner_id, now=context.now)
    living = [one for one in mine.bookings if one.starts_at > context.now]
    if not living:
        if flow == CANCEL and (mine.waiting or mine.offers):
            return Refused("experiences.only_waiting", offers=(Offer("退出候补", (Ask(LEAVE),)),))
        return Refused(NONE, offers=(ALL_OFFER,))
    named = [one for one in living if one.experience_id in (slots.get(EVENT) or {}).get("ids", ())] or living
    if flow == CANCEL and slots.get(WHEN):
        named = [one for one in named if _on(context, one, slots[WHEN])] or named
    if len(named) == 1:
        return Found(then=(SetSlot(PLACE, named[0].id),))
    offers = tuple(Offer(_label(context, one), (SetSlot(PLACE, one.id),)) for one in named[:_MOST_SHOWN])
    return Found((Prompt("which_place", offers=offers),))


def read_back_change(context: Context, args: Mapping[str, Any]) -> Answer:
    """What the booking is, and what a yes would make of it. What cannot be leaves it as it is."""
    booked = _own(context, args)
    kept = (Prompt("experience_kept", booked_values(context, booked)),)
    sessions = _elsewhen(context, booked, args)
    if sessions is not None and len(sessions) != 1:
        return _which_session(context, booked, sessions)
    try:
        becomes = _becomes(context, booked, args, sessions)
    except _BandUnknownError as unknown:
        return _ask_band(context, booked, int(str(unknown)))
    except AgeUnfitError as unfit:
        return Refused(unfit.code, unfit.details, slot=unfit.slot)
    if becomes == _Becomes(booked.adults, booked.children, booked.ages, booked.store_id, booked.starts_at):
        offers = (Offer("换一场", (SetSlot(WHEN, _ANY_TIME),)), Offer("取消报名", (Deny(), Ask(CANCEL, {PLACE: booked.id}))))
        return Found((Prompt("change_experience_what", booked_values(context, booked), offers),))
    try:
        change = propose_change(
            context.session,
            context.shop,
            booked.id,
            diner_id=context.diner_id,
            adults=becomes.adults,
            children=becomes.children,
            ages=becomes.ages,
            starts_at=becomes.starts_at,
            store_id=becomes.store_id,
            now=context.now,
        )
    except DomainError as refused:
        return _cannot(context, booked, becomes, refused, args, kept)
    version = f"{booked.id}.{booked.version}.{_digest(becomes, change.back_fen)}.{new_id(context.now)}"
    store = store_of(context, becomes.store_id)
    values = booked_values(context, booked)
    new = {
        "number": booked.number,
        "name": booked.experience_name,
        "old": f"{values['store']} {values['time']}，{values['party']}",
        "store": store.name,
        "time": when_said(store, becomes.starts_at),
        "party": party_said(becomes.adults, becomes.children) + ages_said(becomes.ages),
        "money": f"\n{short_yuan(change.back_fen)}元原路退回" if change.back_fen else "",
    }
    offers = (Offer("确认修改", (Affirm(version),)), Offer("不改了", (Cancel(),)))
    return Found((Prompt("read_back_change_experience", new, offers),), version=version)


def change_it(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: the booking becomes what was read back, or stays."""
    booked_id, version, _, key = str(args["version"]).split(".", 3)
    booked = _own(context, args)
    if (booked.id, str(booked.version)) != (booked_id, version):
        raise StaleExperienceError(number=booked.number)
    becomes = _becomes(context, booked, args, _elsewhen(context, booked, args))
    try:
        with savepoint(context.session):
            now_is = change_experience(
                context.session,
                context.shop,
                booked.id,
                diner_id=context.diner_id,
                version=booked.version,
                adults=becomes.adults,
                children=becomes.children,
                ages=becomes.ages,
                starts_at=becomes.starts_at,
                store_id=becomes.store_id,
                key=f"chat:{key}",
                now=context.now,
            )
    except DomainError as refused:
        kept = (Prompt("experience_kept", booked_values(context, booked)),)
        return _cannot(context, booked, becomes, refused, args, kept)
    offers = (Offer("取消报名", (Ask(CANCEL, {PLACE: booked.id}),)),)
    return Done((Prompt("experience_changed", booked_values(context, now_is), offers),))


def read_back_cancel(context: Context, args: Mapping[str, Any]) -> Answer:
    """Which booking a yes would cancel, and what comes back."""
    booked = _own(context, args)
    back = money_back(context.session, booked, now=context.now)
    paid = booked.fen > 0 and booked.state is ExperienceState.BOOKED
    money = f"\n{short_yuan(back)}元原路全退" if back else f"\n已过退款时间，{short_yuan(booked.fen)}元不退了" if paid else ""
    version = f"{booked.id}.{booked.version}.{back}"
    offers = (
        Offer("确认取消", (Affirm(version),)),
        Offer("留着", (Deny(),)),
        Offer("改人数或场次", (Deny(), Ask(CHANGE, {PLACE: booked.id}))),
    )
    return Found((Prompt("read_back_cancel_experience", booked_values(context, booked) | {"money": money}, offers),), version=version)


def cancel_it(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: the places are free. What would not come back any more, though the read-back said so, is read back again."""
    booked = _own(context, args)
    back = money_back(context.session, booked, now=context.now)
    if f"{booked.id}.{booked.version}.{back}" != args["version"]:
        again = read_back_cancel(context, args)
        return Found((Prompt("experience_moved_meanwhile"), *again.say), again.version) if isinstance(again, Found) else again
    cancel_experience(context.session, context.shop, booked.id, diner_id=context.diner_id, by=Side.DINER, now=context.now)
    money = f"{short_yuan(back)}元已原路退回。" if back else ""
    return Done((Prompt("experience_cancelled", booked_values(context, booked) | {"money": money}, (ALL_OFFER,)),))


def _own(context: Context, args: Mapping[str, Any]) -> ExperienceBooking:
    booked = get_booking(context.session, args[PLACE], diner_id=context.diner_id)
    if not booked.is_living:
        raise ExperienceOverError(number=booked.number)
    return booked


def _becomes(context: Context, booked: ExperienceBooking, args: Mapping[str, Any], sessions: Sequence[SessionSeen] | None) -> _Becomes:
    children = children_of(args, booked.children)
    adults = adults_of(args, booked.adults)
    experience = context.shop.experiences.get(booked.experience_id)
    ages = booked.ages[:children]
    if experience is not None and experience.ages:
        fewer = len(set(booked.ages)) > 1 and children < booked.children
        try:
            ages = bands_of(experience, args, children, known=() if fewer else booked.ages)
        except KeyError as unknown:
            raise _BandUnknownError(unknown.args[0]) from unknown
    session = sessions[0] if sessions else None
    store_id, starts_at = (session.store_id, session.starts_at) if session else (booked.store_id, booked.starts_at)
    return _Becomes(adults, children, ages, store_id, starts_at)


def _elsewhen(context: Context, booked: ExperienceBooking, args: Mapping[str, Any]) -> list[SessionSeen] | None:
    """The other sessions that were asked for; None when none was. 「改4点那场」 keeps the day."""
    picked, when, store_id = args.get(SESSION), args.get(WHEN), args.get("store")
    if picked is None and when is None and store_id is None:
        return None
    ahead = sessions_ahead(context.session, context.shop, now=context.now, experience_id=booked.experience_id, days=92)
    others = [seen for seen in ahead if (seen.starts_at, seen.store_id) != (booked.starts_at, booked.store_id)]
    if picked is not None:
        at, there = datetime.fromisoformat(picked["at"]), picked["store"]
        return [seen for seen in others if seen.starts_at == at and seen.store_id == there]
    local = store_of(context, booked.store_id).local(booked.starts_at)
    if when is not None and not (when["days"] or when["month"]) and (when["time"] or when["part"]):
        when = when | {"days": [local.date().isoformat()]}
    elif when is not None and when["days"] and not (when["time"] or when["part"]):
        same = [seen for seen in others if is_then(store_of(context, seen.store_id), seen, when | {"time": f"{local:%H:%M}"})]
        others = same or others
    here = [seen for seen in others if seen.store_id == (store_id or booked.store_id)]
    found = [seen for seen in here or others if is_then(store_of(context, seen.store_id), seen, when)]
    found = [seen for seen in found if seen.state in {SessionState.OPEN, SessionState.FULL}]
    its_own = [seen for seen in ahead if seen not in others and store_id in {None, seen.store_id}]
    stays = any(is_then(store_of(context, seen.store_id), seen, when) for seen in its_own)  # 「改成15:00」 of what is at 15:00
    return None if stays and not found else found


def _which_session(context: Context, booked: ExperienceBooking, sessions: Sequence[SessionSeen]) -> Answer:
    if not sessions:
        ahead = sessions_ahead(context.session, context.shop, now=context.now, experience_id=booked.experience_id, days=92)
        sessions = [seen for seen in ahead if seen.state is SessionState.OPEN and seen.starts_at != booked.starts_at]
        if not sessions:
            return Refused("experiences.no_other_session", {"name": booked.experience_name}, (MINE_OFFER,))
        name = "experience_not_then"
    else:
        name = "which_other_session"
    several = len({seen.store_id for seen in sessions}) > 1
    offers = tuple(_only_session(session_offer(context, seen, several_stores=several)) for seen in sessions[:_MOST_SHOWN])
    values = {"name": booked.experience_name, "lines": session_lines(context, sessions[:_MOST_SHOWN])}
    return Found((Prompt(name, values, offers),))


def _only_session(offer: Offer) -> Offer:
    """A choice that picks the session, and leaves the party as it is booked."""
    picked = (one for one in offer.commands if isinstance(one, SetSlot) and one.slot == SESSION)
    return Offer(offer.label, tuple(picked))


def _ask_band(context: Context, booked: ExperienceBooking, n: int) -> Answer:
    experience = context.shop.experiences[booked.experience_id]
    offers = tuple(Offer(band.name[:20], (SetSlot(age_slot(n), band.name),)) for band in experience.ages)
    return Found((Prompt("ask_age_of_child", {"n": n}, offers),))


def _cannot(
    context: Context, booked: ExperienceBooking, becomes: _Becomes, refused: DomainError, args: Mapping[str, Any], kept: Sequence[Prompt]
) -> Answer:
    """Why it cannot be. A party that cannot come is forgotten, and said anew; of a full session others are offered; the booking stands."""
    if isinstance(refused, BadPartyError | AdultsOnlyError | PartyTooLargeError):
        return Refused(refused.code, refused.details, slot=next((kind for kind in (CHILDREN, ADULTS, GUESTS) if kind in args), None))
    if not isinstance(refused, SessionFullError):
        return Refused(refused.code, refused.details, (MINE_OFFER,))
    words = "refused_" + refused.code.replace(".", "_")
    others = [seen for seen in refused.sessions if seen.starts_at != booked.starts_at and seen.fits(becomes.adults, becomes.children)]
    several = len({seen.store_id for seen in others}) > 1
    offers = tuple(_only_session(session_offer(context, seen, several_stores=several)) for seen in others)
    return Found((*kept, Prompt(words, refused.details, offers)))


def _on(context: Context, booked: ExperienceBooking, when: Mapping[str, Any]) -> bool:
    local = store_of(context, booked.store_id).local(booked.starts_at)
    day = not when["days"] or local.date().isoformat() in when["days"]
    return day and (not when["month"] or f"{local:%Y-%m}" == when["month"])


def _label(context: Context, booked: ExperienceBooking) -> str:
    store = store_of(context, booked.store_id)
    local = store.local(booked.starts_at)
    return f"{booked.experience_name[:8]} {local.month}月{local.day}日 {local:%H:%M}"[:20]


def _digest(becomes: _Becomes, back_fen: int) -> str:
    """What else a yes is bound to: who comes, when, and what comes back."""
    party = f"{becomes.adults}|{becomes.children}|{'/'.join(becomes.ages)}"
    said = f"{CHANGE}|{party}|{becomes.store_id}|{becomes.starts_at.isoformat()}|{back_fen}"
    return hashlib.sha256(said.encode()).hexdigest()[:_DIGEST]


_ANY_TIME: Mapping[str, Any] = {"days": None, "month": None, "time": None, "part": None}
