"""The door's code: four digits on the store's screen that change every five minutes. Who can read them is there.

Source: peers §7 (d) 4 (touts sell numbers from afar). Nothing is stored: a code is checked, not looked up.
"""

import hmac
import re
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.kernel.text import clean, fold
from domain.staff.models import StoreToken, TokenScope
from domain.storage import Prepared

STEP = timedelta(minutes=5)
_SCREEN = Prepared(
    select(StoreToken.id)
    .where(StoreToken.store_id == bindparam("store_id"), StoreToken.scope == TokenScope.SCREEN.value, StoreToken.revoked_at.is_(None))
    .limit(1)
)
_FORM = re.compile(r"[0-9]{4}", re.ASCII)


class PresenceOutcome(StrEnum):
    """What came of a code that was typed. A wrong one is no refusal: a try counts only when it is committed."""

    HERE = "here"
    WRONG = "wrong"
    OVER = "over"  # too many tries


def door_key(secret_key: bytes) -> bytes:
    """The key of the codes, made of HAOWEI_SECRET_KEY."""
    return hmac.digest(secret_key, b"haowei door code", "sha256")


def door_code(key: bytes, store_id: str, *, now: datetime) -> str:
    """What the store's screen shows now. Args: key: Of `door_key`."""
    return _code(key, store_id, _step(now))


def changes_at(now: datetime) -> datetime:
    """When the screen shows the next code."""
    return now + (STEP - timedelta(seconds=now.timestamp() % STEP.total_seconds()))


def is_door_code(key: bytes, store_id: str, text: str, *, now: datetime) -> bool:
    """Whether somebody typed what the screen shows, or showed just before."""
    typed = re.sub(r"\s", "", fold(clean(text)))
    if not _FORM.fullmatch(typed):
        return False
    good = [hmac.compare_digest(typed, _code(key, store_id, step)) for step in (_step(now), _step(now) - 1)]
    return any(good)


def asks_for_presence(session: Session, store_id: str) -> bool:
    """Whether a party must show that it is there before it is called: only where a screen shows the code."""
    return _SCREEN.first(session, store_id=store_id) is not None


def _step(now: datetime) -> int:
    return int(now.timestamp() // STEP.total_seconds())


def _code(key: bytes, store_id: str, step: int) -> str:
    digest = hmac.digest(key, f"{store_id}|{step}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8]) % 10_000:04d}"
