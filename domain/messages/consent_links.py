"""The link under which a diner is asked for consent to notices: signed, good for a day. Source: peers §2 (ask at the moment of use).

C.<diner>.<kind~kind>.<second>.<mac>
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.messages.errors import ConsentLinkExpiredError, ConsentLinkForgedError

LIFE: Final = timedelta(days=1)
_LABEL = b"haowei consent link\0"  # the key signs other things too
_SKEW = timedelta(seconds=30)
_FORM = re.compile(r"(C\.([0-9A-Z]{26})\.([a-z_]{1,32}(?:~[a-z_]{1,32}){0,2})\.([0-9]{9,11}))\.([A-Z2-7]{16})", re.ASCII)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ConsentQuestion:
    """Who is asked for which kinds of notices."""

    diner_id: str
    kinds: tuple[str, ...]


def consent_path(key: bytes, diner_id: str, kinds: Sequence[str], *, now: datetime) -> str:
    """Where a diner is asked; what a card or a text links to.

    Args:
        key: Of domain.members.codes.signing_key, as skills have it in their context.
        kinds: One to three kinds of notices ("queue_call"); the platform asks for at most three at once.
    """
    signed = f"C.{diner_id}.{'~'.join(kinds)}.{int(now.timestamp())}"
    return f"/p/consent/{signed}.{_mac(key, signed)}"


def read_consent_token(key: bytes, token: str, *, now: datetime) -> ConsentQuestion:
    """Read the last part of a path; asks no database.

    Raises:
        ConsentLinkForgedError: Not ours.
        ConsentLinkExpiredError: Older than a day.
    """
    found = _FORM.fullmatch(token) if len(token) <= _LONGEST else None
    if found is None or not hmac.compare_digest(_mac(key, found[1]), found[5]):
        raise ConsentLinkForgedError
    made_at = datetime.fromtimestamp(int(found[4]), UTC)
    if not made_at - _SKEW <= now < made_at + LIFE:
        raise ConsentLinkExpiredError
    return ConsentQuestion(found[2], tuple(found[3].split("~")))


def _mac(key: bytes, signed: str) -> str:
    return b32encode(hmac.digest(key, _LABEL + signed.encode(), "sha256")[:10]).decode("ascii")
