"""Insert a row once: the unique key decides, not a look before."""

from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session

_MYSQL_DUPLICATE = 1062


def insert_once(session: Session, model: type[DeclarativeBase], values: dict[str, Any]) -> bool:
    """Insert a row, and say whether it is new.

    Returns:
        False when a row with the same primary or unique key stands already; the transaction goes on.

    Raises:
        IntegrityError: Any other broken constraint.
    """
    table = model.__table__
    assert isinstance(table, Table)
    try:
        session.execute(insert(table), values)
    except IntegrityError as error:
        if is_duplicate(error):
            return False
        raise
    return True


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a broken constraint is a unique one. Both engines undo the statement only."""
    original = error.orig
    code = getattr(original, "args", (None,))[0]
    return code == _MYSQL_DUPLICATE or "UNIQUE constraint failed" in str(original)
