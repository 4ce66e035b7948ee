"""The shop as rows: from a document into the tables of stores and menu, and back into an equal document.

Rows are the truth about stores and dishes, so that a price changed by a row shows; brand, set meals and experiences
have no tables and stay in the newest document.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, insert, inspect, select
from sqlalchemy.orm import Session

from domain.kernel.money import yuan
from domain.menu.models import Category, Dish, StoreDish
from domain.shop.document import ShopDocument
from domain.shop.menu_records import DishRecord
from domain.shop.models import ShopVersion
from domain.shop.records import stored
from domain.shop.store_records import StoreRecord
from domain.storage import Base
from domain.stores.models import Printer, Store, StoreTable

_OWN_COLUMNS = {
    Store: ("id", "name", "address", "phone", "location", "timezone", "pay", "tables", "printers", "menu"),
    Dish: ("id", "name", "price"),
}

Row = TypeVar("Row", bound=Base)


def document_from_rows(session: Session) -> ShopDocument:
    """The shop as its rows say it is now; an empty document before the first import.

    It takes several statements: whoever must not see half an import reads the version before and after.
    """
    newest = session.execute(select(ShopVersion.document).order_by(ShopVersion.version.desc()).limit(1)).scalar_one_or_none() or {}
    return ShopDocument.model_validate(
        {
            "brand": newest.get("brand"),
            "stores": _stores(session),
            "menu": _menu(session),
            "set_meals": newest.get("set_meals"),
            "experiences": newest.get("experiences"),
        }
    )


def retired_stores(session: Session) -> list[StoreRecord]:
    """Stores that are no more, without tables, printers and menu."""
    rows = session.execute(_all(Store).where(Store.retired_at.is_not(None)).order_by(Store.position)).scalars()
    return [_store_record(row, {}) for row in rows]


def write_rows(session: Session, document: ShopDocument, *, now: datetime) -> None:
    """Bring the rows to what a document says: write what is new or changed, retire what is no longer named."""
    stores = list(enumerate(document.stores))
    _bring(session, Store, {(store.id,): _store_values(store, position) for position, store in stores}, now=now)
    _bring(
        session,
        StoreTable,
        {
            (store.id, table.code): {"seats": table.seats, "area": table.area, "position": position}
            for store in document.stores
            for position, table in enumerate(store.tables)
        },
        now=now,
    )
    _bring(
        session,
        Printer,
        {
            (store.id, printer.id): {
                "connection": printer.connection,
                "width": printer.width,
                "roles": list(printer.roles),
                "stations": list(printer.stations),
                "position": position,
            }
            for store in document.stores
            for position, printer in enumerate(store.printers)
        },
        now=now,
    )
    _bring(session, Category, {(part.category,): {"position": position} for position, part in enumerate(document.menu)}, now=now)
    dishes = [(part.category, dish) for part in document.menu for dish in part.dishes]
    _bring(session, Dish, {(dish.id,): _dish_values(dish, part, position) for position, (part, dish) in enumerate(dishes)}, now=now)
    _replace_store_dishes(session, document.stores)


def _bring(session: Session, model: type[Row], wanted: Mapping[tuple[str, ...], dict[str, Any]], *, now: datetime) -> None:
    key = [column.name for column in inspect(model).primary_key]
    there = {tuple(getattr(row, name) for name in key): row for row in session.execute(_all(model)).scalars()}
    for values_of, values in wanted.items():
        row = there.pop(values_of, None)
        if row is None:
            row = model(**dict(zip(key, values_of, strict=True)))
            session.add(row)
        for name, value in {**values, "retired_at": None}.items():
            setattr(row, name, value)
    for row in there.values():
        if getattr(row, "retired_at", None) is None:
            setattr(row, "retired_at", now)  # noqa: B010 - every model here has it, their base does not
    session.flush()


def _all(model: type[Row]) -> Any:
    return select(model).execution_options(populate_existing=True)


def _store_values(store: StoreRecord, position: int) -> dict[str, Any]:
    latitude, longitude = store.location or (None, None)
    return {
        "name": store.name,
        "address": store.address,
        "phone": store.phone,
        "latitude": None if latitude is None else str(latitude),
        "longitude": None if longitude is None else str(longitude),
        "timezone": store.timezone,
        "pay": store.pay,
        "details": stored(store, without=_OWN_COLUMNS[Store]),
        "position": position,
    }


def _dish_values(dish: DishRecord, category: str, position: int) -> dict[str, Any]:
    return {
        "name": dish.name,
        "category": category,
        "price_fen": dish.price,
        "details": stored(dish, without=_OWN_COLUMNS[Dish]),
        "position": position,
    }


def _replace_store_dishes(session: Session, stores: Iterable[StoreRecord]) -> None:
    session.execute(delete(StoreDish))
    rows = [
        {"store_id": store.id, "dish_id": dish_id, "price_fen": store.menu.prices.get(dish_id), "excluded": dish_id in store.menu.without}
        for store in stores
        for dish_id in dict.fromkeys([*store.menu.without, *store.menu.prices])
    ]
    if rows:
        session.execute(insert(StoreDish), rows)


def _stores(session: Session) -> list[StoreRecord]:
    parts: dict[str, dict[str, Any]] = {}
    for table in _living(session, StoreTable):
        record = {"code": table.code, "seats": table.seats, "area": table.area}
        parts.setdefault(table.store_id, {}).setdefault("tables", []).append(record)
    for printer in _living(session, Printer):
        names = ("id", "connection", "width", "roles", "stations")
        parts.setdefault(printer.store_id, {}).setdefault("printers", []).append({name: getattr(printer, name) for name in names})
    for row in session.execute(_all(StoreDish)).scalars():
        menu = parts.setdefault(row.store_id, {}).setdefault("menu", {"except": [], "prices": {}})
        if row.excluded:
            menu["except"].append(row.dish_id)
        if row.price_fen is not None:
            menu["prices"][row.dish_id] = yuan(row.price_fen)
    return [_store_record(row, parts.get(row.id, {})) for row in _living(session, Store)]


def _store_record(row: Store, parts: dict[str, Any]) -> StoreRecord:
    return StoreRecord.model_validate(
        {
            **row.details,
            "id": row.id,
            "name": row.name,
            "address": row.address,
            "phone": row.phone,
            "location": None if row.latitude is None else [row.latitude, row.longitude],
            "timezone": row.timezone,
            "pay": row.pay,
            **parts,
        }
    )


def _menu(session: Session) -> list[dict[str, Any]]:
    menu: dict[str, list[DishRecord]] = {row.name: [] for row in _living(session, Category)}
    for row in _living(session, Dish):
        menu.setdefault(row.category, []).append(
            DishRecord.model_validate({**row.details, "id": row.id, "name": row.name, "price": yuan(row.price_fen)})
        )
    return [{"category": name, "dishes": dishes} for name, dishes in menu.items()]


def _living(session: Session, model: Any) -> Sequence[Any]:
    query = _all(model).where(model.retired_at.is_(None)).order_by(model.position)
    rows: Sequence[Any] = session.execute(query).scalars().all()
    return rows
