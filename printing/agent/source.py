"""Where an agent gets its jobs from."""

from typing import Protocol

from printing.jobs.leasing import LeasedJob
from printing.printers.outcome import Outcome


class SourceUnavailableError(Exception):
    """No answer that can be relied on: the call may or may not have had its effect. Repeat it."""


class JobSource(Protocol):
    """Hands out jobs and takes reports. One source is one agent: its fence is made with it."""

    async def lease(self, wait_s: float) -> list[LeasedJob]:
        """Jobs to print now, at most one for each printer; waits up to `wait_s` seconds for the first.

        Raises:
            SourceUnavailableError: Nothing was leased, or it will be free again when its lease ends.
        """
        ...

    async def sending(self, job: LeasedJob) -> None:
        """Write down that the first byte is about to leave. Nothing may be sent unless this returns.

        Raises:
            LeaseLostError: The job is no longer ours.
            SourceUnavailableError: It may have been written down or not.
        """
        ...

    async def report(self, job: LeasedJob, outcome: Outcome) -> None:
        """Tell what became of a job; may be repeated.

        Raises:
            LeaseLostError, NoSuchJobError: Nobody wants to know any more.
            SourceUnavailableError: Tell it again.
        """
        ...
