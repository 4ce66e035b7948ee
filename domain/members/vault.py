"""Sealing contact data: one random key a person, wrapped by the installation's secret; keyed digests to find by.

Destroying the wrapped key makes everything sealed under it unreadable, in backups too (ARCHITECTURE, decision 10).
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Vault:
    """Seals and opens contact data with HAOWEI_SECRET_KEY (at least 32 bytes)."""

    def __init__(self, secret_key: bytes) -> None:
        if len(secret_key) < 32:
            raise ValueError("the secret key needs at least 32 bytes")
        self._digest_key = hmac.digest(secret_key, b"haowei contact digest", hashlib.sha256)
        self._wrapping = AESGCM(hmac.digest(secret_key, b"haowei key wrapping", hashlib.sha256))

    def digest(self, address: str) -> str:
        """The form of an address by which its owner is found; useless without the secret."""
        return hmac.digest(self._digest_key, address.encode(), hashlib.sha256).hex()

    def new_wrapped_key(self) -> bytes:
        """A fresh key for one person, wrapped."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._wrapping.encrypt(nonce, secrets.token_bytes(32), None)

    def seal(self, wrapped_key: bytes, address: str) -> bytes:
        """Encrypt an address under a person's key."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._unwrap(wrapped_key).encrypt(nonce, address.encode(), None)

    def open(self, wrapped_key: bytes, sealed: bytes) -> str:
        """Decrypt what `seal` made.

        Raises:
            ValueError: The installation's secret is not the one that sealed it.
        """
        try:
            return self._unwrap(wrapped_key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()
        except InvalidTag as error:
            raise ValueError("sealed under another HAOWEI_SECRET_KEY") from error

    def _unwrap(self, wrapped_key: bytes) -> AESGCM:
        return AESGCM(self._wrapping.decrypt(wrapped_key[:_NONCE], wrapped_key[_NONCE:], None))
