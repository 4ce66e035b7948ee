"""Tables of experiences: experience_session, experience_booking, experience_waiting."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.kernel.money import Fen
from domain.storage import Base, FenColumn, Json, UtcDateTime, not_personal, personal

_RETENTION = "30 days after the session"


class ExperienceSession(Base):
    """A session that somebody has booked or waits for; it has no row before.

    The terms are those of the shop file, brought up to date whenever somebody books while the file names the session, and left as
    they were when it no longer does; no most is no limit. `*_taken` count living bookings and open offers; `places` is never below
    `places_taken`. `last_place` is the last number given out on its waiting list; `decided_at` says when it was decided that it
    takes place, `called_off_by` which member of staff called it off: None when too few had booked.
    """

    __tablename__ = "experience_session"
    __table_args__ = (
        UniqueConstraint("store_id", "experience_id", "starts_at"),
        CheckConstraint("places_taken >= 0 AND places_taken <= places", name="places_within"),
        CheckConstraint("adults_taken >= 0 AND adults_taken <= adults_most", name="adults_within"),
        CheckConstraint("children_taken >= 0 AND children_taken <= children_most", name="children_within"),
        CheckConstraint("kits_taken >= 0 AND kits_taken <= kits_most", name="kits_within"),
        Index("ix_experience_session_day", "store_id", "business_day"),
        Index("ix_experience_session_start", "starts_at"),
        Base.__table_args__,
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32))
    experience_id: Mapped[str] = mapped_column(String(32))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    business_day: Mapped[date] = mapped_column(Date)
    zone: Mapped[str] = mapped_column(String(64), info=not_personal("the store's time zone"))
    name: Mapped[str] = mapped_column(String(40), info=not_personal("the experience's name in the shop file"))
    called_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_off_by: Mapped[str | None] = mapped_column(String(32))
    level: Mapped[str] = mapped_column(String(40), info=not_personal("a level's name in the shop file"))
    adult_fen: Mapped[Fen] = mapped_column(FenColumn)
    child_fen: Mapped[Fen] = mapped_column(FenColumn)
    places: Mapped[int] = mapped_column(Integer)
    adults_most: Mapped[int | None] = mapped_column(Integer)
    children_most: Mapped[int | None] = mapped_column(Integer)
    kits_most: Mapped[int | None] = mapped_column(Integer)
    kit_name: Mapped[str] = mapped_column(String(40), info=not_personal("a kit's name in the shop file"))
    kit_per: Mapped[str] = mapped_column(String(8))
    places_taken: Mapped[int] = mapped_column(Integer)
    adults_taken: Mapped[int] = mapped_column(Integer)
    children_taken: Mapped[int] = mapped_column(Integer)
    kits_taken: Mapped[int] = mapped_column(Integer)
    minimum: Mapped[int] = mapped_column(Integer)
    decide_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancel_hours: Mapped[int] = mapped_column(SmallInteger)
    offer_minutes: Mapped[int] = mapped_column(SmallInteger)
    last_place: Mapped[int] = mapped_column(Integer)


class BookedExperience(Base):
    """A party that comes to a session, came, or does not.

    What was promised when it was booked stays with it: the prices, and `refund_until`. `version` goes up when party or session change.
    `living_key` holds diner, experience and business day while it has its places: one a day. Ages are names of bands, one a child.
    """

    __tablename__ = "experience_booking"
    __table_args__ = (
        CheckConstraint("adults >= 0 AND children >= 0 AND adults + children > 0", name="somebody_comes"),
        Index("ix_experience_booking_session", "session_id", "state"),
        Index("ix_experience_booking_diner", "diner_id", "state"),
        Base.__table_args__,
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    changed_key: Mapped[str | None] = mapped_column(String(96), info=not_personal("idempotency key of ids"))
    living_key: Mapped[str | None] = mapped_column(String(96), unique=True, info=not_personal("ids of diner and experience, and a day"))
    session_id: Mapped[str] = mapped_column(ForeignKey("experience_session.id"))
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"))
    number: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10))
    adults: Mapped[int] = mapped_column(SmallInteger)
    children: Mapped[int] = mapped_column(SmallInteger)
    kits: Mapped[int] = mapped_column(SmallInteger)
    ages: Mapped[list[str] | None] = mapped_column(
        Json, info=personal("prepare for the ages of the children", basis="contract", retention=_RETENTION, erase="blank")
    )
    name: Mapped[str | None] = mapped_column(
        String(40), info=personal("greet the party", basis="contract", retention=_RETENTION, erase="blank")
    )
    notes: Mapped[str | None] = mapped_column(
        String(200), info=personal("prepare for the party", basis="contract", retention=_RETENTION, erase="blank")
    )
    adult_fen: Mapped[Fen] = mapped_column(FenColumn)
    child_fen: Mapped[Fen] = mapped_column(FenColumn)
    fen: Mapped[Fen] = mapped_column(FenColumn)
    refund_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hold_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(16))
    checked_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_in_by: Mapped[str | None] = mapped_column(String(32))


class WaitingParty(Base):
    """A party on the waiting list of a session, by its number. `passed` says why one behind it was offered places the last time.

    `living_key` holds session and diner while it is on the list: once each. While it is offered, its places are counted as taken.
    """

    __tablename__ = "experience_waiting"
    __table_args__ = (
        UniqueConstraint("session_id", "place"),
        Index("ix_experience_waiting_state", "session_id", "state", "place"),
        Index("ix_experience_waiting_diner", "diner_id", "state"),
        Base.__table_args__,
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    living_key: Mapped[str | None] = mapped_column(String(64), unique=True, info=not_personal("ids of session and diner"))
    session_id: Mapped[str] = mapped_column(ForeignKey("experience_session.id"))
    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"))
    place: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(8))
    adults: Mapped[int] = mapped_column(SmallInteger)
    children: Mapped[int] = mapped_column(SmallInteger)
    kits: Mapped[int] = mapped_column(SmallInteger)
    ages: Mapped[list[str] | None] = mapped_column(
        Json, info=personal("prepare for the ages of the children", basis="contract", retention=_RETENTION, erase="blank")
    )
    name: Mapped[str | None] = mapped_column(
        String(40), info=personal("greet the party", basis="contract", retention=_RETENTION, erase="blank")
    )
    notes: Mapped[str | None] = mapped_column(
        String(200), info=personal("prepare for the party", basis="contract", retention=_RETENTION, erase="blank")
    )
    passed: Mapped[str | None] = mapped_column(String(24))
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
