"""A process that books one table many times at once: told to go, it says how often it got the table and how often it was full.

python -m tests.domain.bookings.booking_process URL FIRST COUNT
"""

import asyncio
import sys

import domain.members.models  # noqa: F401 - a booking refers to its diner
from domain.bookings.errors import FullError
from domain.bookings.events import BookingConfirmed, BookingReminderDue
from domain.bookings.finding import Wish
from domain.bookings.service import book
from domain.storage import Database, open_database
from tests.clock import SATURDAY_EVENING
from tests.domain.bookings.floors import SHOP, wall

ROUTES = {BookingConfirmed.name: (), BookingReminderDue.name: ()}
LAST_TABLE = wall("2026-11-28 19:00")


async def book_one(database: Database, number: int) -> str:
    """One party asks for the table."""
    try:
        booked = await database.transaction(book, SHOP, "single", None, Wish(LAST_TABLE, 4), key=f"party {number}", now=SATURDAY_EVENING)
    except FullError as error:
        return "full" if len(error.offers) == 3 else "full without offers"
    return booked.state.value


async def main(url: str, first: int, count: int) -> None:
    """All at once."""
    database = open_database(url, routes=ROUTES)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    outcomes = await asyncio.gather(*(book_one(database, number) for number in range(first, first + count)))
    print(*(f"{outcome}={outcomes.count(outcome)}" for outcome in sorted(set(outcomes))), flush=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
