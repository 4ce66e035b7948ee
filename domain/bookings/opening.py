"""When a store receives guests, as instants: its opening hours by the wall clock, over midnight and over changes of summer time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.bookings.rules import UNIT, ceil_unit
from domain.shop.store import Store


@dataclass(frozen=True, slots=True)
class Opening:
    """A time without a break in which a store is open; half-open. `last` is the last seating."""

    opens_at: datetime
    closes_at: datetime
    last: datetime


def openings_around(store: Store, moment: datetime) -> list[Opening]:
    """The openings of a store on the local day of an instant, the day before it and the day after it, in order.

    Windows that meet, also at midnight, are one opening.
    """
    today = store.local(moment).date()
    spans: list[tuple[datetime, datetime]] = []
    for day in (today + timedelta(days=step) for step in (-1, 0, 1, 2)):
        for opens, closes in store.hours[day.weekday()]:
            begins, ends = _instant(store, day, opens), _instant(store, day, closes)
            if spans and begins <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], ends))
            elif begins < ends:
                spans.append((begins, ends))
    last = timedelta(minutes=store.bookings.last_minutes)
    return [Opening(begins, ends, ends - last) for begins, ends in spans]


def opening_at(store: Store, moment: datetime) -> Opening | None:
    """The opening in which a party may be seated at an instant: open, and not after the last seating. None: it may not."""
    return next((opening for opening in openings_around(store, moment) if opening.opens_at <= moment <= opening.last), None)


def seatings_around(store: Store, moment: datetime) -> list[tuple[datetime, Opening]]:
    """The quarters of an hour at which parties may be seated, a day around an instant, the nearest first; of two, the earlier.

    Returns:
        Each with the opening it is in.
    """
    found: list[tuple[datetime, Opening]] = []
    for opening in openings_around(store, moment):
        begins = max(ceil_unit(opening.opens_at), ceil_unit(moment - timedelta(days=1)))
        ends = min(opening.last, moment + timedelta(days=1))
        found += [(begins + number * UNIT, opening) for number in range((ends - begins) // UNIT + 1)]
    return sorted(found, key=lambda seating: (abs(seating[0] - moment), seating[0]))


def _instant(store: Store, day: date, minutes: int) -> datetime:
    """A wall-clock time, in minutes after midnight of a day, as an instant. One that the clock skips is an hour later."""
    days, minute = divmod(minutes, 24 * 60)
    local = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60), store.zone)
    return local.astimezone(UTC)
