"""Phones: contact data when typed, an identity only when a code sent by text message came back. Source: RESTAURANT, Members."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.kernel.text import clean, fold
from domain.members.errors import CodeTooSoonError, NoSuchPhoneError, PhoneProofOffError, TooManyCodesError
from domain.members.identities import lock_diner, resolve
from domain.members.merging import Proof, claim_identity
from domain.members.models import Contact, PhoneProof, ProvenIdentity
from domain.members.service import NEWEST_FIRST
from domain.members.vault import Vault

CODE_LIFE: Final = timedelta(minutes=10)
TRIES: Final = 5
PAUSE: Final = timedelta(seconds=60)  # between two codes
CODES_A_DAY: Final = 5  # to one diner, and to one phone: strangers' phones are not rung through us
_PROOFS_KEPT = timedelta(days=2)
_REISSUED = timedelta(days=90)  # carriers rest a number that was given up at least so long before somebody else has it (二次放号)
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")


class SmsSender(Protocol):
    """A provider of text messages. An installation without one proves no phones."""

    async def send_code(self, phone: str, code: str) -> None:
        """Send a code. Called after the transaction of `start_proof` was committed."""
        ...


@dataclass(frozen=True, slots=True)
class CodeToSend:
    """What must go out by text message after the commit."""

    phone: str
    code: str


class ProofOutcome(StrEnum):
    """What became of a code that was typed in."""

    PROVEN = "proven"
    WRONG = "wrong"
    OVER = "over"  # none was sent, ten minutes are over, or five were wrong


@dataclass(frozen=True, slots=True)
class PhoneProven:
    """The answer to a code. `diner_id` is who remains when the phone showed that two diners are one person."""

    outcome: ProofOutcome
    diner_id: str
    tries_left: int = 0


def require_sender(sender: SmsSender | None) -> SmsSender:
    """The provider. Raises: PhoneProofOffError: There is none."""
    if sender is None:
        raise PhoneProofOffError
    return sender


def read_phone(text: str) -> str:
    """The eleven digits of a mobile number as people type it. Raises: NoSuchPhoneError."""
    found = _MOBILE.fullmatch(re.sub(r"[\s\-()]", "", fold(clean(text))))
    if found is None or not found[1].isascii():
        raise NoSuchPhoneError
    return found[1]


def mask(phone: str) -> str:
    """A phone as it is shown: 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}"


def set_phone(session: Session, vault: Vault, diner_id: str, text: str) -> str:
    """Keep a typed phone as contact data, sealed; it proves nothing.

    Returns:
        The phone, masked.

    Raises:
        NoSuchPhoneError: Not a mobile number of mainland China.
        LookupError: The diner was erased.
    """
    phone = read_phone(text)
    _keep(session, vault, lock_diner(session, diner_id), phone)
    return mask(phone)


def forget_phone(session: Session, diner_id: str) -> None:
    """Delete a diner's phone, and that it was proven."""
    remaining = lock_diner(session, diner_id)
    session.execute(update(Contact).where(Contact.diner_id == remaining).values(sealed_phone=None))
    session.execute(delete(ProvenIdentity).where(ProvenIdentity.diner_id == remaining, ProvenIdentity.kind == Proof.PHONE.value))
    session.execute(delete(PhoneProof).where(PhoneProof.diner_id == remaining))


def phone_of(session: Session, vault: Vault, diner_id: str) -> str | None:
    """A diner's phone in the clear, for whoever must call; None when there is none. Show it masked."""
    sealed = select(Contact.wrapped_key, Contact.sealed_phone).where(Contact.sealed_phone.is_not(None)).order_by(*NEWEST_FIRST)
    row = session.execute(sealed.where(Contact.diner_id == resolve(session, diner_id))).first()
    return None if row is None or row[1] is None else vault.open(row[0], row[1])


def start_proof(session: Session, vault: Vault, diner_id: str, text: str, *, now: datetime) -> CodeToSend:
    """Make a code of six digits for a phone; an earlier one is good no more.

    Raises:
        NoSuchPhoneError: Not a mobile number of mainland China.
        CodeTooSoonError: One was sent less than a minute ago.
        TooManyCodesError: Five were sent within 24 hours, to this diner or to this phone.
        LookupError: The diner was erased.
    """
    phone = read_phone(text)
    remaining = lock_diner(session, diner_id)  # so that the counts below are those of one diner at a time
    digest = phone_digest(vault, phone)
    sent = select(func.count(), func.max(PhoneProof.sent_at)).where(PhoneProof.sent_at > now - timedelta(days=1))
    for whose in (PhoneProof.diner_id == remaining, PhoneProof.phone_digest == digest):
        count, last = session.execute(sent.where(whose)).one()
        if last is not None and now < last + PAUSE:
            raise CodeTooSoonError(seconds=int((last + PAUSE - now).total_seconds()) or 1)
        if count >= CODES_A_DAY:
            raise TooManyCodesError
    _keep(session, vault, remaining, phone)
    session.execute(update(PhoneProof).where(PhoneProof.diner_id == remaining, PhoneProof.expires_at > now).values(expires_at=now))
    proof_id, code = new_id(now), f"{secrets.randbelow(10**6):06d}"
    session.add(
        PhoneProof(
            id=proof_id,
            diner_id=remaining,
            phone_digest=digest,
            code_digest=_code_digest(vault, proof_id, code),
            tries=0,
            sent_at=now,
            expires_at=now + CODE_LIFE,
        )
    )
    session.flush()
    return CodeToSend(phone, code)


def finish_proof(session: Session, vault: Vault, diner_id: str, code: str, *, now: datetime) -> PhoneProven:
    """Check a code that was typed in; the right one proves the phone, and merges with whoever proved it lately.

    A wrong one is an outcome and no refusal, because a try counts only when it is committed.

    Emits: MembersMerged when two diners turn out to be one.
    """
    remaining = resolve(session, diner_id)
    open_proof = select(PhoneProof.id, PhoneProof.phone_digest, PhoneProof.code_digest, PhoneProof.tries)
    open_proof = open_proof.where(PhoneProof.diner_id == remaining, PhoneProof.expires_at > now).order_by(PhoneProof.id.desc()).limit(1)
    row = session.execute(open_proof.with_for_update()).first()
    if row is None or row.tries >= TRIES:
        return PhoneProven(ProofOutcome.OVER, remaining)
    typed = re.sub(r"\s", "", fold(clean(code)))
    right = hmac.compare_digest(row.code_digest, _code_digest(vault, row.id, typed))
    tried = update(PhoneProof).where(PhoneProof.id == row.id, PhoneProof.tries == row.tries, PhoneProof.expires_at > now)
    tried = tried.values(tries=PhoneProof.tries + 1, **({"expires_at": now} if right else {}))
    if session.execute(tried).rowcount == 0:  # type: ignore[attr-defined]
        return PhoneProven(ProofOutcome.OVER, remaining)
    if not right:
        return PhoneProven(ProofOutcome.WRONG, remaining, TRIES - row.tries - 1)
    person = claim_identity(session, row.phone_digest, Proof.PHONE, remaining, now=now, fresh=_REISSUED)
    return PhoneProven(ProofOutcome.PROVEN, person)


def forget_proofs(session: Session, *, now: datetime) -> None:
    """Delete codes that no limit counts any more; part of the night's housekeeping."""
    session.execute(delete(PhoneProof).where(PhoneProof.sent_at < now - _PROOFS_KEPT))


def phone_digest(vault: Vault, phone: str) -> str:
    """The form of a phone by which its owner is found."""
    return vault.digest(f"phone:{phone}")


def _code_digest(vault: Vault, proof_id: str, code: str) -> str:
    return vault.digest(f"phone code:{proof_id}:{code}")


def _keep(session: Session, vault: Vault, diner_id: str, phone: str) -> None:
    mine = select(Contact.openid_digest, Contact.wrapped_key).where(Contact.diner_id == diner_id).order_by(*NEWEST_FIRST)
    row = session.execute(mine).first()
    if row is None:
        raise LookupError("the diner was erased")
    sealed = vault.seal(row.wrapped_key, phone)
    session.execute(update(Contact).where(Contact.diner_id == diner_id).values(sealed_phone=None))
    session.execute(update(Contact).where(Contact.openid_digest == row.openid_digest).values(sealed_phone=sealed))
