"""What an event is: a frozen dataclass in the past tense, with a stable name and a version."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Fields are JSON values; `name` and `version` are public contracts.

    An event carries all that its consumers need, so that a ticket or a message can be made from it alone.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1

    def payload(self) -> dict[str, Any]:
        """The stored form."""
        return {item.name: getattr(self, item.name) for item in fields(self)}
