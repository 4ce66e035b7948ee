"""The platform's side of the message format: signatures, AES sealing and XML, written from its documents.

Nothing here is shared with the gateway, so a misreading there is not repeated here.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import TypeAlias
from xml.etree import ElementTree as ET

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from haowei.simulators.wechat.errors import InvalidAnswerError

_PAD = 32  # PKCS#7 to 32 bytes, not to the cipher's 16. Source: message push encryption guide

Field: TypeAlias = "str | int | list[Field] | Mapping[str, Field]"
Fields: TypeAlias = Mapping[str, Field]
Elements: TypeAlias = dict[str, ET.Element]


class Bare(str):
    """A text that the platform writes without CDATA: a decimal, or the id of a tapped choice."""

    __slots__ = ()


def sign(*parts: str) -> str:
    """The platform's signature: SHA-1, in hex, of the sorted parts joined."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class Sealer:
    """Seals and opens messages with one EncodingAESKey."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        key = base64.b64decode(aes_key + "=")
        if len(key) != 32:
            raise ValueError("EncodingAESKey must be 43 characters of base64")
        self._cipher = Cipher(AES(key), CBC(key[:16]))
        self._app_id = app_id.encode()

    def seal(self, message: str) -> str:
        """Encrypt: 16 random bytes, length, message, app id, padded to 32; base64."""
        raw = message.encode()
        plain = b"".join((secrets.token_bytes(16), len(raw).to_bytes(4, "big"), raw, self._app_id))
        pad = _PAD - len(plain) % _PAD
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(plain + bytes((pad,)) * pad) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt what the account sealed.

        Raises:
            InvalidAnswerError: Not sealed with this key, or for another app id.
        """
        try:
            raw = base64.b64decode(sealed, validate=True)
        except ValueError as error:
            raise InvalidAnswerError("Encrypt is not base64") from error
        if not raw or len(raw) % 16:
            raise InvalidAnswerError("Encrypt is not whole AES blocks")
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(raw) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= _PAD or plain[-pad:] != bytes((pad,)) * pad:
            raise InvalidAnswerError("wrong key or padding")
        end = 20 + int.from_bytes(plain[16:20], "big")
        if plain[end:-pad] != self._app_id:
            raise InvalidAnswerError("wrong app id inside Encrypt")
        return utf8(plain[20:end])


def utf8(raw: bytes) -> str:
    """Decode an answer.

    Raises:
        InvalidAnswerError: Not UTF-8.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise InvalidAnswerError("not UTF-8") from error


def write_xml(fields: Fields, sealed: str | None = None) -> str:
    """A push as the platform writes it: texts in CDATA, numbers bare, one element a line.

    Args:
        sealed: The compatible mode's second form, added as Encrypt.
    """
    lines = [_element(name, value) for name, value in fields.items()]
    if sealed is not None:
        lines.append(_element("Encrypt", sealed))
    return "<xml>" + "\n".join(lines) + "\n</xml>"


def _element(name: str, value: Field) -> str:
    if isinstance(value, Bare):
        escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return f"<{name}>{escaped}</{name}>"
    if isinstance(value, str):
        return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    if isinstance(value, list):
        return "\n".join(_element(name, item) for item in value)
    inner = "\n".join(_element(key, item) for key, item in value.items())
    return f"<{name}>{inner}</{name}>"


def read_xml(text: str) -> Elements:
    """Read an answer's XML, well-formed or not at all: its elements by name.

    Raises:
        InvalidAnswerError: Not XML, another root than `xml`, a document type, or an element twice.
    """
    if "<!DOCTYPE" in text:
        raise InvalidAnswerError("document type in the answer")
    try:
        root = ET.fromstring(text)  # noqa: S314 - entities need the document type refused above
    except ET.ParseError as error:
        raise InvalidAnswerError(f"not XML: {error}") from error
    if root.tag != "xml":
        raise InvalidAnswerError(f"root is {root.tag}, not xml")
    return elements_of(root)


def elements_of(parent: ET.Element) -> Elements:
    """The elements inside one, by name.

    Raises:
        InvalidAnswerError: One of them is there twice.
    """
    found = {child.tag: child for child in parent}
    if len(found) != len(parent):
        raise InvalidAnswerError(f"an element of {parent.tag} is there twice")
    return found


def element_of(elements: Elements, name: str) -> ET.Element:
    """An element that must be there.

    Raises:
        InvalidAnswerError: Missing.
    """
    try:
        return elements[name]
    except KeyError:
        raise InvalidAnswerError(f"{name} is missing") from None


def text_of(elements: Elements, name: str) -> str:
    """The text of an element that must be there.

    Raises:
        InvalidAnswerError: Missing, or not a text.
    """
    element = element_of(elements, name)
    if len(element):
        raise InvalidAnswerError(f"{name} is not a text")
    return element.text or ""
