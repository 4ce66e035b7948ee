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


@dataclass(frozen=True, slots=True)
class MemberLeft(Event):
    """A member gave the membership up; profile and spending are gone. What they own elsewhere ends with it."""

    name: ClassVar[str] = "member_left"

    diner_id: str
    member_number: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A diner no longer agrees to a purpose: what is queued for it must not leave."""

    name: ClassVar[str] = "consent_withdrawn"

    diner_id: str
    purpose: str


@dataclass(frozen=True, slots=True)
class LevelChanged(Event):
    """A member rose or fell. `old` and `new` are names of levels, `day` is the business day (ISO)."""

    name: ClassVar[str] = "level_changed"

    diner_id: str
    old: str
    new: str
    rose: bool
    day: str


@dataclass(frozen=True, slots=True)
class MembersMerged(Event):
    """Two diners proved to be one person. Everything that `source` owned belongs to `target` from now on.

    `proof` is "unionid", "phone" or "staff".
    """

    name: ClassVar[str] = "members_merged"

    source: str
    target: str
    proof: str
