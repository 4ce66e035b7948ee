"""What happens to tickets."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class PrintJobConfirmed(Event):
    """A ticket is on paper, or was taken by a printer that never acknowledges.

    `all_kitchen_confirmed`: every kitchen ticket of the order is; only a kitchen ticket can make it so.
    """

    name: ClassVar[str] = "print_job_confirmed"

    job_id: str
    store_id: str
    order_id: str
    kind: str
    all_kitchen_confirmed: bool


@dataclass(frozen=True, slots=True)
class PrintJobUncertain(Event):
    """Nobody can say whether a ticket is on paper: someone must look at `printer_id`. `code` stands on the ticket."""

    name: ClassVar[str] = "print_job_uncertain"

    job_id: str
    store_id: str
    order_id: str
    kind: str
    code: str
    printer_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class PrintJobFailed(Event):
    """A ticket will not be printed: someone must act. `reason` is "expired", "no_printer", or why the last try failed."""

    name: ClassVar[str] = "print_job_failed"

    job_id: str
    store_id: str
    order_id: str
    kind: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class PrintJobsDue(Event):
    """The time by which the tickets of an event must have been printed; raised even when no agent ever asks."""

    name: ClassVar[str] = "print_jobs_due"

    store_id: str
