"""The waiting list in chat: to leave it, and to take or decline the places that are offered."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Deny, SetSlot, Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.experiences.wording import ALL_OFFER, MINE_OFFER, refund_said, store_of, told, waiting_values
from bot.understanding.experience_details import EVENT
from bot.understanding.experience_words import DECLINE, LEAVE, TAKE
from domain.experiences.listing import WaitingPlace, get_waiting, my_experiences
from domain.experiences.waiting import decline_offer, leave_waiting, take_offer
from domain.kernel.ids import new_id
from domain.storage import savepoint

WAITING = "waiting"
_MOST_SHOWN = 5


def which_waiting(context: Context, args: Mapping[str, Any]) -> Answer:
    """The place on a list that is meant: the only one, or that of the experience that was named."""
    mine = my_experiences(context.session, context.diner_id, now=context.now)
    return _which(context, [*mine.waiting, *mine.offers], "which_waiting") or Refused("experiences.not_waiting", offers=(ALL_OFFER,))


def which_offer(context: Context, args: Mapping[str, Any]) -> Answer:
    """The offer that is meant. Who still waits is told so."""
    mine = my_experiences(context.session, context.diner_id, now=context.now)
    found = _which(context, mine.offers, "which_offer")
    if found is not None:
        return found
    if mine.waiting:
        return Refused("experiences.no_offer_yet", waiting_values(context, mine.waiting[0]), (Offer("退出候补", (Ask(LEAVE),)), MINE_OFFER))
    return Refused("experiences.no_offer", offers=(MINE_OFFER, ALL_OFFER))


def leave_list(context: Context, args: Mapping[str, Any]) -> Answer:
    """退出候补: at once. Places that were offered go to the next."""
    place = get_waiting(context.session, str(args[WAITING]), diner_id=context.diner_id)
    if place.offer_until is not None:
        decline_offer(context.session, context.shop, place.id, diner_id=context.diner_id, now=context.now)
    else:
        leave_waiting(context.session, context.shop, place.id, diner_id=context.diner_id, now=context.now)
    return Done((Prompt("experience_list_left", waiting_values(context, place), (ALL_OFFER,)),))


def read_back_offer(context: Context, args: Mapping[str, Any]) -> Answer:
    """What is offered, what it costs, and until when it is kept."""
    place = get_waiting(context.session, str(args[WAITING]), diner_id=context.diner_id)
    if place.offer_until is None or place.offer_until <= context.now:
        return which_offer(context, args)
    experience = context.shop.experiences.get(place.experience_id)
    until = place.starts_at - timedelta(hours=experience.cancel_hours) if experience is not None else None
    money = refund_said(context, place.store_id, place.fen, until)
    version = f"{place.id}.{place.fen}.{new_id(context.now)}"
    values = waiting_values(context, place) | {"money": f"，{money}" if money else ""}
    offers = (Offer("确认要", (Affirm(version),)), Offer("不要了", (Deny(), Start(DECLINE, {WAITING: place.id}))))
    return Found((Prompt("read_back_offered_place", values, offers),), version=version)


def take(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: the places that were kept are the diner's, or wait for their price. Raises: OfferOverError."""
    place_id, fen, key = str(args["version"]).split(".", 2)
    place = get_waiting(context.session, place_id, diner_id=context.diner_id)
    if str(int(place.fen)) != fen and place.offer_until is not None:
        again = read_back_offer(context, args)
        return Found((Prompt("experience_moved_meanwhile"), *again.say), again.version) if isinstance(again, Found) else again
    with savepoint(context.session):
        booked = take_offer(context.session, context.shop, place_id, diner_id=context.diner_id, key=f"chat:{key}", now=context.now)
    return Done((told(context, booked),))


def decline(context: Context, args: Mapping[str, Any]) -> Answer:
    """不要: the places go to the next."""
    place = get_waiting(context.session, str(args[WAITING]), diner_id=context.diner_id)
    decline_offer(context.session, context.shop, place.id, diner_id=context.diner_id, now=context.now)
    return Done((Prompt("experience_offer_declined", waiting_values(context, place), (ALL_OFFER,)),))


def yes(context: Context, args: Mapping[str, Any]) -> Answer:
    """A yes while nothing waits for one: to the places that are offered, where some are."""
    mine = my_experiences(context.session, context.diner_id, now=context.now)
    return Found(then=(Start(TAKE),) if mine.offers else (Affirm(),))


def no(context: Context, args: Mapping[str, Any]) -> Answer:
    """A no while nothing waits for one: whether it means the places that are offered is asked, as they would be gone."""
    mine = my_experiences(context.session, context.diner_id, now=context.now)
    if not mine.offers:
        return Found(then=(Deny(),))
    place = mine.offers[0]
    offers = (Offer("要候补位", (Start(TAKE, {WAITING: place.id}),)), Offer("不要候补位", (Start(DECLINE, {WAITING: place.id}),)))
    return Found((Prompt("experience_offer_stands", waiting_values(context, place), offers),))


def _which(context: Context, places: Sequence[WaitingPlace], ask: str) -> Answer | None:
    top = context.state.top
    ids = ((top.slots if top is not None else {}).get(EVENT) or {}).get("ids", ())
    named = [place for place in places if place.experience_id in ids] or list(places)
    if not named:
        return None
    if len(named) == 1:
        return Found(then=(SetSlot(WAITING, named[0].id),))
    offers = tuple(Offer(_label(context, place), (SetSlot(WAITING, place.id),)) for place in named[:_MOST_SHOWN])
    return Found((Prompt(ask, offers=offers),))


def _label(context: Context, place: WaitingPlace) -> str:
    local = store_of(context, place.store_id).local(place.starts_at)
    return f"{place.experience_name[:8]} {local.month}月{local.day}日 {local:%H:%M}"[:20]
