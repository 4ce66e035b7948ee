"""Short numbers that people say aloud: 0087, counted per store, business day and series."""

from datetime import date

from sqlalchemy import Date, Integer, String, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.storage import Base, Prepared, insert_once


class DayNumber(Base):
    """The last number given out in one series of a store on one business day."""

    __tablename__ = "day_number"

    store_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    business_day: Mapped[date] = mapped_column(Date, primary_key=True)
    series: Mapped[str] = mapped_column(String(16), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


_THIS = (
    DayNumber.store_id == bindparam("at_store"),
    DayNumber.business_day == bindparam("on_day", type_=Date),
    DayNumber.series == bindparam("in_series"),
)
_COUNT = Prepared(update(DayNumber).where(*_THIS).values(last=DayNumber.last + 1))
_LAST = Prepared(select(DayNumber.last).where(*_THIS))


def next_number(session: Session, store_id: str, business_day: date, series: str) -> int:
    """The next number of a series, starting at 1 each business day. Two callers never get the same."""
    which = {"at_store": store_id, "on_day": business_day, "in_series": series}
    if not _COUNT.run(session, **which):  # only then: on MariaDB a duplicate insert takes a shared lock, and two of them deadlock
        insert_once(session, DayNumber, {"store_id": store_id, "business_day": business_day, "series": series, "last": 0})
        _COUNT.run(session, **which)
    return int(_LAST.scalar(session, **which))
