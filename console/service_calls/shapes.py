"""Service calls as a device asks for them and is shown them."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, StringConstraints

from console.api.shapes import Given, PageQuery, Shown, TableCode
from domain.kernel.text import clean
from domain.service_calls.listing import Call
from domain.service_calls.rules import MOST_WORDS, CallKind, CallState
from domain.shop.store import Store

Words = Annotated[str, StringConstraints(max_length=MOST_WORDS), AfterValidator(lambda text: clean(text).strip())]


class CallsQuery(PageQuery):
    """Which calls."""

    table: TableCode | None = None
    """Only of the party that sits there now."""


class NewCall(Given):
    """A table needs somebody."""

    EXAMPLE: ClassVar = {"table": "A03", "kind": "water", "words": "加热水"}

    table: TableCode
    kind: CallKind = CallKind.OTHER
    words: Words = ""


class CallShown(Shown):
    """A call as it is now."""

    EXAMPLE: ClassVar = {
        "id": "01KQ3ZK7M5S8W0V2C4D6E8F0G2",
        "table": "A03",
        "kind": "water",
        "title": "加水",
        "words": "加热水",
        "state": "open",
        "called_at": "2026-11-28T19:20:00+08:00",
        "taken_by": None,
    }

    id: str
    table: str
    """Where the party sits now, also when it has moved since it called."""
    kind: CallKind
    title: str
    """The kind in Chinese."""
    words: str
    state: CallState
    called_at: datetime
    taken_by: str | None
    """The id of the member of staff who goes, or of the device's token."""

    @classmethod
    def of(cls, call: Call, store: Store) -> "CallShown":
        """A call, in its store's time."""
        return cls(
            id=call.id,
            table=call.table_code,
            kind=call.kind,
            title=call.title,
            words=call.words,
            state=call.state,
            called_at=store.local(call.called_at),
            taken_by=call.taken_by,
        )


class CallMade(Shown):
    """What calling came to: one open call for each table and kind."""

    EXAMPLE: ClassVar = {"call": CallShown.EXAMPLE, "fresh": True, "nudged": False}

    call: CallShown
    fresh: bool
    """Nobody had called for this."""
    nudged: bool
    """Somebody had, and the staff were told once more."""


class CallsShown(Shown):
    """A page of the calls that somebody waits for, the oldest first."""

    EXAMPLE: ClassVar = {"calls": [CallShown.EXAMPLE], "next": None}

    calls: list[CallShown]
    next: str | None
    """Hand it over as `after` for the next page; null on the last one."""
