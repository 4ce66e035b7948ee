"""What the platform lets us send: a diner's windows, an account's day, a diner's month. Every count is a conditional UPDATE."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, bindparam, select, update
from sqlalchemy.orm import Session

from domain.messages.models import ChannelDay, MassQuota, ReplyQuota
from domain.messages.rules import MASS_A_MONTH, PLATFORM_ZONE, QUOTAS, ChannelKind, Window
from domain.storage import Prepared, insert_once


@dataclass(frozen=True, slots=True)
class TakenFromWindow:
    """One customer message of a window. `remaining` in all windows may follow it."""

    window: Window
    ends_at: datetime
    remaining: int


_REOPEN = Prepared(
    update(ReplyQuota)
    .where(ReplyQuota.diner_id == bindparam("of"), ReplyQuota.window == bindparam("kind"))
    .values(remaining=bindparam("remaining"), expires_at=bindparam("expires_at"))
)


def open_window(session: Session, diner_id: str, window: Window, *, now: datetime) -> None:
    """The diner did something that lets us write: the count starts afresh."""
    count, life = QUOTAS[window]
    values = {"remaining": count, "expires_at": now + life}
    if _REOPEN.run(session, of=diner_id, kind=window.value, **values) == 0:
        insert_once(session, ReplyQuota, {"diner_id": diner_id, "window": window.value} | values)


def close_windows(session: Session, diner_id: str, *, now: datetime) -> None:
    """Nothing may be sent: the diner left, or the platform says so, whatever we counted."""
    session.execute(update(ReplyQuota).where(ReplyQuota.diner_id == diner_id).values(remaining=0, expires_at=now))


def windows_of(session: Session, diner_id: str) -> list[Row[str, int, datetime]]:
    """(window, remaining, expires_at) of a diner, open or not, the one that ends first first."""
    asked = select(ReplyQuota.window, ReplyQuota.remaining, ReplyQuota.expires_at).where(ReplyQuota.diner_id == diner_id)
    return list(session.execute(asked.order_by(ReplyQuota.expires_at)).all())


def take_from_window(session: Session, diner_id: str, *, now: datetime) -> TakenFromWindow | None:
    """Take one customer message from the window that ends first. Returns: None when nothing is left."""
    rows = [row for row in windows_of(session, diner_id) if row[1] > 0 and row[2] > now]
    for window, _, ends_at in rows:
        live = (ReplyQuota.diner_id == diner_id, ReplyQuota.window == window, ReplyQuota.remaining > 0, ReplyQuota.expires_at > now)
        if session.execute(update(ReplyQuota).where(*live).values(remaining=ReplyQuota.remaining - 1)).rowcount == 1:  # type: ignore[attr-defined]
            return TakenFromWindow(Window(window), ends_at, sum(row[1] for row in rows) - 1)
    return None


def return_to_window(session: Session, diner_id: str, taken: TakenFromWindow) -> None:
    """The message surely did not leave: it may be said later, unless the window has been opened afresh since."""
    same = (ReplyQuota.diner_id == diner_id, ReplyQuota.window == taken.window.value, ReplyQuota.expires_at == taken.ends_at)
    session.execute(update(ReplyQuota).where(*same).values(remaining=ReplyQuota.remaining + 1))


def platform_day(now: datetime) -> date:
    """The day by which the platform counts."""
    return now.astimezone(PLATFORM_ZONE).date()


def sent_on(session: Session, day: date) -> dict[ChannelKind, tuple[int, bool]]:
    """How many messages the account sent through each channel on a day, and whether the platform takes no more of them."""
    asked = select(ChannelDay.channel, ChannelDay.sent, ChannelDay.full).where(ChannelDay.day == day)
    return {ChannelKind(channel): (sent, full) for channel, sent, full in session.execute(asked)}


def take_from_day(session: Session, channel: ChannelKind, day: date, *, at_most: int) -> bool:
    """Count one message of the account's day. Returns: False when the day is full."""
    if at_most < 1:
        return False
    for _ in range(2):  # a row that someone else writes in between is counted on
        free = (*_that(channel, day), ChannelDay.sent < at_most, ChannelDay.full.is_(False))
        if session.execute(update(ChannelDay).where(*free).values(sent=ChannelDay.sent + 1)).rowcount == 1:  # type: ignore[attr-defined]
            return True
        if channel in sent_on(session, day):
            return False
        if insert_once(session, ChannelDay, {"channel": channel.value, "day": day, "sent": 1, "full": False}):
            return True
    return False


def fill_day(session: Session, channel: ChannelKind, day: date) -> None:
    """The platform takes no more through this channel today (45009)."""
    if not insert_once(session, ChannelDay, {"channel": channel.value, "day": day, "sent": 0, "full": True}):
        session.execute(update(ChannelDay).where(*_that(channel, day)).values(full=True))


def mass_left(session: Session, diner_id: str, *, now: datetime) -> int:
    """Mass sends that may still reach a diner in this calendar month of the platform's."""
    asked = select(MassQuota.sent).where(MassQuota.diner_id == diner_id, MassQuota.month == _month(now))
    return max(0, MASS_A_MONTH - (session.execute(asked).scalar() or 0))


def take_mass(session: Session, diner_id: str, *, now: datetime) -> bool:
    """Count one mass send to a diner. Returns: False when the month's four are used up."""
    for _ in range(2):
        free = (MassQuota.diner_id == diner_id, MassQuota.month == _month(now), MassQuota.sent < MASS_A_MONTH)
        if session.execute(update(MassQuota).where(*free).values(sent=MassQuota.sent + 1)).rowcount == 1:  # type: ignore[attr-defined]
            return True
        if mass_left(session, diner_id, now=now) < MASS_A_MONTH:
            return False
        if insert_once(session, MassQuota, {"diner_id": diner_id, "month": _month(now), "sent": 1}):
            return True
    return False


def return_mass(session: Session, diner_id: str, *, now: datetime) -> None:
    """The mass send surely did not leave."""
    mine = (MassQuota.diner_id == diner_id, MassQuota.month == _month(now), MassQuota.sent > 0)
    session.execute(update(MassQuota).where(*mine).values(sent=MassQuota.sent - 1))


def _month(now: datetime) -> date:
    return platform_day(now).replace(day=1)


def _that(channel: ChannelKind, day: date) -> tuple[ColumnElement[bool], ...]:
    return (ChannelDay.channel == channel.value, ChannelDay.day == day)
