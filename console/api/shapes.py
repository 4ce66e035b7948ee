"""What every shape of the API shares: strict input, open output, instants, days, texts, pages. Instants are aware, money is whole fen."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from console.api.problems import WRONG_CURSOR, ProblemError
from domain.kernel.text import clean

EARLIEST, LATEST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Every instant and day of the API lies between: what is further away is a slip of a clock or of a finger."""
MOST_ON_A_PAGE = 200
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
T = TypeVar("T")


class Given(BaseModel):
    """What a device says: nothing but what is declared, each value of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)
    EXAMPLE: ClassVar[Mapping[str, Any]] = {}


class Shown(BaseModel):
    """What a device is told. Later versions may add to it: read what you know."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)
    EXAMPLE: ClassVar[Mapping[str, Any]] = {}


class Nothing(Given):
    """No parameters, and no body or an empty one."""


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        hint = "（地址里的 + 要写成 %2B）" if isinstance(value, str) and " " in value else ""
        raise PydanticCustomError("instant", "要带时区的时刻，例如 2026-11-28T19:00:00+08:00{hint}", {"hint": hint})
    return _within(_read(datetime.fromisoformat, value))


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "要写成日期，例如 2026-11-28")
    day = _read(date.fromisoformat, value)
    _within(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return day


def _read(parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except ValueError:
        raise PydanticCustomError("no_such_day", "没有这个日子或时刻") from None


def _within(moment: datetime) -> datetime:
    try:
        if EARLIEST <= moment < LATEST:
            return moment.astimezone(UTC)
    except OverflowError:
        pass
    raise PydanticCustomError("far_away", "要在 2020 年到 2100 年之间")


def _whole(value: object) -> int:
    """A number in an address is text."""
    if not isinstance(value, str) or not _WHOLE.fullmatch(value):
        raise PydanticCustomError("whole_number", "要整数，例如 4")
    return int(value)


def _cleaned(value: str) -> str:
    return clean(value).strip()


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-28T19:00:00+08:00"]}),
]
"""An aware ISO 8601 instant. It is given with any offset, and shown with that of the store's clock."""
Day = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-28"]}, mode="validation")
]
"""A business day of the store: what happens after midnight belongs to the evening before."""
WHOLE = BeforeValidator(_whole)
"""Of a whole number in the address of a request."""
Name = Annotated[str, StringConstraints(max_length=40), AfterValidator(_cleaned)]
Notes = Annotated[str, StringConstraints(max_length=200), AfterValidator(_cleaned)]
TableCode = Annotated[str, StringConstraints(min_length=1, max_length=16)]
People = Annotated[int, Field(ge=1, le=500)]


class PageQuery(Given):
    """Which part of a list."""

    after: Annotated[str, StringConstraints(min_length=1, max_length=400)] | None = None
    """`next` of the page before."""
    limit: Annotated[int, Field(ge=1, le=MOST_ON_A_PAGE), WHOLE] = 100
    """How many at most."""


def page(items: Sequence[T], query: PageQuery, place: Callable[[T], tuple[str, ...]]) -> tuple[Sequence[T], str | None]:
    """One page of a list that is ordered by `place`, and the cursor of the next one; None when there is none.

    A cursor is the place of the last one shown, so that nobody is shown twice or left out when others come or go meanwhile.

    Raises:
        ProblemError: The cursor is none of ours.
    """
    since = None if query.after is None else _cursor_read(query.after)
    rest = items if since is None else [item for item in items if place(item) > since]
    shown = rest[: query.limit]
    return shown, _cursor(place(shown[-1])) if len(rest) > len(shown) else None


def _cursor(place: tuple[str, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def _cursor_read(text: str) -> tuple[str, ...]:
    try:
        place = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise ProblemError(WRONG_CURSOR) from None
    if not isinstance(place, list) or not all(isinstance(part, str) for part in place):
        raise ProblemError(WRONG_CURSOR)
    return tuple(place)
