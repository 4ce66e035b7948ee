"""What no single value can tell: names that stand twice, references to nothing, windows that overlap.

`faults_of` looks at the tree as it was written, so that a wrong price does not hide a doubled id; `warnings_of` looks at
the finished document.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from domain.kernel.money import short_yuan
from domain.kernel.text import fold
from domain.shop import hours
from domain.shop.brand_records import PointsRecord
from domain.shop.document import ShopDocument
from domain.shop.errors import Path, path_text
from domain.shop.experience_checks import experience_faults, experience_warnings
from domain.shop.menu_records import DishRecord
from domain.shop.store_records import StoreRecord
from domain.shop.value_records import HOUSE_BUDGETS, BudgetRecord, CouponRecord, RewardCouponRecord
from domain.shop.values import shown
from domain.shop.written import Found, doubled, entries, listed, maps, texts, unknown

_GIVEN_BY_NO_STORE = frozenset(budget.campaign for budget in HOUSE_BUDGETS)
_LEAST_RETURN, _MOST_RETURN = Decimal("0.005"), Decimal("0.05")  # of what a diner pays; the default rule gives back 0.01


def faults_of(tree: Any) -> Iterator[Found]:
    """What makes the file unusable, beyond single values."""
    if tree is not None and not isinstance(tree, dict):
        return  # told already, by the type of the value
    root = tree or {}
    if not root.get("stores") and not root.get("menu"):
        yield (), "the file has neither stores nor a menu", "write at least one of them: importing nothing would retire everything"
        return
    dishes = [found for path, part in maps((), root, "menu") for found in maps(path, part, "dishes")]
    meals = list(maps((), root, "set_meals"))
    stores = list(maps((), root, "stores"))
    yield from doubled(texts(dishes + meals, "id"), "the dish id")
    yield from doubled(texts(dishes + meals, "name"), "the dish name")
    yield from doubled(texts(maps((), root, "menu"), "category"), "the category")
    yield from doubled(texts(stores, "id"), "the store id")
    yield from doubled(texts(stores, "name"), "the store name")
    yield from _aliases(dishes + meals)
    for path, dish in dishes:
        yield from _options(path, dish)
    ids = {text for _, text in texts(dishes, "id")}
    names = {fold(name): text for found in dishes for _, text in texts([found], "id") for _, name in texts([found], "name")}
    for path, store in stores:
        yield from _store(path, store, ids, names)
    for path, meal in meals:
        yield from unknown(texts(maps(path, meal, "dishes"), "dish"), ids, names, "dish")
    yield from _brand(root, ids, names)
    yield from _given(root, stores, ids, names)
    yield from experience_faults(root, stores)


def warnings_of(document: ShopDocument) -> Iterator[Found]:
    """What is allowed but hardly meant."""
    dishes: list[tuple[Path, DishRecord]] = [
        (("menu", part, "dishes", place), dish) for part, category in enumerate(document.menu) for place, dish in enumerate(category.dishes)
    ]
    for number, store in enumerate(document.stores):
        yield from _stations(("stores", number), store, dishes)
        yield from _bookable(("stores", number), store)
    for path, dish in dishes:
        if dish.member_price is not None and dish.member_price > dish.price:
            yield (*path, "member_price"), "members pay more than others", "the lower price is taken"
    yield from _points(document.brand.points)
    for number, coupon in enumerate(document.brand.coupons):
        yield from _coupon(("brand", "coupons", number), coupon)
    for number, budget in enumerate(document.brand.budgets):
        yield from _budget(("brand", "budgets", number), budget)
    for number, reward in enumerate(document.brand.rewards):
        if reward.coupon is not None:
            yield from _coupon(("brand", "rewards", number, "coupon"), reward.coupon)
    promise = document.brand.queue_promise
    if promise is not None and all(budget.campaign != "queue_promise" for budget in document.brand.budgets):
        hint = "write a budget: {campaign: queue_promise, per_day: 200}"
        yield ("brand", "queue_promise"), "late calls are made good by nothing: there is no budget for it", hint
    yield from experience_warnings(document)


def _stations(path: Path, store: StoreRecord, dishes: list[tuple[Path, DishRecord]]) -> Iterator[Found]:
    kitchen = [printer for printer in store.printers if "kitchen" in printer.roles]
    covered = {station for printer in kitchen for station in printer.stations}
    if any(not printer.stations for printer in kitchen):
        return
    missing: dict[str | None, list[str]] = {}
    for _, dish in dishes:
        if dish.station not in covered and dish.id not in store.menu.without:
            missing.setdefault(dish.station, []).append(dish.name)
    for station, names in missing.items():
        where = f"the station {shown(station)}" if station else "dishes without a station"
        some = "、".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        hint = "add the station to a printer with the role kitchen, or a kitchen printer without stations"
        yield (*path, "printers"), f"no kitchen printer for {where}: {some}", hint


def _bookable(path: Path, store: StoreRecord) -> Iterator[Found]:
    if store.bookings.open and not store.tables:
        yield (*path, "bookings", "open"), "bookings are taken, and there is no table to book", "write tables:"
    elsewhere: dict[str, str] = {}
    for number, room in enumerate(store.rooms):
        if store.tables and not room.tables:
            yield (
                (*path, "rooms", number),
                f"the room {shown(room.name)} cannot be booked",
                "name the tables that stand in it: tables: [V01]",
            )
        for code in room.tables:
            if code in elsewhere:
                yield (
                    (*path, "rooms", number, "tables"),
                    f"the table {shown(code)} stands in two rooms",
                    f"also in {shown(elsewhere[code])}",
                )
            elsewhere[code] = room.name


def _points(rule: PointsRecord) -> Iterator[Found]:
    worth = Decimal(rule.value) / (rule.yuan_per_point * 100)
    if not _LEAST_RETURN <= worth <= _MOST_RETURN:
        percent = f"{worth * 100:.3f}".rstrip("0").rstrip(".")
        hint = "usual is 0.5 % to 5 %: yuan_per_point: 10 and value: 0.10 give 1 %"
        yield ("brand", "points"), f"points give diners back {percent} % of what they pay", hint


def _budget(path: Path, budget: BudgetRecord) -> Iterator[Found]:
    if budget.campaign in _GIVEN_BY_NO_STORE and budget.total is None and budget.per_day is None:
        hint = "no store gives it, the brand does: write per_day: or total:"
        yield (*path, "per_store_day"), f"the budget of {shown(budget.campaign)} gives nothing: it is limited by store alone", hint


def _coupon(path: Path, coupon: CouponRecord | RewardCouponRecord) -> Iterator[Found]:
    if coupon.amount is not None and coupon.amount > coupon.minimum > 0:
        hint = "the rest is lost to the diner: write a higher minimum, or none"
        yield (*path, "amount"), f"the coupon takes off {short_yuan(coupon.amount)} yuan from {short_yuan(coupon.minimum)} on", hint
    elif coupon.amount == 0 or (isinstance(coupon, CouponRecord) and coupon.pay == 1):
        yield (*path, "pay" if coupon.amount is None else "amount"), "the coupon takes nothing off", "pay: 0.8 is 八折, pay: 0 is a gift"


def _aliases(dishes: list[tuple[Path, dict[str, Any]]]) -> Iterator[Found]:
    owners = {fold(text): path[:-1] for path, text in reversed(texts(dishes, "name"))}
    taken: dict[str, Path] = {}
    for path, dish in dishes:
        for at, alias in listed((*path, "aliases"), dish.get("aliases")):
            owner = owners.get(fold(alias), path)
            if owner != path:
                yield at, f"the alias {shown(alias)} is the name of another dish", f"see {path_text(owner)}"
            elif (before := taken.setdefault(fold(alias), at)) is not at:
                yield at, f"the alias {shown(alias)} stands twice", f"first in {path_text(before)}"


def _options(path: Path, dish: dict[str, Any]) -> Iterator[Found]:
    options = maps(path, dish, "options")
    yield from doubled(texts(options, "name"), "the option")
    # Diners name a choice, not its option: 「少辣」 must mean one thing for one dish.
    yield from doubled((found for at, option in options for found in texts(maps(at, option, "choices"), "name")), "the choice")
    for at, option in options:
        choices = entries(at, option, "choices")
        least, most = _number(option.get("min"), 0), _number(option.get("max"), 1)
        if least is not None and most is not None and least > most:
            yield (*at, "min"), f"at least {least} of at most {most}", "min is not above max"
        elif choices and most is not None and most > len(choices):
            yield (*at, "max"), f"{most} of {len(choices)} choices cannot be chosen", f"at most {len(choices)}"


def _number(value: Any, default: int) -> int | None:
    if value is None:
        return default
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else None


def _store(path: Path, store: dict[str, Any], ids: set[str], names: dict[str, str]) -> Iterator[Found]:
    codes = texts(maps(path, store, "tables"), "code")
    known = {code for _, code in codes}
    yield from doubled(codes, "the table code")
    yield from doubled(texts(maps(path, store, "printers"), "id"), "the printer id")
    rooms = [(at, {"name": room} if isinstance(room, str) else room) for at, room in entries(path, store, "rooms")]
    rooms = [(at, room) for at, room in rooms if isinstance(room, dict)]
    yield from doubled(texts(rooms, "name"), "the room")
    for at, room in rooms:
        yield from unknown(listed((*at, "tables"), room.get("tables")), known, {}, "table")
    for at, pair in entries(path, store, "table_pairs"):
        both = listed(at, pair)
        yield from unknown(both, known, {}, "table")
        if len(both) == 2 and both[0][1] == both[1][1]:
            yield at, f"the table {shown(both[0][1])} is paired with itself", ""
    menu = store.get("menu")
    if isinstance(menu, dict):
        below: Path = (*path, "menu")
        yield from unknown(listed((*below, "except"), menu.get("except")), ids, names, "dish")
        prices = menu.get("prices")
        if isinstance(prices, dict):
            yield from unknown([((*below, "prices", key), key) for key in prices], ids, names, "dish")
    yield from _hours((*path, "hours"), store.get("hours"))


def _hours(path: Path, written: Any) -> Iterator[Found]:
    if not isinstance(written, dict):
        return
    week = []
    for name in hours.DAYS:
        key = name if written.get(name) is not None else "daily"
        week.append(tuple(sorted(_windows(written.get(key)))))
    found = hours.overlap(tuple(week))
    if found:
        day, late = found
        name = hours.DAYS[day]
        yield (
            (*path, name if written.get(name) is not None else "daily"),
            f"{hours.window_text(late)} begins before the window before it has closed",
            "windows must not overlap",
        )


def _windows(written: Any) -> Iterator[hours.Window]:
    for text in written if isinstance(written, list) else ():
        try:
            yield hours.window(text)
        except (ValueError, TypeError, AttributeError):
            continue  # told already, by the type of the value


def _brand(root: dict[str, Any], ids: set[str], names: dict[str, str]) -> Iterator[Found]:
    brand = root.get("brand")
    if not isinstance(brand, dict):
        return
    path: Path = ("brand",)
    yield from doubled(texts(maps(path, brand, "levels"), "name"), "the level")
    rewards = maps(path, brand, "rewards")
    yield from doubled(texts(rewards, "id"), "the reward id")
    yield from unknown(texts(rewards, "dish"), ids, names, "dish")
    for at, reward in rewards:
        if (reward.get("dish") is None) == (reward.get("coupon") is None):
            yield at, "a reward is either a dish or a coupon", "write one of dish: and coupon:"


def _given(root: dict[str, Any], stores: list[tuple[Path, dict[str, Any]]], ids: set[str], names: dict[str, str]) -> Iterator[Found]:
    """Args: ids, names: of the dishes."""
    brand = root.get("brand")
    if not isinstance(brand, dict):
        return
    path: Path = ("brand",)
    store_ids = {text for _, text in texts(stores, "id")}
    store_names = {fold(name): text for store in stores for _, text in texts([store], "id") for _, name in texts([store], "name")}
    coupons = maps(path, brand, "coupons")
    yield from doubled(texts(coupons, "id"), "the coupon id")
    for at, coupon in coupons:
        yield from unknown(listed((*at, "dishes"), coupon.get("dishes")), ids, names, "dish")
        yield from unknown(listed((*at, "stores"), coupon.get("stores")), store_ids, store_names, "store")
    yield from doubled(texts(maps(path, brand, "budgets"), "campaign"), "the budget of")
    birthday = brand.get("birthday")
    if isinstance(birthday, dict):
        yield from unknown(texts([((*path, "birthday"), birthday)], "dish"), ids, names, "dish")
    promise = brand.get("queue_promise")
    if isinstance(promise, dict):
        coupon_names = {fold(name): text for coupon in coupons for _, text in texts([coupon], "id") for _, name in texts([coupon], "name")}
        known = {text for _, text in texts(coupons, "id")}
        yield from unknown(texts([((*path, "queue_promise"), promise)], "coupon"), known, coupon_names, "coupon")
