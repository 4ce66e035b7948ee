"""The records of an installation as SQL sees them, beside the programs that write them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, event, make_url, text

from bot.inbox import inbox_key
from tests.line.waiting import comes_true


class Records:
    """Reads the database of an installation, and holds its locks."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._engine = create_engine(url.replace("+aiomysql", "+pymysql"), poolclass=NullPool)
        if self.is_sqlite:
            event.listen(self._engine, "connect", _no_transactions_of_the_driver)

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    def one(self, sql: str, **values: Any) -> Any:
        """The one value of a query."""
        [[value]] = self.rows(sql, **values)
        return value

    def count(self, table: str, where: str = "1 = 1", **values: Any) -> int:
        """How many rows a table has."""
        return int(self.one(f"SELECT count(*) FROM {table} WHERE {where}", **values))

    def counts(self, *tables: str) -> dict[str, int]:
        """How many rows each of these tables has."""
        return {table: self.count(table) for table in tables}

    def execute(self, *statements: str) -> None:
        """Run statements, each committed."""
        with self._engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
                connection.commit()

    def inbox(self, push: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """(state, reply) of what was pushed: no row, or one."""
        return self.rows("SELECT state, reply FROM inbox_message WHERE `key` = :key", key=inbox_key(f"m.{push['MsgId']}"))

    async def become(self, sql: str, wanted: Any, *, within_s: float = 60.0, **values: Any) -> None:
        """Wait until a query gives this value.

        Raises:
            TimeoutError: It does not.
        """
        if not await comes_true(lambda: self.one(sql, **values) == wanted, within_s=within_s):
            raise TimeoutError(f"{sql} is {self.one(sql, **values)!r} and not {wanted!r} after {within_s} s")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold a transaction open. On SQLite nobody else can write meanwhile; on MariaDB what it touches is locked."""
        with self._engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.exec_driver_sql("ROLLBACK")

    def is_being_written(self) -> bool:
        """SQLite: whether someone holds the write lock at this moment."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except Exception as error:
                if "locked" in str(error):
                    return True
                raise
            connection.exec_driver_sql("ROLLBACK")
            return False


def _no_transactions_of_the_driver(connection: Any, _: Any) -> None:
    connection.isolation_level = None
