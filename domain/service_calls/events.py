"""What happens to service calls. Each says all that paper and chat need of it; instants are ISO and aware."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class CallEvent(Event):
    """Which call, where, and for what: `title` in a few words, `words` as it was said. `diner_id` is None when no diner called."""

    call_id: str
    store_id: str
    zone: str
    table_code: str
    kind: str
    title: str
    words: str
    diner_id: str | None
    called_at: str


@dataclass(frozen=True, slots=True)
class CallMade(CallEvent):
    """A table calls."""

    name: ClassVar[str] = "call_made"


@dataclass(frozen=True, slots=True)
class CallNudged(CallEvent):
    """The table called for the same again, and nobody had taken it."""

    name: ClassVar[str] = "call_nudged"

    nudged_at: str


@dataclass(frozen=True, slots=True)
class CallEscalated(CallEvent):
    """Nobody took it for so many minutes; for the `times`-th time."""

    name: ClassVar[str] = "call_escalated"

    minutes: int
    times: int
    escalated_at: str


@dataclass(frozen=True, slots=True)
class CallTaken(CallEvent):
    """A member of staff is on the way. `taken_by` is their id."""

    name: ClassVar[str] = "call_taken"

    taken_by: str
    taken_at: str


@dataclass(frozen=True, slots=True)
class CallWithdrawn(CallEvent):
    """不用了: nobody needs to come any more."""

    name: ClassVar[str] = "call_withdrawn"

    withdrawn_at: str


@dataclass(frozen=True, slots=True)
class CallUntakenDue(Event):
    """It is looked whether anybody has taken a call, for the `times`-th time."""

    name: ClassVar[str] = "call_untaken_due"

    call_id: str
    times: int
