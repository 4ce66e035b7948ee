"""Store tokens: make, check, list and revoke them; and the record of what was done under each."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.staff.models import DeviceAct, StoreToken, TokenScope
from domain.staff.rules import Act
from domain.storage import Prepared


@dataclass(frozen=True, slots=True)
class Device:
    """Whoever holds a live token. Attributes: id: Of the token; what is done under it is written down with this id."""

    id: str
    store_id: str
    scope: TokenScope


@dataclass(frozen=True, slots=True)
class TokenSeen:
    """A token as a list shows it: never the token itself."""

    id: str
    store_id: str
    scope: TokenScope
    created_at: datetime
    revoked_at: datetime | None


_BY_HASH = Prepared(
    select(StoreToken.id, StoreToken.store_id, StoreToken.scope).where(
        StoreToken.token_sha256 == bindparam("token_sha256"), StoreToken.revoked_at.is_(None)
    )
)


def create_token(session: Session, store_id: str, scope: TokenScope, *, now: datetime) -> str:
    """Make a token for a device of a store. It is shown once; only its hash is stored."""
    token = f"hw_{scope.value}_{secrets.token_urlsafe(32)}"
    session.execute(
        insert(StoreToken),
        {"id": new_id(now), "store_id": store_id, "scope": scope.value, "token_sha256": _hash(token), "created_at": now},
    )
    return token


def find_device(session: Session, token: str) -> Device | None:
    """Whose live token this is, whatever it is for; None when it is nobody's, or revoked."""
    row = _BY_HASH.first(session, token_sha256=_hash(token))
    return None if row is None else Device(row[0], row[1], TokenScope(row[2]))


def find_store(session: Session, token: str, scope: TokenScope) -> str | None:
    """The store whose live token of this scope this is, or None."""
    device = find_device(session, token)
    return device.store_id if device is not None and device.scope is scope else None


def list_tokens(session: Session, store_id: str | None = None) -> Sequence[TokenSeen]:
    """Every token there ever was, the oldest first. Args: store_id: Only of this store."""
    rows = select(StoreToken.id, StoreToken.store_id, StoreToken.scope, StoreToken.created_at, StoreToken.revoked_at)
    if store_id is not None:
        rows = rows.where(StoreToken.store_id == store_id)
    found = session.execute(rows.order_by(StoreToken.store_id, StoreToken.created_at, StoreToken.id))
    return [TokenSeen(row[0], row[1], TokenScope(row[2]), row[3], row[4]) for row in found]


def revoke_token(session: Session, token_id: str, *, now: datetime) -> bool:
    """Revoke one token. Returns: False when there is no such token, or it was revoked before."""
    revoked = session.execute(
        update(StoreToken).where(StoreToken.id == token_id, StoreToken.revoked_at.is_(None)).values(revoked_at=now),
        execution_options={"synchronize_session": False},
    )
    return bool(revoked.rowcount)  # type: ignore[attr-defined]


def revoke_tokens(session: Session, store_id: str, scope: TokenScope, *, now: datetime) -> int:
    """Revoke every live token of a scope in a store, and say how many there were."""
    revoked = session.execute(
        update(StoreToken)
        .where(StoreToken.store_id == store_id, StoreToken.scope == scope.value, StoreToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return int(revoked.rowcount)  # type: ignore[attr-defined]


def record_device_act(session: Session, device: Device, act: Act, subject: str, *, now: datetime) -> None:
    """Write down what was done at a device. Every act does, in its own transaction.

    Args:
        subject: As of `roster.record_act`: an id and a word on what became of it; 48 characters are kept.
    """
    row = {"id": new_id(now), "token_id": device.id, "act": act.value, "subject": subject[:48], "store_id": device.store_id, "done_at": now}
    session.execute(insert(DeviceAct), row)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()  # a header may hold any bytes
