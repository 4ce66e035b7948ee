"""To book: which store, the read-back with everything that is guessed, and the yes to it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Cancel, SetSlot
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt
from bot.dialogue.flows import SlotValues
from bot.skill import Context
from bot.skills.bookings.wording import (
    booked_values,
    deposit_card,
    details_said,
    moment_of,
    people_said,
    place_said,
    refusal,
    reminder_asked,
    when_said,
    with_details,
)
from bot.understanding.booking_words import BOOK, CANCEL, CHANGE, WRITTEN_IN
from bot.understanding.queue_words import AMONG
from domain.bookings.deposits import ask_deposit
from domain.bookings.errors import BookingsClosedError
from domain.bookings.finding import Wish, places_of
from domain.bookings.listing import Booked
from domain.bookings.rules import BookingState
from domain.bookings.service import book
from domain.bookings.wishes import Proposal, propose_booking
from domain.kernel.errors import DomainError
from domain.kernel.ids import new_id
from domain.kernel.money import Fen, yuan
from domain.shop.store import Store
from domain.staff.roster import find_staff, record_act, require_staff
from domain.staff.rules import MAY, Act
from domain.storage import savepoint

_SHORTEST_DIGEST = 16


class _OtherThanReadBackError(Exception):
    """What could be had a moment ago is another place or price now."""


def lacks_clock(slots: SlotValues) -> bool:
    """Whether the day was said, but no time of day."""
    return not (slots.get("time") or {}).get("time")


def clock_refused(said: Mapping[str, Any]) -> str | None:
    """「晚上吧」 is no time of day to keep a table for."""
    return None if said.get("time") else "booking_needs_clock"


def ask_store(context: Context, args: Mapping[str, Any]) -> Answer:
    """The store the talk is about, or where a member of staff works who writes it for a guest; else the diner says which."""
    store = _own_store(context) or context.store()
    if store is not None and _takes_bookings(store):
        return Found(then=(SetSlot("store", store.id),))
    taking = [one for one in context.shop.stores.values() if _takes_bookings(one)]
    named = context.state.top.slots.get(AMONG, ()) if context.state.top is not None else ()
    taking = [one for one in taking if one.id in named] or taking
    if not taking:
        name = store.name if store else context.shop.brand.name
        return Found((Prompt("refused_bookings_not_taken", BookingsClosedError(store=name).details),))
    return Found((Prompt("ask_booking_store", offers=tuple(Offer(one.name[:20], (SetSlot("store", one.id),)) for one in taking)),))


def read_back_booking(context: Context, args: Mapping[str, Any]) -> Answer:
    """Everything a yes would book: store, day with weekday, time, party, place, how long, the deposit and how it comes back."""
    store = context.shop.known_stores[args["store"]]
    clock = args.get("clock") or {}
    if lacks_clock(args) and clock.get("date") and clock.get("dated", True) and clock["date"] != args["time"]["date"]:
        return Found(then=(SetSlot("time", clock),))  # 「周末」, and then 「周日晚上7点」
    try:
        wish = _wish(context, store, args)
        booker = _booker(context, store, args)
        proposal = propose_booking(context.session, context.shop, store.id, wish, diner_id=booker, now=context.now)
    except DomainError as refused:
        return refusal(context, refused, store)
    version = f"{_digest_of_proposal(proposal, wish)}.{new_id(context.now)}"
    minutes = int((proposal.stay.ends_at - proposal.stay.starts_at).total_seconds() // 60)
    values = {
        "store": store.name,
        "time": when_said(store, proposal.stay.starts_at),
        "people": people_said(wish.people, wish.kids, approx=bool(args["people"].get("approx"))),
        "place": place_said(proposal.place),
        "minutes": minutes,
        "until": store.clock_said(proposal.stay.ends_at),
        "details": details_said(wish) + ("" if booker else "\n替客人记，不在您名下"),
        "deposit": _deposit_said(store, proposal),
    }
    others = [moment_of(store, other) for other in args["time"].get("alternatives", ()) if other.get("date") and other.get("time")]
    offers = (
        Offer("确认订位", (Affirm(version),)),
        *(
            Offer(f"改成{when_said(store, other)}"[:20], (SetSlot("time", said),))
            for other, said in zip(others[:1], args["time"].get("alternatives", ()), strict=False)
        ),
        *((Offer("替客人记", (SetSlot(WRITTEN_IN, True),)),) if booker and _keeps_the_door(context, store) else ()),
        Offer("不订了", (Cancel(),)),
    )
    return Found((Prompt("read_back_booking", values, offers),), version=version)


def book_it(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: exactly what was read back is booked; when it has become another, it is read back again."""
    store = context.shop.known_stores[args["store"]]
    digest, _, key = str(args["version"]).partition(".")
    try:
        with savepoint(context.session):
            wish = _wish(context, store, args)
            booker = _booker(context, store, args)
            booked = book(context.session, context.shop, store.id, booker, wish, key=f"chat:{key}", now=context.now)
            _check_as_read_back(booked, digest)
    except _OtherThanReadBackError:
        again = read_back_booking(context, args)
        return Found((Prompt("booking_moved_meanwhile"), *again.say), again.version) if isinstance(again, Found) else again
    except DomainError as refused:
        return refusal(context, refused, store)
    return Done(_told(context, booked))


def _booker(context: Context, store: Store, args: Mapping[str, Any]) -> str | None:
    """In whose name it is: who speaks, or nobody's for a guest that staff of the store write in. Raises: as `require_staff`."""
    if not args.get(WRITTEN_IN):
        return context.diner_id
    require_staff(context.session, context.diner_id, Act.DOOR, store.id)
    return None


def _keeps_the_door(context: Context, store: Store) -> bool:
    staff = find_staff(context.session, context.diner_id)
    return staff is not None and Act.DOOR in MAY[staff.role] and staff.works_in(store.id)


def _own_store(context: Context) -> Store | None:
    """The only store in which a member of staff works who writes a booking for a guest."""
    top = context.state.top
    staff = find_staff(context.session, context.diner_id) if top is not None and top.slots.get(WRITTEN_IN) else None
    theirs = [store for store in context.shop.stores.values() if staff is not None and staff.works_in(store.id)]
    return theirs[0] if len(theirs) == 1 else None


def _check_as_read_back(booked: Booked, digest: str) -> None:
    if _digest_of_booking(booked) != digest:
        raise _OtherThanReadBackError


def _told(context: Context, booked: Booked) -> tuple[Prompt, ...]:
    values = booked_values(context, booked)
    if booked.diner_id is None:
        staff = require_staff(context.session, context.diner_id, Act.DOOR, booked.store_id)
        record_act(context.session, staff, Act.DOOR, f"{booked.id} written in", store_id=booked.store_id, now=context.now)
        party = f"{booked.number} {booked.name}".strip()
        return (Prompt("booking_written_in", values | {"party": party, "tables": booked.room or "、".join(booked.tables)}),)
    if booked.state is BookingState.HELD:
        payment = ask_deposit(context.session, booked.id, diner_id=context.diner_id, now=context.now)
        what = f"{values['store']} {values['time']} {values['people']}，15分钟内付好就订上了"
        return (Prompt("booking_held", values, cards=(deposit_card(payment, what),)),)
    offers = (Offer("改预订", (Ask(CHANGE, {"booking": booked.id}),)), Offer("取消预订", (Ask(CANCEL, {"booking": booked.id}),)))
    name = "booking_requested" if booked.state is BookingState.REQUESTED else "booking_done"
    return (Prompt(name, values, offers), *reminder_asked(context, booked))


def _wish(context: Context, store: Store, args: Mapping[str, Any]) -> Wish:
    people = args["people"]
    wish = Wish(moment_of(store, args["time"], args.get("clock")), people["n"], people.get("kids", 0))
    return with_details(context.shop, store, wish, args)


def _takes_bookings(store: Store) -> bool:
    return bool(store.bookings.open and places_of(store))


def _deposit_said(store: Store, proposal: Proposal) -> str:
    review = "\n这次要等门店确认，确认后马上告诉您" if proposal.reviewed else ""
    if not proposal.deposit_fen or proposal.refund_until is None:
        return review
    until = when_said(store, proposal.refund_until)
    return f"\n订金{yuan(proposal.deposit_fen)}元，到店入座就原路全退；{until}前取消也全退，之后取消或没来就不退了{review}"


def _digest_of_proposal(proposal: Proposal, wish: Wish) -> str:
    stay = proposal.stay
    room, deposit = proposal.place.room, proposal.deposit_fen
    return _digest(proposal.store_id, stay.starts_at, stay.ends_at, wish.people, wish.kids, room, deposit, reviewed=proposal.reviewed)


def _digest_of_booking(booked: Booked) -> str:
    reviewed = booked.state is BookingState.REQUESTED
    room, deposit = booked.room, booked.deposit_fen
    return _digest(booked.store_id, booked.starts_at, booked.ends_at, booked.people, booked.kids, room, deposit, reviewed=reviewed)


def _digest(
    store_id: str, starts_at: datetime, ends_at: datetime, people: int, kids: int, room: str, deposit: Fen, *, reviewed: bool
) -> str:
    """What a yes is bound to: everything that was read back and is not the diner's own words."""
    said = f"{BOOK}|{store_id}|{int(starts_at.timestamp())}|{int(ends_at.timestamp())}|{people}|{kids}|{room}|{deposit}|{reviewed}"
    return hashlib.sha256(said.encode()).hexdigest()[:_SHORTEST_DIGEST]
