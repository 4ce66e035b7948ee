"""Bookings as a device asks for them and is shown them."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from console.api.shapes import WHOLE, Day, Given, Instant, Name, Notes, PageQuery, People, Shown, TableCode
from domain.bookings.choosing import is_declared
from domain.bookings.listing import Booked
from domain.bookings.offers import Offer
from domain.bookings.rules import LONGEST_ANSWER, BookingState, Scene
from domain.shop.store import Store

Kids = Annotated[int, Field(ge=0, le=500)]
Text = Annotated[str, StringConstraints(max_length=60)]
_ID = "01KQ3ZK7M5S8W0V2C4D6E8F0G2"


class BookingsQuery(PageQuery):
    """Which bookings."""

    day: Day | None = None
    """The business day; today's when it is left out."""
    state: BookingState | None = None
    """Only those in this state; all of the day when it is left out."""


class OffersQuery(Given):
    """What somebody on the phone asks for."""

    at: Instant
    """When they would like to come."""
    people: Annotated[int, Field(ge=1, le=500), WHOLE]
    """All who come, children included."""
    room: Literal["true", "false"] = "false"
    """`true` for a room and nothing else."""


class NewBooking(Given):
    """A party that the staff write in, from the phone or at the door."""

    EXAMPLE: ClassVar = {"starts_at": "2026-11-28T19:00:00+08:00", "people": 4, "name": "陈先生", "notes": "靠窗"}

    starts_at: Instant
    people: People
    """All who come, children included."""
    kids: Kids = 0
    """How many of them are children."""
    name: Name = ""
    """Whom to ask for at the door."""
    notes: Notes = ""
    """For the staff."""
    scene: Scene | None = None
    room: bool = False
    """A room and nothing else."""
    room_name: Name = ""
    """That room and no other."""
    area: Name = ""
    """The part of the floor they would like."""


class BookingChange(Given):
    """What is another now; what is left out stays."""

    EXAMPLE: ClassVar = {"version": 1, "people": 6, "tables": ["A03", "A04"]}

    version: Annotated[int, Field(ge=1, le=1_000_000)]
    """Of the booking as it was seen: another one by now refuses."""
    starts_at: Instant | None = None
    people: People | None = None
    kids: Kids | None = None
    name: Name | None = None
    notes: Notes | None = None
    scene: Scene | None = None
    room: bool | None = None
    room_name: Name | None = None
    area: Name | None = None
    tables: Annotated[list[TableCode], Field(min_length=1, max_length=12)] | None = None
    """The tables that the staff choose, by their codes."""
    force: bool = False
    """Take the chosen tables though they have too few seats. Never over another party's."""


class BookingAnswer(Given):
    """Yes or no to a booking that waits for the staff."""

    EXAMPLE: ClassVar = {"yes": False, "reason": "当晚包场"}

    yes: bool
    reason: Text = ""
    """The store's own words to the diner, with a no."""


class Cancellation(Given):
    """Why the store takes back a booking."""

    EXAMPLE: ClassVar = {"reason": "今晚停电"}

    reason: Annotated[str, StringConstraints(max_length=LONGEST_ANSWER)] = ""
    """Words for the diner, who reads them; "" for none."""


class Arrival(Given):
    """A booked party that is here."""

    EXAMPLE: ClassVar = {"force": False}

    force: bool = False
    """Whoever has scanned at its table belongs to it: friends who came first."""


class Longer(Given):
    """How much longer a party stays."""

    EXAMPLE: ClassVar = {"minutes": 30}

    minutes: Annotated[int, Field(ge=1, le=600)]


class BookingShown(Shown):
    """A booking as it is now."""

    EXAMPLE: ClassVar = {
        "id": _ID,
        "number": "B018",
        "state": "confirmed",
        "business_day": "2026-11-28",
        "starts_at": "2026-11-28T19:00:00+08:00",
        "ends_at": "2026-11-28T20:45:00+08:00",
        "people": 4,
        "kids": 0,
        "name": "陈先生",
        "notes": "靠窗",
        "scene": None,
        "room": "",
        "area": "",
        "tables": ["A05"],
        "tables_declared": True,
        "by_chat": False,
        "acknowledged": False,
        "deposit_fen": 0,
        "answer_until": None,
        "late_until": "2026-11-28T19:15:00+08:00",
        "end_reason": "",
        "version": 1,
    }

    id: str
    number: str
    """As people say it: counted by store and business day."""
    state: BookingState
    business_day: date
    starts_at: datetime
    ends_at: datetime
    people: int
    kids: int
    name: str
    notes: str
    scene: Scene | None
    room: str
    """The room's name; "" at a table."""
    area: str
    tables: list[str]
    tables_declared: bool
    """Whether the tables are one, a pair or a room of the shop file; else the staff pushed them together on their own account."""
    by_chat: bool
    """Whether a diner booked it, who is told by chat of every change; else the staff wrote it in."""
    acknowledged: bool
    """Whether the diner has said after a reminder that they will come."""
    deposit_fen: int
    """What is or was to be left in advance, in fen."""
    answer_until: datetime | None
    """Until when the deposit, or the answer of the staff, is waited for; unanswered by the staff is yes."""
    late_until: datetime
    """Until when the tables are kept for who is late."""
    end_reason: str
    version: int

    @classmethod
    def of(cls, booked: Booked, store: Store) -> "BookingShown":
        """A booking, in its store's time."""
        return cls(
            id=booked.id,
            number=booked.number,
            state=booked.state,
            business_day=booked.business_day,
            starts_at=store.local(booked.starts_at),
            ends_at=store.local(booked.ends_at),
            people=booked.people,
            kids=booked.kids,
            name=booked.name,
            notes=booked.notes,
            scene=booked.scene,
            room=booked.room,
            area=booked.area,
            tables=list(booked.tables),
            tables_declared=is_declared(store, booked.tables),
            by_chat=booked.diner_id is not None,
            acknowledged=booked.acknowledged,
            deposit_fen=booked.deposit_fen,
            answer_until=None if booked.hold_until is None else store.local(booked.hold_until),
            late_until=store.local(booked.late_until),
            end_reason=booked.end_reason,
            version=booked.version,
        )


class BookingsShown(Shown):
    """A page of a day's bookings, in the order of time."""

    EXAMPLE: ClassVar = {"day": "2026-11-28", "bookings": [BookingShown.EXAMPLE], "next": None}

    day: date
    bookings: list[BookingShown]
    next: str | None
    """Hand it over as `after` for the next page; null on the last one."""


class BookingExcused(Shown):
    """What was taken back."""

    EXAMPLE: ClassVar = {"booking": BookingShown.EXAMPLE | {"state": "no_show"}, "strike_taken_back": True, "refunded_fen": 10000}

    booking: BookingShown
    strike_taken_back: bool
    refunded_fen: int
    """How much of the deposit goes back, in fen."""


class OfferShown(Shown):
    """A place that is free at this moment, in this store or another of the brand."""

    EXAMPLE: ClassVar = {
        "store_id": "chunxi",
        "store_name": "春熙路店",
        "starts_at": "2026-11-28T19:30:00+08:00",
        "ends_at": "2026-11-28T21:15:00+08:00",
        "room": "",
        "said": "19:30",
    }

    store_id: str
    store_name: str
    starts_at: datetime
    ends_at: datetime
    room: str
    said: str
    """As it is said to the guest."""

    @classmethod
    def of(cls, offer: Offer, store: Store) -> "OfferShown":
        """An offer, in the time of the store that was asked."""
        return cls(
            store_id=offer.store_id,
            store_name=offer.store_name,
            starts_at=store.local(offer.starts_at),
            ends_at=store.local(offer.ends_at),
            room=offer.room,
            said=offer.said,
        )


class OffersShown(Shown):
    """At most three, the nearest first."""

    EXAMPLE: ClassVar = {"offers": [OfferShown.EXAMPLE]}

    offers: list[OfferShown]
