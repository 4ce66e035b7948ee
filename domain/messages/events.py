"""What happens to messages."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class MessageRequested(Event):
    """A message waits to be sent. `purpose` is what it is for (rules.Purpose)."""

    name: ClassVar[str] = "message_requested"

    message_id: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class TemplateReportHeld(Event):
    """The platform said how a template message ended, before we could tell which one it means. `status`: as it said it."""

    name: ClassVar[str] = "template_report_held"

    diner_id: str
    platform_id: str
    status: str
