"""The floor in short: which tables are free, of which size, and which of them are booked soon."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.effects import Answer, Found, Prompt
from bot.skill import Context
from bot.skills.staff.place import stores_spoken_of
from domain.bookings.listing import bookings_of_day, tables_booked_soon
from domain.bookings.rules import BookingState
from domain.shop.store import Store
from domain.staff.rules import Act
from domain.waitlist.floor import Place
from domain.waitlist.seating import floor_of

_SOON = timedelta(hours=2)  # about as long as a party stays


def free_tables(context: Context, args: Mapping[str, Any]) -> Answer:
    """现在几桌空着: of every store of theirs, or of the one that was named. Args: store."""
    _, stores = stores_spoken_of(context, Act.DOOR, args)
    return Found((Prompt("tables_now", {"lines": "\n".join(_standing(context, store) for store in stores)}),))


def free_places(context: Context, store: Store) -> list[Place]:
    """The tables at which nobody sits and for which nobody is called, the smallest first."""
    _, free = _floor(context, store)
    return sorted(free, key=lambda place: (place.seats, place.code))


def _floor(context: Context, store: Store) -> tuple[Sequence[Place], list[Place]]:
    """Every table, and the free ones: a booked party sits where the staff said so, without a scan."""
    today = context.shop.brand.business_day(context.now, store.timezone)
    soon = tables_booked_soon(context.session, store.id, now=context.now, within=_SOON)
    seated = {
        table
        for booked in bookings_of_day(context.session, store.id, today)
        if booked.state is BookingState.SEATED and context.now < booked.ends_at
        for table in booked.tables
    }
    floor = floor_of(context.session, store, today, now=context.now, booked=soon)
    return floor, [place for place in floor if place.since is None and place.code not in seated]


def _standing(context: Context, store: Store) -> str:
    floor, free = _floor(context, store)
    lines = [f"{store.name}：{len(floor)}桌空着{len(free)}桌" if floor else f"{store.name}：还没有设桌台"]
    for seats in sorted({place.seats for place in free}):
        codes = [f"{place.code}{_booked(store, place.booked_at)}" for place in free if place.seats == seats]
        lines.append(f"{seats}人桌{len(codes)}张：{'、'.join(codes)}")
    return "\n".join(lines)


def _booked(store: Store, booked_at: datetime | None) -> str:
    return f"（{store.clock_said(booked_at)}有订位）" if booked_at else ""
