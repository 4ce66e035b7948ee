"""Write the next revision of the tables from the models; a developer's tool behind `make revision`."""

import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import (
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateUniqueConstraintOp,
    DropConstraintOp,
    ModifyTableOps,
)
from alembic.script import Script
from sqlalchemy import MetaData, Text

from domain.storage import columns
from domain.storage.migrating import alembic_config, revisions, upgrade
from domain.storage.sqlite_engine import sqlite_engine

_OWN_TYPES = (columns.UtcDateTime, columns.FenColumn, columns.QuantityColumn, columns.Json)


def write_revision(message: str, metadata: MetaData) -> Path | None:
    """Write the step from the history so far to the models into versions/NNNN_message.py.

    Args:
        message: What changes, in a few English words.
        metadata: All tables, as `haowei.schema.all_metadata()` gives them.

    Returns:
        The new file; None when the models and the history agree.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/history.db"
        upgrade(url)
        with sqlite_engine(url).connect() as connection:
            config = alembic_config(connection, target_metadata=metadata, render_item=_render_item, process_revision_directives=_in_order)
            script = command.revision(config, message, autogenerate=True, rev_id=f"{len(revisions()) + 1:04d}")
    if not isinstance(script, Script):
        return None
    written = Path(script.path)
    lines = written.read_text(encoding="utf-8").splitlines(keepends=True)
    written.write_text("".join(line for line in lines if not line.lstrip().startswith("# ###")), encoding="utf-8")
    return written


def _render_item(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    if kind != "type":
        return False
    if isinstance(item, _OWN_TYPES):
        name = type(item).__name__
    elif isinstance(item, Text) and item is columns.LongText:
        name = "LongText"
    else:
        return False
    context.imports.add("from domain import storage")
    return f"storage.{name}" if name == "LongText" else f"storage.{name}()"


def _in_order(context: Any, revision: Any, directives: list[Any]) -> None:
    if directives[0].upgrade_ops.is_empty():
        directives.clear()
        return
    for table in directives[0].upgrade_ops.ops:
        if isinstance(table, ModifyTableOps):
            table.ops.sort(key=_place)


def _place(operation: Any) -> int:
    """New indexes come before old constraints go: MySQL lets no unique key go that a foreign key still leans on (1553)."""
    if isinstance(operation, DropConstraintOp):
        return 1
    return 2 if isinstance(operation, CreateUniqueConstraintOp | CreateForeignKeyOp | CreateCheckConstraintOp) else 0
