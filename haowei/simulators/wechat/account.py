"""The service account (服务号) as its owner sees it in the platform's console: ids, secrets, keys."""

import secrets
import string
from dataclasses import dataclass, field

_ALPHANUMERIC = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Account:
    """One service account.

    Attributes:
        token: Signs every push; 3 to 32 letters and digits.
        aes_key: EncodingAESKey, 43 letters and digits: base64 of 32 bytes without the final "=".
        aes_key_previous: The key before the last change; pushes already under way still use it.
        original_id: The account's address in messages ("gh_…").
    """

    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    aes_key_previous: str | None = field(default=None, repr=False)
    original_id: str = "gh_0123456789ab"

    @classmethod
    def random(cls) -> "Account":
        """A new account with random ids and keys, for the demo and for tests."""
        return cls(
            app_id=f"wx{secrets.token_hex(8)}",
            app_secret=secrets.token_hex(16),
            token=_letters(32),
            # 43 characters carry 258 bits, so the last one must leave its two low bits empty.
            aes_key=_letters(42) + secrets.choice("AEIMQUYcgkosw048"),
            original_id=f"gh_{secrets.token_hex(6)}",
        )


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(count))
