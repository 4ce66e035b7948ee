"""Insert a row once: the unique key decides, not a look before."""

from functools import cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session

from domain.storage.prepared import Prepared

_MYSQL_DUPLICATE = 1062


def insert_once(session: Session, model: type[DeclarativeBase], values: dict[str, Any]) -> bool:
    """Insert a row, and say whether it is new.

    Returns:
        False when a row with the same primary or unique key stands already; the transaction goes on.

    Raises:
        IntegrityError: Any other broken constraint.
    """
    session.flush()  # what was added before may clash on its own account
    try:
        _insert(model, tuple(values)).run(session, **values)
    except IntegrityError as error:
        if is_duplicate(error):
            return False
        raise
    return True


@cache
def _insert(model: type[DeclarativeBase], columns: tuple[str, ...]) -> Prepared:
    table = model.__table__
    assert isinstance(table, Table)
    return Prepared(insert(table))


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a broken constraint is a unique one. Both engines undo the statement only."""
    original = error.orig
    code = getattr(original, "args", (None,))[0]
    return code == _MYSQL_DUPLICATE or "UNIQUE constraint failed" in str(original)
