"""The one way in which a push from outside is turned away."""

from typing import Literal

RefusalReason = Literal[
    "bad_signature",  # not signed with our token
    "stale",  # signed, but too long ago (or in the future)
    "malformed",  # not what the platform sends: base64, length, XML or a needed field is broken
    "bad_padding",  # no key of ours opens it
    "wrong_app",  # opened, but meant for another account
    "bad_encoding",  # not UTF-8, or says that it is not
    "json_format",  # the account is set to JSON pushes; this gateway reads XML
    "too_large",  # more bytes, elements or levels than any push has
]


class PushRefusedError(Exception):
    """A body that is no push for us. Expected from strangers: counted by `reason`, never a traceback.

    Attributes:
        reason: Short and stable; safe as a metric label. Says nothing about what stood in the body.
        detail: For the log, in words; no part of the body either.
    """

    def __init__(self, reason: RefusalReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: RefusalReason = reason
        self.detail = detail
