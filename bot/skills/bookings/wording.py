"""A booking in words, what a diner said as a wish, and how a refusal is answered while the talk goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.asking import ask_to_allow, last_reminder
from bot.dialogue.commands import Ask, Handoff, SetSlot
from bot.dialogue.effects import Answer, Found, Offer, Prompt, Refused
from bot.dialogue.slots import PEOPLE, TIME, spoken
from bot.messages import Card
from bot.skill import Context
from bot.understanding.booking_words import BANQUET, CHANGE, COUPLE, FAMILY, KIDS, NAME, NOTES, ROOM, SCENE
from domain.bookings.errors import (
    AlreadyBookedError,
    BadPartyError,
    BookingsClosedError,
    FullError,
    NoRoomError,
    OutsideHoursError,
    PartyTooLargeError,
    TooFarError,
    TooSoonError,
)
from domain.bookings.finding import Kind, Place, Wish, places_of
from domain.bookings.listing import Booked
from domain.bookings.offers import Offer as FreePlace
from domain.bookings.rules import Scene
from domain.bookings.wishes import earliest_start
from domain.kernel.errors import DomainError
from domain.kernel.money import yuan
from domain.kernel.text import fold
from domain.messages.kinds import BOOKING_REMINDER
from domain.payments.models import Payment
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store

_SCENES = {BANQUET: Scene.BANQUET, FAMILY: Scene.FAMILY, COUPLE: Scene.COUPLE}
_SCENE_TITLES = {scene: words for words, scene in _SCENES.items()}
_ROOMS = ("包间", "包厢", "包房", "雅间", "包箱", "贵宾房")
_NOON = 12
_NIGHT_ENDS = 4  # o'clock: who says 晚上1点 means after midnight
_AMENDABLE = (OutsideHoursError, FullError, TooSoonError, TooFarError, BadPartyError, NoRoomError, PartyTooLargeError, BookingsClosedError)
_HALL = "大厅"


def moment_of(store: Store, said: Mapping[str, Any], clock: Mapping[str, Any] | None = None) -> datetime:
    """The instant that was said, by the store's clock. Args: clock: The time of day, where the day alone was said before."""
    clock = clock or {}
    day, at = date.fromisoformat(said["date"]), time.fromisoformat(said["time"] or clock["time"])
    if said["time"] is None:
        hour = _hour_of(said.get("part"), at.hour)
        day, at = day + timedelta(days=hour // 24), at.replace(hour=hour % 24)
    return datetime.combine(day, at, tzinfo=store.zone)


def _hour_of(part: str | None, hour: int) -> int:
    """An hour said after a part of the day: 「明天晚上」 and then 「7」, 「后天中午」 and then 「12点」; 24 and more is after midnight."""
    half = hour % _NOON
    match part:
        case "morning" if half > _NIGHT_ENDS:
            return half
        case "noon" if half >= 10 or hour < _NIGHT_ENDS:
            return half if half >= 10 else half + _NOON
        case "afternoon" if hour < _NOON:
            return hour + _NOON
        case "evening" | "night" if hour <= _NOON:
            return half + _NOON if half > _NIGHT_ENDS else half + 2 * _NOON
    return hour


def time_value(store: Store, moment: datetime) -> dict[str, Any]:
    """An instant as the value of a time slot."""
    local = store.local(moment)
    value = {"date": local.date().isoformat(), "time": f"{local:%H:%M}", "part": None, "grain": "minute", "approx": False}
    return value | {"delta_minutes": None, "alternatives": []}


def with_details(shop: ShopSnapshot, store: Store, wish: Wish, args: Mapping[str, Any]) -> Wish:
    """A wish with the place, occasion, children, name and notes that were said."""
    if ROOM in args:
        wish = _placed(shop, store, wish, str(args[ROOM]))
    if KIDS in args:
        wish = replace(wish, kids=int(args[KIDS]))
    if SCENE in args:
        wish = replace(wish, scene=_SCENES.get(args[SCENE]))
    if NAME in args:
        wish = replace(wish, name=str(args[NAME]))
    if NOTES in args:
        wish = replace(wish, notes="；".join(filter(None, (str(args[NOTES]), wish.notes))))
    return wish


def _placed(shop: ShopSnapshot, store: Store, wish: Wish, said: str) -> Wish:
    """The room or the part of the floor that was named; a part that the store does not know is a note for its staff."""
    named = next((room.name for room in store.rooms if fold(room.name) in fold(said)), "")
    elsewhere = any(fold(room.name) in fold(said) for other in shop.stores.values() for room in other.rooms)
    if named or elsewhere or any(word in said for word in _ROOMS):
        return replace(wish, room=True, room_name=named, area="")
    areas = {place.area for place in places_of(store) if place.area and place.kind is not Kind.ROOM}
    area = next((area for area in areas if fold(area) in fold(said) or fold(said) in fold(area)), "")
    wish = replace(wish, room=False, room_name="", area=area)
    return wish if area or said == _HALL else replace(wish, notes="；".join(filter(None, (f"想要{said}", wish.notes))))


def when_said(store: Store, moment: datetime) -> str:
    """Day, weekday and time at the store: 11月28日周六 19:00."""
    return spoken(TIME, time_value(store, moment))


def people_said(people: int, kids: int, *, approx: bool = False) -> str:
    """The party: 8人（含2个孩子）."""
    return spoken(PEOPLE, {"n": people, "kids": kids, "approx": approx})


def place_said(place: Place) -> str:
    """Where they will sit, without the number of the table, which staff may still change."""
    if place.room:
        return f"包间“{place.room}”"
    area = place.area or _HALL
    return f"{area}（两张桌拼在一起）" if place.kind is Kind.PAIR else area


def place_of(store: Store, booked: Booked) -> Place:
    """The place of a booking; one that the shop file no longer has is told by what is known."""
    known = next((place for place in places_of(store) if tuple(sorted(place.tables)) == tuple(sorted(booked.tables))), None)
    return known or Place(Kind.ROOM if booked.room else Kind.TABLE, booked.tables, booked.people, booked.area, booked.room)


def details_said(wish: Wish) -> str:
    """Occasion, name and notes, on a line of their own; "" without."""
    scene = _SCENE_TITLES.get(wish.scene, "") if wish.scene else ""
    parts = (scene, f"称呼：{wish.name}" if wish.name else "", f"备注：{wish.notes}" if wish.notes else "")
    said = "，".join(filter(None, parts))
    return f"\n{said}" if said else ""


def reminder_asked(context: Context, booked: Booked) -> tuple[Prompt, ...]:
    """Whether the diner wants to be reminded, where the window of today's talk will be closed by then."""
    last = last_reminder(booked.starts_at, context.shop.known_stores[booked.store_id].zone, now=context.now)
    return () if last is None else ask_to_allow(context, BOOKING_REMINDER, needed_at=last)


def booked_values(context: Context, booked: Booked) -> dict[str, Any]:
    """What every response about a booking may say."""
    store = context.shop.known_stores[booked.store_id]
    return {
        "number": booked.number,
        "store": store.name,
        "time": when_said(store, booked.starts_at),
        "until": store.clock_said(booked.ends_at),
        "people": people_said(booked.people, booked.kids),
        "place": place_said(place_of(store, booked)),
        "details": details_said(booked.wish),
        "late": int((booked.late_until - booked.starts_at) // timedelta(minutes=1)),
        "deposit": yuan(booked.deposit_fen),
    }


def deposit_card(payment: Payment, what: str) -> Card:
    """The card that opens the page on which a deposit is paid."""
    return Card(f"待付订金 ￥{yuan(payment.fen)}", what, f"/pay/{payment.id}", "/p/static/bill.png")


def refusal(context: Context, refused: DomainError, store: Store, *, before: Sequence[Prompt] = ()) -> Answer:
    """What cannot be had as it was said stays open to be said otherwise, with what could be had instead; the rest is refused.

    Args:
        before: Said first.
    """
    offers: tuple[Offer, ...] = ()
    people = int(str(refused.details.get("people", 1)))
    if isinstance(refused, AlreadyBookedError):
        return Refused(refused.code, refused.details, (Offer("改预订", (Ask(CHANGE),)),))
    if not isinstance(refused, _AMENDABLE):
        return Refused(refused.code, refused.details)
    if isinstance(refused, OutsideHoursError | FullError):
        offers = tuple(_offer(context, store, free) for free in refused.offers)
    elif isinstance(refused, TooSoonError):
        first = earliest_start(store, now=context.now)
        offers = (Offer(when_said(store, first)[:20], (SetSlot(TIME, time_value(store, first)),)),)
    elif isinstance(refused, NoRoomError):
        hall = any(place.seats >= people for place in places_of(store) if place.kind is not Kind.ROOM)
        offers = ((Offer("大厅也行", (SetSlot(ROOM, _HALL),)),) if hall else ()) + _other_stores(context, store, people)
    elif isinstance(refused, PartyTooLargeError):
        offers = (Offer("转人工", (Handoff(),)), *_other_stores(context, store, people))
    elif isinstance(refused, BookingsClosedError):
        offers = _other_stores(context, store, people)
    words = "refused_" + refused.code.replace(".", "_")
    return Found((*before, Prompt(words, refused.details, offers)))


def _offer(context: Context, store: Store, free: FreePlace) -> Offer:
    there = context.shop.known_stores[free.store_id]
    moved = (SetSlot("store", free.store_id),) if free.store_id != store.id else ()
    return Offer(free.said[:20], (*moved, SetSlot("time", time_value(there, free.starts_at))))


def _other_stores(context: Context, store: Store, people: int) -> tuple[Offer, ...]:
    """Up to two others that take bookings, and have a place for so many."""
    others = [other for other in context.shop.stores.values() if other.id != store.id and other.bookings.open]
    fitting = [other for other in others if any(place.seats >= people for place in places_of(other))]
    return tuple(Offer(other.name[:20], (SetSlot("store", other.id),)) for other in fitting[:2])
