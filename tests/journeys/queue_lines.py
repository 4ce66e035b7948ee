"""What happens at the door in a chat script: guests on paper, calls, missed calls, and the screen with its code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.shop.snapshot import load_snapshot
from domain.staff.models import TokenScope
from domain.staff.service import create_token
from domain.waitlist.calling import call_again, call_next, miss_call, requeue
from domain.waitlist.models import QueueTicket
from domain.waitlist.presence import door_code, door_key
from domain.waitlist.service import take_number

if TYPE_CHECKING:
    from tests.journeys.chat_lines import Talk

_HOST = "host"


async def _at_the_door(talk: Talk, act: Callable[..., Any], *args: Any) -> None:
    """Do something in the first store of the shop file, as its host."""
    restaurant = talk.restaurant
    store_id, now = restaurant.shop.stores[0].id, restaurant.clock.now()
    await restaurant.database.transaction(lambda session: act(session, load_snapshot(session), store_id, *args, by=_HOST, now=now))
    await restaurant.works()


async def _on_paper(talk: Talk, parties: str, people: str) -> None:
    """Guests without a phone stand in line."""
    for _ in range(int(parties)):
        await _at_the_door(talk, take_number, None, int(people))


async def _calls_next(talk: Talk, table: str) -> None:
    await _at_the_door(talk, call_next, table)


async def _calls_again(talk: Talk, number: str) -> None:
    await _at_the_door(talk, call_again, await _ticket(talk, number))


async def _misses(talk: Talk, number: str) -> None:
    await _at_the_door(talk, miss_call, await _ticket(talk, number))


async def _requeues(talk: Talk, number: str) -> None:
    await _at_the_door(talk, requeue, await _ticket(talk, number))


async def _has_screen(talk: Talk) -> None:
    restaurant = talk.restaurant
    store_id = restaurant.shop.stores[0].id
    await restaurant.database.transaction(create_token, store_id, TokenScope.SCREEN, now=restaurant.clock.now())


async def _reads_code(talk: Talk, who: str, words: str | None) -> None:
    """Type what the screen shows now, after these words."""
    restaurant = talk.restaurant
    code = door_code(door_key(b"k" * 32), restaurant.shop.stores[0].id, now=restaurant.clock.now())
    await talk.diner(who).says(f"{words or ''} {code}".strip())


async def _number_is(talk: Talk, number: str, state: str) -> None:
    ticket_id = await _ticket(talk, number)
    now_is = await talk.restaurant.database.read(lambda s: s.execute(select(QueueTicket.state).where(QueueTicket.id == ticket_id)).scalar())
    assert now_is == state, f"{number} is {now_is}"


async def _ticket(talk: Talk, number: str) -> str:
    """The newest ticket with this number."""

    def find(session: Session) -> str:
        of_number = select(QueueTicket.id).where(QueueTicket.number == number).order_by(QueueTicket.id.desc())
        return session.execute(of_number).scalars().first() or ""

    found = await talk.restaurant.database.read(find)
    assert found, f"there is no number {number}"
    return found


QUEUE_FORMS: tuple[tuple[str, Callable[..., Awaitable[None]]], ...] = (
    (r"门口 纸号 (?P<parties>\d+)桌 (?P<people>\d+)人", _on_paper),
    (r"门口 开屏", _has_screen),
    (r"店员 叫号 (?P<table>\S+)", _calls_next),
    (r"店员 再叫 (?P<number>\S+)", _calls_again),
    (r"店员 过号 (?P<number>\S+)", _misses),
    (r"店员 重排 (?P<number>\S+)", _requeues),
    (r"号 (?P<number>\S+) (?P<state>\w+)", _number_is),
    (r"(?P<who>\S+) 念到店码(?: (?P<words>\S+))?", _reads_code),
)
"""Lines of a script, to be tried before those of chat_lines."""
