"""What every map of the shop file has in common: frozen, no key but its own, and readable again once stored."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Record(BaseModel):
    """A map of the shop file: frozen, and no key but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty_keys(cls, value: Any) -> Any:
        """A key without a value is a key left out; an unknown one is still told."""
        if not isinstance(value, dict):
            return value
        known = {field.alias or name for name, field in cls.model_fields.items()}
        return {key: item for key, item in value.items() if item is not None or key not in known}


def stored(record: Record, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """A record as JSON that reads back to an equal record: prices as yuan texts, defaults left out."""
    return record.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=set(without))
