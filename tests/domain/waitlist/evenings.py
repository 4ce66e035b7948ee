"""Evenings at a door, simulated: who comes when, how patient they are and how long they stay; and what became of them.

The same arrivals are played through the real service, and through one strict line, as many restaurants keep it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from math import exp

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.benefits.service import entitle
from domain.members.models import Diner
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, snapshot_of
from domain.storage import Database
from domain.waitlist.calling import call_next, miss_call, requeue
from domain.waitlist.errors import NobodyWaitsError
from domain.waitlist.line import Ticket
from domain.waitlist.models import QueueMove, QueueTicket
from domain.waitlist.rules import PRIORITY
from domain.waitlist.seating import release_table, seat
from domain.waitlist.service import close_number, take_number

EVENING = timedelta(hours=4)
_SIZES = (1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 6, 6, 7, 8)
_STAYS_MIN = {1: 58, 2: 62, 3: 70, 4: 74, 5: 84, 6: 88, 7: 105, 8: 110}  # the middle one; nobody tells the service
_TABLES = {"A": (2, 6), "B": (4, 8), "C": (6, 4), "D": (10, 2)}
_CODES = {f"{letter}{n}": seats for letter, (seats, count) in _TABLES.items() for n in range(1, count + 1)}
_SHOP = f"""
brand: {{name: 小馆, timezone: Asia/Shanghai}}
stores:
  - id: one
    name: 一店
    tables: [{", ".join(f"{{code: {code}, seats: {seats}}}" for code, seats in _CODES.items())}]
menu:
  - category: 热菜
    dishes: [{{id: pork, name: 红烧肉, price: "58.00"}}]
"""
SHOP: ShopSnapshot = snapshot_of(read_shop(_SHOP.encode()).document, version=1)


@dataclass(frozen=True)
class Arrival:
    """A party. Attributes: at, patience, stay: seconds; misses: whether nobody comes at the first call; priority: of a plan."""

    at: int
    people: int
    patience: int
    stay: int
    misses: bool = False
    priority: bool = False


def arrivals(seed: int, *, a_minute: float, minutes: int = 240, oddities: bool = False) -> list[Arrival]:
    """Who comes in one evening. Args: oddities: some miss their call, and some have priority."""
    dice = random.Random(seed)
    found = []
    at = 0.0
    while (at := at + dice.expovariate(a_minute) * 60) < minutes * 60:
        people = dice.choice(_SIZES)
        stay = int(_STAYS_MIN[people] * 60 * exp(dice.gauss(0, 0.28)))
        patience = int(50 * 60 * exp(dice.gauss(0, 0.5)))
        misses, priority = dice.random() < 0.08, dice.random() < 0.1
        found.append(Arrival(int(at), people, patience, stay, misses and oddities, priority and oddities))
    return found


@dataclass
class Evening:
    """One evening of the real service; the clock is the play's. It is played in pieces, each a transaction."""

    begins: datetime
    parties: Sequence[Arrival]
    free: set[str] = field(default_factory=lambda: set(_CODES))
    waiting: dict[str, int] = field(default_factory=dict)
    missed: set[int] = field(default_factory=set)
    events: list[tuple[int, int, str, str]] = field(default_factory=list)
    served: int = 0
    """Guests who sat down before the evening was over."""

    def __post_init__(self) -> None:
        for place, party in enumerate(self.parties):
            heappush(self.events, (party.at, place, "comes", ""))

    def play(self, session: Session, until: int) -> bool:
        """Go on until a second of the evening. Returns: whether something is left to happen."""
        while self.events and self.events[0][0] < until:
            at, place, what, name = heappop(self.events)
            now = self.begins + timedelta(seconds=at)
            if what == "comes":
                ticket = self._takes(session, place, now)
                self.waiting[ticket.id] = place
                heappush(self.events, (at + self.parties[place].patience, place, "gives up", ticket.id))
            elif what == "gives up" and name in self.waiting:
                close_number(session, SHOP, "one", name, by="host", now=now)
                del self.waiting[name]
            elif what == "goes":
                release_table(session, SHOP, "one", name, by="host", now=now)
                self.free.add(name)
            elif what == "comes back":
                requeue(session, SHOP, "one", name, by="host", now=now)
                self.waiting[name] = place
            for called, table in self._calls(session, now):
                self._answers(session, called, table, at)
        return bool(self.events)

    def _answers(self, session: Session, called: Ticket, table: str, at: int) -> None:
        """A party that was called comes, or it does not and the table is called to again."""
        now = self.begins + timedelta(seconds=at)
        place = self.waiting.pop(called.id)
        party = self.parties[place]
        if party.misses and place not in self.missed:
            self.missed.add(place)
            miss_call(session, SHOP, "one", called.id, by="host", now=now)
            self.free.add(table)
            heappush(self.events, (at + 1, place, "its table is free", ""))
            heappush(self.events, (at + 600, place, "comes back", called.id))
            return
        seat(session, SHOP, "one", called.id, by="host", now=now)
        self.served += party.people if at < EVENING.total_seconds() else 0
        heappush(self.events, (at + party.stay, place, "goes", table))

    def _takes(self, session: Session, place: int, now: datetime) -> Ticket:
        diner = None
        if self.parties[place].priority:
            diner = f"{self.begins:%m%d}-{place}"
            session.execute(insert(Diner), {"id": diner, "following": True, "met_at": now, "followed_at": now})
            day = SHOP.brand.business_day(now)
            entitle(session, diner, PRIORITY, source="plan:1", starts_on=day, ends_on=None, key=f"plan:{diner}", now=now)
        return take_number(session, SHOP, "one", diner, self.parties[place].people, by="host", now=now).ticket

    def _calls(self, session: Session, now: datetime) -> list[tuple[Ticket, str]]:
        """Every free table is called to, the smallest first, as a host does it."""
        called = []
        for table in sorted(self.free, key=lambda code: (_CODES[code], code)):
            if len(called) == len(self.waiting):
                break
            try:
                called.append((call_next(session, SHOP, "one", table, by="host", now=now), table))
            except NobodyWaitsError:
                continue
            self.free.discard(table)
        return called


async def play(database: Database, evening: Evening, *, piece: int = 1200) -> Evening:
    """Play an evening to its end, twenty minutes of it in each transaction."""
    until = piece
    while await database.transaction(evening.play, until):
        until += piece
    return evening


def in_one_strict_line(parties: Sequence[Arrival]) -> int:
    """Guests who sit down when whoever is first waits for a table that fits, and everybody behind waits with them."""
    free = sorted(_CODES.values())
    leaving: list[tuple[int, int]] = []
    line: list[Arrival] = []
    served = 0
    for at, party in sorted([(party.at, party) for party in parties] + [(step, None) for step in range(0, 14400, 10)], key=lambda e: e[0]):
        if party is not None:
            line.append(party)
        while leaving and leaving[0][0] <= at:
            free.append(heappop(leaving)[1])
        line = [each for each in line if at - each.at <= each.patience]
        while line and (fitting := [seats for seats in sorted(free) if seats >= line[0].people]):
            free.remove(fitting[0])
            heappush(leaving, (at + line[0].stay, fitting[0]))
            served += line.pop(0).people
    return served


def passed_without_a_reason(session: Session) -> list[tuple[str, str]]:
    """(passed, called before it): pairs of one line of one day in which the later party was called first and nobody wrote why.

    By what is written down alone: when each number was taken, called, ended; who was passed by whom; whose call was missed.
    """
    columns = (QueueTicket.id, QueueTicket.number, QueueTicket.letter, QueueTicket.business_day, QueueTicket.store_id)
    tickets = {row.id: row for row in session.execute(select(*columns))}
    moves = session.execute(select(QueueMove.ticket_id, QueueMove.move, QueueMove.other_id).order_by(QueueMove.id)).all()
    in_line: dict[tuple[str, object, str], list[str]] = {}
    excused: set[str] = set()
    passed: set[tuple[str, str]] = set()
    noted = {(row.ticket_id, row.other_id) for row in moves if row.move == "passed"}
    for row in moves:
        ticket = tickets[row.ticket_id]
        line = in_line.setdefault((ticket.store_id, ticket.business_day, ticket.letter), [])
        if row.move in {"waiting", "requeued"}:
            line.append(row.ticket_id)
            if row.move == "requeued":
                excused.add(row.ticket_id)
        elif row.move == "called":
            before = line[: line.index(row.ticket_id)] if row.ticket_id not in excused else []
            passed |= {(other, row.ticket_id) for other in before if other not in excused}
            line.remove(row.ticket_id)
        elif row.move in {"left", "void"} and row.ticket_id in line:
            line.remove(row.ticket_id)
    return [(tickets[one].number, tickets[other].number) for one, other in sorted(passed - noted)]
