"""Meet a diner, follow and unfollow, join as a member."""

import secrets
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.members.events import MemberJoined
from domain.members.models import Consent, Contact, Diner, Membership
from domain.members.vault import Vault
from domain.messaging import emit
from domain.storage import Prepared, insert_once

MEMBERSHIP = "membership"
MEMBERSHIP_TEXT_VERSION = "2026-11"
_FIND = Prepared(select(Contact.diner_id).where(Contact.openid_digest == bindparam("digest")))
_IS_MEMBER = Prepared(select(Membership.diner_id).where(Membership.diner_id == bindparam("diner_id")))
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
    }
    if insert_once(session, Contact, contact):
        return diner_id
    # Two first messages at once: the other turn wrote the contact first, and its diner is the one.
    session.execute(Diner.__table__.delete().where(Diner.id == diner_id))  # type: ignore[attr-defined]
    first = find_diner(session, digest)
    assert first is not None
    return first


def openid_of(session: Session, vault: Vault, diner_id: str) -> str | None:
    """Where a diner can be reached; None when the contact was erased."""
    row = session.execute(select(Contact.wrapped_key, Contact.sealed_openid).where(Contact.diner_id == diner_id)).first()
    return None if row is None else vault.open(row[0], row[1])


def follow(session: Session, diner_id: str, *, now: datetime) -> None:
    """The diner follows the account."""
    session.execute(update(Diner).where(Diner.id == diner_id).values(following=True, followed_at=now, unfollowed_at=None))


def unfollow(session: Session, diner_id: str, *, now: datetime) -> None:
    """The diner left. Nothing more is sent; the retention clock starts."""
    session.execute(update(Diner).where(Diner.id == diner_id).values(following=False, unfollowed_at=now))


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
    number = "".join(secrets.choice(_DIGITS) for _ in range(10))
    if not insert_once(session, Membership, {"diner_id": diner_id, "joined_at": now, "member_number": number}):
        return False
    session.execute(
        insert(Consent),
        {"id": new_id(now), "diner_id": diner_id, "purpose": MEMBERSHIP, "text_version": text_version, "given_at": now},
    )
    emit(session, MemberJoined(diner_id=diner_id, text_version=text_version), now=now)
    return True
