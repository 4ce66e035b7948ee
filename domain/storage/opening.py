"""Which kind of database a URL names."""

from sqlalchemy.engine import make_url

from domain.storage.database import Database, Routes


def open_database(url: str, *, routes: Routes | None = None) -> Database:
    """Open the database behind a URL: `sqlite:///path` or `mysql+aiomysql://user:password@host/name`.

    Args:
        routes: Who hears which event (haowei/routing.py). Needed by every process that emits events.

    Raises:
        ValueError: The URL names another kind of database.
    """
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        from domain.storage.sqlite import SqliteDatabase

        return SqliteDatabase(url, {} if routes is None else routes)
    if backend in {"mysql", "mariadb"}:
        from domain.storage.mysql import MysqlDatabase

        return MysqlDatabase(url, {} if routes is None else routes)
    raise ValueError(f"{backend} is not supported: use sqlite:///… or mysql+aiomysql://…")
