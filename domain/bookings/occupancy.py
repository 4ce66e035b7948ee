"""Who has which table when: the only place that writes units and paces. Everyone who writes holds the store's book first."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.bookings.finding import Floor, Limits, Stay
from domain.bookings.models import BookingBook, BookingPace, TableUnit
from domain.storage import insert_once, savepoint
from domain.storage.unique import is_duplicate


class _TakenError(Exception):
    """Undoes what was begun."""


def open_book(session: Session, *store_ids: str) -> None:
    """Hold the books of stores until the transaction ends, in the order of their ids: one writes, the others wait."""
    for store_id in sorted(set(store_ids)):
        held = select(BookingBook.store_id).where(BookingBook.store_id == store_id).with_for_update()
        if session.execute(held).first() is None:
            insert_once(session, BookingBook, {"store_id": store_id})
            session.execute(held).one()


def read_floor(session: Session, store_id: str, start: datetime, end: datetime, *, without: tuple[str, Stay] | None = None) -> Floor:
    """What is taken at a store in the quarters from one instant until before another.

    Args:
        without: A booking's id and its stay, whose own tables and guests do not count: it is about to move.
    """
    units = (
        select(TableUnit.table_code, TableUnit.unit_start)
        .where(TableUnit.store_id == store_id, TableUnit.unit_start >= start - timedelta(minutes=15), TableUnit.unit_start < end)
        .where(TableUnit.booking_id != (without[0] if without else ""))
    )
    taken: dict[str, set[datetime]] = {}
    for table, unit in session.execute(units):
        taken.setdefault(table, set()).add(unit)
    rows = select(BookingPace.unit_start, BookingPace.arriving, BookingPace.present).where(
        BookingPace.store_id == store_id, BookingPace.unit_start >= start - timedelta(minutes=15), BookingPace.unit_start < end
    )
    paces = {unit: (arriving, present) for unit, arriving, present in session.execute(rows)}
    if without and without[1].store_id == store_id:
        _take_out(paces, without[1])
    return Floor({table: frozenset(its) for table, its in taken.items()}, paces)


def _take_out(paces: dict[datetime, tuple[int, int]], stay: Stay) -> None:
    for unit in stay.present:
        if unit in paces:
            arriving, present = paces[unit]
            paces[unit] = (arriving - stay.people if unit == stay.held_from else arriving, present - stay.people)


def occupy(session: Session, booking_id: str, stay: Stay, limits: Limits | None, *, instead_of: Stay | None = None) -> bool:
    """Give a booking its tables, and count its guests; the quarters it had before and no longer needs are free again.

    Args:
        limits: None where the guests are those who come anyway, at another table.

    Returns:
        False when a table is taken, or too many guests would come: everything is as it was.
    """
    try:
        with savepoint(session):
            _take_tables(session, booking_id, stay, instead_of)
            if instead_of is not None:
                _count(session, instead_of, -1, None)
            _count(session, stay, 1, limits)
    except _TakenError:
        return False
    return True


def release(session: Session, booking_id: str, stay: Stay) -> None:
    """The tables of a booking are free again, and its guests do not come or have left."""
    freed = session.execute(delete(TableUnit).where(TableUnit.booking_id == booking_id))
    if freed.rowcount:  # type: ignore[attr-defined]  # else it was released before
        _count(session, stay, -1, None)


def forget_paces(session: Session, *, before: datetime) -> None:
    """Delete the counters of quarters long past."""
    session.execute(delete(BookingPace).where(BookingPace.unit_start < before, BookingPace.present == 0))


def _take_tables(session: Session, booking_id: str, stay: Stay, before: Stay | None) -> None:
    had = {(table, unit) for table in before.tables for unit in before.units} if before and before.store_id == stay.store_id else set()
    new = sorted({(table, unit) for table in stay.tables for unit in stay.units} - had)
    rows = [{"store_id": stay.store_id, "table_code": table, "unit_start": unit, "booking_id": booking_id} for table, unit in new]
    if rows:
        try:
            with savepoint(session):
                session.execute(insert(TableUnit), rows)
        except IntegrityError as error:
            if is_duplicate(error):
                raise _TakenError from error
            raise
    if before is not None:
        needless = or_(
            TableUnit.store_id != stay.store_id,
            TableUnit.table_code.not_in(stay.tables),
            TableUnit.unit_start < stay.held_from,
            TableUnit.unit_start >= stay.held_until,
        )
        session.execute(delete(TableUnit).where(TableUnit.booking_id == booking_id, needless))


def _count(session: Session, stay: Stay, sign: int, limits: Limits | None) -> None:
    """Add the guests of a stay to its quarters, or take them out (`sign` -1), by conditional UPDATE."""
    units = stay.present
    of_store = BookingPace.store_id == stay.store_id
    if sign > 0:
        _open_paces(session, stay.store_id, units)
    guests = sign * stay.people
    starts = update(BookingPace).where(of_store, BookingPace.unit_start == stay.held_from)
    stays = update(BookingPace).where(of_store, BookingPace.unit_start >= units[0], BookingPace.unit_start <= units[-1])
    if limits is not None:
        starts = starts.where(BookingPace.arriving + guests <= limits.starting)
        stays = stays.where(BookingPace.present + guests <= limits.present)
    unsynchronized = {"synchronize_session": False}
    started = session.execute(starts.values(arriving=BookingPace.arriving + guests), execution_options=unsynchronized)
    stayed = session.execute(stays.values(present=BookingPace.present + guests), execution_options=unsynchronized)
    if started.rowcount != 1 or stayed.rowcount != len(units):  # type: ignore[attr-defined]
        if limits is not None:
            raise _TakenError
        raise LookupError(f"the paces of {stay.store_id} do not hold a stay from {stay.held_from}")


def _open_paces(session: Session, store_id: str, units: Iterable[datetime]) -> None:
    wanted = sorted(units)
    there = set(
        session.execute(
            select(BookingPace.unit_start).where(
                BookingPace.store_id == store_id, BookingPace.unit_start >= wanted[0], BookingPace.unit_start <= wanted[-1]
            )
        ).scalars()
    )
    rows = [{"store_id": store_id, "unit_start": unit, "arriving": 0, "present": 0} for unit in wanted if unit not in there]
    if rows:
        session.execute(insert(BookingPace), rows)
