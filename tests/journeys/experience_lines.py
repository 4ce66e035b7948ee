"""What happens to the house's experiences in a chat script: what is held, guests who book by telephone, sessions called off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from sqlalchemy.orm import Session

from domain.experiences.ahead import sessions_ahead
from domain.experiences.calling_off import call_off
from domain.experiences.lifecycle import Side, cancel_experience
from domain.experiences.listing import guests_of
from domain.experiences.seen import SessionSeen
from domain.experiences.service import book_experience
from domain.experiences.wishes import ExperienceWish
from domain.members.service import meet_diner
from domain.shop.experience_records import ExperienceRecord
from domain.shop.snapshot import load_snapshot

if TYPE_CHECKING:
    from tests.journeys.chat_lines import Talk

_HELD = Path(__file__).with_name("experiences.yaml")


async def _holds(talk: Talk, key: str) -> None:
    """From now on the house holds these experiences, and no others."""
    records = yaml.load(_HELD.read_text("utf-8"), yaml.BaseLoader)[key]
    experiences = tuple(ExperienceRecord.model_validate(record) for record in records)
    await talk.restaurant.imports(talk.restaurant.shop.model_copy(update={"experiences": experiences}))


async def _others_book(talk: Talk, n: str, name: str, day: str, at: str) -> None:
    """So many adults whom nobody knows have booked, each for themselves."""
    now = talk.restaurant.clock.now()

    def book(session: Session) -> None:
        shop = load_snapshot(session)
        seen = _session(session, talk, name, day, at)
        for _ in range(int(n)):
            wish = ExperienceWish(seen.experience_id, seen.store_id, seen.starts_at, 1)
            key = talk.restaurant.next_key()
            guest = meet_diner(session, talk.restaurant.vault, f"openid-guest-{key}", now=now)
            book_experience(session, shop, wish, diner_id=guest, key=f"others:{key}", now=now)

    await talk.restaurant.database.transaction(book)


async def _another_cancels(talk: Talk, n: str, name: str, day: str, at: str) -> None:
    """So many of those who booked do not come."""
    now = talk.restaurant.clock.now()

    def cancel(session: Session) -> None:
        shop = load_snapshot(session)
        seen = _session(session, talk, name, day, at)
        for guest in list(guests_of(session, seen.session_id))[: int(n)]:
            cancel_experience(session, shop, guest.id, diner_id=None, by=Side.STAFF, now=now)

    await talk.restaurant.database.transaction(cancel)
    await talk.restaurant.works()


async def _is_called_off(talk: Talk, name: str, day: str, at: str) -> None:
    now = talk.restaurant.clock.now()

    def off(session: Session) -> None:
        seen = _session(session, talk, name, day, at)
        call_off(session, seen.session_id, by="staff", now=now)

    await talk.restaurant.database.transaction(off)
    await talk.restaurant.works()


def _session(session: Session, talk: Talk, name: str, day: str, at: str) -> SessionSeen:
    shop = load_snapshot(session)
    experience = next(one for one in shop.experiences.values() if name in one.name)
    ahead = sessions_ahead(session, shop, now=talk.restaurant.clock.now(), experience_id=experience.id, days=90)
    wanted = (int(day.split("-")[0]), int(day.split("-")[1]), datetime.strptime(at, "%H:%M").time())  # noqa: DTZ007 - a clock on a wall

    def fits(seen: SessionSeen) -> bool:
        local = shop.stores[seen.store_id].local(seen.starts_at)
        return (local.month, local.day, local.time()) == wanted

    return next(filter(fits, ahead))


EXPERIENCE_FORMS: tuple[tuple[str, Callable[..., Awaitable[Any]]], ...] = (
    (r"店家 办活动 (?P<key>\S+)", _holds),
    (r"活动 占位 (?P<n>\d+)人 (?P<name>\S+) (?P<day>\d+-\d+) (?P<at>\d+:\d+)", _others_book),
    (r"活动 退位 (?P<n>\d+)人 (?P<name>\S+) (?P<day>\d+-\d+) (?P<at>\d+:\d+)", _another_cancels),
    (r"活动 停办 (?P<name>\S+) (?P<day>\d+-\d+) (?P<at>\d+:\d+)", _is_called_off),
)
