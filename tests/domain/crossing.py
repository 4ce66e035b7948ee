"""Two acts that cross: the second commits between two statements of the first, as another worker or web process may on MariaDB."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from domain.kernel.errors import DomainError
from domain.storage.database import ROUTES, WOKEN
from tests.conftest import Nobody
from tests.domain.any_history import on_mariadb

Act = Callable[[Session], Any]
LONGEST = 60  # statements of an act
_MUST_WAIT = 1205


def at_the_desk(server: Engine) -> Session:
    """A session in which every event may be emitted."""
    return Session(server, expire_on_commit=False, info={ROUTES: Nobody(), WOKEN: set()})


def done(server: Engine, act: Act) -> Any:
    """An act in a transaction of its own. Returns: What came of it, a refusal too."""
    with at_the_desk(server) as session:
        try:
            with session.begin():
                return act(session)
        except DomainError as refusal:
            return refusal


def crossed(server: Engine, first: Act, second: Act, *, before: int) -> tuple[Any, Any, bool]:
    """The first act, and the second before its n-th statement; one that must wait for a lock of the first comes after it.

    Args:
        before: Which statement of the first, from 0.

    Returns:
        What came of each, refusals too; and whether the first had so many statements.
    """
    other = on_mariadb(server.url.render_as_string(hide_password=False))
    asked, came = 0, []

    def goes_between(*_: Any) -> None:
        nonlocal asked
        if asked == before:
            came.append(_unless_it_must_wait(other, second))
        asked += 1

    event.listen(server, "before_cursor_execute", goes_between)
    try:
        outcome = done(server, first)
    finally:
        event.remove(server, "before_cursor_execute", goes_between)
    crossing = bool(came)
    second_outcome = came[0][0] if came and came[0] is not None else done(other, second)
    other.dispose()
    return outcome, second_outcome, crossing


def _unless_it_must_wait(server: Engine, act: Act) -> tuple[Any] | None:
    def at_once(session: Session) -> Any:
        session.execute(text("SET SESSION innodb_lock_wait_timeout = 0"))
        return act(session)

    try:
        return (done(server, at_once),)
    except OperationalError as error:
        if error.orig is None or error.orig.args[0] != _MUST_WAIT:
            raise
        return None
    finally:
        server.dispose()  # the next connection waits as ever
