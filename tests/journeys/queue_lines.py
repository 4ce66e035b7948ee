"""What happens at the door in a chat script: guests on paper, calls, missed calls, and the screen with its code."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.dialogue.store import Dialogue
from domain.messaging.models import InboxMessage
from domain.shop.snapshot import load_snapshot
from domain.staff.models import TokenScope
from domain.staff.service import create_token
from domain.waitlist.calling import call_again, call_next, miss_call, requeue
from domain.waitlist.models import QueueTicket
from domain.waitlist.presence import door_code, door_key
from domain.waitlist.seating import seat
from domain.waitlist.service import take_number

if TYPE_CHECKING:
    from tests.journeys.chat_lines import Talk

_HOST = "host"


async def _at_the_door(talk: Talk, act: Callable[..., Any], *args: Any, store: str | None = None) -> None:
    """Do something in a store, the first of the shop file where none is named, as its host."""
    restaurant = talk.restaurant
    store_id = next(one.id for one in restaurant.shop.stores if store in {None, one.name})
    now = restaurant.clock.now()
    await restaurant.database.transaction(lambda session: act(session, load_snapshot(session), store_id, *args, by=_HOST, now=now))
    await restaurant.works()


async def _on_paper(talk: Talk, parties: str, people: str) -> None:
    """Guests without a phone stand in line."""
    for _ in range(int(parties)):
        await _at_the_door(talk, take_number, None, int(people))


async def _calls_next(talk: Talk, table: str, store: str | None = None) -> None:
    await _at_the_door(talk, call_next, table, store=store)


async def _seats(talk: Talk, number: str, store: str | None = None) -> None:
    await _at_the_door(talk, seat, await _ticket(talk, number), store=store)


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


async def _limits_distance(talk: Talk, rule: str) -> None:
    """The shop file says from where the first store's numbers may be taken."""
    shop = talk.restaurant.shop
    first, *others = shop.stores
    changed = first.model_copy(update={"waitlist": first.waitlist.model_copy(update={"from_afar": rule})})
    await talk.restaurant.imports(shop.model_copy(update={"stores": (changed, *others)}))


async def _distance_is(talk: Talk, number: str, distance: str) -> None:
    ticket_id = await _ticket(talk, number)
    kept = select(QueueTicket.distance).where(QueueTicket.id == ticket_id)
    now_is = await talk.restaurant.database.read(lambda s: s.execute(kept).scalar())
    assert (now_is or "没说") == distance, f"{number} is {now_is}"


async def _keeps_no_place(talk: Talk) -> None:
    """Where a diner was stands neither in what was heard nor in any conversation."""

    def written(session: Session) -> str:
        heard, talks = session.execute(select(InboxMessage.message)).scalars(), session.execute(select(Dialogue.state)).scalars()
        return json.dumps([*heard, *talks])

    kept = await talk.restaurant.database.read(written)
    assert '"location"' in kept, "nobody has sent a location"
    assert not re.search(r'"latitude"|"longitude"|\b(?:30|104)\.\d{3}', kept), kept


async def _names_tables(talk: Talk, codes: str) -> None:
    """The shop file gives the first store tables of these codes, for four each, and no others."""
    shop = talk.restaurant.shop
    first, *others = shop.stores
    tables = tuple(first.tables[0].model_copy(update={"code": code, "seats": 4}) for code in codes.split())
    changed = first.model_copy(update={"tables": tables, "rooms": (), "table_pairs": ()})
    await talk.restaurant.imports(shop.model_copy(update={"stores": (changed, *others)}))


QUEUE_FORMS: tuple[tuple[str, Callable[..., Awaitable[None]]], ...] = (
    (r"门口 纸号 (?P<parties>\d+)桌 (?P<people>\d+)人", _on_paper),
    (r"门口 开屏", _has_screen),
    (r"店员 (?:(?P<store>\S+店) )?叫号 (?P<table>\S+)", _calls_next),
    (r"店员 (?:(?P<store>\S+店) )?入座 (?P<number>\S+)", _seats),
    (r"店员 再叫 (?P<number>\S+)", _calls_again),
    (r"店员 过号 (?P<number>\S+)", _misses),
    (r"店员 重排 (?P<number>\S+)", _requeues),
    (r"门口 远程取号 (?P<rule>yes|near|no)", _limits_distance),
    (r"号 (?P<number>\S+) 远近 (?P<distance>\w+)", _distance_is),
    (r"位置 没有留下", _keeps_no_place),
    (r"桌号 (?P<codes>\S+(?: \S+)*)", _names_tables),
    (r"号 (?P<number>\S+) (?P<state>\w+)", _number_is),
    (r"(?P<who>\S+) 念到店码(?: (?P<words>\S+))?", _reads_code),
)
"""Lines of a script, to be tried before those of chat_lines."""
