"""The map of personal data: every column of text or bytes says what it holds about a person, or that it holds nothing.

Numbers, instants and random ids are not personal on their own: erasing a person destroys the row that ties
the id to them. Source: ARCHITECTURE, decision 10. tests/test_personal_data.py fails on a column left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, String, Text
from sqlalchemy.types import TypeDecorator

_KEY = "personal_data"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Why a column may hold personal data, and how it goes.

    Attributes:
        purpose: What it is needed for.
        basis: "contract" (answering and serving) or "consent".
        retention: How long it is kept, in words.
        erase: "key" (unreadable once the person's key is destroyed), "delete" (row goes), "blank" (text emptied).
    """

    purpose: str
    basis: str
    retention: str
    erase: str


def personal(purpose: str, *, basis: str, retention: str, erase: str) -> dict[Any, Any]:
    """Column `info` of a personal column."""
    return {_KEY: PersonalData(purpose, basis, retention, erase)}


def not_personal(why: str) -> dict[Any, Any]:
    """Column `info` of a text column that holds nothing about a person."""
    return {_KEY: why}


def personal_data_map(metadata: MetaData) -> Iterator[tuple[str, PersonalData]]:
    """Every personal column as ("table.column", its PersonalData)."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.info.get(_KEY), PersonalData):
                yield f"{table.name}.{column.name}", column.info[_KEY]


def unmapped_columns(metadata: MetaData) -> list[str]:
    """Columns of text or bytes that say neither; empty when the map is whole."""
    return [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if _holds_text(column) and _KEY not in column.info and not column.foreign_keys
    ]


def _holds_text(column: Column[Any]) -> bool:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, (Text, LargeBinary)):
        return True
    return isinstance(kind, String) and (kind.length or 0) > _LONGEST_CODE


_LONGEST_CODE = 32  # ids, states and short codes fit in 32 characters; longer columns can hold words
