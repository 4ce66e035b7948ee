"""Wake-up across processes by Redis pub/sub. Best effort: when Redis is gone, workers find their work by polling."""

import asyncio
from collections.abc import Iterable

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from domain.messaging.wakeup import Wakeup

_CHANNEL = "haowei:wake"
_TIMEOUT_S = 0.5  # redis-py's own defaults would hold a turn for half a minute. Source: reference infra §5
_RECONNECT_S = 2.0


class RedisWakeup:
    """Tells other processes what this one has committed, and hears what they have."""

    def __init__(self, url: str, local: Wakeup) -> None:
        self._local = local
        self._talker = Redis.from_url(
            url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S, retry=Retry(NoBackoff(), 0), health_check_interval=15
        )
        self._listener = Redis.from_url(url, socket_connect_timeout=_TIMEOUT_S, retry=Retry(NoBackoff(), 0))
        self._telling: set[asyncio.Task[None]] = set()
        self._log = structlog.get_logger("redis")

    def wake(self, consumers: Iterable[str]) -> None:
        """Wake here at once, elsewhere soon."""
        consumers = sorted(consumers)
        self._local.wake(consumers)
        task = asyncio.get_running_loop().create_task(self._tell(",".join(consumers)))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def ping(self) -> bool:
        """Whether Redis answers now."""
        try:
            return bool(await self._talker.ping())
        except (RedisError, OSError, TimeoutError):
            return False

    async def listen(self, stop: asyncio.Event) -> None:
        """Hear the others until told to stop; reconnects as often as it takes."""
        while not stop.is_set():
            try:
                async with self._listener.pubsub() as channel:
                    await channel.subscribe(_CHANNEL)
                    while not stop.is_set():
                        heard = await channel.get_message(ignore_subscribe_messages=True, timeout=1.0)
                        if heard is not None:
                            self._local.wake(heard["data"].decode().split(","))
            except (RedisError, OSError, TimeoutError) as error:
                self._log.warning("redis.gone", error=type(error).__name__)
                await asyncio.sleep(_RECONNECT_S)

    async def close(self) -> None:
        """Let go of the connections."""
        for task in list(self._telling):
            await task
        await self._talker.aclose()
        await self._listener.aclose()

    async def _tell(self, consumers: str) -> None:
        try:
            await self._talker.publish(_CHANNEL, consumers)
        except (RedisError, OSError, TimeoutError) as error:
            self._log.warning("redis.not_told", error=type(error).__name__)
