"""What diners agreed to, purpose by purpose. Ordering, booking and queueing need none of it. Source: RESTAURANT, Privacy."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.members.events import ConsentWithdrawn
from domain.members.identities import lock_diner, resolve
from domain.members.models import Consent
from domain.messaging import emit


class ConsentPurpose(StrEnum):
    """What a diner may agree to, each for itself."""

    MEMBERSHIP = "membership"  # points, level, coupons, profile
    PERSONAL_OFFERS = "personal_offers"  # offers chosen by what they ordered
    PERSONAL_DISHES = "personal_dishes"  # recommendations by what they ordered
    CROSS_STORE = "cross_store"  # stores of other owners see the membership
    PARTNERS = "partners"  # coupons of other companies


def give_consent(session: Session, diner_id: str, purpose: ConsentPurpose, *, text_version: str, now: datetime) -> bool:
    """A diner agrees to the text of this version.

    Returns:
        False when they had agreed to this very version and not withdrawn since.
    """
    remaining = lock_diner(session, diner_id)  # two taps at once are one consent
    standing = _standing(remaining, purpose).where(Consent.text_version == text_version)
    if session.execute(standing).first() is not None:
        return False
    row = {"id": new_id(now), "diner_id": remaining, "purpose": purpose.value, "text_version": text_version, "given_at": now}
    session.execute(insert(Consent), row)
    return True


def withdraw_consent(session: Session, diner_id: str, purpose: ConsentPurpose, *, now: datetime) -> bool:
    """A diner no longer agrees, to any version. To give the membership itself up there is `service.leave_membership`.

    Returns:
        False when there was nothing to withdraw.

    Emits: ConsentWithdrawn.
    """
    remaining = lock_diner(session, diner_id)
    mine = (Consent.diner_id == remaining, Consent.purpose == purpose.value, Consent.withdrawn_at.is_(None))
    if session.execute(update(Consent).where(*mine).values(withdrawn_at=now)).rowcount == 0:  # type: ignore[attr-defined]
        return False
    emit(session, ConsentWithdrawn(diner_id=remaining, purpose=purpose.value), now=now)
    return True


def has_consent(session: Session, diner_id: str, purpose: ConsentPurpose) -> bool:
    """Whether a diner agrees by their last word.

    Of two people who turned out to be one, one may have agreed and the other withdrawn: what was said last counts.
    """
    remaining = resolve(session, diner_id)
    given = session.execute(_standing(remaining, purpose).order_by(Consent.given_at.desc())).scalars().first()
    withdrawn = select(func.max(Consent.withdrawn_at)).where(Consent.diner_id == remaining, Consent.purpose == purpose.value)
    last = session.execute(withdrawn).scalar()
    return given is not None and (last is None or given > last)


def _standing(diner_id: str, purpose: ConsentPurpose) -> Select[datetime]:
    return select(Consent.given_at).where(Consent.diner_id == diner_id, Consent.purpose == purpose.value, Consent.withdrawn_at.is_(None))
