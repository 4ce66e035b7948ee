"""What happens to messages."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class MessageRequested(Event):
    """A message waits to be sent."""

    name: ClassVar[str] = "message_requested"

    message_id: str
