"""A process whose diners all want the last places of one session at once: told to go, it says how often they got them.

python -m tests.domain.experiences.experience_process URL FIRST COUNT
"""

import asyncio
import sys

import domain.members.models  # noqa: F401 - a booking refers to its diner
from domain.experiences.errors import SessionFullError
from domain.experiences.service import book_experience
from domain.experiences.wishes import ExperienceWish
from domain.storage import Database, open_database
from tests.clock import SATURDAY_EVENING
from tests.conftest import Nobody
from tests.domain.experiences.calendar import SHOP, wall

LAST = ExperienceWish("tasting", "one", wall("2026-11-29 10:00"), 2)


async def book_one(database: Database, number: int) -> str:
    """A diner wants two places."""
    diner = f"crowd-{number}"
    try:
        booked = await database.transaction(book_experience, SHOP, LAST, diner_id=diner, key=f"turn of {diner}", now=SATURDAY_EVENING)
    except SessionFullError as error:
        return "full" if len(error.sessions) == 3 else "full-without-others"
    return booked.state.value


async def main(url: str, first: int, count: int) -> None:
    """All at once."""
    database = open_database(url, routes=Nobody())
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    outcomes = await asyncio.gather(*(book_one(database, number) for number in range(first, first + count)))
    print(*(f"{outcome}={outcomes.count(outcome)}" for outcome in sorted(set(outcomes))), flush=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
