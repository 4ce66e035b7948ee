"""What a member told us of themselves, in one view: birthday, favourites, tastes, what they do not eat, phone."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.members.favourites import favourites_of
from domain.members.models import MemberProfile
from domain.members.phones import mask, phone_of
from domain.members.preferences import PreferenceKind, preferences_of
from domain.members.vault import Vault


@dataclass(frozen=True, slots=True)
class Profile:
    """What a diner may see of it. `birthday` is (month, day), `favourites` are dish ids, `phone` is masked, "" when none."""

    birthday: tuple[int, int] | None
    favourites: tuple[str, ...]
    tastes: tuple[str, ...]
    avoided: tuple[str, ...]
    phone: str


def profile_of(session: Session, vault: Vault, diner_id: str) -> Profile:
    """The profile of a diner; empty for who told nothing."""
    birthday = session.execute(select(MemberProfile.birthday).where(MemberProfile.diner_id == diner_id)).scalar()
    phone = phone_of(session, vault, diner_id)
    return Profile(
        birthday=None if birthday is None else (birthday // 100, birthday % 100),
        favourites=favourites_of(session, diner_id),
        tastes=preferences_of(session, diner_id, PreferenceKind.TASTE),
        avoided=preferences_of(session, diner_id, PreferenceKind.AVOIDED),
        phone=mask(phone) if phone else "",
    )
