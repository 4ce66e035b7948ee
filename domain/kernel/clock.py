"""Time: the one place that asks the machine what time it is, and the business day.

Instants are aware UTC datetimes; the business day is the date that a store's books give a fact.
"""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the time. Code below the edges never asks: it is given `now`."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FileClock:
    """A clock that a test moves by writing an ISO time into a file (HAOWEI_CLOCK_FILE).

    A file that is being written is empty for a moment: the time read before holds until it is there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before = ""

    def now(self) -> datetime:
        self._before = text = self._path.read_text(encoding="utf-8").strip() or self._before
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError(f"{self._path}: the time needs a zone, for example 2026-11-21T18:30:00+08:00")
        return moment.astimezone(UTC)


def business_date(moment: datetime, zone: str, starts: time = time(5, 0)) -> date:
    """The business day of an instant: before the cut-off it still is yesterday.

    Args:
        moment: Aware.
        zone: The store's IANA zone.
        starts: Local cut-off, 05:00 by default. Source: ARCHITECTURE, decision 8.
    """
    local = moment.astimezone(ZoneInfo(zone))
    return local.date() if local.time() >= starts else local.date() - timedelta(days=1)
