"""The short cut inside the server: jobs straight from the desk, without HTTP."""

from collections.abc import Callable, Sequence

from domain.storage import DeadlineExceededError, StorageUnavailableError
from printing.agent.source import SourceUnavailableError
from printing.jobs.desk import PrintDesk
from printing.jobs.leasing import LeasedJob
from printing.printers.outcome import Outcome

_MOST_JOBS = 50  # of one store; one printer has one job


class DatabaseJobSource:
    """Jobs of the stores whose printers this process can reach."""

    def __init__(self, desk: PrintDesk, store_ids: Callable[[], Sequence[str]], *, owner: str) -> None:
        """Args:
        store_ids: Asked before each lease, so that a new store prints without a restart.
        owner: A new id (domain.kernel.ids) for each start.
        """
        self._desk = desk
        self._store_ids = store_ids
        self._owner = owner

    async def lease(self, wait_s: float) -> list[LeasedJob]:
        """See JobSource."""
        try:
            return await self._desk.lease(self._store_ids(), owner=self._owner, wait_s=wait_s, limit=_MOST_JOBS)
        except (StorageUnavailableError, DeadlineExceededError) as error:
            raise SourceUnavailableError(str(error)) from error

    async def sending(self, job: LeasedJob) -> None:
        """See JobSource."""
        try:
            await self._desk.sending(job.store_id, job.id, owner=self._owner)
        except (StorageUnavailableError, DeadlineExceededError) as error:
            raise SourceUnavailableError(str(error)) from error

    async def report(self, job: LeasedJob, outcome: Outcome) -> None:
        """See JobSource."""
        try:
            await self._desk.report(job.store_id, job.id, owner=self._owner, outcome=outcome)
        except (StorageUnavailableError, DeadlineExceededError) as error:
            raise SourceUnavailableError(str(error)) from error
