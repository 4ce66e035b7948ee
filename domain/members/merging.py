"""Two diners who are one person: proven by an equal unionid, by the same phone, or by staff who scanned both member codes.

Source: RESTAURANT, Members (identities merge; merging moves ledger entries, never edits them).
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.members.birthdays import merge_birthdays
from domain.members.events import MembersMerged
from domain.members.favourites import merge_favourites
from domain.members.identities import resolve
from domain.members.models import Consent, Contact, Diner, Membership, MemberSpending, PhoneProof, ProvenIdentity
from domain.members.preferences import merge_preferences
from domain.members.vault import Vault
from domain.messaging import emit
from domain.storage import insert_once


class Proof(StrEnum):
    """How we know that two are one."""

    UNIONID = "unionid"
    PHONE = "phone"  # by a code sent to it; a typed one proves nothing
    STAFF = "staff"  # scanned both member codes


def merge(session: Session, target: str, source: str, *, proof: Proof, now: datetime) -> bool:
    """Two diners are one person: from now on `source` is `target`, with addresses, consents, spending and profile.

    What they own elsewhere (points, coupons, benefits) moves by the event. The level is brought in line by
    `levels.update_level` afterwards, which knows the shop's levels.

    Args:
        target: Whose words, number and settings stay.
        source: Whose id leads to the target from now on; may have been merged before, as may the target.

    Returns:
        False when they are one already. Two opposite merges at once end in one.

    Raises:
        LookupError: Nobody has this id.

    Emits: MembersMerged.
    """
    both = _lock_both(session, target, source)
    if both is None:
        return False
    target, source = both
    session.execute(update(Diner).where(Diner.merged_into == source).values(merged_into=target))
    _merge_diners(session, target, source)
    _merge_contacts(session, target, source)
    for table in (ProvenIdentity, PhoneProof, Consent, MemberSpending):
        session.execute(update(table).where(table.diner_id == source).values(diner_id=target))
    _merge_memberships(session, target, source)
    merge_birthdays(session, target, source)
    merge_favourites(session, target, source)
    merge_preferences(session, target, source)
    emit(session, MembersMerged(source=source, target=target, proof=proof.value), now=now)
    return True


def note_unionid(session: Session, vault: Vault, diner_id: str, unionid: str, *, now: datetime) -> str:
    """The platform told a diner's unionid: who is known under it already is the same person.

    Returns:
        The id of the diner who remains; of two, the one we met first.

    Emits: MembersMerged when two diners turn out to be one.
    """
    return claim_identity(session, vault.digest(f"unionid:{unionid}"), Proof.UNIONID, diner_id, now=now)


def claim_identity(session: Session, digest: str, proof: Proof, diner_id: str, *, now: datetime, fresh: timedelta | None = None) -> str:
    """A diner proved to be the one behind a digest; merge with whoever proved it before.

    Args:
        digest: Of a unionid or a phone, by the vault.
        fresh: How long an earlier proof counts; after that somebody else may have the number, and it passes on without a merge.

    Returns:
        The id of the diner who remains; of two, the one we met first.

    Emits: MembersMerged when two diners turn out to be one.
    """
    known = select(ProvenIdentity.diner_id, ProvenIdentity.proven_at).where(ProvenIdentity.digest == digest)
    earlier = session.execute(known).first()
    if earlier is None:
        remaining = resolve(session, diner_id, hold=True)
        row = {"digest": digest, "kind": proof.value, "diner_id": remaining, "proven_at": now}
        if insert_once(session, ProvenIdentity, row):
            return remaining
        earlier = session.execute(known).one()
    holder, remaining = resolve(session, earlier.diner_id), resolve(session, diner_id)
    if holder != remaining and (fresh is None or now - earlier.proven_at < fresh):
        first_met, later = sorted((holder, remaining))
        merge(session, first_met, later, proof=proof, now=now)
        remaining = resolve(session, remaining)
    session.execute(update(ProvenIdentity).where(ProvenIdentity.digest == digest).values(diner_id=remaining, proven_at=now))
    return remaining


def _lock_both(session: Session, target: str, source: str) -> tuple[str, str] | None:
    """Both who remain, held in the order of their ids; None when they are one."""
    while True:
        target, source = resolve(session, target), resolve(session, source)
        if target == source:
            return None
        held = {}
        for diner_id in sorted((target, source)):
            row = session.execute(select(Diner.merged_into).where(Diner.id == diner_id).with_for_update()).first()
            if row is None:
                raise LookupError(f"no diner {diner_id}")
            held[diner_id] = row[0]
        if not any(held.values()):
            return target, source


def _merge_diners(session: Session, target: str, source: str) -> None:
    known = select(Diner.following, Diner.met_at, Diner.followed_at, Diner.unfollowed_at)
    ours = session.execute(known.where(Diner.id == target)).one()
    theirs = session.execute(known.where(Diner.id == source)).one()
    following = ours.following or theirs.following
    values = {
        "following": following,
        "met_at": min(ours.met_at, theirs.met_at),
        "followed_at": max((at for at in (ours.followed_at, theirs.followed_at) if at), default=None),
        "unfollowed_at": None if following else max((at for at in (ours.unfollowed_at, theirs.unfollowed_at) if at), default=None),
    }
    session.execute(update(Diner).where(Diner.id == target).values(**values))
    # What is still on its way to the source's id asks there whether it may be sent.
    session.execute(update(Diner).where(Diner.id == source).values(following=following, merged_into=target))


def _merge_contacts(session: Session, target: str, source: str) -> None:
    ours = select(Contact.openid_digest).where(Contact.diner_id == target, Contact.sealed_phone.is_not(None))
    moved: dict[str, str | None] = {"diner_id": target}
    if session.execute(ours).first() is not None:
        moved["sealed_phone"] = None  # one phone a person
    session.execute(update(Contact).where(Contact.diner_id == source).values(**moved))


def _merge_memberships(session: Session, target: str, source: str) -> None:
    known = select(Membership.joined_at, Membership.level, Membership.level_since).with_for_update()
    theirs = session.execute(known.where(Membership.diner_id == source)).first()
    if theirs is None:
        return
    ours = session.execute(known.where(Membership.diner_id == target)).first()
    if ours is None:
        session.execute(update(Membership).where(Membership.diner_id == source).values(diner_id=target))
        return
    values = {"joined_at": min(ours.joined_at, theirs.joined_at)}
    if ours.level is None:
        values |= {"level": theirs.level, "level_since": theirs.level_since}
    session.execute(delete(Membership).where(Membership.diner_id == source))
    session.execute(update(Membership).where(Membership.diner_id == target).values(**values))
