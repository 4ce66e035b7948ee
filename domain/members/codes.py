"""Member codes (会员码): signed, good for three minutes, scanned once. Source: RESTAURANT, Members.

M.<member number>.<second>.<nonce>.<mac>: capitals and digits only, so that the QR code stays small.
"""

import hmac
import re
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.members.errors import CodeExpiredError, CodeForgedError, CodeUsedError, SamePersonError
from domain.members.identities import lock_diner
from domain.members.merging import Proof, merge
from domain.members.models import Membership, UsedMemberCode
from domain.storage import insert_once

LIFE: Final = timedelta(minutes=3)
LONGEST_CODE: Final = 64
_SKEW = timedelta(seconds=30)  # between the clocks of two machines
_KEPT = timedelta(days=1)
_FORM = re.compile(r"(M\.([0-9]{4,16})\.([0-9]{9,11})\.([A-Z2-7]{16}))\.([A-Z2-7]{16})", re.ASCII)


@dataclass(frozen=True, slots=True)
class MemberCode:
    """A code that is ours and has not run out. Whether it was scanned before only `redeem_code` knows."""

    member_number: str
    made_at: datetime
    nonce: str


def signing_key(secret_key: bytes) -> bytes:
    """The key that signs member codes, made of HAOWEI_SECRET_KEY."""
    return hmac.digest(secret_key, b"haowei member code", "sha256")


def make_code(key: bytes, member_number: str, *, now: datetime) -> str:
    """A new code for a member, good for three minutes.

    Args:
        key: Of `signing_key`.
    """
    signed = f"M.{member_number}.{int(now.timestamp())}.{_base32(secrets.token_bytes(10))}"
    return f"{signed}.{_mac(key, signed)}"


def read_code(key: bytes, text: str, *, now: datetime) -> MemberCode:
    """Read a code as it was scanned; asks no database.

    Raises:
        CodeForgedError: Not ours.
        CodeExpiredError: Older than three minutes.
    """
    found = _FORM.fullmatch(text.strip()) if len(text) <= LONGEST_CODE else None
    if found is None or not hmac.compare_digest(_mac(key, found[1]), found[5]):
        raise CodeForgedError
    made_at = datetime.fromtimestamp(int(found[3]), UTC)
    if not made_at - _SKEW <= now < made_at + LIFE:
        raise CodeExpiredError
    return MemberCode(found[2], made_at, found[4])


def redeem_code(session: Session, key: bytes, text: str, *, now: datetime) -> str:
    """Someone of the staff, or the till, scanned a code: who is it? Once a code.

    Returns:
        The diner's id.

    Raises:
        CodeForgedError: Not ours.
        CodeExpiredError: Older than three minutes, or its member has left.
        CodeUsedError: Scanned before.
    """
    code = read_code(key, text, now=now)
    owner = select(Membership.diner_id).where(Membership.member_number == code.member_number)
    known = session.execute(owner).scalar()
    # The diner is locked first: scans of one code at once wait in one line.
    diner_id = None if known is None else lock_diner(session, known)
    if diner_id is None or session.execute(owner).scalar() != diner_id:
        raise CodeExpiredError
    if not insert_once(session, UsedMemberCode, {"nonce": code.nonce, "used_at": now}):
        raise CodeUsedError
    return diner_id


def merge_by_codes(session: Session, key: bytes, kept: str, given_up: str, *, now: datetime) -> str:
    """Staff scanned two member codes of one person: their cards become one.

    Args:
        kept: The code of the card whose number stays.
        given_up: The code of the other.

    Returns:
        The id of the diner who remains.

    Raises:
        CodeForgedError, CodeExpiredError, CodeUsedError: Of either code; neither is used up then.
        SamePersonError: Both are of one member.

    Emits: MembersMerged.
    """
    target = redeem_code(session, key, kept, now=now)
    source = redeem_code(session, key, given_up, now=now)
    if target == source:
        raise SamePersonError
    merge(session, target, source, proof=Proof.STAFF, now=now)
    return target


def forget_codes(session: Session, *, now: datetime) -> None:
    """Delete codes that ran out long ago; part of the night's housekeeping."""
    session.execute(delete(UsedMemberCode).where(UsedMemberCode.used_at < now - _KEPT))


def _mac(key: bytes, signed: str) -> str:
    return _base32(hmac.digest(key, signed.encode(), "sha256")[:10])


def _base32(raw: bytes) -> str:
    return b32encode(raw).decode("ascii")  # 10 bytes are 16 letters, without "="
