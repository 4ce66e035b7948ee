"""Plan tickets, and follow one of them through an agent's hands."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.messaging import emit
from domain.storage import insert_once
from domain.storage.database import WOKEN
from printing.jobs.errors import LeaseLostError, NoSuchJobError
from printing.jobs.events import PrintJobConfirmed, PrintJobFailed, PrintJobsDue, PrintJobUncertain
from printing.jobs.models import JobKind, JobState, PrintJob
from printing.jobs.rules import LEASE, LIFE, all_on_paper, retry_delay, short_code
from printing.printers.outcome import Outcome, OutcomeKind
from printing.tickets.ticket import Ticket

AGENTS = "print_agents"
"""Who is woken when a job may be leased (domain.messaging.wakeup)."""

_HOPELESS = {"unsupported", "no_printer"}  # another try at this printer cannot help
_ON_PAPER = {OutcomeKind.CONFIRMED: JobState.CONFIRMED, OutcomeKind.SENT: JobState.SENT}


@dataclass(frozen=True, slots=True)
class PlannedTicket:
    """A ticket and where it may be printed.

    Attributes:
        role: The part it plays in its event: "kitchen:热菜", "pass", "receipt".
        printer_ids: First choice first; not empty.
    """

    kind: JobKind
    role: str
    ticket: Ticket
    printer_ids: Sequence[str]


def plan(session: Session, tickets: Sequence[PlannedTicket], *, store_id: str, order_id: str, event_id: str, now: datetime) -> None:
    """Put the tickets of one event into the queue, each once however often the event comes.

    Emits: PrintJobsDue, for the time after which none of them can be printed any more.
    """
    ids = sorted(new_id(now) for _ in tickets)  # made in one millisecond: sorted, they keep the order of the tickets
    for job_id, planned in zip(ids, tickets, strict=True):
        row = {
            "id": job_id,
            "store_id": store_id,
            "order_id": order_id,
            "event_id": event_id,
            "kind": planned.kind.value,
            "role": planned.role,
            "copy_no": 1,
            "code": short_code(event_id, planned.role),
            "ticket": planned.ticket.to_json(),
            "printer_ids": list(planned.printer_ids),
            "expires_at": now + LIFE[planned.kind],
        }
        insert_job(session, row, now=now)
    if tickets:
        # A lease later, so that who was sending at the very end has lost it by then.
        due_at = now + max(LIFE[planned.kind] for planned in tickets) + LEASE
        emit(session, PrintJobsDue(store_id=store_id), now=now, due_at=due_at, key=f"print:{event_id}")


def insert_job(session: Session, row: dict[str, Any], *, now: datetime) -> None:
    """Queue a job, unless it stands in the queue already."""
    fresh = {"place": 0, "state": JobState.QUEUED.value, "attempts": 0, "copied": False, "created_at": now, "due_at": now}
    insert_once(session, PrintJob, fresh | row)
    session.info[WOKEN].add(AGENTS)


def mark_sending(session: Session, job_id: str, *, store_id: str, owner: str, now: datetime) -> None:
    """Write down that the first byte is about to leave; commit before it does.

    Raises:
        LeaseLostError: The lease ended, or the job is too old: nothing may be sent.
        NoSuchJobError: Not a job of this store.
    """
    marked = session.execute(
        update(PrintJob)
        .where(
            PrintJob.id == job_id,
            PrintJob.store_id == store_id,
            PrintJob.owner == owner,
            PrintJob.state.in_((JobState.QUEUED.value, JobState.SENDING.value)),
            PrintJob.leased_until > now,
            PrintJob.expires_at > now,
        )
        .values(state=JobState.SENDING.value, sending_at=now, leased_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount != 1:  # type: ignore[attr-defined]
        state = session.execute(select(PrintJob.state).where(PrintJob.id == job_id, PrintJob.store_id == store_id)).scalar()
        if state is None:
            raise NoSuchJobError(job_id=job_id)
        raise LeaseLostError(job_id=job_id, state=state)


def report(session: Session, job_id: str, *, store_id: str, owner: str, outcome: Outcome, now: datetime) -> None:
    """Take down how a try ended. The same report twice is one report.

    Not sent: the next printer's turn at once, and after the last of them a pause. Unknown: someone must look, and
    `tending` makes a marked copy of a kitchen ticket. A proof that comes late still counts.

    Raises:
        LeaseLostError: Another agent holds the job, or it was settled otherwise.
        NoSuchJobError: Not a job of this store.

    Emits: PrintJobConfirmed | PrintJobUncertain | PrintJobFailed.
    """
    job = _locked(session, job_id, store_id)
    if job.owner != owner:
        raise LeaseLostError(job_id=job_id, state=job.state)
    wanted = _ON_PAPER.get(outcome.kind, JobState.UNKNOWN)
    if outcome.kind is not OutcomeKind.NOT_SENT and job.state == wanted:
        return
    open_states = {JobState.SENDING, JobState.UNKNOWN}
    if outcome.kind is OutcomeKind.NOT_SENT:
        open_states.add(JobState.QUEUED)
    if job.state not in open_states:
        raise LeaseLostError(job_id=job_id, state=job.state)
    job.lane = None
    job.leased_until = None
    session.info[WOKEN].add(AGENTS)
    match outcome.kind:
        case OutcomeKind.CONFIRMED | OutcomeKind.SENT:
            _settle(job, wanted, None, now=now)
            session.flush()
            emit(session, _confirmed(session, job), now=now)
        case OutcomeKind.UNKNOWN:
            uncertain(session, job, outcome.reason, now=now)
        case OutcomeKind.NOT_SENT:
            not_sent(session, job, outcome.reason, now=now)


def uncertain(session: Session, job: PrintJob, reason: str, *, now: datetime) -> None:
    """Nobody can say any more whether a job is on paper. Its owner may still bring the proof. Emits: PrintJobUncertain."""
    _settle(job, JobState.UNKNOWN, reason, now=now)
    emit(
        session,
        PrintJobUncertain(job.id, job.store_id, job.order_id, job.kind, job.code, printer_id=job.printer_id, reason=reason),
        now=now,
    )


def give_up(session: Session, job: PrintJob, state: JobState, reason: str, *, now: datetime) -> None:
    """A job will not be printed. Emits: PrintJobFailed."""
    job.state, job.last_error, job.settled_at, job.owner = state.value, reason, now, None
    emit(session, PrintJobFailed(job.id, job.store_id, job.order_id, job.kind, job.code, reason=reason), now=now)


def not_sent(session: Session, job: PrintJob, reason: str, *, now: datetime) -> None:
    """Nothing of a job left for its printer: the next one's turn. Emits: PrintJobFailed when no printer is left."""
    job.owner, job.last_error = None, reason
    if job.copied:  # its copy is on the way: this one stays out of the queue
        job.state, job.settled_at = JobState.FAILED.value, now
        return
    if reason in _HOPELESS:
        job.printer_ids = [*job.printer_ids[: job.place], *job.printer_ids[job.place + 1 :]]
        if not job.printer_ids:
            give_up(session, job, JobState.FAILED, reason, now=now)
            return
    else:
        job.place += 1
    job.state, job.sending_at, job.settled_at = JobState.QUEUED.value, None, None
    if job.place < len(job.printer_ids):
        job.due_at = now
    else:
        job.place = 0
        job.due_at = now + retry_delay(job.attempts // len(job.printer_ids), random.random())


def _settle(job: PrintJob, state: JobState, reason: str | None, *, now: datetime) -> None:
    job.state, job.last_error, job.settled_at = state.value, reason, now
    job.printed_on = job.printer_id


def _confirmed(session: Session, job: PrintJob) -> PrintJobConfirmed:
    copies = select(PrintJob.event_id, PrintJob.role, PrintJob.state).where(PrintJob.order_id == job.order_id, PrintJob.kind == job.kind)
    kitchen = job.kind == JobKind.KITCHEN and all_on_paper((row[0], row[1], row[2]) for row in session.execute(copies))
    return PrintJobConfirmed(job.id, job.store_id, job.order_id, job.kind, all_kitchen_confirmed=kitchen)


def _locked(session: Session, job_id: str, store_id: str) -> PrintJob:
    order_id = session.execute(select(PrintJob.order_id).where(PrintJob.id == job_id, PrintJob.store_id == store_id)).scalar()
    if order_id is None:
        raise NoSuchJobError(job_id=job_id)
    # All tickets of the order, so that of two that are confirmed at once the second sees the first.
    jobs = session.execute(select(PrintJob).where(PrintJob.order_id == order_id).order_by(PrintJob.id).with_for_update()).scalars().all()
    return next(job for job in jobs if job.id == job_id)
