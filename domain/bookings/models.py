"""Tables of bookings: booking_book, booking, booking_table, table_unit, booking_pace, booking_strike."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.kernel.money import Fen
from domain.storage import Base, FenColumn, UtcDateTime, not_personal, personal


class BookingBook(Base):
    """The book of a store (订位簿). Whoever writes into it holds this row first, so that nobody waits in a ring."""

    __tablename__ = "booking_book"

    store_id: Mapped[str] = mapped_column(String(32), primary_key=True)


class Booking(Base):
    """A party that comes, came, or did not.

    `ends_at` is when the party leaves. Its tables are taken from `held_from` (a whole quarter of an hour) until `held_until`, the
    cleaning included. `units` counts these quarters. What was promised when it was booked stays with it: `late_minutes` of grace,
    and `refund_until` for the deposit. `version` goes up when time, party or place change. `answer` are the words of the staff
    with a no. Name, notes and answer are blanked 30 days after.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("people > 0", name="somebody_comes"),
        Index("ix_booking_day", "store_id", "business_day"),
        Index("ix_booking_diner", "diner_id", "starts_at"),
        Index("ix_booking_state", "state", "ends_at"),
        Base.__table_args__,
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    store_id: Mapped[str] = mapped_column(String(32))
    diner_id: Mapped[str | None] = mapped_column(ForeignKey("diner.id"))
    number: Mapped[str] = mapped_column(String(8))
    business_day: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_from: Mapped[datetime] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime] = mapped_column(UtcDateTime)
    units: Mapped[int] = mapped_column(SmallInteger)
    people: Mapped[int] = mapped_column(SmallInteger)
    kids: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(10))
    scene: Mapped[str | None] = mapped_column(String(8))
    room: Mapped[str | None] = mapped_column(String(40), info=not_personal("a room's name in the shop file"))
    area: Mapped[str | None] = mapped_column(String(40), info=not_personal("the part of the floor that was wished for"))
    notes: Mapped[str | None] = mapped_column(
        String(200), info=personal("prepare the table", basis="contract", retention="30 days after the booking", erase="blank")
    )
    name: Mapped[str | None] = mapped_column(
        String(40), info=personal("greet the party", basis="contract", retention="30 days after the booking", erase="blank")
    )
    version: Mapped[int] = mapped_column(Integer)
    deposit_fen: Mapped[Fen] = mapped_column(FenColumn)
    refund_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hold_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late_minutes: Mapped[int] = mapped_column(SmallInteger)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(
        String(60), info=personal("tell the diner why", basis="contract", retention="30 days after the booking", erase="blank")
    )


class BookedTable(Base):
    """A table of a booking. It stays when the booking is over; the units do not."""

    __tablename__ = "booking_table"

    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    table_code: Mapped[str] = mapped_column(String(16), primary_key=True)


class TableUnit(Base):
    """A quarter of an hour of a table that a living booking has. The primary key makes overlap impossible."""

    __tablename__ = "table_unit"

    store_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    table_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    unit_start: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    booking_id: Mapped[str] = mapped_column(String(26), index=True)


class BookingPace(Base):
    """How many booked guests start in a quarter of an hour at a store, and how many are present then."""

    __tablename__ = "booking_pace"
    __table_args__ = (
        CheckConstraint("arriving >= 0", name="arriving_not_negative"),
        CheckConstraint("present >= 0", name="present_not_negative"),
        Base.__table_args__,
    )

    store_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    unit_start: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    arriving: Mapped[int] = mapped_column(Integer)
    present: Mapped[int] = mapped_column(Integer)


class BookingStrike(Base):
    """A party of a diner that did not come, as a member of staff saw it. Counts for 12 months, unless staff take it back."""

    __tablename__ = "booking_strike"

    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), index=True)
    struck_at: Mapped[datetime] = mapped_column(UtcDateTime)
