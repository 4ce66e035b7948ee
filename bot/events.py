"""What happens to turns."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class TurnLate(Event):
    """A message is stored and its turn still has to run; the answer goes out as a message of its own."""

    name: ClassVar[str] = "turn_late"

    inbox_key: str


@dataclass(frozen=True, slots=True)
class TalkHandedBack(Event):
    """A member of staff gave a diner's talk back to the bot. `turn` tells this time from others."""

    name: ClassVar[str] = "talk_handed_back"

    diner_id: str
    turn: str
