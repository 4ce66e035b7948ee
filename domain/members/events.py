"""What happens to members."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class MemberJoined(Event):
    """A diner agreed to the membership text."""

    name: ClassVar[str] = "member_joined"

    diner_id: str
    text_version: str
