"""Pure decisions about members: levels by what was spent, months, days of birth, and how much is kept."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from domain.kernel.money import Fen

WINDOW_MONTHS: Final = 12  # Source: RESTAURANT, Members (rolling 12-month net spend or visits)
BIRTHDAY_MONTHS: Final = 12  # Source: RESTAURANT, Members (changeable once in 12 months)
PLACES: Final = 3  # Source: RESTAURANT, Members (at most 3 favourite dishes)
PLACE_DAYS: Final = 30  # Source: RESTAURANT, Members (each changeable once in 30 days)
MOST_PREFERENCES: Final = 10  # of each kind; ours
LONGEST_PREFERENCE: Final = 12  # characters; ours
_LEAP_YEAR = 2028


class LevelRule(Protocol):
    """A level as the shop file has it. The first of a list is everyone's; of the others 0 means "not reached by this"."""

    @property
    def name(self) -> str:
        """What diners read."""
        ...

    @property
    def spend_fen(self) -> Fen:
        """Net spend in 12 months that reaches it."""
        ...

    @property
    def visits(self) -> int:
        """Or visits in 12 months."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands by their own spending and visits, without what a plan gives.

    Attributes:
        index: Of the level in the list, 0 for the lowest.
        next_level: The next one that can be reached; None on the highest.
        missing_fen: Net spend still missing for it ("还差 120 元到金卡"); None when it is not reached by spending.
        missing_visits: Or visits; None when it is not reached by visits.
    """

    level: str
    index: int
    spend_fen: Fen
    visits: int
    next_level: str | None
    missing_fen: Fen | None
    missing_visits: int | None


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or the last of that month where it has no such day (29 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def standing_of(levels: Sequence[LevelRule], spend_fen: Fen, visits: int) -> Standing:
    """The highest level that spend or visits reach, and the way to the next."""
    reached = [index for index, rule in enumerate(levels) if index == 0 or _reaches(rule, spend_fen, visits)]
    index = reached[-1]
    ahead = next((rule for rule in levels[index + 1 :] if rule.spend_fen or rule.visits), None)
    return Standing(
        level=levels[index].name,
        index=index,
        spend_fen=spend_fen,
        visits=visits,
        next_level=ahead.name if ahead else None,
        missing_fen=Fen(ahead.spend_fen - spend_fen) if ahead and ahead.spend_fen else None,
        missing_visits=ahead.visits - visits if ahead and ahead.visits else None,
    )


def is_day_of_a_year(month: int, day: int) -> bool:
    """Whether some year has this day; 29 February is one."""
    return 1 <= month <= 12 and 1 <= day <= monthrange(_LEAP_YEAR, month)[1]


def birthdays_on(day: date) -> list[tuple[int, int]]:
    """The (month, day) whose birthday is kept on a day: 29 February on the 28th where there is no leap year."""
    days = [(day.month, day.day)]
    if days == [(2, 28)] and (day + timedelta(days=1)).month == 3:
        days.append((2, 29))
    return days


def _reaches(rule: LevelRule, spend_fen: Fen, visits: int) -> bool:
    return 0 < rule.spend_fen <= spend_fen or 0 < rule.visits <= visits
