"""Binding a phone to a member of staff: a code of six digits, single use, ten minutes, five tries. Source: RESTAURANT, Staff."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.kernel.text import clean, fold
from domain.staff.errors import AlreadyBoundError, NotStaffError, UnknownStaffError
from domain.staff.models import StaffBindCode, StaffBindTry, StaffMember
from domain.staff.roster import Staff, find_staff, record_act
from domain.staff.rules import CODE_LIFE, CODE_TRIES, MOST_GUESSES, Act
from domain.storage import insert_once

Digest = Callable[[str], str]
"""Vault.digest: what it gives is useless without the installation's secret."""

_DIGITS = 6


class BindOutcome(StrEnum):
    """How typing or scanning a code ended."""

    BOUND = "bound"
    WRONG = "wrong"  # none of ours, used, or too old
    OVER = "over"  # tried too often: nothing is looked at any more


@dataclass(frozen=True, slots=True)
class Binding:
    """How it ended. `staff` where it is bound; `tries_left` where it was wrong."""

    outcome: BindOutcome
    staff: Staff | None = None
    tries_left: int = 0


def make_code(session: Session, digest: Digest, staff_id: str, *, now: datetime) -> str:
    """A code of six digits that binds a phone to a member of staff; an earlier one is good no more. Shown once, kept as a hash.

    Raises:
        UnknownStaffError: No such member, or they have left.
    """
    member = select(StaffMember.id).where(StaffMember.id == staff_id, StaffMember.active.is_(True)).with_for_update()
    if session.execute(member).first() is None:
        raise UnknownStaffError
    over = or_(StaffBindCode.expires_at <= now, StaffBindCode.staff_id == staff_id)
    session.execute(delete(StaffBindCode).where(over).execution_options(synchronize_session=False))
    session.execute(delete(StaffBindTry).where(StaffBindTry.since <= now - CODE_LIFE).execution_options(synchronize_session=False))
    while True:
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        row = {"id": new_id(now), "staff_id": staff_id, "code_digest": _digest(digest, code), "guesses": 0, "expires_at": now + CODE_LIFE}
        if insert_once(session, StaffBindCode, row):  # else somebody else has this code at the moment
            return code


def bind(session: Session, digest: Digest, diner_id: str, typed: str, *, now: datetime) -> Binding:
    """Somebody typed or scanned a code: the right one makes this phone a member of staff's, and an earlier phone of theirs a diner's.

    Their own code once more is as good as the first time.
    A wrong one is an outcome and no refusal, because a try counts only when it is committed.

    Raises:
        AlreadyBoundError: The phone is another member's; the code is not used up.
    """
    tries = _take_try(session, diner_id, now=now)
    if tries is None:
        return Binding(BindOutcome.OVER)
    before = find_staff(session, diner_id)
    code = _digest(digest, re.sub(r"\s", "", fold(clean(typed))))
    staff_id = session.execute(select(StaffBindCode.staff_id).where(StaffBindCode.code_digest == code)).scalar()
    if before is not None and staff_id not in {None, before.id}:
        raise AlreadyBoundError(name=before.name)
    if before is not None and staff_id == before.id:  # a second tap, or the message once more: it is theirs
        _use(session, code, now=now)
        return Binding(BindOutcome.BOUND, before)
    if staff_id is None or not _use(session, code, now=now) or not _give(session, staff_id, diner_id, now=now):
        session.execute(
            update(StaffBindCode)
            .where(StaffBindCode.used_at.is_(None), StaffBindCode.expires_at > now)
            .values(guesses=StaffBindCode.guesses + 1)
            .execution_options(synchronize_session=False)
        )
        return Binding(BindOutcome.WRONG, tries_left=CODE_TRIES - tries)
    staff = find_staff(session, diner_id)
    assert staff is not None
    record_act(session, staff, Act.BIND, staff.id, store_id=None, now=now)
    return Binding(BindOutcome.BOUND, staff)


def unbind(session: Session, diner_id: str, *, now: datetime) -> Staff:
    """A member of staff gives up this phone: from now on a diner writes from it.

    Raises:
        NotStaffError: It was nobody's.
    """
    staff = find_staff(session, diner_id)
    if staff is None:
        raise NotStaffError
    freed = update(StaffMember).where(StaffMember.id == staff.id, StaffMember.diner_id == diner_id).values(diner_id=None)
    if session.execute(freed.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        raise NotStaffError
    record_act(session, staff, Act.UNBIND, staff.id, store_id=None, now=now)
    return staff


def move_binding(session: Session, source: str, target: str) -> None:
    """Two diners turned out to be one person: whoever the one was on the staff, the other is now, unless both were somebody."""
    taken = select(StaffMember.id).where(StaffMember.diner_id == target)
    if session.execute(taken).first() is None:
        session.execute(
            update(StaffMember).where(StaffMember.diner_id == source).values(diner_id=target).execution_options(synchronize_session=False)
        )


def _take_try(session: Session, diner_id: str, *, now: datetime) -> int | None:
    """Which try of the last ten minutes this is, or None when there have been too many. Its row is locked from here on."""
    mine = StaffBindTry.diner_id == diner_id
    for _ in range(2):
        for where, tries, since in (
            ((StaffBindTry.since > now - CODE_LIFE, StaffBindTry.tries < CODE_TRIES), StaffBindTry.tries + 1, StaffBindTry.since),
            ((StaffBindTry.since <= now - CODE_LIFE,), 1, now),
        ):
            taken = update(StaffBindTry).where(mine, *where).values(tries=tries, since=since)
            if session.execute(taken.execution_options(synchronize_session=False)).rowcount == 1:  # type: ignore[attr-defined]
                return session.execute(select(StaffBindTry.tries).where(mine)).scalar_one()
        if insert_once(session, StaffBindTry, {"diner_id": diner_id, "tries": 1, "since": now}):
            return 1
    return None


def _use(session: Session, code: str, *, now: datetime) -> bool:
    used = (
        update(StaffBindCode)
        .where(
            StaffBindCode.code_digest == code,
            StaffBindCode.used_at.is_(None),
            StaffBindCode.expires_at > now,
            StaffBindCode.guesses < MOST_GUESSES,
        )
        .values(used_at=now)
    )
    return bool(session.execute(used.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def _give(session: Session, staff_id: str, diner_id: str, *, now: datetime) -> bool:
    given = update(StaffMember).where(StaffMember.id == staff_id, StaffMember.active.is_(True)).values(diner_id=diner_id, bound_at=now)
    return bool(session.execute(given.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def _digest(digest: Digest, code: str) -> str:
    return digest(f"staff code:{code}")
