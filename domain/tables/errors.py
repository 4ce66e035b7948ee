"""Refusals at the table.

DomainError
├── UnknownTableError     the code names no table of this shop
├── StoreClosedError      the kitchen is closed now
├── SessionEndedError     the party has left, or its time is over
├── TableTakenError       another party sits at the table
├── SameTableError        a table is not merged with itself
├── OnlyOpenerMovesError  who opened the table moves the party
└── UnpaidTableError      who opened a table does not leave its bill behind
"""

from domain.kernel.errors import DomainError


class UnknownTableError(DomainError):
    """The scanned code names no table of ours. Details: store, table."""

    code = "tables.unknown_table"


class StoreClosedError(DomainError):
    """A session starts in opening hours only. Details: store."""

    code = "tables.store_closed"


class SessionEndedError(DomainError):
    """The table's session is over: it was paid, merged, ended by the staff, or idle for too long."""

    code = "tables.session_ended"


class TableTakenError(DomainError):
    """Another party sits there: the parties may be merged instead. Details: table."""

    code = "tables.taken"


class SameTableError(DomainError):
    """Both parties are one. Details: table."""

    code = "tables.same_table"


class OnlyOpenerMovesError(DomainError):
    """A party is moved by the diner who opened its table, or by the staff. Details: table."""

    code = "tables.only_opener_moves"


class UnpaidTableError(DomainError):
    """Who opened a table pays its bill, or has the staff merge the tables, before sitting down elsewhere. Details: table, to."""

    code = "tables.unpaid"
