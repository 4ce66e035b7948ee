"""Hand out jobs: in order for each printer, never two at once to one printer."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.shop.store import Printer
from domain.storage.unique import is_duplicate
from printing.encoding import encode
from printing.jobs.models import JobState, PrintJob
from printing.jobs.rules import LEASE
from printing.jobs.service import not_sent
from printing.jobs.tending import tend
from printing.layout import lay_out
from printing.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class LeasedPrinter:
    """Where to print. `width` counts cells."""

    id: str
    connection: str
    width: int


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A ticket in an agent's hands: bytes for one printer.

    Attributes:
        number: The short code on the ticket.
        lines: How long it is, for the time its proof may take.
    """

    id: str
    store_id: str
    number: str
    kind: str
    printer: LeasedPrinter
    data: bytes
    expires_at: datetime
    lines: int

    def to_json(self) -> dict[str, Any]:
        """The form on the wire."""
        return {
            "id": self.id,
            "store_id": self.store_id,
            "number": self.number,
            "kind": self.kind,
            "printer": {"id": self.printer.id, "connection": self.printer.connection, "width": self.printer.width},
            "data_base64": base64.b64encode(self.data).decode("ascii"),
            "expires_at": self.expires_at.isoformat(),
            "lines": self.lines,
        }

    @classmethod
    def from_json(cls, sent: dict[str, Any]) -> "LeasedJob":
        """Read the form on the wire."""
        return cls(
            id=sent["id"],
            store_id=sent["store_id"],
            number=sent["number"],
            kind=sent["kind"],
            printer=LeasedPrinter(**sent["printer"]),
            data=base64.b64decode(sent["data_base64"], validate=True),
            expires_at=datetime.fromisoformat(sent["expires_at"]),
            lines=sent["lines"],
        )


def lease_jobs(
    session: Session, store_id: str, printers: Sequence[Printer], *, owner: str, now: datetime, limit: int, lease: timedelta = LEASE
) -> list[LeasedJob]:
    """Lease the next ticket of each printer of a store that has none in hand.

    The oldest ticket of a printer goes first, also while it waits for its next try: order is kept.

    Args:
        owner: The agent's fence, at most 32 characters, new with each start of the agent.
        limit: At most so many jobs.
        lease: How long the agent has to begin sending.
    """
    tend(session, now=now, store_id=store_id)
    known = {printer.id: printer for printer in printers}
    rows = session.execute(
        select(PrintJob.id, PrintJob.printer_ids, PrintJob.place, PrintJob.due_at, PrintJob.lane)
        .where(PrintJob.store_id == store_id, PrintJob.state.in_((JobState.QUEUED.value, JobState.SENDING.value)))
        .order_by(PrintJob.created_at, PrintJob.id)
    ).all()
    busy = {row.lane for row in rows if row.lane}
    leased: list[LeasedJob] = []
    first: set[str] = set()
    for row in rows:
        printer_id = row.printer_ids[row.place]
        if row.lane or printer_id in first:
            continue
        first.add(printer_id)
        printer = known.get(printer_id)
        if printer is None:
            _skip_printer(session, row.id, now=now)
            continue
        lane = f"{store_id} {printer.connection}"
        if lane in busy or row.due_at > now or len(leased) >= limit:
            continue
        busy.add(lane)
        if _claim(session, row.id, row.place, lane, owner=owner, until=now + lease):
            leased.append(_leased(session, row.id, printer, now=now))
    return leased


def _claim(session: Session, job_id: str, place: int, lane: str, *, owner: str, until: datetime) -> bool:
    try:
        claimed = session.execute(
            update(PrintJob)
            .where(PrintJob.id == job_id, PrintJob.state == JobState.QUEUED.value, PrintJob.lane.is_(None), PrintJob.place == place)
            .values(owner=owner, lane=lane, leased_until=until, attempts=PrintJob.attempts + 1)
            .execution_options(synchronize_session=False)
        )
    except IntegrityError as error:
        if is_duplicate(error):  # another agent has a job for this printer
            return False
        raise
    return bool(claimed.rowcount == 1)  # type: ignore[attr-defined]


def _skip_printer(session: Session, job_id: str, *, now: datetime) -> None:
    job = session.execute(
        select(PrintJob)
        .where(PrintJob.id == job_id, PrintJob.state == JobState.QUEUED.value, PrintJob.lane.is_(None))
        .with_for_update(skip_locked=True)
    ).scalar()
    if job is not None:
        not_sent(session, job, "no_printer", now=now)


def _leased(session: Session, job_id: str, printer: Printer, *, now: datetime) -> LeasedJob:
    row = session.execute(
        select(PrintJob.store_id, PrintJob.code, PrintJob.kind, PrintJob.ticket, PrintJob.expires_at).where(PrintJob.id == job_id)
    ).one()
    laid = lay_out(Ticket.from_json(row.ticket), printer.width, printed_at=now)
    return LeasedJob(
        id=job_id,
        store_id=row.store_id,
        number=row.code,
        kind=row.kind,
        printer=LeasedPrinter(printer.id, printer.connection, printer.width),
        data=encode(laid),
        expires_at=row.expires_at,
        lines=len(laid),
    )
