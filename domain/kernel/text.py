"""Text from outside, made safe for storage, layout and XML."""

import re
import unicodedata

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Remove control, direction and zero-width characters and lone surrogates; keep tab and line feed."""
    if text.isprintable():  # nearly always, and nothing of the below is
        return text
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def fold(text: str) -> str:
    """The form in which names are compared: NFKC, lower case, no spaces around."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def clip_bytes(text: str, limit: int) -> str:
    """Cut a text to at most `limit` bytes of UTF-8, never inside a character, ending in … when cut."""
    raw = text.encode("utf-8")
    if len(raw) <= limit:
        return text
    return raw[: limit - 3].decode("utf-8", errors="ignore") + "…"
