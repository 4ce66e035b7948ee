"""The two ways to ask for a transaction: in its own time, and before a deadline."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from domain.storage import Database

Transact = Callable[..., Awaitable[Any]]
LONG_S = 30.0


def both_ways(database: Database) -> tuple[Transact, Transact]:
    """`transaction`, and `transaction_before` with a deadline that is far away."""

    async def before(fn: Callable[..., Any], *args: Any) -> Any:
        return await database.transaction_before(time.monotonic() + LONG_S, fn, *args)

    return database.transaction, before
