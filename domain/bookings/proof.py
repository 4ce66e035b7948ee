"""The proof: no two parties have one table, every booking has exactly its quarters, and the paces are the guests they count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from domain.bookings.models import BookedTable, Booking, BookingPace, TableUnit
from domain.bookings.rules import LIVING
from domain.kernel.proofs import Discrepancy


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two living bookings that have one table at one time: there must be none, ever."""

    store_id: str
    table_code: str
    booking_id: str
    other_id: str


def overlaps(session: Session) -> list[Overlap]:
    """Every overlap, from the bookings' own times and not from the units that prevent it; empty when all is well."""
    one, other = aliased(Booking), aliased(Booking)
    its, others = aliased(BookedTable), aliased(BookedTable)
    query = (
        select(one.store_id, its.table_code, one.id, other.id)
        .join(its, its.booking_id == one.id)
        .join(others, and_(others.table_code == its.table_code, others.booking_id > its.booking_id))
        .join(other, and_(other.id == others.booking_id, other.store_id == one.store_id))
        .where(one.state.in_(LIVING), other.state.in_(LIVING))
        .where(one.starts_at < other.ends_at, other.starts_at < one.ends_at)
        .order_by(one.id, other.id)
    )
    return [Overlap(*row) for row in session.execute(query)]


def prove_bookings(session: Session) -> list[Discrepancy]:
    """What does not agree; nothing when all is well. Source: RESTAURANT, Bookings (overlap is impossible)."""
    found = [Discrepancy("no two bookings have one table at one time", overlap.booking_id, 0, 1) for overlap in overlaps(session)]
    return [*found, *_units(session), *_paces(session)]


def busiest(session: Session, store_id: str, *, since: datetime) -> tuple[int, int]:
    """The most guests that start in a quarter of a store, and the most that are present in one, by its living bookings.

    Args:
        since: Quarters from here on.
    """
    arriving, present = _guests()
    at = (BookingPace.store_id == store_id, BookingPace.unit_start >= since)
    rows = session.execute(
        select(arriving, present).select_from(BookingPace).join(Booking, _there()).where(*at).group_by(BookingPace.unit_start)
    )
    numbers = [(int(begin), int(there)) for begin, there in rows]
    return max((begin for begin, _ in numbers), default=0), max((there for _, there in numbers), default=0)


def _units(session: Session) -> Iterator[Discrepancy]:
    had = select(TableUnit.booking_id.label("id"), func.count().label("units")).group_by(TableUnit.booking_id).subquery()
    tables = select(BookedTable.booking_id.label("id"), func.count().label("tables")).group_by(BookedTable.booking_id).subquery()
    needed = case((Booking.state.in_(LIVING), Booking.units * func.coalesce(tables.c.tables, 0)), else_=0)
    has = func.coalesce(had.c.units, 0)
    wrong = (
        select(Booking.id, needed, has)
        .outerjoin(had, had.c.id == Booking.id)
        .outerjoin(tables, tables.c.id == Booking.id)
        .where(needed != has)
    )
    for booking_id, expected, found in session.execute(wrong):
        yield Discrepancy("a living booking has each quarter of its tables, any other has none", booking_id, int(expected), int(found))
    strays = (
        select(TableUnit.booking_id, func.count())
        .outerjoin(Booking, Booking.id == TableUnit.booking_id)
        .outerjoin(BookedTable, and_(BookedTable.booking_id == Booking.id, BookedTable.table_code == TableUnit.table_code))
        .where(
            BookedTable.booking_id.is_(None)
            | (TableUnit.store_id != Booking.store_id)
            | (TableUnit.unit_start < Booking.held_from)
            | (TableUnit.unit_start >= Booking.held_until)
        )
        .group_by(TableUnit.booking_id)
    )
    for booking_id, number in session.execute(strays):
        yield Discrepancy("no quarter is taken outside its booking", booking_id, 0, int(number))


def _paces(session: Session) -> Iterator[Discrepancy]:
    arriving, present = _guests()
    counted = (
        select(BookingPace.store_id, BookingPace.unit_start, BookingPace.arriving, BookingPace.present, arriving, present)
        .outerjoin(Booking, _there())
        .group_by(BookingPace.store_id, BookingPace.unit_start, BookingPace.arriving, BookingPace.present)
    )
    for store_id, unit, written_arriving, written_present, begin, there in session.execute(counted):
        where = f"{store_id} {unit.isoformat()}"
        if written_arriving != begin:
            yield Discrepancy("guests that arrive = sum of the bookings", where, int(begin), written_arriving)
        if written_present != there:
            yield Discrepancy("guests that are present = sum of the bookings", where, int(there), written_present)


def _there() -> ColumnElement[bool]:
    """A living booking whose guests are there in a quarter."""
    return and_(
        Booking.store_id == BookingPace.store_id,
        Booking.state.in_(LIVING),
        Booking.held_from <= BookingPace.unit_start,
        Booking.ends_at > BookingPace.unit_start,
    )


def _guests() -> tuple[ColumnElement[int], ColumnElement[int]]:
    starts = case((Booking.held_from == BookingPace.unit_start, Booking.people), else_=0)
    return func.coalesce(func.sum(starts), 0), func.coalesce(func.sum(Booking.people), 0)
