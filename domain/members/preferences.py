"""Tastes (口味) and what a member does not eat (忌口): short words, at most ten of each kind."""

import re
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from domain.kernel.text import clean, fold
from domain.members.errors import PreferenceUnclearError, TooManyPreferencesError
from domain.members.identities import lock_member
from domain.members.models import MemberPreference
from domain.members.rules import LONGEST_PREFERENCE, MOST_PREFERENCES
from domain.storage import insert_once


class PreferenceKind(StrEnum):
    """What a word says of a member."""

    TASTE = "taste"  # 少辣, 多放醋
    AVOIDED = "avoided"  # 花生, 香菜, 清真: what must not be on the plate


def preferences_of(session: Session, diner_id: str, kind: PreferenceKind) -> tuple[str, ...]:
    """What was noted of a member, oldest first."""
    mine = select(MemberPreference.word).where(MemberPreference.diner_id == diner_id, MemberPreference.kind == kind.value)
    return tuple(session.execute(mine.order_by(MemberPreference.noted_at, MemberPreference.word)).scalars())


def add_preference(session: Session, diner_id: str, kind: PreferenceKind, word: str, *, now: datetime) -> bool:
    """Note a taste, or what a member does not eat.

    Returns:
        False when it is noted already.

    Raises:
        NotAMemberError: They have not joined.
        TooManyPreferencesError: Ten of this kind are noted.
        PreferenceUnclearError: Empty, or over 12 characters: stories are for a person.
    """
    noted = _word(word)
    member = lock_member(session, diner_id)
    mine = (MemberPreference.diner_id == member, MemberPreference.kind == kind.value)
    known = session.execute(select(func.count()).select_from(MemberPreference).where(*mine, MemberPreference.word != noted)).scalar_one()
    if known >= MOST_PREFERENCES:
        raise TooManyPreferencesError(most=MOST_PREFERENCES)
    return insert_once(session, MemberPreference, {"diner_id": member, "kind": kind.value, "word": noted, "noted_at": now})


def remove_preference(session: Session, diner_id: str, kind: PreferenceKind, word: str) -> bool:
    """Forget a preference. Returns: False when it was not noted."""
    mine = (MemberPreference.diner_id == diner_id, MemberPreference.kind == kind.value, MemberPreference.word == _word(word))
    return bool(session.execute(delete(MemberPreference).where(*mine)).rowcount)  # type: ignore[attr-defined]


def merge_preferences(session: Session, target: str, source: str) -> None:
    """What one of two says, both say, beyond the ten if need be: nobody is hurt by a dish left out."""
    words = select(MemberPreference.kind, MemberPreference.word, MemberPreference.noted_at).where(MemberPreference.diner_id == source)
    theirs = session.execute(words).all()
    session.execute(delete(MemberPreference).where(MemberPreference.diner_id == source))
    for kind, word, noted_at in theirs:
        insert_once(session, MemberPreference, {"diner_id": target, "kind": kind, "word": word, "noted_at": noted_at})


def _word(word: str) -> str:
    """Raises: PreferenceUnclearError."""
    noted = re.sub(r"\s+", "", fold(clean(word)))
    if not 1 <= len(noted) <= LONGEST_PREFERENCE:
        raise PreferenceUnclearError(most=LONGEST_PREFERENCE)
    return noted
