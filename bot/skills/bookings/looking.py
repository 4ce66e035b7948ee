"""我的预订, and the one-word answer to a reminder."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.dialogue.commands import Ask, Cancel
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.messages import Card
from bot.skill import Context
from bot.skills.bookings.wording import booked_values, deposit_card
from bot.understanding.booking_words import BOOK, CANCEL, CHANGE
from bot.understanding.experience_words import CANCEL as CANCEL_PLACE
from bot.understanding.queue_words import JOIN, LEAVE, ON_THE_WAY, STATUS
from domain.bookings.deposits import ask_deposit
from domain.bookings.lifecycle import acknowledge_booking
from domain.bookings.listing import bookings_of
from domain.bookings.rules import COMING, BookingState
from domain.experiences.listing import my_experiences
from domain.waitlist.rules import AT_CALL

_STATES = {
    BookingState.REQUESTED: "等门店确认",
    BookingState.HELD: "等付订金",
    BookingState.CONFIRMED: "已订好",
    BookingState.SEATED: "已入座",
}
_MOST_SHOWN = 8
_EARLY = timedelta(hours=2)  # who says 到了 so long before is here for the booking


def view_bookings(context: Context, args: Mapping[str, Any]) -> Answer:
    """The bookings to come, the soonest first; a deposit that is waited for with the card that pays it."""
    living = bookings_of(context.session, context.diner_id, now=context.now)
    if not living:
        return Found((Prompt("no_bookings", offers=(Offer("订位", (Ask(BOOK),)),)),))
    lines: list[str] = []
    cards: list[Card] = []
    for booked in living[:_MOST_SHOWN]:
        values = booked_values(context, booked)
        lines.append("{number} {store} {time} {people}，{place}".format(**values) + f"（{_STATES[booked.state]}）")
        if booked.state is BookingState.HELD and not cards:
            payment = ask_deposit(context.session, booked.id, diner_id=context.diner_id, now=context.now)
            cards.append(deposit_card(payment, "{store} {time} {people}".format(**values)))
    changeable = any(booked.state in COMING for booked in living)
    offers = (Offer("改预订", (Ask(CHANGE),)), Offer("取消预订", (Ask(CANCEL),))) if changeable else ()
    late = booked_values(context, living[0])["late"]
    return Found((Prompt("bookings", {"lines": "\n".join(lines), "late": late}, offers, tuple(cards)),))


def arrived(context: Context, args: Mapping[str, Any]) -> Answer:
    """我到了 of somebody without a number in line: the booking of now is told with what to say at the door."""
    living = bookings_of(context.session, context.diner_id, now=context.now)
    here = next((one for one in living if one.state is BookingState.CONFIRMED and one.starts_at - context.now <= _EARLY), None)
    if here is None:
        return Found((Prompt("no_number_here", offers=(Offer("取号", (Ask(JOIN),)),)),))
    return Found((Prompt("booking_here", booked_values(context, here)),))


def gone(context: Context, args: Mapping[str, Any]) -> Answer:
    """来不了了: the number in line is given up, the booking or the places in an experience cancelled; who has several says which."""
    books = any(one.state in COMING for one in bookings_of(context.session, context.diner_id, now=context.now))
    places = bool(my_experiences(context.session, context.diner_id, now=context.now).bookings)
    ways = (
        ("在排队", "不排了", LEAVE, context.number),
        ("订了位", "取消预订", CANCEL, books),
        ("报了活动", "取消报名", CANCEL_PLACE, places),
    )
    offers = tuple(Offer(label, (Ask(intent),)) for _, label, intent, there in ways if there)
    if len(offers) > 1:
        return Found((Prompt("gone_from_which", {"has": "，也".join(said for said, _, _, there in ways if there)}, offers),))
    if not offers and context.seat is not None:
        return Found(then=(Cancel(),))  # 「不吃了」 of who sits
    return Found(then=offers[0].commands if offers else (Ask(CANCEL),))


def late(context: Context, args: Mapping[str, Any]) -> Answer:
    """晚到10分钟: who was called to a table is on the way to it; of who waits without a booking it is how the number stands."""
    called = context.number is not None and context.number.state in AT_CALL
    books = any(one.state in COMING for one in bookings_of(context.session, context.diner_id, now=context.now))
    waits = context.number is not None and not books
    return Found(then=(Ask(ON_THE_WAY) if called else Ask(STATUS) if waits else Ask(CHANGE, dict(args)),))


def come(context: Context, args: Mapping[str, Any]) -> Answer:
    """确认到店: the next party that is expected will come. Known again, it is said again."""
    living = bookings_of(context.session, context.diner_id, now=context.now)
    coming = next((booked for booked in living if booked.state is BookingState.CONFIRMED), None)
    if coming is None:
        waiting = any(booked.state in COMING for booked in living)
        return Refused("bookings.waits" if waiting else "bookings.none", offers=(Offer("我的预订", (Ask("view_bookings"),)),))
    acknowledge_booking(context.session, coming.id, diner_id=context.diner_id, now=context.now)
    return Done((Prompt("booking_acknowledged", booked_values(context, coming)),))
