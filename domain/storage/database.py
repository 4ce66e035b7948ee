"""What the rest of the house sees of a database: transaction() and read(), the same on every engine."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

P = ParamSpec("P")
T = TypeVar("T")

Routes = Mapping[str, tuple[str, ...]]
OnCommit = Callable[[frozenset[str]], None]

LONGEST_TRANSACTION_S = 30.0
ROUTES = "haowei.routes"  # Session.info: event name -> consumers
WOKEN = "haowei.woken"  # Session.info: consumers to wake after the commit


class DeadlineExceededError(Exception):
    """The transaction was not begun in time, or was rolled back because its time ran out. Nothing was written."""


class StorageUnavailableError(Exception):
    """The database does not answer, or the outcome of a COMMIT is not known. Repeat under the same key."""


class Database(ABC):
    """Where the truth is. Opened by `open_database`, closed by `close`."""

    def __init__(self, url: str, routes: Routes) -> None:
        self.url = url
        self._routes = routes
        self._on_commit: OnCommit = lambda consumers: None

    def on_commit(self, wake: OnCommit) -> None:
        """Register who is told, after each commit, for which consumers new deliveries are due."""
        self._on_commit = wake

    async def transaction(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one synchronous function in one transaction and return its result after the commit.

        The function may run more than once (deadlock, lost connection): everything it does must be undone by
        a rollback, and effects that must not double carry an idempotency key inside the transaction.

        Raises:
            StorageUnavailableError: The database is gone; the outcome of a commit under way is unknown.
            DeadlineExceededError: 30 s were not enough.
        """
        return await self.transaction_before(time.monotonic() + LONGEST_TRANSACTION_S, fn, *args, **kwargs)

    @abstractmethod
    async def transaction_before(
        self, deadline: float, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `transaction`, but dropped, or rolled back, at `deadline` (time.monotonic()). A COMMIT under way is awaited.

        For what somebody waits for, and only for what is short: on SQLite it holds up the event loop while it runs.
        """

    @abstractmethod
    async def read(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function that only reads, on one snapshot and without waiting for writers."""

    @abstractmethod
    async def close(self) -> None:
        """Finish what was begun and let go of every connection."""

    def _session_info(self) -> dict[Any, Any]:
        return {ROUTES: self._routes, WOKEN: set()}

    def _committed(self, woken: frozenset[str]) -> None:
        if woken:
            self._on_commit(woken)
