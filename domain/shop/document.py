"""The shop file as one typed document, and its JSON Schema.

Only `id`, `name`, `price` of a dish and `id`, `name` of a store are required; lists need what names their entries.
Keys of features that come later are typed here already and kept with the document.
"""

from typing import Any, get_args

from domain.shop.brand_records import BrandRecord
from domain.shop.errors import Path
from domain.shop.experience_records import ExperienceRecord
from domain.shop.menu_records import CategoryRecord, SetMealRecord
from domain.shop.records import Record
from domain.shop.store_records import StoreRecord


class ShopDocument(Record):
    """A shop file."""

    brand: BrandRecord = BrandRecord()
    stores: tuple[StoreRecord, ...] = ()
    menu: tuple[CategoryRecord, ...] = ()
    set_meals: tuple[SetMealRecord, ...] = ()
    experiences: tuple[ExperienceRecord, ...] = ()


def shop_schema() -> dict[str, Any]:
    """JSON Schema of the shop file, for editors."""
    schema: dict[str, Any] = _slim(ShopDocument.model_json_schema(by_alias=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Haowei shop file"}


def _slim(schema: Any) -> Any:
    """Without generated titles, and without defaults, which stand in fen."""
    if isinstance(schema, list):
        return [_slim(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _slim(item) for key, item in schema.items() if key not in {"title", "default"}}


def keys_at(path: Path) -> list[str]:
    """The keys that a map at a path may hold, in the order of this page."""
    record: Any = ShopDocument
    for part in path:
        if isinstance(part, str):
            fields = {field.alias or name: field for name, field in record.model_fields.items()}
            record = _record_in(fields[part].annotation)
    return [field.alias or name for name, field in record.model_fields.items()]


def _record_in(annotation: Any) -> Any:
    """The record that an annotation is about: tuple[X, ...], X | None, Annotated[X, ...] -> X."""
    while not isinstance(annotation, type) or not issubclass(annotation, Record):
        annotation = get_args(annotation)[0]
    return annotation
