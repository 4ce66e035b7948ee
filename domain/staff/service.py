"""Make, check and revoke store tokens."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.staff.models import StoreToken, TokenScope


def create_token(session: Session, store_id: str, scope: TokenScope, *, now: datetime) -> str:
    """Make a token for a device of a store. It is shown once; only its hash is stored."""
    token = f"hw_{scope.value}_{secrets.token_urlsafe(32)}"
    session.execute(
        insert(StoreToken),
        {"id": new_id(now), "store_id": store_id, "scope": scope.value, "token_sha256": _hash(token), "created_at": now},
    )
    return token


def find_store(session: Session, token: str, scope: TokenScope) -> str | None:
    """The store whose live token of this scope this is, or None."""
    return session.execute(
        select(StoreToken.store_id).where(
            StoreToken.token_sha256 == _hash(token), StoreToken.scope == scope.value, StoreToken.revoked_at.is_(None)
        )
    ).scalar()


def revoke_tokens(session: Session, store_id: str, scope: TokenScope, *, now: datetime) -> int:
    """Revoke every live token of a scope in a store, and say how many there were."""
    revoked = session.execute(
        update(StoreToken)
        .where(StoreToken.store_id == store_id, StoreToken.scope == scope.value, StoreToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return int(revoked.rowcount)  # type: ignore[attr-defined]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
