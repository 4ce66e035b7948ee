"""ULIDs: 26 characters, made by the caller, sortable by the time they were made."""

import secrets
import threading
from datetime import UTC, datetime, timedelta

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENCODED = {value: _ALPHABET[value >> 5] + _ALPHABET[value & 31] for value in range(1024)}


_lock = threading.Lock()
_last = 0


def new_id(now: datetime) -> str:
    """Make a new ULID: 48 bits of milliseconds, 80 random bits, in Crockford's base 32.

    Within one millisecond and process each is greater than the one before, so that what was written in one transaction
    keeps its order.
    """
    global _last  # noqa: PLW0603 - the order of ids is a property of the process
    millisecond = int(now.timestamp() * 1000)
    with _lock:
        value = _last + 1 if _last >> 80 == millisecond else (millisecond << 80) | secrets.randbits(80)
        _last = value
    return "".join(_ENCODED[(value >> shift) & 1023] for shift in range(120, -1, -10))


def made_at(ulid: str) -> datetime:
    """The instant at which a ULID was made, to the millisecond."""
    millisecond = 0
    for letter in ulid[:10]:
        millisecond = millisecond * 32 + _ALPHABET.index(letter)
    return _EPOCH + timedelta(milliseconds=millisecond)


def is_id(text: str) -> bool:
    """Whether the text has the form of a ULID (upper case)."""
    return len(text) == 26 and text[0] in "01234567" and all(letter in _ALPHABET for letter in text)
