"""The shop in memory, as chat, pricing and printing read it: frozen, and one object for one version of the shop."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.shop.brand import Brand, brand_from
from domain.shop.dish import Dish, dish_from
from domain.shop.document import ShopDocument
from domain.shop.experience import Experience, experience_from
from domain.shop.models import ShopVersion
from domain.shop.rows import document_from_rows, retired_stores
from domain.shop.store import Store, store_from
from domain.shop.store_records import StoreRecord
from domain.storage import Prepared


@dataclass(frozen=True, slots=True)
class ShopSnapshot:
    """The shop at one version.

    Attributes:
        stores: The stores that do business, by id, in the order of the shop file.
        known_stores: These and the retired ones, which are never open and sell nothing: for what happened there.
        categories: Parts of the menu in order.
        dishes: Dishes of the brand by id, at the brand's price.
        menus: By store: the dishes it sells, by id, in menu order, at its price.
        experiences: What takes place at fixed times, by id, in the order of the shop file.
    """

    version: int
    brand: Brand
    stores: Mapping[str, Store]
    known_stores: Mapping[str, Store]
    categories: tuple[str, ...]
    dishes: Mapping[str, Dish]
    menus: Mapping[str, Mapping[str, Dish]]
    experiences: Mapping[str, Experience]

    def menu_of(self, store_id: str) -> tuple[Dish, ...]:
        """What a store sells, in menu order, at its prices. Dishes for holders of a plan are not among them."""
        return tuple(self.menus.get(store_id, _NOTHING).values())

    def dish_for(self, store_id: str, dish_id: str) -> Dish | None:
        """A dish at a store's price, or None when the store does not sell it."""
        return self.menus.get(store_id, _NOTHING).get(dish_id)


_NOTHING: Mapping[str, Dish] = MappingProxyType({})
NEWEST_VERSION = select(func.max(ShopVersion.version)).scalar_subquery()
"""The version of the shop, as a column of a statement that reads something else with it. NULL before the first import."""
_NEWEST = Prepared(select(NEWEST_VERSION))


def current_version(session: Session) -> int:
    """The version of the shop: 0 before the first import, one more with each change."""
    return int(_NEWEST.scalar(session) or 0)


def load_snapshot(session: Session) -> ShopSnapshot:
    """The shop as its rows say it is now."""
    while True:
        version = current_version(session)
        snapshot = snapshot_of(document_from_rows(session), version=version, retired=retired_stores(session))
        if current_version(session) == version:  # else an import was committed meanwhile, and its rows are mixed with older ones
            return snapshot


class SnapshotCache:
    """Keeps the snapshot of this process and loads it again when the version has moved."""

    def __init__(self) -> None:
        self._snapshot: ShopSnapshot | None = None

    @property
    def known_store_ids(self) -> tuple[str, ...]:
        """The stores of the snapshot that was read last; none before the first reading."""
        return tuple(self._snapshot.known_stores) if self._snapshot else ()

    def get(self, session: Session, version: int | None = None) -> ShopSnapshot:
        """The snapshot of the shop's newest version. Args: version: That version, from whoever has read it with something else."""
        snapshot = self._snapshot
        if snapshot is None or snapshot.version != (current_version(session) if version is None else version):
            snapshot = self._snapshot = load_snapshot(session)
        return snapshot


def snapshot_of(document: ShopDocument, *, version: int = 0, retired: Iterable[StoreRecord] = ()) -> ShopSnapshot:
    """The snapshot of a document, with no database behind it."""
    brand = document.brand
    stores = {store.id: store_from(store, brand) for store in document.stores}
    closed = {store.id: store_from(store, brand, retired=True) for store in retired}
    dishes = {dish.id: dish_from(dish, part.category) for part in document.menu for dish in part.dishes}
    common = {dish.id: dishes[dish.id] for part in document.menu for dish in part.dishes if not dish.plan_only}
    return ShopSnapshot(
        version=version,
        brand=brand_from(brand, document.stores[0].name if document.stores else ""),
        stores=MappingProxyType(stores),
        known_stores=MappingProxyType({**closed, **stores}),
        categories=tuple(part.category for part in document.menu),
        dishes=MappingProxyType(dishes),
        menus=MappingProxyType({store.id: _menu(store, common) for store in document.stores}),
        experiences=MappingProxyType({record.id: experience_from(record, tuple(stores)) for record in document.experiences}),
    )


def _menu(store: StoreRecord, common: Mapping[str, Dish]) -> Mapping[str, Dish]:
    without, prices = store.menu.without, store.menu.prices
    sold = {key: dish for key, dish in common.items() if key not in without}
    return MappingProxyType({key: replace(dish, price_fen=prices[key]) if key in prices else dish for key, dish in sold.items()})
