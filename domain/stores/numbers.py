"""Short numbers that people say aloud: 0087, counted per store, business day and series."""

from datetime import date

from sqlalchemy import Date, Integer, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.storage import Base, insert_once


class DayNumber(Base):
    """The last number given out in one series of a store on one business day."""

    __tablename__ = "day_number"

    store_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    business_day: Mapped[date] = mapped_column(Date, primary_key=True)
    series: Mapped[str] = mapped_column(String(16), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


def next_number(session: Session, store_id: str, business_day: date, series: str) -> int:
    """The next number of a series, starting at 1 each business day. Two callers never get the same."""
    key = (DayNumber.store_id == store_id, DayNumber.business_day == business_day, DayNumber.series == series)
    insert_once(session, DayNumber, {"store_id": store_id, "business_day": business_day, "series": series, "last": 0})
    session.execute(update(DayNumber).where(*key).values(last=DayNumber.last + 1))
    return session.execute(select(DayNumber.last).where(*key)).scalar_one()
