"""/livez, /readyz, and the metrics page on its own address."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.kernel.clock import Clock
from domain.messaging.deliveries import backlog, dead_count
from domain.staff.models import TaskKind
from domain.staff.tasks import count_open
from domain.storage import Database, StorageUnavailableError

DELIVERIES = Counter("haowei_deliveries", "Deliveries handled by consumer and outcome", ["consumer", "outcome"])
_DUE = Gauge("haowei_deliveries_due", "Deliveries due now", ["consumer"])
_OLDEST = Gauge("haowei_deliveries_oldest_seconds", "Age of the oldest due delivery", ["consumer"])
_TASKS = Gauge("haowei_staff_tasks_open", "Tasks that wait for a member of staff (haowei show tasks)", ["kind"])
_DEAD = Gauge("haowei_deliveries_dead", "Deliveries given up: a person must look (haowei show deliveries)")


class Health:
    """Answers who asks how this process is."""

    def __init__(self, database: Database, clock: Clock, redis_ping: Callable[[], Awaitable[bool]] | None) -> None:
        self._database = database
        self._clock = clock
        self._redis_ping = redis_ping
        self.stopping = False

    def routes(self) -> list[web.RouteDef]:
        """Where the handlers stand."""
        return [web.get("/livez", self.livez), web.get("/readyz", self.readyz)]

    def metrics_routes(self) -> list[web.RouteDef]:
        """Where the metrics stand, on their own address."""
        return [web.get("/metrics", self.metrics)]

    async def livez(self, request: web.Request) -> web.Response:
        """The loop turns."""
        return web.json_response({"alive": True})

    async def readyz(self, request: web.Request) -> web.Response:
        """The database answers within a second. Redis gone is degraded, still ready."""
        state = {"database": await self._database_answers(), "stopping": self.stopping}
        if self._redis_ping is not None:
            state["redis"] = await self._redis_ping()
        ready = state["database"] and not self.stopping
        return web.json_response(state | {"ready": ready}, status=200 if ready else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        """The page that Prometheus reads."""
        try:
            due = await self._database.read(backlog, now=self._clock.now())
            _DEAD.set(await self._database.read(dead_count))
            tasks = await self._database.read(count_open)
            for kind in TaskKind:
                _TASKS.labels(kind.value).set(tasks.get(kind.value, 0))
            _DUE.clear()
            _OLDEST.clear()
            for consumer, (count, seconds) in due.items():
                _DUE.labels(consumer).set(count)
                _OLDEST.labels(consumer).set(seconds)
        except StorageUnavailableError:
            pass  # /readyz says so; the counters of this process are still true
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(1.0):
                await self._database.read(_ping)
        except (StorageUnavailableError, TimeoutError):
            return False
        return True


def _ping(session: Session) -> None:
    session.execute(text("SELECT 1"))
