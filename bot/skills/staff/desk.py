"""Bookings that staff decide about: the yes or the no to one that waits for it, and the tables that a party gets."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.staff.no_way_back import TAKES_BACK, stands
from bot.skills.staff.place import stores_spoken_of
from bot.skills.staff.reservations import STATE_WORDS, coming_bookings, family_of, is_named, of_title, party_said, tables_said
from bot.skills.staff.tables import named_tables
from bot.understanding.desk_words import ANSWER_BOOKING, CHOOSE_TABLES, REASON, WHERE, YES
from bot.understanding.door_words import PARTY_SEATED
from domain.bookings.choosing import choose_tables, is_declared, seats_of
from domain.bookings.errors import BookingOverError, NothingToReviewError, TablesTakenError, TooFewSeatsError
from domain.bookings.listing import Booked, bookings_to_review, get_booking, last_booked
from domain.bookings.requests import answer_request
from domain.bookings.rules import BookingState
from domain.kernel.money import yuan
from domain.kernel.said import day_said
from domain.shop.store import Store
from domain.staff.errors import WrongStoreError
from domain.staff.models import TaskKind
from domain.staff.roster import Staff, names_of, record_act
from domain.staff.rules import Act
from domain.staff.tasks import had_task, who_did

AT_THE_DOOR = timedelta(minutes=30)  # before its time: who is given a table then sits down at it
_MOST_OFFERED = 8


def answer(context: Context, args: Mapping[str, Any]) -> Answer:
    """B018 同意, 陈先生的订位不行，没位了. Args: yes; booking, or number or name, or neither where one alone waits; reason; store."""
    staff, stores = stores_spoken_of(context, Act.DOOR, args)
    booked = _tapped(context, staff, stores, args)
    if booked is None:
        named = [one for store in stores for one in bookings_to_review(context.session, store.id) if is_named(one, args)]
        waiting = of_title(named, args)
        if len(waiting) > 1:
            return Done((Prompt("staff_which_booking", offers=_which(context, ANSWER_BOOKING, args, waiting)),))
        booked = waiting[0] if waiting else _last_asked(context, stores, args)
        if booked is None:
            which = str(args.get("number") or args.get("name") or "")
            return Refused("staff.no_such_request", {"which": which, "store": "、".join(store.name for store in stores[:3])})
    try:
        yes = bool(args[YES])
        after = answer_request(
            context.session, context.shop, booked.id, yes, by=staff.id, reason=str(args.get(REASON, "")), now=context.now
        )
    except NothingToReviewError:
        return _answered_before(context, get_booking(context.session, booked.id))
    subject = f"{after.id} {'approved' if yes else 'declined'}"
    record_act(context.session, staff, Act.DOOR, subject, store_id=after.store_id, now=context.now)
    if after.state is BookingState.HELD:
        asked = Prompt("booking_approved_for_deposit", _values(context, after) | {"deposit": yuan(after.deposit_fen)})
        return stands(Done((asked,)), f"{after.number}同意")
    if yes:
        return stands(Done((Prompt("booking_approved", _values(context, after)),)), f"{after.number}同意")
    told = f"您写的“{after.answer}”会转告客人" if after.answer else "会发消息向客人致歉"
    return stands(Done((Prompt("booking_declined", _values(context, after) | {"told": told}),)), f"{after.number}回绝")


def choose(context: Context, args: Mapping[str, Any]) -> Answer:
    """B018 换到A3, 陈先生坐包间牡丹. Args: booking, or number or name; tables, or where in words; force; store."""
    staff, stores = stores_spoken_of(context, Act.DOOR, args)
    booked = _tapped(context, staff, stores, args)
    if booked is None:
        found = coming_bookings(context, stores, args)
        if not found:
            which = str(args.get("number") or args.get("name") or "")
            return Refused("staff.no_such_booking", {"which": which, "store": "、".join(store.name for store in stores[:3])})
        if len(found) > 1:
            return Done((Prompt("staff_which_booking", offers=_which(context, CHOOSE_TABLES, args, found)),))
        booked = found[0]
    store = context.shop.known_stores[booked.store_id]
    tables = [str(table) for table in args.get("tables", ())] or named_tables(store, str(args.get(WHERE, "")))
    if not tables:
        return Refused("bookings.no_such_table", {"store": store.name, "tables": str(args.get(WHERE, "")).upper()})
    return give_tables(context, staff, store, booked, tables, force=bool(args.get("force")), taken_back=bool(args.get(TAKES_BACK)))


def give_tables(
    context: Context, staff: Staff, store: Store, booked: Booked, tables: Sequence[str], *, force: bool = False, taken_back: bool = False
) -> Done | Refused:
    """Give a booking these tables, and say what staff must know of them; refused, what they could do instead is offered.

    Args:
        taken_back: An undo, which is not undone in its turn.
    """
    this = {"booking": booked.id, "store": store.id}
    try:
        after = choose_tables(
            context.session, context.shop, booked.id, tables, by=staff.id, version=booked.version, now=context.now, force=force
        )
    except TooFewSeatsError as refused:
        anyway = Start(CHOOSE_TABLES, {**this, "tables": [*tables], "force": True})
        return Refused(refused.code, refused.details, (Offer("加椅子，就坐这里", (anyway,)),))
    except TablesTakenError as refused:
        return Refused(refused.code, refused.details)
    except BookingOverError as refused:
        return is_elsewhere(refused)
    values = _values(context, after)
    if after.version == booked.version:
        return Done((Prompt("booking_sits_there", values),))
    record_act(context.session, staff, Act.DOOR, f"{after.id} to {','.join(after.tables)}", store_id=store.id, now=context.now)
    back = {**this, "tables": [*booked.tables], "force": True}
    offers = [Offer(f"换回{tables_said(booked)}"[:20], (Start(CHOOSE_TABLES, back),))]
    if after.state is BookingState.CONFIRMED and after.business_day == context.shop.brand.business_day(context.now, store.timezone):
        offers.insert(0, Offer(f"{party_said(after)} 到了"[:20], (Start(PARTY_SEATED, this),)))
    told = Done((Prompt("booking_has_tables", values | {"notes": _notes(store, after)}, tuple(offers)),))
    return told if taken_back else replace(told, inverse=(Start(CHOOSE_TABLES, {**back, TAKES_BACK: True}),))


def is_elsewhere(refused: BookingOverError) -> Refused:
    """A booking is in a state from which that cannot follow: which one, in the words of the staff."""
    status = STATE_WORDS[BookingState(str(refused.details["state"]))]
    return Refused("staff.booking_is_elsewhere", {"number": refused.details["number"], "status": status})


def _tapped(context: Context, staff: Staff, stores: Sequence[Store], args: Mapping[str, Any]) -> Booked | None:
    """The booking that a tap names; None when it was said in words."""
    if "booking" not in args:
        return None
    booked = get_booking(context.session, str(args["booking"]))
    if not staff.works_in(booked.store_id):
        raise WrongStoreError(name=staff.name)
    return booked


def _last_asked(context: Context, stores: Sequence[Store], args: Mapping[str, Any]) -> Booked | None:
    """The newest booking of a number or a name: nobody waits for an answer to it, and who gives one hears what stands."""
    number, name = str(args.get("number", "")) or None, family_of(str(args.get("name", ""))) or None
    if number is None and name is None:
        return None
    last = [last_booked(context.session, store.id, number=number, name=name) for store in stores]
    return max(filter(None, last), key=lambda booked: booked.id, default=None)


def _answered_before(context: Context, booked: Booked) -> Refused:
    """Somebody was faster, or it waits for nobody: what stands, and who said so."""
    by = ""
    if had_task(context.session, TaskKind.BOOKING, booked.id):
        who = who_did(context.session, TaskKind.BOOKING, booked.id)
        name = names_of(context.session, [who]).get(who, "") if who else ""
        if name:
            by = f"（{name}回的）"
        elif booked.end_reason == "diner":
            by = "（客人自己取消的）"
        elif not who and booked.state is not BookingState.CANCELLED:
            by = "（到点没人回，自动同意的）"
    return Refused("staff.booking_answered", {"number": booked.number, "status": STATE_WORDS[booked.state], "by": by})


def _which(context: Context, intent: str, args: Mapping[str, Any], found: Sequence[Booked]) -> tuple[Offer, ...]:
    said = {key: value for key, value in args.items() if key not in {"number", "name"}}
    several = len({booked.store_id for booked in found}) > 1
    offers = []
    for booked in found[:_MOST_OFFERED]:
        store = context.shop.known_stores[booked.store_id]
        local = store.local(booked.starts_at)
        label = f"{booked.number} {local.day}日{local:%H:%M} {store.name}" if several else f"{party_said(booked)} {local:%m-%d %H:%M}"
        offers.append(Offer(label[:20], (Start(intent, {**said, "booking": booked.id, "store": store.id}),)))
    return tuple(offers)


def _values(context: Context, booked: Booked) -> dict[str, Any]:
    store = context.shop.known_stores[booked.store_id]
    return {
        "party": party_said(booked),
        "store": store.name,
        "time": f"{day_said(store.local(booked.starts_at))} {store.clock_said(booked.starts_at)}",
        "people": booked.people,
        "tables": tables_said(booked),
    }


def _notes(store: Store, booked: Booked) -> str:
    notes = []
    if not is_declared(store, booked.tables):
        notes.append("这几张桌子没设成可拼桌，请现场看看能不能拼")
    if seats_of(store, booked.tables) < booked.people:
        notes.append(f"只有{seats_of(store, booked.tables)}个座位，记得加椅子")
    return "".join(f"{note}。" for note in notes)
