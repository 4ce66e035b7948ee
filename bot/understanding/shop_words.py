"""What understanding knows of a shop: the names of its dishes and stores, and its opening hours. Made new with each version of the shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.understanding.resolvers.dishes import MenuEntry, MenuIndex
from bot.understanding.resolvers.stores import StoreEntry, StoreIndex
from domain.shop.hours import Week
from domain.shop.snapshot import Dish, ShopSnapshot


@dataclass(frozen=True)
class ShopWords:
    """The words of one version of a shop.

    Attributes:
        hours: By store id; the first store's are taken while nobody said which store is meant.
    """

    version: int
    menu: MenuIndex
    stores: StoreIndex
    hours: Mapping[str, Week]

    def hours_of(self, store_id: str | None) -> Week | None:
        """The opening hours by which 7点 is read; None when the shop has no stores."""
        return self.hours.get(store_id or "") or next(iter(self.hours.values()), None)


def words_of(shop: ShopSnapshot) -> ShopWords:
    """The words of a shop."""
    stores = shop.stores.values()
    return ShopWords(
        version=shop.version,
        menu=MenuIndex(_entry(dish) for dish in shop.dishes.values()),
        stores=StoreIndex((StoreEntry(store.id, store.name, store.address) for store in stores), shop.brand.name),
        hours={store.id: store.hours for store in stores},
    )


def local_time(shop: ShopSnapshot, store_id: str | None, now: datetime) -> datetime:
    """The wall clock of the store that is meant, or of the first."""
    store = shop.stores.get(store_id or "") or next(iter(shop.stores.values()), None)
    return store.local(now) if store else now


def _entry(dish: Dish) -> MenuEntry:
    choices = tuple(choice.name for option in dish.options for choice in option.choices)
    return MenuEntry(dish.id, dish.name, dish.aliases, dish.unit, choices, dish.category, dish.spice)
