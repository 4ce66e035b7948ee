"""The loop that hands deliveries to their consumers, in every process that has a worker part."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy.orm import Session

from domain.kernel.clock import Clock
from domain.messaging.deliveries import LEASE, Claimed, LostLeaseError, claim, has_due, put_back
from domain.messaging.wakeup import Wakeup
from domain.storage import Database, DeadlineExceededError, StorageUnavailableError

_POLL_S = (1.0, 2.0)
_CLAIM = 8


class Handler(Protocol):
    """Handles one event inside one transaction: its effects and "done" are one commit, so exactly once."""

    def __call__(self, session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None: ...


def in_turn(*handlers: Handler) -> Handler:
    """Several handlers of one event: one after the other, all or none."""

    def handle(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
        for one in handlers:
            one(session, payload, event_id=event_id, now=now)

    return handle


Effect = Callable[[Claimed], Awaitable[None]]
"""Handles one event with effects outside; settles the delivery itself in its last transaction."""


class TryAgainAtError(Exception):
    """A consumer asks to be called again at a time of its choice; not a failure, never dead."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(due_at)
        self.due_at = due_at


class Worker:
    """One task for each consumer: wait, claim, handle."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        wakeup: Wakeup,
        *,
        handlers: Mapping[str, Mapping[str, Handler]],
        effects: Mapping[str, Effect],
        leases: Mapping[str, timedelta] | None = None,
        on_outcome: Callable[[str, str], None] = lambda consumer, outcome: None,
    ) -> None:
        """Args:
        handlers: consumer -> event name -> handler.
        effects: consumer -> effect.
        leases: consumer -> how long a claim may take before another worker may have it; LEASE when not named.
        on_outcome: Told ("printing", "done" | "retried" | "dead") for the metrics.
        """
        self._database = database
        self._clock = clock
        self._wakeup = wakeup
        self._handlers = handlers
        self._effects = effects
        self._leases = leases or {}
        self._on_outcome = on_outcome
        self._log = structlog.get_logger("worker")

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what is in hand is finished first."""
        async with asyncio.TaskGroup() as tasks:
            for consumer in (*self._handlers, *self._effects):
                tasks.create_task(self._serve(consumer, stop), name=f"consumer-{consumer}")
            await stop.wait()
            self._wakeup.wake((*self._handlers, *self._effects))

    async def _serve(self, consumer: str, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                worked = await self.work_once(consumer)
            except (StorageUnavailableError, DeadlineExceededError) as error:
                self._log.warning("worker.storage_unavailable", consumer=consumer, error=str(error)[:200])
                worked = 0
            if not worked and not stop.is_set():
                await self._wakeup.wait(consumer, random.uniform(*_POLL_S))

    async def work_once(self, consumer: str) -> int:
        """Handle what is due now, one claim's worth, and say how many that was."""
        now = self._clock.now()
        if not await self._database.read(has_due, consumer, now=now):
            return 0
        claims = await self._database.transaction(claim, consumer, now=now, limit=_CLAIM, lease=self._leases.get(consumer, LEASE))
        if consumer in self._effects:
            await asyncio.gather(*(self._handle(consumer, claimed) for claimed in claims))
        else:
            for claimed in claims:
                await self._handle(consumer, claimed)
        return len(claims)

    async def _handle(self, consumer: str, claimed: Claimed) -> None:
        outcome = "done"
        try:
            if consumer in self._effects:
                await self._effects[consumer](claimed)
            else:
                await self._database.transaction(self._in_transaction, consumer, claimed)
        except LostLeaseError:
            outcome = "lost_lease"
        except TryAgainAtError as again:
            outcome = "postponed"
            await self._put_back(claimed, "postponed", again.due_at)
        except Exception as error:
            dead = await self._put_back(claimed, f"{type(error).__name__}: {getattr(error, 'code', '')}", None)
            outcome = "dead" if dead else "retried"
            gone = isinstance(error, StorageUnavailableError | DeadlineExceededError)  # its traceback would say no more than its name
            (self._log.warning if gone else self._log.exception)(
                "delivery.dead" if dead else "delivery.failed",
                consumer=consumer,
                event_name=claimed.event,
                delivery=claimed.id,
                error=type(error).__name__,
            )
        self._on_outcome(consumer, outcome)

    def _in_transaction(self, session: Session, consumer: str, claimed: Claimed) -> None:
        now = self._clock.now()
        self._handlers[consumer][claimed.event](session, claimed.payload, event_id=claimed.event_id, now=now)
        claimed.settle(session, now=now)

    async def _put_back(self, claimed: Claimed, error: str, due_at: datetime | None) -> bool:
        try:
            return await self._database.transaction(put_back, claimed, error=error, now=self._clock.now(), due_at=due_at)
        except (StorageUnavailableError, DeadlineExceededError):
            return False  # the lease ends by itself
