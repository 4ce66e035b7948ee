"""Sealing contact data: one random key a person, wrapped by the installation's secret; keyed digests to find by.

Destroying the wrapped key makes everything sealed under it unreadable, in backups too (ARCHITECTURE, decision 10).
Kept as text: aiomysql 0.3.2 cannot bind bytes with the PyMySQL it asks for.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

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

    def new_wrapped_key(self) -> str:
        """A fresh key for one person, wrapped, in base64."""
        return _sealed(self._wrapping, secrets.token_bytes(32))

    def seal(self, wrapped_key: str, address: str) -> str:
        """Encrypt an address under a person's key, in base64."""
        return _sealed(self._unwrap(wrapped_key), address.encode())

    def open(self, wrapped_key: str, sealed: str) -> str:
        """Decrypt what `seal` made.

        Raises:
            ValueError: The installation's secret is not the one that sealed it.
        """
        try:
            return _opened(self._unwrap(wrapped_key), sealed).decode()
        except InvalidTag as error:
            raise ValueError("sealed under another HAOWEI_SECRET_KEY") from error

    def _unwrap(self, wrapped_key: str) -> AESGCM:
        return AESGCM(_opened(self._wrapping, wrapped_key))


def _sealed(key: AESGCM, content: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return b64encode(nonce + key.encrypt(nonce, content, None)).decode("ascii")


def _opened(key: AESGCM, sealed: str) -> bytes:
    raw = b64decode(sealed)
    return key.decrypt(raw[:_NONCE], raw[_NONCE:], None)
