"""The database of an installation, with every table and every route known."""

from domain.storage import Database, open_database
from haowei.routing import ROUTES
from haowei.schema import all_metadata


def open_house(url: str) -> Database:
    """Open it; whatever is written there may emit any event, and name any table as a foreign key.

    Raises:
        ValueError: The URL names a kind of database that is not supported.
    """
    all_metadata()
    return open_database(url, routes=ROUTES)
