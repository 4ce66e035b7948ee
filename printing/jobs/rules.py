"""Pure decisions about print jobs, and their times."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta

from domain.shop.store import Printer
from printing.jobs.models import JobKind

LEASE = timedelta(seconds=60)  # Source: reference printing §5
LIFE = {
    JobKind.KITCHEN: timedelta(minutes=30),  # then a person is called, no paper. Source: reference printing §2.2
    JobKind.PASS: timedelta(minutes=30),
    JobKind.RECEIPT: timedelta(hours=2),  # never by itself long after the meal
    JobKind.QUEUE: timedelta(minutes=5),  # the guest stands at the door; a call that late is on the screen anyway
    JobKind.SERVICE: timedelta(minutes=10),  # who still waits then has been called again
}
UNCERTAIN = timedelta(seconds=60)  # how long the kitchen waits for news before a marked copy
MAYBE_TWICE = "【可能重复】"

_FIRST_RETRY_S = 1.0
_LONGEST_RETRY_S = 15.0  # a printer that comes back is not kept waiting


def short_code(event_id: str, role: str) -> str:
    """Four characters that name a ticket on paper, the same on every copy: "7F3A"."""
    return hashlib.sha256(f"{event_id} {role}".encode()).hexdigest()[:4].upper()


def printers_for(printers: Sequence[Printer], kind: JobKind, station: str = "") -> list[str]:
    """Which printers may print a ticket, the first choice first.

    A kitchen ticket goes to the printers that name its station, then to those for every station; when there is none
    of either, to any kitchen printer: a dish must not be forgotten because the shop file has a gap.
    """
    able = [printer for printer in printers if kind.value in printer.roles]
    if kind is not JobKind.KITCHEN:
        return [printer.id for printer in able]
    named = [printer.id for printer in able if station in printer.stations]
    spare = [printer.id for printer in able if not printer.stations]
    return named + spare or [printer.id for printer in able]


def after(printer_ids: Sequence[str], printer_id: str) -> list[str]:
    """The list, begun after one of its printers: where a copy goes when that one is in doubt."""
    turn = printer_ids.index(printer_id) + 1 if printer_id in printer_ids else 0
    return [*printer_ids[turn:], *printer_ids[:turn]]


def retry_delay(attempts: int, dice: float) -> timedelta:
    """How long to wait once every printer of a job has refused: doubling from 1 s to 15 s, with jitter.

    Args:
        attempts: How often all of them were tried.
        dice: 0 to 1.
    """
    longest = min(_LONGEST_RETRY_S, _FIRST_RETRY_S * 2.0 ** min(max(attempts, 1) - 1, 10))
    return timedelta(seconds=longest * (0.5 + dice / 2))


def all_on_paper(tickets: Iterable[tuple[str, str, str]]) -> bool:
    """Whether every ticket is on paper as one of its copies.

    Args:
        tickets: (event id, role, state) of every copy.
    """
    rows = list(tickets)
    return {row[:2] for row in rows} == {row[:2] for row in rows if row[2] in {"confirmed", "sent"}}
