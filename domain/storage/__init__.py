"""The one place that tells SQLite from MySQL: engine, column types, transaction(), migrations.

A transaction is one synchronous function on a Session (ARCHITECTURE, decision 1):
`await database.transaction(fn, ...)` runs and commits it, `await database.read(fn, ...)` takes no lock.
"""

from domain.storage.columns import Base, FenColumn, Json, LongText, QuantityColumn, UtcDateTime
from domain.storage.database import Database, DeadlineExceededError, StorageUnavailableError
from domain.storage.opening import open_database
from domain.storage.personal import not_personal, personal
from domain.storage.prepared import Prepared, savepoint
from domain.storage.unique import insert_once

__all__ = [
    "Base",
    "Database",
    "DeadlineExceededError",
    "FenColumn",
    "Json",
    "LongText",
    "Prepared",
    "QuantityColumn",
    "StorageUnavailableError",
    "UtcDateTime",
    "insert_once",
    "not_personal",
    "open_database",
    "personal",
    "savepoint",
]
