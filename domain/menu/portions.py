"""Portions: how much of a dish a store can still sell on a business day. What is placed takes them, what is taken back returns them.

Every dish is counted, also one without a limit, so that a limit set at noon knows what the morning sold.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Date, bindparam, select, update
from sqlalchemy.orm import Session

from domain.menu.errors import SoldOutError, TooFewLeftError
from domain.menu.models import Dish, DishPortions
from domain.storage import Prepared, QuantityColumn, insert_once

_NONE = Decimal(0)


class Portioned(Protocol):
    """What must be known of a dish: its name and unit, the least that is sold, and how much there is of it a day, None for no limit."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def step(self) -> Decimal: ...
    @property
    def daily_limit(self) -> int | None: ...


_THIS = (
    DishPortions.store_id == bindparam("at_store"),
    DishPortions.dish_id == bindparam("of_dish"),
    DishPortions.business_day == bindparam("on_day", type_=Date),
)
_N = bindparam("n", type_=QuantityColumn)
_LIMIT = bindparam("limit", type_=QuantityColumn)
_TAKEN_NOW = DishPortions.taken + _N
_TAKE = Prepared(update(DishPortions).where(*_THIS, DishPortions.sold_out_at.is_(None)).values(taken=_TAKEN_NOW))
_TAKE_WITHIN = Prepared(
    update(DishPortions).where(*_THIS, DishPortions.sold_out_at.is_(None), _LIMIT >= _TAKEN_NOW).values(taken=_TAKEN_NOW)
)
_GIVE_BACK = Prepared(update(DishPortions).where(*_THIS, DishPortions.taken >= _N).values(taken=DishPortions.taken - _N))
_BEGUN = select(DishPortions.dish_id).where(  # not Prepared: it has a list
    DishPortions.store_id == bindparam("at_store"),
    DishPortions.business_day == bindparam("on_day", type_=Date),
    DishPortions.dish_id.in_(bindparam("dishes", expanding=True)),
)
_ONE = Prepared(select(DishPortions.taken, DishPortions.sold_out_at).where(*_THIS))
_STOPPED = Prepared(
    select(DishPortions.dish_id).where(
        DishPortions.store_id == bindparam("at_store"),
        DishPortions.business_day == bindparam("on_day", type_=Date),
        DishPortions.sold_out_at.is_not(None),
    )
)


def take_portions(session: Session, store_id: str, wanted: Iterable[tuple[Portioned, Decimal]], day: date) -> None:
    """Take portions of dishes that are being placed, all or nothing: a caller that goes on after a refusal rolls back to a savepoint.

    Of two parties who want the last portion one gets it. Rows are locked in the order of dish ids.

    Args:
        wanted: Dishes and how much of each, in the dish's unit; a dish may come more than once.
        day: Business day of the order's first placing.

    Raises:
        SoldOutError: Names every dish of which nothing is left.
        TooFewLeftError: Nothing is sold out, but there is less of these dishes than is wanted.
    """
    dishes, sums = _summed(wanted)
    _begin_day(session, store_id, sums, day)
    refused = [dish_id for dish_id in sorted(sums) if not _take(session, store_id, dishes[dish_id], sums[dish_id], day)]
    if refused:
        raise _refusal(session, store_id, [dishes[dish_id] for dish_id in refused], day)


def give_back_portions(session: Session, store_id: str, portions: Iterable[tuple[str, Decimal]], day: date) -> None:
    """Dishes that were placed are not cooked: their portions are for sale again.

    Args:
        portions: Ids of dishes and how much of each; a dish may come more than once.
        day: Business day on which they were taken.
    """
    for dish_id, n in sorted(portions):
        _GIVE_BACK.run(session, at_store=store_id, of_dish=dish_id, on_day=day, n=n)


def portions_left(session: Session, store_id: str, dishes: Iterable[Portioned], day: date) -> Mapping[str, Decimal | None]:
    """How much of each dish is left, by dish id: 0 when it is sold out, None when there is no limit."""
    stopped = {dish_id for (dish_id,) in _STOPPED.all(session, at_store=store_id, on_day=day)}
    left: dict[str, Decimal | None] = {}
    for dish in dishes:
        if dish.id in stopped:
            left[dish.id] = _NONE
        elif dish.daily_limit is None:
            left[dish.id] = None
        else:
            left[dish.id] = _left(dish, _ONE.first(session, at_store=store_id, of_dish=dish.id, on_day=day))
    return left


def check_portions(session: Session, store_id: str, dish: Portioned, n: Decimal, day: date) -> None:
    """Look whether n of a dish can be had. It takes nothing: between the look and the placing somebody else may be quicker.

    Raises:
        SoldOutError, TooFewLeftError.
    """
    left = _left(dish, _ONE.first(session, at_store=store_id, of_dish=dish.id, on_day=day))
    if left is not None and left < n:
        raise _too_few({dish.id: left}, [dish])


def sold_out(session: Session, store_id: str, dishes: Iterable[Portioned], day: date) -> frozenset[str]:
    """Ids of those dishes of which not even the least that is sold can be had today."""
    wanted = list(dishes)
    left = portions_left(session, store_id, wanted, day)
    return frozenset(dish.id for dish in wanted if _is_out(dish, left[dish.id]))


def mark_sold_out(session: Session, store_id: str, dish_id: str, day: date, *, now: datetime) -> bool:
    """估清: the staff stop the sale of a dish for the business day, whatever its limit. Returns: False when it was stopped before."""
    _begin_day(session, store_id, [dish_id], day)
    stopped = update(DishPortions).where(*_row(store_id, dish_id, day), DishPortions.sold_out_at.is_(None)).values(sold_out_at=now)
    return bool(session.execute(stopped).rowcount)  # type: ignore[attr-defined]


def mark_on_sale(session: Session, store_id: str, dish_id: str, day: date) -> bool:
    """The staff sell a dish again, as far as its limit goes. Returns: False when they had not stopped it."""
    resumed = update(DishPortions).where(*_row(store_id, dish_id, day), DishPortions.sold_out_at.is_not(None)).values(sold_out_at=None)
    return bool(session.execute(resumed).rowcount)  # type: ignore[attr-defined]


def _begin_day(session: Session, store_id: str, dish_ids: Iterable[str], day: date) -> None:
    """See that every dish has its row for the day. The dish's own row is locked meanwhile: duplicate inserts would deadlock on MariaDB."""
    wanted = set(dish_ids)
    missing = wanted - _begun(session, store_id, wanted, day)
    if not missing:
        return
    session.execute(select(Dish.id).where(Dish.id.in_(missing)).order_by(Dish.id).with_for_update()).all()
    for dish_id in sorted(missing - _begun(session, store_id, missing, day)):
        row = {"store_id": store_id, "dish_id": dish_id, "business_day": day, "taken": _NONE, "sold_out_at": None}
        insert_once(session, DishPortions, row)


def _begun(session: Session, store_id: str, dish_ids: Iterable[str], day: date) -> set[str]:
    return set(session.execute(_BEGUN, {"at_store": store_id, "on_day": day, "dishes": list(dish_ids)}).scalars())


def _take(session: Session, store_id: str, dish: Portioned, n: Decimal, day: date) -> bool:
    which = {"at_store": store_id, "of_dish": dish.id, "on_day": day, "n": n}
    if dish.daily_limit is None:
        return _TAKE.run(session, **which) == 1
    return _TAKE_WITHIN.run(session, **which, limit=Decimal(dish.daily_limit)) == 1


def _refusal(session: Session, store_id: str, dishes: list[Portioned], day: date) -> SoldOutError:
    left = {dish_id: n or _NONE for dish_id, n in portions_left(session, store_id, dishes, day).items()}
    return _too_few(left, dishes)


def _too_few(left: Mapping[str, Decimal], dishes: list[Portioned]) -> SoldOutError:
    gone = [dish for dish in dishes if _is_out(dish, left[dish.id])]
    named = gone or dishes
    error = SoldOutError if gone else TooFewLeftError
    return error(dish="、".join(dish.name for dish in named), left="、".join(f"{dish.name}{left[dish.id]}{dish.unit}" for dish in named))


def _is_out(dish: Portioned, left: Decimal | None) -> bool:
    return left is not None and left < dish.step


def _left(dish: Portioned, row: tuple[Any, ...] | None) -> Decimal | None:
    taken, sold_out_at = row or (_NONE, None)
    if sold_out_at is not None:
        return _NONE
    return None if dish.daily_limit is None else max(_NONE, dish.daily_limit - taken)


def _summed(wanted: Iterable[tuple[Portioned, Decimal]]) -> tuple[dict[str, Portioned], dict[str, Decimal]]:
    dishes: dict[str, Portioned] = {}
    sums: dict[str, Decimal] = {}
    for dish, n in wanted:
        dishes[dish.id] = dish
        sums[dish.id] = sums.get(dish.id, _NONE) + n
    return dishes, sums


def _row(store_id: str, dish_id: str, day: date) -> tuple[ColumnElement[bool], ...]:
    return DishPortions.store_id == store_id, DishPortions.dish_id == dish_id, DishPortions.business_day == day
