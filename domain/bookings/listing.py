"""Bookings as they are read: one, a diner's, a store's day, and the tables that are booked soon."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.bookings.errors import UnknownBookingError
from domain.bookings.finding import Stay, Wish
from domain.bookings.models import BookedTable, Booking, TableUnit
from domain.bookings.rules import LIVING, BookingState, Scene, floor_unit
from domain.kernel.money import Fen
from domain.stores.models import StoreTable


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as it stood when it was read.

    Attributes:
        number: As people say it: B018, counted by store and business day.
        ends_at: When the party leaves, by its turn and the closing.
        room: "" at a table.
        deposit_fen: What is or was to be left in advance; 0 for nothing.
        refund_until: Cancelled by the diner until then, the deposit goes back whole.
        hold_until: Until when the deposit, or the yes of the staff, is waited for.
        late_until: Until when the table is kept for who is late.
        version: Hand it to `change_booking`: another one by then refuses.
        answer: What the staff said to the diner with a no.
    """

    id: str
    store_id: str
    diner_id: str | None
    number: str
    state: BookingState
    business_day: date
    starts_at: datetime
    ends_at: datetime
    people: int
    kids: int
    scene: Scene | None
    room: str
    area: str
    tables: tuple[str, ...]
    notes: str
    name: str
    version: int
    deposit_fen: Fen
    refund_until: datetime | None
    hold_until: datetime | None
    late_until: datetime
    acknowledged: bool
    end_reason: str
    answer: str
    stay: Stay

    @property
    def is_living(self) -> bool:
        """Whether it has its tables."""
        return self.state in LIVING

    @property
    def wish(self) -> Wish:
        """What would book the same again: change it with `dataclasses.replace` and hand it to `change_booking`."""
        return Wish(
            self.starts_at,
            self.people,
            self.kids,
            room=bool(self.room),
            area=self.area,
            scene=self.scene,
            notes=self.notes,
            name=self.name,
        )


@dataclass(frozen=True, slots=True)
class FloorRow:
    """A table on a business day, with one of its bookings, or None when it has none."""

    table_code: str
    seats: int
    area: str
    booking: Booked | None


def get_booking(session: Session, booking_id: str, *, diner_id: str | None = None) -> Booked:
    """A booking as it stands now.

    Args:
        diner_id: Whose it must be; None for staff and the house itself.

    Raises:
        UnknownBookingError.
    """
    query = select(Booking).where(Booking.id == booking_id)
    if diner_id is not None:
        query = query.where(Booking.diner_id == diner_id)
    found = _read(session, query)
    if not found:
        raise UnknownBookingError
    return found[0]


def find_by_key(session: Session, key: str) -> Booked | None:
    """The booking that was made under a key, or None."""
    return next(iter(_read(session, select(Booking).where(Booking.key == key))), None)


def bookings_of(session: Session, diner_id: str, *, now: datetime) -> Sequence[Booked]:
    """A diner's bookings that are to come or go on, in the order of time."""
    living = select(Booking).where(Booking.diner_id == diner_id, Booking.state.in_(LIVING), Booking.ends_at > now)
    return _read(session, living.order_by(Booking.starts_at, Booking.id))


def bookings_to_review(session: Session, store_id: str) -> Sequence[Booked]:
    """The bookings of a store that wait for a yes of the staff, the most urgent first."""
    waiting = select(Booking).where(Booking.store_id == store_id, Booking.state == BookingState.REQUESTED)
    return _read(session, waiting.order_by(Booking.hold_until, Booking.id))


def living_bookings(
    session: Session, store_id: str, *, number: str | None = None, name: str | None = None, now: datetime, limit: int = 20
) -> Sequence[Booked]:
    """The bookings of a store that are to come or go on, in the order of time. Args: number: Only of this; name: only that begin so."""
    living = select(Booking).where(Booking.store_id == store_id, Booking.state.in_(LIVING), Booking.ends_at > now)
    if number is not None:
        living = living.where(Booking.number == number)
    if name is not None:
        living = living.where(Booking.name.startswith(name, autoescape=True))
    return _read(session, living.order_by(Booking.starts_at, Booking.id).limit(limit))


def last_booked(session: Session, store_id: str, *, number: str | None = None, name: str | None = None) -> Booked | None:
    """The booking of a store that was made last, whatever became of it. Args: number, name: as of `living_bookings`."""
    made = select(Booking).where(Booking.store_id == store_id)
    if number is not None:
        made = made.where(Booking.number == number)
    if name is not None:
        made = made.where(Booking.name.startswith(name, autoescape=True))
    return next(iter(_read(session, made.order_by(Booking.id.desc()).limit(1))), None)


def find_near(
    session: Session, store_id: str, diner_id: str, starts_at: datetime, apart: timedelta, *, but: str | None = None
) -> Booked | None:
    """A diner's living booking in a store that starts less than `apart` from an instant. Args: but: A booking that does not count."""
    near = select(Booking).where(
        Booking.diner_id == diner_id,
        Booking.store_id == store_id,
        Booking.state.in_(LIVING),
        Booking.starts_at > starts_at - apart,
        Booking.starts_at < starts_at + apart,
    )
    if but is not None:
        near = near.where(Booking.id != but)
    return next(iter(_read(session, near.order_by(Booking.starts_at).limit(1))), None)


def floor_of_day(session: Session, store_id: str, day: date) -> Sequence[FloorRow]:
    """The floor of a business day: every table in the order of the shop file, with its bookings in the order of time.

    Those that were cancelled or expired are left out. A table that the shop file no longer names is shown while it is booked.
    """
    shown = (*LIVING, BookingState.DONE, BookingState.NO_SHOW)
    query = (
        select(StoreTable.code, StoreTable.seats, StoreTable.area, Booking)
        .outerjoin(
            Booking,
            and_(
                Booking.store_id == StoreTable.store_id,
                Booking.business_day == day,
                Booking.state.in_(shown),
                Booking.id.in_(select(BookedTable.booking_id).where(BookedTable.table_code == StoreTable.code)),
            ),
        )
        .where(StoreTable.store_id == store_id, or_(StoreTable.retired_at.is_(None), Booking.id.is_not(None)))
        .order_by(StoreTable.position, StoreTable.code, Booking.starts_at, Booking.id)
        .execution_options(populate_existing=True)
    )
    rows = session.execute(query).all()
    tables = _tables_of(session, {row[3].id for row in rows if row[3] is not None})
    return [FloorRow(code, seats, area or "", None if row is None else _booked(row, tables)) for code, seats, area, row in rows]


def bookings_of_day(session: Session, store_id: str, day: date) -> Sequence[Booked]:
    """Every booking of a store's business day, whatever became of it, in the order of time."""
    of_day = select(Booking).where(Booking.store_id == store_id, Booking.business_day == day)
    return _read(session, of_day.order_by(Booking.starts_at, Booking.id))


def tables_booked_soon(session: Session, store_id: str, *, now: datetime, within: timedelta) -> Mapping[str, datetime]:
    """The tables that a booking has, with the quarter from which each is taken, for who seats walk-ins: of this quarter when a party
    sits there or is waited for.

    Args:
        within: Looked ahead so far.
    """
    first = (
        select(TableUnit.table_code, func.min(TableUnit.unit_start))
        .join(Booking, Booking.id == TableUnit.booking_id)
        .where(TableUnit.store_id == store_id, TableUnit.unit_start >= floor_unit(now), TableUnit.unit_start < now + within)
        .where(Booking.state.in_(LIVING))
        .group_by(TableUnit.table_code)
    )
    return {row[0]: row[1] for row in session.execute(first)}


def find_seated(session: Session, store_id: str, table_code: str, *, now: datetime) -> Booked | None:
    """The booking whose party was seated at a table and has not left, as far as anybody said."""
    seated = select(Booking).join(BookedTable, BookedTable.booking_id == Booking.id)
    seated = seated.where(
        Booking.store_id == store_id,
        Booking.state == BookingState.SEATED,
        Booking.ends_at > now - timedelta(days=1),
        BookedTable.table_code == table_code,
    )
    return next(iter(_read(session, seated.order_by(Booking.starts_at.desc()).limit(1))), None)


def past_bookings(session: Session, *, ended_before: datetime, limit: int) -> Sequence[str]:
    """Ids of bookings that should be over, and of which nobody has said so."""
    over = select(Booking.id).where(Booking.state.in_((BookingState.CONFIRMED, BookingState.SEATED)), Booking.ends_at < ended_before)
    return session.execute(over.order_by(Booking.ends_at, Booking.id).limit(limit)).scalars().all()


def _read(session: Session, query: Select[Booking]) -> list[Booked]:
    rows = session.execute(query.execution_options(populate_existing=True)).scalars().all()
    tables = _tables_of(session, {row.id for row in rows})
    return [_booked(row, tables) for row in rows]


def _tables_of(session: Session, booking_ids: Iterable[str]) -> dict[str, list[str]]:
    wanted = sorted(booking_ids)
    found: dict[str, list[str]] = {}
    if wanted:
        rows = (
            select(BookedTable.booking_id, BookedTable.table_code)
            .where(BookedTable.booking_id.in_(wanted))
            .order_by(BookedTable.table_code)
        )
        for booking_id, table in session.execute(rows):
            found.setdefault(booking_id, []).append(table)
    return found


def _booked(row: Booking, tables: Mapping[str, Sequence[str]]) -> Booked:
    its = tuple(tables.get(row.id, ()))
    return Booked(
        id=row.id,
        store_id=row.store_id,
        diner_id=row.diner_id,
        number=row.number,
        state=BookingState(row.state),
        business_day=row.business_day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        people=row.people,
        kids=row.kids,
        scene=None if row.scene is None else Scene(row.scene),
        room=row.room or "",
        area=row.area or "",
        tables=its,
        notes=row.notes or "",
        name=row.name or "",
        version=row.version,
        deposit_fen=row.deposit_fen,
        refund_until=row.refund_until,
        hold_until=row.hold_until,
        late_until=row.starts_at + timedelta(minutes=row.late_minutes),
        acknowledged=row.acknowledged_at is not None,
        end_reason=row.end_reason or "",
        answer=row.answer or "",
        stay=Stay(row.store_id, its, row.people, row.starts_at, row.ends_at, row.held_until),
    )
