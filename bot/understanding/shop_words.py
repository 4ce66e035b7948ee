"""What understanding knows of a shop: the names of its dishes and stores, and its opening hours. Made new with each version of the shop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.dishes import MenuEntry, MenuIndex
from bot.understanding.resolvers.experiences import ExperienceEntry, ExperienceIndex
from bot.understanding.resolvers.stores import StoreEntry, StoreIndex
from bot.understanding.table_words import codes_to_mark
from domain.shop.dish import Dish
from domain.shop.hours import Week
from domain.shop.snapshot import ShopSnapshot

_LEAST_PLACE = 2  # characters: no single one is surely a name


@dataclass(frozen=True)
class ShopWords:
    """The words of one version of a shop.

    Attributes:
        hours: By store id; the first store's are taken while nobody said which store is meant.
        experiences: What the brand holds at fixed times, by its names.
        places: What its stores call their rooms and the parts of their floors: a booking may name one.
        tables: Codes of tables that are not written like A03, and names of rooms, of all stores.
    """

    version: int
    menu: MenuIndex
    stores: StoreIndex
    hours: Mapping[str, Week]
    experiences: ExperienceIndex = field(default_factory=lambda: ExperienceIndex(()))
    places: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()

    def hours_of(self, store_id: str | None) -> Week | None:
        """The opening hours by which 7点 is read; None when the shop has no stores."""
        return self.hours.get(store_id or "") or next(iter(self.hours.values()), None)

    def store_said(self, text: str) -> str | None:
        """The one store that a text names: its clock says what 今天 means, its hours what 7点 does. None: no store, or several."""
        ids = {one for span in self.stores.find(text) for one in span.store_ids} if len(self.hours) > 1 else set()
        return ids.pop() if len(ids) == 1 else None


def words_of(shop: ShopSnapshot) -> ShopWords:
    """The words of a shop."""
    stores = shop.stores.values()
    return ShopWords(
        version=shop.version,
        menu=MenuIndex(_entry(dish) for dish in shop.dishes.values()),
        stores=StoreIndex((StoreEntry(store.id, store.name, store.address) for store in stores), shop.brand.name),
        hours={store.id: store.hours for store in stores},
        experiences=ExperienceIndex(ExperienceEntry(one.id, one.name, one.about) for one in shop.experiences.values()),
        places=_places(shop),
        tables=codes_to_mark((code for store in stores for code in store.tables), (room.name for store in stores for room in store.rooms)),
    )


def _places(shop: ShopSnapshot) -> tuple[str, ...]:
    rooms = (room.name for store in shop.stores.values() for room in store.rooms)
    areas = (table.area for store in shop.stores.values() for table in store.tables.values() if table.area)
    named = (normal_form(name).text for name in (*rooms, *areas))
    return tuple(dict.fromkeys(name for name in named if len(name) >= _LEAST_PLACE))


def local_time(shop: ShopSnapshot, store_id: str | None, now: datetime) -> datetime:
    """The wall clock of the store that is meant, or of the first."""
    store = shop.stores.get(store_id or "") or next(iter(shop.stores.values()), None)
    return store.local(now) if store else now


def _entry(dish: Dish) -> MenuEntry:
    choices = tuple(choice.name for option in dish.options for choice in option.choices)
    return MenuEntry(dish.id, dish.name, dish.aliases, dish.unit, choices, dish.category, dish.spice)
