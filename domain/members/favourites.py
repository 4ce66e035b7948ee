"""Favourite dishes (心头好): three places, each changeable once in 30 days. Source: RESTAURANT, Members."""

from datetime import date, timedelta

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.members.errors import FavouriteLockedError, NoSuchFavouriteError, TooManyFavouritesError
from domain.members.identities import lock_member
from domain.members.models import MemberFavourite
from domain.members.rules import PLACE_DAYS, PLACES
from domain.storage import Prepared

_FAVOURITES = Prepared(
    select(MemberFavourite.dish_id)
    .where(MemberFavourite.diner_id == bindparam("diner_id"), MemberFavourite.dish_id.is_not(None))
    .order_by(MemberFavourite.place)
)


def favourites_of(session: Session, diner_id: str) -> tuple[str, ...]:
    """The ids of a member's favourite dishes, in the order of their places."""
    return tuple(dish for (dish,) in _FAVOURITES.all(session, diner_id=diner_id))


def add_favourite(session: Session, diner_id: str, dish_id: str, *, today: date) -> bool:
    """Put a dish in a free place.

    Returns:
        False when it is a favourite already.

    Raises:
        NotAMemberError: They have not joined.
        TooManyFavouritesError: All places are taken.
        FavouriteLockedError: A place is empty, but was filled less than 30 days ago.
    """
    member = lock_member(session, diner_id)
    places = _places(session, member)
    if any(dish == dish_id for dish, _ in places.values()):
        return False
    unused = next((place for place in range(1, PLACES + 1) if place not in places), None)
    if unused is not None:
        session.execute(insert(MemberFavourite), {"diner_id": member, "place": unused, "dish_id": dish_id, "chosen_on": today})
        return True
    empty = [(chosen_on, place) for place, (dish, chosen_on) in places.items() if dish is None]
    if not empty:
        raise TooManyFavouritesError(most=PLACES)
    chosen_on, place = min(empty)
    _check_place(None, chosen_on, today)
    _fill(session, member, place, dish_id, today)
    return True


def replace_favourite(session: Session, diner_id: str, old_dish_id: str, new_dish_id: str, *, today: date) -> bool:
    """Put another dish in the place of a favourite.

    Returns:
        False when the new dish is a favourite already.

    Raises:
        NotAMemberError: They have not joined.
        NoSuchFavouriteError: The old dish is none of them.
        FavouriteLockedError: The old dish was chosen less than 30 days ago.
    """
    member = lock_member(session, diner_id)
    places = {dish: (place, chosen_on) for place, (dish, chosen_on) in _places(session, member).items()}
    if old_dish_id not in places:
        raise NoSuchFavouriteError(dish_id=old_dish_id)
    if new_dish_id in places:
        return False
    place, chosen_on = places[old_dish_id]
    _check_place(old_dish_id, chosen_on, today)
    _fill(session, member, place, new_dish_id, today)
    return True


def remove_favourite(session: Session, diner_id: str, dish_id: str) -> bool:
    """Take a dish off the favourites, at any time; its place can be filled again 30 days after it was filled.

    Returns:
        False when it was none.
    """
    gone = update(MemberFavourite).where(MemberFavourite.diner_id == diner_id, MemberFavourite.dish_id == dish_id).values(dish_id=None)
    return bool(session.execute(gone).rowcount)  # type: ignore[attr-defined]


def merge_favourites(session: Session, target: str, source: str) -> None:
    """The target's favourites stay; the source's fill the places that were never used."""
    places, theirs = _places(session, target), _places(session, source)
    session.execute(delete(MemberFavourite).where(MemberFavourite.diner_id == source))
    free = [place for place in range(1, PLACES + 1) if place not in places]
    chosen = {dish for dish, _ in places.values()}
    more = [(dish, chosen_on) for dish, chosen_on in theirs.values() if dish not in {None, *chosen}]
    for place, (dish, chosen_on) in zip(free, more, strict=False):
        session.execute(insert(MemberFavourite), {"diner_id": target, "place": place, "dish_id": dish, "chosen_on": chosen_on})


def _places(session: Session, diner_id: str) -> dict[int, tuple[str | None, date]]:
    rows = session.execute(
        select(MemberFavourite.place, MemberFavourite.dish_id, MemberFavourite.chosen_on)
        .where(MemberFavourite.diner_id == diner_id)
        .order_by(MemberFavourite.place)
    )
    return {place: (dish_id, chosen_on) for place, dish_id, chosen_on in rows}


def _check_place(dish_id: str | None, chosen_on: date, today: date) -> None:
    until = chosen_on + timedelta(days=PLACE_DAYS)
    if today < until:
        raise FavouriteLockedError(dish_id=dish_id or "", until=until)


def _fill(session: Session, member: str, place: int, dish_id: str, today: date) -> None:
    mine = (MemberFavourite.diner_id == member, MemberFavourite.place == place)
    session.execute(update(MemberFavourite).where(*mine).values(dish_id=dish_id, chosen_on=today))
