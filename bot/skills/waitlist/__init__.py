"""The waitlist in chat: take a number, how it stands, go away; on the way, at the door, another party, and back after a missed call."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.asking import ask_to_allow
from bot.dialogue.commands import Ask, SetSlot, Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused, Weight
from bot.dialogue.flows import Flow, Slot
from bot.skill import Context, Skill
from bot.skills.waitlist.wording import (
    BACK,
    BACK_IN_LINE,
    CHANGE_PARTY,
    LEAVE_OFFER,
    LOOK,
    OTHER_PARTY,
    booked_soon,
    dishes_said,
    lines_said,
    number_of,
    preorder_of,
    standing_said,
    stands,
    store_just_told,
    store_name,
    values_of,
    with_preorder,
)
from bot.understanding.booking_words import ARRIVED, CHANGE
from bot.understanding.experience_words import LEAVE as LEAVE_PLACES
from bot.understanding.experience_words import MINE as MY_PLACES
from bot.understanding.queue_words import AMONG, DIGITS, DISTANCE, DOOR, DOOR_CODE, HERE, JOIN, LEAVE, ON_THE_WAY, PARTY, STATUS, TAKE
from domain.experiences.listing import my_experiences
from domain.messages.kinds import QUEUE_CALL
from domain.preorders.service import take_along
from domain.waitlist.arriving import confirm_presence, say_on_the_way
from domain.waitlist.calling import requeue
from domain.waitlist.distances import Distance, check_distance
from domain.waitlist.errors import (
    AlreadyInLineError,
    AtTheDoorOnlyError,
    NotInLineError,
    NumberTooSoonError,
    PartySizeError,
    QueueClosedError,
)
from domain.waitlist.line import Ticket
from domain.waitlist.presence import PresenceOutcome, asks_for_presence, door_key
from domain.waitlist.rules import AT_CALL, IN_LINE, ONE_NUMBER_IN, TicketState
from domain.waitlist.service import Standing, change_people, leave, next_number_at, take_number

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


def scan_door(context: Context, args: Mapping[str, Any]) -> Answer:
    """The code at a store's door: how the diner's number stands, or a new one is taken. Args: store, as it stands in the code."""
    store = context.shop.stores.get(str(args["store"]))
    if store is None:
        return Done(then=(Ask("unknown_code"),))
    if number_of(context) is not None:
        return queue_status(context, {})
    return Done(then=(Ask(JOIN, {"store": store.id, DISTANCE: Distance.DOOR.value}),))


def join(context: Context, args: Mapping[str, Any]) -> Answer:
    """取号: who cannot take a number is told before any question; who can, how many wait.

    Args: store and people, where they were said; distance, when the code at the door was scanned.
    """
    if number_of(context) is not None:
        return _already(context)
    store = context.shop.stores.get(str(args.get("store") or store_just_told(context))) or context.store()
    again = next_number_at(context.session, context.diner_id, now=context.now)
    if again is not None:
        clock = store or next(iter(context.shop.stores.values()))
        raise NumberTooSoonError(at=clock.clock_said(again), hours=ONE_NUMBER_IN // _HOUR)
    if store is None:
        return Done(then=(Start(TAKE, dict(args)),))
    if store.id not in context.shop.stores or not store.is_open(context.now):
        raise QueueClosedError(store=store.name)
    said = dict(args) | {"store": store.id}
    if store.waitlist.from_afar != "near":  # else the flow asks for it
        check_distance(store, _distance(args))
        said = {DISTANCE: ""} | said
    lines = () if "people" in args else (Prompt("queue_at_store", {"store": store.name, "lines": lines_said(context, store)}),)
    return Done(lines, then=(Start(TAKE, said),))


def ask_store(context: Context, args: Mapping[str, Any]) -> Answer:
    """At which of the stores that are open they wait."""
    open_now = [one for one in context.shop.stores.values() if one.tables and one.is_open(context.now)]
    if not open_now:
        raise QueueClosedError(store=context.shop.brand.name)
    open_now = [one for one in open_now if one.waitlist.from_afar != "no"]
    if not open_now:
        raise AtTheDoorOnlyError(store=context.shop.brand.name)
    named = context.state.top.slots.get(AMONG, ()) if context.state.top is not None else ()
    open_now = [one for one in open_now if one.id in named] or open_now
    return Found((Prompt("ask_queue_store", offers=tuple(Offer(one.name[:20], (SetSlot("store", one.id),)) for one in open_now)),))


def take(context: Context, args: Mapping[str, Any]) -> Answer:
    """The number, its place in its own line and the promised range; a party that is too large may say another size."""
    if number_of(context) is not None:
        return _already(context)
    store = context.shop.known_stores[str(args["store"])]
    try:
        standing = take_number(
            context.session,
            context.shop,
            store.id,
            context.diner_id,
            int(args["people"]["n"]),
            by=context.diner_id,
            now=context.now,
            booked=booked_soon(context, store.id),
            distance=_distance(args),
        )
    except PartySizeError as refused:
        return Refused(refused.code, refused.details, slot="people")
    context.number = standing.ticket
    chosen = with_preorder(context) if take_along(context.session, standing.ticket) else ()
    told = (standing_said(context, standing, "queue_number"), *chosen, *_presence_hint(context, standing.ticket))
    return Done((*told, *_asks_for_the_call(context, standing)), inverse=(Start(LEAVE),))


def queue_status(context: Context, args: Mapping[str, Any]) -> Answer:
    """How the diner's number stands; without one, how long the lines of the store are. Args: store, when one was named."""
    ticket = number_of(context)
    if ticket is not None:
        return Found((stands(context, ticket), *with_preorder(context)))
    if _waits_for_places(context):
        return Found(then=(Ask(MY_PLACES),))
    asked = context.state.frame(TAKE)
    named = args.get("store") or (asked.slots.get("store") if asked is not None else None)
    store = context.shop.stores.get(str(named)) or context.store()
    take_one = (Offer("取号", (Ask(JOIN, {"store": store.id} if store else {}),)),)
    if store is None or not store.is_open(context.now):
        return Refused(NotInLineError.code, offers=take_one if store is None else ())
    return Found((Prompt("queue_lines", {"store": store.name, "lines": lines_said(context, store)}, take_one),))


def go_away(context: Context, args: Mapping[str, Any]) -> Answer:
    """不排了. The number is given up at once; it still counts for some hours, which is said."""
    if number_of(context) is None and _waits_for_places(context):
        return Done(then=(Ask(LEAVE_PLACES),))
    preorder = preorder_of(context)
    gone = (Prompt("preorder_gone_with_number", {"dishes": dishes_said(preorder)}),) if preorder is not None and preorder.confirmed else ()
    ticket = leave(context.session, context.shop, context.diner_id, now=context.now)
    context.number = None
    values = {"store": store_name(context, ticket), "number": ticket.number, "hours": ONE_NUMBER_IN // _HOUR}
    return Done((Prompt("queue_left", values), *gone))


def on_the_way(context: Context, args: Mapping[str, Any]) -> Answer:
    """我在路上: the door knows that the party comes. Who was not called yet is told how the number stands."""
    ticket = number_of(context)
    if ticket is None:
        return Done((Prompt("no_number_on_the_way"),))
    if ticket.state != TicketState.CALLED:
        return Done((stands(context, ticket),))
    gone = say_on_the_way(context.session, context.diner_id, now=context.now)
    return Done((Prompt("queue_on_the_way", values_of(context, gone)),))


def here(context: Context, args: Mapping[str, Any]) -> Answer:
    """我到了, with the code of the door's screen where there is one: from then on the party may be called, or is known to have come."""
    ticket = number_of(context)
    if ticket is None:
        return Done((Prompt("fallback"),)) if context.seat is not None else Done(then=(Ask(ARRIVED),))
    if ticket.state == TicketState.MISSED or not asks_for_presence(context.session, ticket.store_id):
        return Done((stands(context, ticket),))
    code = args.get(DOOR_CODE)
    if code is None:
        known = ticket.present_at is not None and ticket.state not in AT_CALL
        return Done((stands(context, ticket),) if known else (Prompt("queue_show_presence", {"number": ticket.number}),))
    key = door_key(context.member_code_key)
    outcome = confirm_presence(context.session, context.diner_id, str(code), key=key, now=context.now)
    if outcome is not PresenceOutcome.HERE:
        name = "door_code_wrong" if outcome is PresenceOutcome.WRONG else "door_code_over"
        return Done((Prompt(name, {"number": ticket.number}),))
    present = number_of(context) or ticket
    return Done((Prompt("queue_present"), stands(context, present)))


def door_digits(context: Context, args: Mapping[str, Any]) -> Answer:
    """Four digits alone: those of the door from whoever waits; of anybody else nothing was understood."""
    return Found((Prompt("fallback"),)) if number_of(context) is None else Found(then=(Ask(HERE, dict(args)),))


def party_changed(context: Context, args: Mapping[str, Any]) -> Answer:
    """改成6个人: of the number that waits; else of a booking."""
    ticket = number_of(context)
    waits = ticket is not None and ticket.state in IN_LINE
    return Found(then=(Start(CHANGE_PARTY, {"people": args["people"]}) if waits else Ask(CHANGE, dict(args)),))


def change_party(context: Context, args: Mapping[str, Any]) -> Answer:
    """Another party: in another line the number is another, and the place that of the time it was taken."""
    ticket = number_of(context)
    if ticket is None:
        raise NotInLineError
    said = args["people"]
    people = ticket.people + int(said["n"]) if said.get("delta") else int(said["n"])
    try:
        standing = change_people(
            context.session,
            context.shop,
            ticket.store_id,
            ticket.id,
            people,
            by=context.diner_id,
            now=context.now,
            booked=booked_soon(context, ticket.store_id),
        )
    except PartySizeError as refused:
        return Refused(refused.code, refused.details, slot="people")
    renewed = standing.ticket.number != ticket.number
    back = Start(CHANGE_PARTY, {"people": {"n": ticket.people, "kids": 0, "approx": False, "delta": False}})
    return Done((standing_said(context, standing, "queue_renumbered" if renewed else "queue_people"),), inverse=(back,))


def queue_again(context: Context, args: Mapping[str, Any]) -> Answer:
    """Back in line once, after a missed call; where exactly is told by the message that follows, whoever asked for it."""
    ticket = number_of(context)
    if ticket is None:
        raise NotInLineError
    back = requeue(context.session, context.shop, ticket.store_id, ticket.id, by=context.diner_id, now=context.now)
    return Done((Prompt("queue_goes_back", {"number": back.number}),))


def _waits_for_places(context: Context) -> bool:
    """Whether who has no number waits for places in an experience: 「排第几」 and 「不等了」 are of those then."""
    mine = my_experiences(context.session, context.diner_id, now=context.now)
    return bool(mine.waiting or mine.offers)


def _already(context: Context) -> Answer:
    ticket = number_of(context)
    assert ticket is not None
    if ticket.state == TicketState.MISSED:
        return Refused("waitlist.call_missed", values_of(context, ticket), (BACK, LEAVE_OFFER))
    values = {"store": store_name(context, ticket), "number": ticket.number}
    return Refused(AlreadyInLineError.code, values, (LOOK, OTHER_PARTY, LEAVE_OFFER) if ticket.state in IN_LINE else (LOOK, LEAVE_OFFER))


def _presence_hint(context: Context, ticket: Ticket) -> tuple[Prompt, ...]:
    return (Prompt("queue_presence_hint"),) if asks_for_presence(context.session, ticket.store_id) else ()


def _distance(args: Mapping[str, Any]) -> Distance | None:
    return Distance(args[DISTANCE]) if args.get(DISTANCE) else None


def _asks_for_the_call(context: Context, standing: Standing) -> tuple[Prompt, ...]:
    wait = standing.eta.high if standing.eta is not None else 0
    return ask_to_allow(context, QUEUE_CALL, needed_at=context.now + wait * _MINUTE)


SKILL = Skill(
    intents={JOIN: join, STATUS: queue_status, DOOR: scan_door, DIGITS: door_digits, PARTY: party_changed},
    flows=(
        Flow(
            TAKE,
            "排队取号",
            act="take_queue_number",
            weight=Weight.SMALL,
            slots=(
                Slot("store", "ask_queue_store", takes="store", asks_by_query=True, title="门店", clears=(DISTANCE,)),
                Slot("people", "ask_queue_people", takes="people", title="人数"),
                Slot(DISTANCE, "ask_queue_distance", takes=DISTANCE, asks_by_query=True, title="位置"),
            ),
        ),
        Flow(LEAVE, "退号", act="leave_line", weight=Weight.SMALL),
        Flow(ON_THE_WAY, "告诉门口在路上", act="say_on_the_way", weight=Weight.SMALL),
        Flow(HERE, "到店", act="say_here", weight=Weight.SMALL),
        Flow(
            CHANGE_PARTY,
            "改排队人数",
            act="change_party",
            weight=Weight.SMALL,
            slots=(Slot("people", "ask_new_party", takes="people", title="人数"),),
        ),
        Flow(BACK_IN_LINE, "重新排队", act="queue_again", weight=Weight.SMALL),
    ),
    effects={
        "ask_queue_store": ask_store,
        "take_queue_number": take,
        "leave_line": go_away,
        "say_on_the_way": on_the_way,
        "say_here": here,
        "change_party": change_party,
        "queue_again": queue_again,
    },
)
