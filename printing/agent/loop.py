"""The agent's loop: one worker for each printer, nothing sent that is not written down, a report for every try."""

import asyncio
import random
from collections import deque
from contextlib import suppress
from pathlib import Path

import structlog

from domain.kernel.errors import DomainError
from printing.agent.source import JobSource, SourceUnavailableError
from printing.jobs.leasing import LeasedJob
from printing.printers.connection import UnsupportedConnectionError
from printing.printers.network import Timing
from printing.printers.opening import open_printer
from printing.printers.outcome import NotConnectedError, Outcome, OutcomeKind, Printer, PrinterLink, not_sent

_WAIT_S = 20.0
_LATE_S = 45.0  # a proof may come late, but before the marked copy is made (jobs.rules.UNCERTAIN)
_LAST_LEASE_S = 0.5  # for a lease that is being committed at the moment of stopping
_PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0)  # between calls while the source does not answer


def _pause(failures: int) -> float:
    longest = _PAUSES_S[min(failures, len(_PAUSES_S)) - 1]
    return random.uniform(longest / 2, longest)


class _Line:
    """The jobs for one address; `wanted` is up when its worker has something to see."""

    def __init__(self) -> None:
        self.printer: Printer | None = None
        self.jobs: deque[LeasedJob] = deque()
        self.wanted = asyncio.Event()


class PrintAgent:
    """Prints what a source hands out."""

    def __init__(self, source: JobSource, *, prints_dir: Path, timing: Timing | None = None) -> None:
        """Args:
        prints_dir: The only folder that file: printers write to.
        timing: How long printers may take to answer.
        """
        self._source = source
        self._prints_dir = prints_dir
        self._timing = timing
        self._lines: dict[str, _Line] = {}
        self._reports: deque[tuple[LeasedJob, Outcome]] = deque()
        self._reporting = asyncio.Lock()
        self._untold = asyncio.Event()
        self._failures = 0
        self._log = structlog.get_logger("print_agent")

    async def run(self, stop: asyncio.Event) -> None:
        """Print until told to stop. What is in hand is finished and reported first."""
        async with asyncio.TaskGroup() as tasks:
            stopped = tasks.create_task(stop.wait(), name="print-agent-stop")
            tasks.create_task(self._repeat_reports(stop), name="print-agent-reports")
            while not stop.is_set():
                for job in await self._next_jobs(stopped):
                    self._hand_over(job, tasks, stop)
            for line in self._lines.values():
                line.wanted.set()
            self._untold.set()
        for pause in _PAUSES_S[:3]:
            await self._deliver_reports()
            if not self._reports:
                break
            await asyncio.sleep(pause)
        for job, outcome in self._reports:
            self._log.error("print_agent.report_lost", job=job.id, outcome=outcome.kind.value)

    async def _next_jobs(self, stopped: "asyncio.Task[bool]") -> list[LeasedJob]:
        leasing = asyncio.create_task(self._lease(), name="print-agent-lease")
        try:
            await asyncio.wait({leasing, stopped}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({leasing}, timeout=_LAST_LEASE_S)
        finally:
            leasing.cancel()
            await asyncio.wait({leasing})
        return [] if leasing.cancelled() else leasing.result()

    async def _lease(self) -> list[LeasedJob]:
        try:
            jobs = await self._source.lease(_WAIT_S)
        except SourceUnavailableError as error:
            self._log.warning("print_agent.no_source", error=str(error)[:200])
        except Exception:
            self._log.exception("print_agent.lease_broke_off")  # one bad answer must not end the printing
        else:
            self._failures = 0
            return jobs
        self._failures += 1
        await asyncio.sleep(_pause(self._failures))
        return []

    def _hand_over(self, job: LeasedJob, tasks: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        line = self._lines.get(job.printer.connection)
        if line is None:
            line = self._lines[job.printer.connection] = _Line()
            tasks.create_task(self._work(line, stop), name=f"printer-{job.printer.id}")
        line.jobs.append(job)
        line.wanted.set()

    async def _work(self, line: _Line, stop: asyncio.Event) -> None:
        while line.jobs or not stop.is_set():
            await line.wanted.wait()
            line.wanted.clear()
            while line.jobs:
                job = line.jobs.popleft()
                try:
                    await self._print(line, job)
                except Exception:
                    # Without a report the lease ends: not sent is tried again, begun is unknown.
                    self._log.exception("print_agent.job_broke_off", job=job.id)

    async def _print(self, line: _Line, job: LeasedJob) -> None:
        try:
            line.printer = line.printer or open_printer(job.printer.connection, prints_dir=self._prints_dir, timing=self._timing)
            link = await line.printer.connect()
        except UnsupportedConnectionError as error:
            self._log.error("print_agent.unsupported_printer", printer=job.printer.id, error=str(error))
            await self._report(job, not_sent("unsupported"))
            return
        except NotConnectedError as error:
            await self._report(job, not_sent(error.reason))
            return
        try:
            await self._print_over(link, line, job)
        finally:
            await link.close()

    async def _print_over(self, link: PrinterLink, line: _Line, job: LeasedJob) -> None:
        refused = await link.preflight()
        if refused is not None:
            await self._report(job, refused)
            return
        try:
            await self._source.sending(job)
        except SourceUnavailableError:
            await self._report(job, not_sent("no_server"))
            return
        except DomainError as refusal:
            self._log.warning("print_agent.not_ours", job=job.id, code=refusal.code)
            return
        outcome = await link.send(job.data, lines=job.lines)
        await self._report(job, outcome)
        if outcome.kind is OutcomeKind.UNKNOWN:
            proof = await self._late_proof(link, line)
            if proof is not None:
                await self._report(job, proof)

    async def _late_proof(self, link: PrinterLink, line: _Line) -> Outcome | None:
        """Keep listening while nobody else wants the printer."""
        listening = asyncio.create_task(link.late_answer(_LATE_S))
        wanted = asyncio.create_task(line.wanted.wait())
        try:
            await asyncio.wait({listening, wanted}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            listening.cancel()
            wanted.cancel()
            await asyncio.wait({listening, wanted})
        return None if listening.cancelled() else listening.result()

    async def _report(self, job: LeasedJob, outcome: Outcome) -> None:
        self._log.info("print_agent.outcome", job=job.id, number=job.number, outcome=outcome.kind.value, reason=outcome.reason)
        self._reports.append((job, outcome))
        await self._deliver_reports()

    async def _repeat_reports(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self._untold.wait()
            self._untold.clear()
            failures = 0
            while self._reports and not stop.is_set():
                failures += 1
                with suppress(TimeoutError):
                    async with asyncio.timeout(_pause(failures)):
                        await stop.wait()
                await self._deliver_reports()

    async def _deliver_reports(self) -> None:
        """Deliver what is to be told, oldest first; what cannot be delivered now is kept."""
        async with self._reporting:
            while self._reports:
                job, outcome = self._reports[0]
                try:
                    await self._source.report(job, outcome)
                except SourceUnavailableError as error:
                    self._log.warning("print_agent.report_waits", job=job.id, error=str(error)[:200])
                    self._untold.set()
                    return
                except DomainError as refusal:
                    self._log.warning("print_agent.report_refused", job=job.id, code=refusal.code)
                except Exception:
                    # Kept, it would hold up all others; the lease ends and leaves the job unknown.
                    self._log.exception("print_agent.report_broke_off", job=job.id)
                self._reports.popleft()
