"""Birthdays (生日): month and day, changeable once in 12 months. Source: RESTAURANT, Members."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from domain.members.errors import BirthdayLockedError, NoSuchBirthdayError
from domain.members.identities import lock_member
from domain.members.models import MemberProfile
from domain.members.rules import BIRTHDAY_MONTHS, is_day_of_a_year, months_before
from domain.storage import insert_once


def set_birthday(session: Session, diner_id: str, month: int, day: int, *, today: date) -> bool:
    """Keep the day on which a member has their birthday.

    Args:
        today: The brand's business day.

    Returns:
        False when it is that day already.

    Raises:
        NotAMemberError: They have not joined.
        NoSuchBirthdayError: 30 February.
        BirthdayLockedError: Set less than 12 months ago, also when it was deleted since.
    """
    if not is_day_of_a_year(month, day):
        raise NoSuchBirthdayError
    member = lock_member(session, diner_id)
    birthday = month * 100 + day
    row = session.execute(select(MemberProfile.birthday, MemberProfile.birthday_set_on).where(MemberProfile.diner_id == member)).first()
    if row is None:
        session.execute(insert(MemberProfile), {"diner_id": member, "birthday": birthday, "birthday_set_on": today})
        return True
    if row[0] == birthday:
        return False
    if (until := _locked_until(row[1], today)) is not None:
        raise BirthdayLockedError(until=until)
    session.execute(update(MemberProfile).where(MemberProfile.diner_id == member).values(birthday=birthday, birthday_set_on=today))
    return True


def birthday_locked_until(session: Session, diner_id: str, *, today: date) -> date | None:
    """The first day on which a member may change their birthday; None when they may today."""
    set_on = session.execute(select(MemberProfile.birthday_set_on).where(MemberProfile.diner_id == diner_id)).scalar()
    return _locked_until(set_on, today)


def _locked_until(set_on: date | None, today: date) -> date | None:
    until = None if set_on is None else months_before(set_on, -BIRTHDAY_MONTHS)
    return until if until is not None and today < until else None


def birthday_of(session: Session, diner_id: str) -> tuple[int, int] | None:
    """Month and day of a member's birthday; None when they have not told it."""
    birthday = session.execute(select(MemberProfile.birthday).where(MemberProfile.diner_id == diner_id)).scalar()
    return None if birthday is None else divmod(birthday, 100)


def forget_birthday(session: Session, diner_id: str) -> None:
    """Delete a birthday, at any time. When it was set stays, so that deleting is no way around the 12 months."""
    session.execute(update(MemberProfile).where(MemberProfile.diner_id == diner_id).values(birthday=None))


def birthdays_near(session: Session, days: Sequence[tuple[int, int]], *, limit: int, after: str = "") -> list[str]:
    """Members whose birthday is one of these days, in the order of their ids.

    Args:
        days: (month, day), as `birthdays_on` gives them.
        after: The last id of the page before; "" for the first.
    """
    wanted = [month * 100 + day for month, day in days]
    page = select(MemberProfile.diner_id).where(MemberProfile.birthday.in_(wanted), MemberProfile.diner_id > after)
    return list(session.execute(page.order_by(MemberProfile.diner_id).limit(limit)).scalars())


def merge_birthdays(session: Session, target: str, source: str) -> None:
    """Of two who are one person the target's birthday stays; where there is none, the source's comes with its lock."""
    theirs = session.execute(select(MemberProfile.birthday, MemberProfile.birthday_set_on).where(MemberProfile.diner_id == source)).first()
    if theirs is None:
        return
    session.execute(delete(MemberProfile).where(MemberProfile.diner_id == source))
    birthday, set_on = theirs
    if insert_once(session, MemberProfile, {"diner_id": target, "birthday": birthday, "birthday_set_on": set_on}):
        return
    unsaid = update(MemberProfile).where(MemberProfile.diner_id == target, MemberProfile.birthday.is_(None))
    session.execute(unsaid.values(birthday=birthday, birthday_set_on=set_on))
