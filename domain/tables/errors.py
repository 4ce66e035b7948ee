"""Refusals at the table.

DomainError
├── UnknownTableError   the code names no table of this shop
└── StoreClosedError    the kitchen is closed now
"""

from domain.kernel.errors import DomainError


class UnknownTableError(DomainError):
    """The scanned code names no table of ours. Details: store, table."""

    code = "tables.unknown_table"


class StoreClosedError(DomainError):
    """A session starts in opening hours only. Details: store."""

    code = "tables.store_closed"
