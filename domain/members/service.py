"""Meet a diner, follow and unfollow, join as a member and leave."""

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.members.consents import ConsentPurpose, give_consent, withdraw_consent
from domain.members.events import MemberJoined, MemberLeft
from domain.members.identities import lock_diner, resolve
from domain.members.models import Contact, Diner, MemberFavourite, MemberPreference, MemberProfile, Membership, MemberSpending
from domain.members.vault import Vault
from domain.messaging import emit
from domain.storage import Prepared, insert_once

MEMBERSHIP_TEXT_VERSION = "2026-11"
_FIND = Prepared(select(Contact.diner_id).where(Contact.openid_digest == bindparam("digest")))
_IS_MEMBER = Prepared(select(Membership.diner_id).where(Membership.diner_id == bindparam("diner_id")))
NEWEST_FIRST = (Contact.unfollowed_at.is_not(None), Contact.met_at.desc(), Contact.openid_digest)
_DIGITS = "23456789"  # no 0 and 1: they are read as letters


def find_diner(session: Session, openid_digest: str) -> str | None:
    """The diner behind an address, or None when we never met."""
    found: str | None = _FIND.scalar(session, digest=openid_digest)
    return found


def meet_diner(session: Session, vault: Vault, openid: str, *, now: datetime) -> str:
    """The diner who writes from this address; a new one is written down, known only to be answered.

    Only followers can write to a service account, so whoever writes first is one, also when they followed before us.
    """
    digest = vault.digest(openid)
    known = find_diner(session, digest)
    if known is not None:
        return known
    diner_id = new_id(now)
    wrapped_key = vault.new_wrapped_key()
    session.execute(insert(Diner), {"id": diner_id, "following": True, "met_at": now, "followed_at": now})
    contact = {
        "openid_digest": digest,
        "diner_id": diner_id,
        "wrapped_key": wrapped_key,
        "sealed_openid": vault.seal(wrapped_key, openid),
        "met_at": now,
    }
    if insert_once(session, Contact, contact):
        return diner_id
    # Two first messages at once: the other turn wrote the contact first, and its diner is the one.
    session.execute(Diner.__table__.delete().where(Diner.id == diner_id))  # type: ignore[attr-defined]
    first = find_diner(session, digest)
    assert first is not None
    return first


def openid_of(session: Session, vault: Vault, diner_id: str) -> str | None:
    """Where a diner can be reached; None when the contact was erased.

    Of several addresses the newest that follows, else the newest. Who turned out to be someone else is reached there.
    """
    sealed = select(Contact.wrapped_key, Contact.sealed_openid).order_by(*NEWEST_FIRST).limit(1)
    row = session.execute(sealed.where(Contact.diner_id == diner_id)).first()
    if row is None:
        row = session.execute(sealed.where(Contact.diner_id == resolve(session, diner_id))).first()
    return None if row is None else vault.open(row[0], row[1])


def follow(session: Session, diner_id: str, *, now: datetime, openid_digest: str | None = None) -> None:
    """The diner follows the account.

    Args:
        openid_digest: The address that follows, of a diner who has several; all of them when None.
    """
    _addresses(session, diner_id, openid_digest, unfollowed_at=None)
    values = {"following": True, "followed_at": now, "unfollowed_at": None}
    session.execute(update(Diner).where(_person(diner_id)).values(**values))


def unfollow(session: Session, diner_id: str, *, now: datetime, openid_digest: str | None = None) -> None:
    """The diner left. Nothing more is sent; the retention clock starts. Who has another address that follows has not left.

    Args:
        openid_digest: The address that left, of a diner who has several; all of them when None.
    """
    _addresses(session, diner_id, openid_digest, unfollowed_at=now)
    still = select(Contact.openid_digest).where(Contact.diner_id == diner_id, Contact.unfollowed_at.is_(None))
    if openid_digest is None or session.execute(still).first() is None:
        session.execute(update(Diner).where(_person(diner_id)).values(following=False, unfollowed_at=now))


def _person(diner_id: str) -> ColumnElement[bool]:
    return or_(Diner.id == diner_id, Diner.merged_into == diner_id)  # what is still on its way to an older id ends here too


def _addresses(session: Session, diner_id: str, openid_digest: str | None, *, unfollowed_at: datetime | None) -> None:
    changed = update(Contact).where(Contact.diner_id == diner_id).values(unfollowed_at=unfollowed_at)
    session.execute(changed if openid_digest is None else changed.where(Contact.openid_digest == openid_digest))


def is_member(session: Session, diner_id: str) -> bool:
    """Whether a diner has agreed to be a member."""
    return _IS_MEMBER.scalar(session, diner_id=diner_id) is not None


def get_membership(session: Session, diner_id: str) -> Membership | None:
    """The membership of a diner, or None."""
    return session.get(Membership, diner_id)


def join(session: Session, diner_id: str, *, text_version: str, now: datetime) -> bool:
    """Make a diner a member by their own tap on the membership text.

    Args:
        text_version: The version of the text that the diner saw.

    Returns:
        False when the diner is a member already; nothing changes then.

    Emits: MemberJoined.
    Source: RESTAURANT, Members (membership by consent).
    """
    remaining = lock_diner(session, diner_id)
    while not insert_once(session, Membership, {"diner_id": remaining, "joined_at": now, "member_number": _new_number()}):
        if is_member(session, remaining):
            return False  # else somebody has that number: another is drawn
    give_consent(session, remaining, ConsentPurpose.MEMBERSHIP, text_version=text_version, now=now)
    emit(session, MemberJoined(diner_id=remaining, text_version=text_version), now=now)
    return True


def leave_membership(session: Session, diner_id: str, *, now: datetime) -> bool:
    """Give the membership up: profile and spending are deleted at once, what is owned elsewhere goes with the event.

    Returns:
        False when the diner was no member.

    Emits: ConsentWithdrawn, MemberLeft.
    Source: RESTAURANT, Members (随时可退出并删除), Privacy.
    """
    remaining = lock_diner(session, diner_id)
    mine = select(Membership.member_number).where(Membership.diner_id == remaining).with_for_update()
    number = session.execute(mine).scalar()
    if number is None:
        return False
    for table in (MemberProfile, MemberFavourite, MemberPreference, MemberSpending, Membership):
        session.execute(delete(table).where(table.diner_id == remaining))
    withdraw_consent(session, remaining, ConsentPurpose.MEMBERSHIP, now=now)
    emit(session, MemberLeft(diner_id=remaining, member_number=number), now=now)
    return True


def _new_number() -> str:
    return "".join(secrets.choice(_DIGITS) for _ in range(10))
