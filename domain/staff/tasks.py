"""Tasks of staff: what the system cannot settle by itself, until a person says that it is done."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.staff.errors import UnknownTaskError
from domain.staff.models import StaffTask, TaskKind, TaskState
from domain.storage import insert_once


def open_task(
    session: Session, kind: TaskKind, subject: str, text: str, *, key: str, due_at: datetime, now: datetime, store_id: str | None = None
) -> bool:
    """Put a task on the list.

    Args:
        subject: Id of what it is about.
        text: What to do, in Chinese; names nobody; at most 200 characters.
        key: At most one task under it, ever.
        store_id: Whose staff; None for the office.

    Returns:
        False when the key was used before, whatever became of that task.
    """
    row = {
        "id": new_id(now),
        "kind": kind.value,
        "store_id": store_id,
        "subject": subject,
        "text": text,
        "state": TaskState.OPEN.value,
        "key": key,
        "due_at": due_at,
        "opened_at": now,
    }
    return insert_once(session, StaffTask, row)


def close_task(session: Session, task_id: str, *, by: str | None, now: datetime) -> bool:
    """A task is done.

    Args:
        by: Who did it, an id; None when it settled itself.

    Returns:
        False when it was done before; who did it then stays.

    Raises:
        UnknownTaskError.
    """
    if _close(session, by, now, StaffTask.id == task_id):
        return True
    if session.execute(select(StaffTask.id).where(StaffTask.id == task_id)).first() is None:
        raise UnknownTaskError
    return False


def close_tasks(session: Session, kind: TaskKind, subject: str, *, by: str | None, now: datetime) -> int:
    """Close every open task of a kind about one subject, and say how many there were."""
    return _close(session, by, now, StaffTask.subject == subject, StaffTask.kind == kind.value)


def list_tasks(
    session: Session, *, kind: TaskKind | None = None, store_id: str | None = None, subject: str | None = None, limit: int = 50
) -> Sequence[StaffTask]:
    """Open tasks, the most urgent first.

    Args:
        store_id: Only of this store; None for those of every store and of the office.
    """
    open_ones = select(StaffTask).where(StaffTask.state == TaskState.OPEN.value).order_by(StaffTask.due_at, StaffTask.id).limit(limit)
    if kind is not None:
        open_ones = open_ones.where(StaffTask.kind == kind.value)
    if store_id is not None:
        open_ones = open_ones.where(StaffTask.store_id == store_id)
    if subject is not None:
        open_ones = open_ones.where(StaffTask.subject == subject)
    return session.execute(open_ones.execution_options(populate_existing=True)).scalars().all()


def count_open(session: Session) -> dict[str, int]:
    """How many tasks of each kind are open; kinds without any are left out."""
    counted = select(StaffTask.kind, func.count()).where(StaffTask.state == TaskState.OPEN.value).group_by(StaffTask.kind)
    return {kind: int(number) for kind, number in session.execute(counted)}


def had_task(session: Session, kind: TaskKind, subject: str) -> bool:
    """Whether a task of a kind was ever opened about a subject, done or not."""
    found = select(StaffTask.id).where(StaffTask.subject == subject, StaffTask.kind == kind.value).limit(1)
    return session.execute(found).first() is not None


def who_did(session: Session, kind: TaskKind, subject: str) -> str | None:
    """Who did the task of a kind about a subject that was done last; None when it settled itself, or none was done."""
    done = select(StaffTask.done_by).where(
        StaffTask.subject == subject, StaffTask.kind == kind.value, StaffTask.state == TaskState.DONE.value
    )
    return session.execute(done.order_by(StaffTask.id.desc()).limit(1)).scalar()


def get_task(session: Session, task_id: str) -> StaffTask:
    """A task as it stands. Raises: UnknownTaskError."""
    found = session.execute(select(StaffTask).where(StaffTask.id == task_id).execution_options(populate_existing=True)).scalars().first()
    if found is None:
        raise UnknownTaskError
    return found


def _close(session: Session, by: str | None, now: datetime, *which: ColumnElement[bool]) -> int:
    closed = session.execute(
        update(StaffTask)
        .where(StaffTask.state == TaskState.OPEN.value, *which)
        .values(state=TaskState.DONE.value, done_at=now, done_by=by)
        .execution_options(synchronize_session=False)
    )
    return int(closed.rowcount)  # type: ignore[attr-defined]
