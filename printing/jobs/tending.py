"""What time does to jobs: leases end, tickets grow too old, uncertainty calls for a marked copy."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from printing.jobs.models import JobKind, JobState, PrintJob
from printing.jobs.rules import MAYBE_TWICE, UNCERTAIN, after
from printing.jobs.service import give_up, insert_job, uncertain
from printing.tickets.ticket import Ticket


def stores_with_work(session: Session, store_ids: Sequence[str], *, now: datetime) -> Sequence[str]:
    """Those of some stores in which a lease would find or change something. Cheap, takes no lock."""
    waiting = and_(PrintJob.state == JobState.QUEUED.value, PrintJob.lane.is_(None), PrintJob.due_at <= now)
    found = select(PrintJob.store_id).where(
        PrintJob.store_id.in_(store_ids),
        PrintJob.state.in_((JobState.QUEUED.value, JobState.SENDING.value, JobState.UNKNOWN.value)),  # for the index
        or_(waiting, _stale(now), _wants_copy(now)),
    )
    return session.execute(found.distinct().order_by(PrintJob.store_id)).scalars().all()


def tend(session: Session, *, now: datetime, store_id: str) -> None:
    """Do what is due in a store.

    A lease that ended before the first byte frees its job; one that ended after it leaves the job unknown: it is never
    quietly printed again. A ticket past its time is given up. A kitchen ticket in doubt for 60 s is printed
    once more under 【可能重复】, with the same short code, first at the printers after the doubtful one.

    Emits: PrintJobUncertain, PrintJobFailed.
    """
    for job in _due(session, store_id, _stale(now)):
        job.lane = job.leased_until = None
        if job.state == JobState.SENDING:
            uncertain(session, job, "no_report", now=now)
        else:
            job.owner = None
    session.flush()
    queued = and_(PrintJob.state == JobState.QUEUED.value, PrintJob.lane.is_(None), PrintJob.expires_at <= now)
    for job in _due(session, store_id, queued):
        give_up(session, job, JobState.EXPIRED, "expired", now=now)
    for job in _due(session, store_id, _wants_copy(now)):
        _copy(session, job, now=now)


def _copy(session: Session, job: PrintJob, *, now: datetime) -> None:
    job.copied = True
    row = {
        "id": new_id(now),
        "store_id": job.store_id,
        "order_id": job.order_id,
        "event_id": job.event_id,
        "kind": job.kind,
        "role": job.role,
        "copy_no": 2,
        "code": job.code,
        "ticket": Ticket.from_json(job.ticket).marked(MAYBE_TWICE).to_json(),
        "printer_ids": after(job.printer_ids, job.printer_id),
        "expires_at": job.expires_at,
    }
    insert_job(session, row, now=now)


def _stale(now: datetime) -> ColumnElement[bool]:
    return and_(PrintJob.state.in_((JobState.QUEUED.value, JobState.SENDING.value)), PrintJob.leased_until <= now)


def _wants_copy(now: datetime) -> ColumnElement[bool]:
    return and_(
        PrintJob.state == JobState.UNKNOWN.value,
        PrintJob.kind == JobKind.KITCHEN.value,
        PrintJob.copy_no == 1,
        PrintJob.copied.is_(False),
        PrintJob.settled_at <= now - UNCERTAIN,
        PrintJob.expires_at > now,
    )


def _due(session: Session, store_id: str, due: ColumnElement[bool]) -> Sequence[PrintJob]:
    """Jobs that nobody else holds, locked in a fixed order."""
    jobs = select(PrintJob).where(PrintJob.store_id == store_id, due).order_by(PrintJob.id)
    return session.execute(jobs.with_for_update(skip_locked=True)).scalars().all()
