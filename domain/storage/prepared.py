"""Statements of the hot path, built once. On SQLite they go straight to the driver: SQLAlchemy's way costs ten times as much.

Source: reference turn-cost (a chat turn has about fifteen statements and should cost no more than a bare echo).
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Executable, Insert, Select
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

DRIVER = "haowei.sqlite"  # Session.info: the sqlite3 connection that carries the session's transaction
_DIALECT = pysqlite.dialect()

Process = Callable[[Any], Any]


class _Parameter(NamedTuple):
    """One question mark: a value of the call by its name, or a constant of the statement."""

    name: str | None
    process: Process | None
    constant: Any


class Prepared:
    """A statement with named parameters (`bindparam`), made when its module is loaded and run many times.

    Values and rows are those of the columns' types, on every engine. Objects that the session has loaded do not learn
    what an UPDATE or DELETE did.
    """

    def __init__(self, statement: Executable) -> None:
        """Args: statement: without IN lists; an INSERT without values takes the columns that its first run names."""
        options = {} if isinstance(statement, Select | Insert) else {"synchronize_session": False}
        self._statement = statement.execution_options(**options)
        self._text = ""
        self._parameters: tuple[_Parameter, ...] = ()
        self._columns: tuple[tuple[int, Process], ...] = ()

    def all(self, session: Session, /, **values: Any) -> list[tuple[Any, ...]]:
        """Every row."""
        driver = session.info.get(DRIVER)
        if driver is None:
            return [tuple(row) for row in session.execute(self._statement, values)]
        return [self._row(row) for row in self._run(driver, session, values).fetchall()]

    def first(self, session: Session, /, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        driver = session.info.get(DRIVER)
        if driver is None:
            row = session.execute(self._statement, values).first()
            return None if row is None else tuple(row)
        found = self._run(driver, session, values).fetchone()
        return None if found is None else self._row(found)

    def scalar(self, session: Session, /, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.first(session, **values)
        return None if row is None else row[0]

    def run(self, session: Session, /, **values: Any) -> int:
        """Run a statement that changes rows, and say how many it found.

        Raises:
            IntegrityError: A constraint is broken; the statement did nothing.
        """
        driver = session.info.get(DRIVER)
        if driver is None:
            return int(session.execute(self._statement, values).rowcount)  # type: ignore[attr-defined]
        return self._run(driver, session, values).rowcount

    def _run(self, driver: sqlite3.Connection, session: Session, values: dict[str, Any]) -> sqlite3.Cursor:
        if session.in_transaction():
            session.flush()  # as session.execute does: a statement sees what was added before
        if not self._text:
            self._compile(tuple(values))
        bound = [
            constant if name is None else values[name] if process is None else process(values[name])
            for name, process, constant in self._parameters
        ]
        return execute(driver, self._text, bound)

    def _row(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        if not self._columns:
            return row
        values = list(row)
        for index, process in self._columns:
            values[index] = process(values[index])
        return tuple(values)

    def _compile(self, names: tuple[str, ...]) -> None:
        statement: Any = self._statement
        compiled: Any = statement.compile(dialect=_DIALECT, column_keys=names if isinstance(statement, Insert) else None)
        defaults = {column.key: column.default.arg for column in compiled.prefetch}
        if any(map(callable, defaults.values())) or "POSTCOMPILE" in compiled.string:
            raise TypeError(f"calculated defaults and IN lists need session.execute: {compiled.string}")
        self._parameters = tuple(_parameter(compiled.binds[name], defaults) for name in compiled.positiontup)
        if isinstance(statement, Select):
            processes = [column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) for column in statement.selected_columns]
            self._columns = tuple((index, process) for index, process in enumerate(processes) if process is not None)
        self._text = compiled.string


def _parameter(bind: Any, defaults: dict[str, Any]) -> _Parameter:
    process = bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    if bind.required and bind.key not in defaults:
        return _Parameter(bind.key, process, None)
    constant = defaults.get(bind.key, bind.effective_value)
    return _Parameter(None, None, constant if process is None else process(constant))


def execute(driver: sqlite3.Connection, text: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
    """Run SQL as it stands; errors are SQLAlchemy's."""
    try:
        return driver.execute(text, values)
    except sqlite3.Error as error:
        raise DBAPIError.instance(text, values, error, sqlite3.Error, hide_parameters=True) from error


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """What happens inside is kept whole, or undone whole when an error leaves it. Cheap where nothing goes wrong.

    After a deadlock there is nothing left to go back to, for the server has undone the whole transaction: the deadlock is
    what is raised, so that the transaction is repeated.
    """
    driver = session.info.get(DRIVER)
    if driver is None or session.in_transaction():
        first: BaseException | None = None
        try:
            with session.begin_nested():
                session.connection()  # the session sets its savepoint at its own first statement, and ours do not go through it
                try:
                    yield
                    session.flush()
                except BaseException as error:
                    first = error
                    raise
        except DBAPIError as error:
            if first is None or error is first:
                raise
            raise first from error
        return
    execute(driver, "SAVEPOINT inner")
    try:
        yield
        if session.in_transaction():
            session.commit()  # a savepoint of the session's own, which it began inside this one
        else:
            session.flush()
    except BaseException:
        session.rollback()
        execute(driver, "ROLLBACK TO inner")
        raise
    finally:
        execute(driver, "RELEASE inner")
