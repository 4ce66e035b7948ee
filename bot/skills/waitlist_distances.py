"""From where a number is taken: a location is asked for where the store gives numbers only to who is near, and only a tick is kept."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask, Cancel, SetSlot, Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused, Weight
from bot.dialogue.flows import Flow, Slot
from bot.skill import Context, Skill
from bot.understanding.queue_words import DISTANCE, PLACE, TAKE
from domain.waitlist.distances import Distance, distance_of, tell_distance
from domain.waitlist.errors import NotInLineError
from domain.waitlist.line import Ticket, find_ticket
from domain.waitlist.rules import IN_LINE

_TELL = "tell_queue_distance"
_LATER = Offer("到店再取", (Cancel(),))
_TOLD = {Distance.NEAR: "queue_is_near", Distance.FAR: "queue_is_far"}


def ask_distance(context: Context, args: Mapping[str, Any]) -> Answer:
    """Where the diner is, at a store that gives numbers to who is near; at others nobody is asked."""
    frame = context.state.frame(TAKE)
    store = context.shop.known_stores.get(str(frame.slots.get("store"))) if frame is not None else None
    if store is None or store.waitlist.from_afar != "near":
        return Found(then=(SetSlot(DISTANCE, ""),))
    return Found((Prompt("ask_queue_place", {"store": store.name, "km": f"{store.waitlist.near_km:f}"}, (_LATER,)),))


def place_sent(context: Context, args: Mapping[str, Any]) -> Answer:
    """A location: for the number that is being taken, or for one that waits; else the stores around it. Args: place."""
    latitude, longitude = args["place"]
    frame = context.state.frame(TAKE)
    if frame is not None and "store" in frame.slots and DISTANCE not in frame.slots:
        tick = distance_of(context.shop.known_stores[str(frame.slots["store"])], latitude, longitude)
        return Found(then=(SetSlot(DISTANCE, "" if tick is None else tick.value),))
    ticket = _in_line(context)
    tick = None if ticket is None else distance_of(context.shop.known_stores[ticket.store_id], latitude, longitude)
    if tick is None:
        return Found(then=(Ask("find_store", dict(args)),))
    return Found(then=(Start(_TELL, {DISTANCE: tick.value}),))


def tell(context: Context, args: Mapping[str, Any]) -> Answer:
    """The door knows whether a party that waits is near; who is far keeps the place, and is told to set off in time."""
    ticket = _in_line(context)
    if ticket is None:
        return Refused(NotInLineError.code)
    tick = Distance(args[DISTANCE])
    tell_distance(context.session, ticket, tick)
    return Done((Prompt(_TOLD[tick], {"number": ticket.number, "store": context.shop.known_stores[ticket.store_id].name}),))


def _in_line(context: Context) -> Ticket | None:
    ticket = find_ticket(context.session, context.diner_id)
    if ticket is None or ticket.state not in IN_LINE:
        return None
    zone = context.shop.known_stores[ticket.store_id].timezone
    return ticket if ticket.business_day == context.shop.brand.business_day(context.now, zone) else None


SKILL = Skill(
    intents={PLACE: place_sent},
    flows=(
        Flow(
            _TELL,
            "告诉门口离店多远",
            act="tell_queue_distance",
            weight=Weight.SMALL,
            slots=(Slot(DISTANCE, "ask_queue_place", takes=DISTANCE, title="位置"),),
        ),
    ),
    effects={"ask_queue_distance": ask_distance, "tell_queue_distance": tell},
)
