"""To change, extend and cancel a booking: which one, the read-back of what it would become, and the yes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Cancel, Deny, SetSlot
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.bookings.wording import (
    booked_values,
    details_said,
    people_said,
    place_said,
    refusal,
    reminder_asked,
    when_said,
    with_details,
)
from bot.understanding.booking_words import BOOK, CANCEL, CHANGE, EXTEND, MINUTES
from domain.bookings.deposits import deposit_left
from domain.bookings.errors import BookingOverError, ChangeNeedsDepositError, StaleBookingError
from domain.bookings.finding import Wish
from domain.bookings.lifecycle import cancel_booking
from domain.bookings.listing import Booked, bookings_of, get_booking
from domain.bookings.rules import COMING, BookingState
from domain.bookings.service import change_booking, extend_booking
from domain.bookings.wishes import Proposal, check_apart, check_book, proposal_of, seek, store_for, tidied
from domain.kernel.errors import DomainError
from domain.kernel.money import short_yuan, yuan
from domain.shop.store import Store
from domain.storage import savepoint

NONE = "bookings.none"
_MOST_SHOWN = 5
_BOOK = Offer("订位", (Ask(BOOK),))


def which_booking(context: Context, args: Mapping[str, Any]) -> Answer:
    """The only booking there is, the only one of the day that was named, or the diner says which."""
    top = context.state.top
    flow, slots = (top.flow, top.slots) if top is not None else ("", {})
    living = bookings_of(context.session, context.diner_id, now=context.now)
    fitting = [booked for booked in living if booked.state in COMING] if flow != EXTEND else list(living)
    if flow == EXTEND:
        here = [booked for booked in fitting if booked.starts_at <= context.now]
        fitting = here or fitting
    if not fitting:
        return Refused(NONE, offers=(_BOOK,))
    if flow == CANCEL:
        fitting = _of_the_day(context, fitting, slots) or fitting
    if len(fitting) == 1:
        return Found(then=(SetSlot("booking", fitting[0].id),))
    offers = tuple(Offer(_label(context, booked), (SetSlot("booking", booked.id),)) for booked in fitting[:_MOST_SHOWN])
    return Found((Prompt("which_booking", offers=offers),))


def read_back_change(context: Context, args: Mapping[str, Any]) -> Answer:
    """What the booking is, and what a yes would make of it. Full then: the old one stays, and others are offered."""
    booked = _own(context, args)
    store = context.shop.stores.get(args.get("store") or booked.store_id) or context.shop.known_stores[booked.store_id]
    wish = _changed(context, booked, store, args)
    values = booked_values(context, booked)
    if store.id == booked.store_id and tidied(wish) == tidied(booked.wish):
        return Found((Prompt("change_what", values, (Offer("取消预订", (Ask(CANCEL, {"booking": booked.id}),)),)),))
    kept = (Prompt("booking_kept", values),)
    try:
        proposal = _proposed(context, booked, store, wish)
    except DomainError as refused:
        return refusal(context, refused, store, before=kept)
    version = f"{booked.id}.{booked.version}.{_digest(proposal, wish)}"
    new = {
        "number": booked.number,
        "old": f"{values['store']} {values['time']} {values['people']} {values['place']}",
        "store": store.name,
        "time": when_said(store, proposal.stay.starts_at),
        "people": people_said(wish.people, wish.kids),
        "place": place_said(proposal.place),
        "until": store.clock_said(proposal.stay.ends_at),
        "details": details_said(wish),
    }
    offers = (Offer("确认修改", (Affirm(version),)), Offer("不改了", (Cancel(),)))
    return Found((Prompt("read_back_change", new, offers),), version=version)


def change(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: the booking becomes what was read back, or stays."""
    booked_id, version, _ = str(args["version"]).split(".", 2)
    booked = _own(context, args)
    if (booked.id, str(booked.version)) != (booked_id, version):
        raise StaleBookingError(number=booked.number)
    store = context.shop.known_stores[args.get("store") or booked.store_id]
    try:
        with savepoint(context.session):
            now_is = change_booking(
                context.session,
                context.shop,
                booked.id,
                _changed(context, booked, store, args),
                version=booked.version,
                diner_id=context.diner_id,
                store_id=store.id,
                now=context.now,
            )
    except DomainError as refused:
        return refusal(context, refused, store, before=(Prompt("booking_kept", booked_values(context, booked)),))
    changed = Prompt("booking_changed", booked_values(context, now_is), (Offer("取消预订", (Ask(CANCEL, {"booking": booked.id}),)),))
    return Done((changed, *reminder_asked(context, now_is)))


def extend(context: Context, args: Mapping[str, Any]) -> Answer:
    """多坐半小时: at once, if nobody comes after."""
    booked = extend_booking(context.session, context.shop, args["booking"], int(args[MINUTES]), diner_id=context.diner_id, now=context.now)
    return Done((Prompt("booking_extended", booked_values(context, booked)),))


def read_back_cancel(context: Context, args: Mapping[str, Any]) -> Answer:
    """Which booking a yes would cancel, and what becomes of its deposit."""
    booked = _own(context, args)
    left = deposit_left(context.session, booked.id)
    late = booked.refund_until is not None and context.now > booked.refund_until
    money = "" if not left else f"\n订金{yuan(left)}元已过退订时间，不退了" if late else f"\n订金{yuan(left)}元原路全退"
    offers = (
        Offer("确认取消", (Affirm(_version(booked)),)),
        Offer("留着", (Deny(),)),
        Offer("改时间", (Deny(), Ask(CHANGE, {"booking": booked.id}))),
    )
    return Found((Prompt("read_back_cancel_booking", booked_values(context, booked) | {"money": money}, offers),), version=_version(booked))


def cancel(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: the tables are free, and the deposit goes back when it is early enough."""
    booked = _own(context, args)
    if _version(booked) != args["version"]:
        raise StaleBookingError(number=booked.number)
    before = deposit_left(context.session, booked.id)
    cancel_booking(context.session, booked.id, diner_id=context.diner_id, now=context.now)
    back = before and deposit_left(context.session, booked.id) < before
    money = f"订金{yuan(before)}元已原路退回。" if back else ""
    return Done((Prompt("booking_cancelled", booked_values(context, booked) | {"money": money}, (Offer("重新订位", (Ask(BOOK),)),)),))


def _own(context: Context, args: Mapping[str, Any]) -> Booked:
    booked = get_booking(context.session, args["booking"], diner_id=context.diner_id)
    if booked.state not in COMING:
        raise BookingOverError(number=booked.number, state=booked.state.value)
    return booked


def _changed(context: Context, booked: Booked, store: Store, args: Mapping[str, Any]) -> Wish:
    """What is wanted now: what was said, relative to what stands."""
    old = booked.wish
    wish = replace(old, starts_at=_moved(store, booked, args["time"])) if "time" in args else old
    if "people" in args:
        said = args["people"]
        n, kids = (
            (old.people + said["n"], old.kids + said.get("kids", 0)) if said.get("delta") else (said["n"], said.get("kids") or old.kids)
        )
        wish = replace(wish, people=n, kids=min(max(0, kids), max(0, n)))
    return with_details(context.shop, store, wish, args)


def _moved(store: Store, booked: Booked, said: Mapping[str, Any]) -> datetime:
    """「推迟半小时」 counts from the booking, 「改成八点」 keeps its day, 「改到明天」 keeps its hour."""
    if said.get("delta_minutes") is not None:
        return booked.starts_at + timedelta(minutes=said["delta_minutes"])
    local = store.local(booked.starts_at)
    keeps_day = not said.get("dated", True) or not said.get("date")
    day = local.date() if keeps_day else date.fromisoformat(said["date"])
    at = time.fromisoformat(said["time"]) if said.get("time") else local.time()
    return datetime.combine(day, at, tzinfo=store.zone)


def _proposed(context: Context, booked: Booked, store: Store, wish: Wish) -> Proposal:
    """What the change would make of the booking at this moment. Takes nothing. Raises: as `change_booking`."""
    wish = tidied(wish)
    store = store_for(context.shop, store.id)
    later_than = booked.starts_at if store.id == booked.store_id else None
    check_book(context.shop, store, wish, now=context.now, later_than=later_than)
    check_apart(context.session, store, context.diner_id, wish, but=booked.id)
    place, stay = next(seek(context.session, context.shop, store, wish, now=context.now, instead_of=booked))
    proposal = proposal_of(context.session, context.shop, store, wish, place, stay, diner_id=context.diner_id, now=context.now)
    if booked.state is BookingState.CONFIRMED and proposal.deposit_fen > booked.deposit_fen:
        raise ChangeNeedsDepositError(number=booked.number, deposit=short_yuan(proposal.deposit_fen))
    return proposal


def _digest(proposal: Proposal, wish: Wish) -> str:
    """What else a yes is bound to: when, how many, and where."""
    return f"{int(proposal.stay.starts_at.timestamp())}-{wish.people}-{proposal.store_id}"


def _version(booked: Booked) -> str:
    return f"{booked.id}.{booked.version}"


def _of_the_day(context: Context, living: Sequence[Booked], slots: Mapping[str, Any]) -> list[Booked]:
    day = (slots.get("time") or {}).get("date")
    if not day:
        return []
    return [one for one in living if context.shop.known_stores[one.store_id].local(one.starts_at).date().isoformat() == day]


def _label(context: Context, booked: Booked) -> str:
    store = context.shop.known_stores[booked.store_id]
    return f"{when_said(store, booked.starts_at)} {store.name}"[:20]
