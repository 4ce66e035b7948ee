"""What happens to points."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class PointsExpiring(Event):
    """Some of a member's points are good until this business day (ISO), and not longer."""

    name: ClassVar[str] = "points_expiring"

    diner_id: str
    points: int
    expires_on: str
