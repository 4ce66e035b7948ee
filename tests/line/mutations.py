"""Pushes that no platform would send: every way to be wrong, as requests for the wire.

Each mutation gives a target (path and query), headers and a body; some know which answer they must get.
"""

import base64
import gzip
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, quote_from_bytes

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from haowei.simulators.wechat import Account
from haowei.simulators.wechat.codec import Bare, Field, sign, write_xml
from tests.line.strange_values import BOMB, ENCODINGS, FOREIGN_FILE, JUNK_XML, QUERY_NAMES, QUERY_VALUES, TEXTS, VALUES
from wechat_gateway.push_types import EventType, MessageType

REFUSED: Final = frozenset({400, 403, 413})
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PACKED_ZEROS = gzip.compress(bytes(5_000_000))
_KINDS = (
    *("bad_signature", "plain_in_safe_mode", "stale", "no_timestamp", "wrong_key", "wrong_app", "wrong_padding", "wrong_length"),
    *("truncated", "flipped", "compressed", "junk_query", "junk_body", "junk_sealed", "junk_inside", "json_inside"),
    *("bomb", "deep", "wide", "huge", "other_encoding", "missing_field", "wrong_value", "strange_text", "strange_event", "unknown_kind"),
)
_FIELDS = ("EventKey", "Ticket", "Location_X", "Location_Y", "Label", "Recognition", "MediaId", "bizmsgmenuid", "Status", "MsgID")


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        expected: The statuses it may get; None for any 2xx or 4xx.
    """

    query: str
    body: bytes
    expected: frozenset[int] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Mutations:
    """Draws wrong requests, the same ones for the same seed and second."""

    def __init__(self, account: Account, now: int, seed: int) -> None:
        """Args:
        now: Unix seconds of the good signatures.
        """
        self._account = account
        self._now = now
        self._dice = random.Random(seed)
        self._message_id = 10**17

    def draw(self) -> tuple[str, Request]:
        """One request, and the name of what is wrong with it."""
        kind = self._dice.choice(_KINDS)
        request: Request = getattr(self, f"_{kind}")()
        return kind, request

    def good(self, text: str) -> Request:
        """Nothing is wrong with this one."""
        return self._sealed(write_xml(self._fields(text)), frozenset({200}))

    # ---- the envelope

    def _bad_signature(self) -> Request:
        good = self.good("红烧肉一份")
        query = self._dice.choice(
            [
                good.query[:-1] + ("0" if good.query[-1] != "0" else "1"),
                good.query.replace("nonce=", "nonce=1"),
                good.query.replace("msg_signature", "signature"),
                good.query.partition("&msg_signature")[0],
                good.query.partition("msg_signature=")[0] + "msg_signature=" + quote("签名") * 13,
                good.query + "0" * self._dice.randint(1, 2000),
            ]
        )
        return Request(query, good.body, frozenset({403}))

    def _plain_in_safe_mode(self) -> Request:
        xml = write_xml(self._fields("红烧肉一份")).encode()
        kind = self._dice.choice(["", "&encrypt_type=raw", "&encrypt_type=", "&encrypt_type=AES"])
        return Request(self._query(self._now) + kind, xml, frozenset({403}))

    def _stale(self) -> Request:
        late = self._dice.choice([-1, 1]) * self._dice.choice([400, 3600, 86400, 10**9])
        return self._sealed(write_xml(self._fields("红烧肉一份")), frozenset({403}), timestamp=str(max(0, self._now + late)))

    def _no_timestamp(self) -> Request:
        junk = self._dice.choice(["", "now", "-5", "1e9", "9" * 13, "9" * 3000, "１７１４", f"{self._now}.0", f" {self._now}", "0x10"])
        return self._sealed(write_xml(self._fields("红烧肉一份")), frozenset({400, 403}), timestamp=junk)

    def _truncated(self) -> Request:
        good = self.good("红烧肉一份")
        return Request(good.query, good.body[: self._dice.randrange(len(good.body) - 8)], REFUSED)

    def _flipped(self) -> Request:
        good = self.good("红烧肉一份")
        body = bytearray(good.body)
        for _ in range(self._dice.randint(1, 8)):
            body[self._dice.randrange(len(body))] ^= 1 << self._dice.randrange(8)
        return Request(good.query, bytes(body))

    def _wrong_key(self) -> Request:
        key = "".join(self._dice.choice(_LETTERS) for _ in range(42)) + "A"
        return self._outer(self._seal(write_xml(self._fields("红烧肉一份")), key=key), REFUSED)

    def _wrong_app(self) -> Request:
        app_id = self._dice.choice(["", "wx0000000000000000", self._account.app_id + "0", self._account.app_id[:-1], "好味"])
        return self._outer(self._seal(write_xml(self._fields("红烧肉一份")), app_id=app_id), frozenset({403}))

    def _wrong_padding(self) -> Request:
        pad = self._dice.choice([b"", bytes(32), b"\xff" * 16, b"\x21" * 33, b"\x02\x01", b"\x20" * 31 + b"\x1f"])
        return self._outer(self._seal(write_xml(self._fields("红烧肉一份")), pad=pad), REFUSED)

    def _wrong_length(self) -> Request:
        xml = write_xml(self._fields("红烧肉一份"))
        length = self._dice.choice([0, 1, len(xml.encode()) - 1, len(xml.encode()) + 1, 2**31, 2**32 - 1])
        return self._outer(self._seal(xml, length=length), REFUSED)

    def _compressed(self) -> Request:
        good = self.good("红烧肉一份")
        packed = gzip.compress(good.body)
        body = self._dice.choice([packed, packed[:-9], b"\x1f\x8b" + good.body, _PACKED_ZEROS])
        return Request(good.query, body, headers={"Content-Encoding": self._dice.choice(["gzip", "deflate", "br", "x", "gzip, gzip"])})

    # ---- the XML inside and outside

    def _bomb(self) -> Request:
        xml = self._dice.choice([BOMB, FOREIGN_FILE])
        if self._dice.random() < 0.5:
            return self._sealed(xml, REFUSED)
        return Request(self.good("红烧肉一份").query, xml.encode(), REFUSED)

    def _deep(self) -> Request:
        levels = self._dice.randint(10, 8000)
        return self._sealed("<xml>" + "<a>" * levels + "</a>" * self._dice.choice([levels, 0]) + "</xml>", REFUSED)

    def _wide(self) -> Request:
        piece = self._dice.choice(["<a/>", "<a>1</a>", "&#65;", "<!-- -->", "<?p q?>", "<![CDATA[]]>", "&amp;"])
        return self._sealed(write_xml(self._fields("红烧肉一份")).replace("</xml>", piece * self._dice.randint(600, 9000) + "</xml>"))

    def _huge(self) -> Request:
        size = self._dice.choice([70_000, 200_000, 270_000, 1_000_000])
        if self._dice.random() < 0.5:
            return self._sealed(write_xml(self._fields("肉" * (size // 3))), REFUSED)
        good = self.good("红烧肉一份")
        return Request(good.query, good.body.replace(b"</xml>", b"x" * size + b"</xml>"))

    def _other_encoding(self) -> Request:
        name = self._dice.choice(ENCODINGS)
        claims = ("", f"<?xml version='1.0' encoding='{name}'?>", "<?xml version='1.0' encoding='UTF-8'?>", "<?xml version='9.9'?>")
        declared = self._dice.choice(claims)
        return self._sealed((declared + write_xml(self._fields("红烧肉一份"))).encode(name, "replace"))

    def _missing_field(self) -> Request:
        fields = self._fields("红烧肉一份")
        for name in self._dice.sample(list(fields), self._dice.randint(1, 4)):
            del fields[name]
        return self._sealed(write_xml(fields))

    def _wrong_value(self) -> Request:
        fields = self._fields("红烧肉一份")
        name = self._dice.choice(list(fields))
        value: Field = self._dice.choice(VALUES)
        fields[name] = self._dice.choice([value, Bare(str(value)), [value, value], {"a": {"b": value}}])
        return self._sealed(write_xml(fields))

    def _junk_inside(self) -> Request:
        return self._sealed(self._dice.choice([*JUNK_XML, self._noise()]), REFUSED)

    def _json_inside(self) -> Request:
        return self._sealed('{"MsgType": "text", "Content": "红烧肉一份"}', REFUSED)

    def _junk_sealed(self) -> Request:
        """A good signature around something that was never sealed."""
        sealed = self._dice.choice(
            ["", "=", "AAAA", "A" * 43, "A" * 64, "A" * 4096, "%%%%", "红烧肉", self._seal("x")[:-4], self._seal("x") + "A" * 64, "-_" * 32]
        )
        return self._outer(sealed, None)

    # ---- what a diner would have to say

    def _strange_text(self) -> Request:
        return self._sealed(write_xml(self._fields(self._dice.choice(TEXTS))))

    def _strange_event(self) -> Request:
        names = [kind.value for kind in EventType] + [kind.value for kind in MessageType]
        name = self._dice.choice(names)
        fields = self._fields("红烧肉一份")
        kind: dict[str, Field] = {"MsgType": name} if name in set(MessageType) else {"MsgType": "event", "Event": name}
        kind |= {key: self._dice.choice(VALUES) for key in self._dice.sample(_FIELDS, 4)}
        if self._dice.random() < 0.3:
            kind["ScanCodeInfo"] = {"ScanType": "qrcode", "ScanResult": self._dice.choice(VALUES)}
        return self._sealed(write_xml(fields | kind))

    def _unknown_kind(self) -> Request:
        kind = self._dice.choice([{"MsgType": "event", "Event": "new"}, {"MsgType": "new"}, {"MsgType": "event"}, {"MsgType": "x" * 5000}])
        return self._sealed(write_xml(self._fields("红烧肉一份") | kind))

    # ---- not a push at all

    def _junk_query(self) -> Request:
        values = (*QUERY_VALUES, str(self._now), quote_from_bytes(self._noise()[:60]))
        pairs = (f"{self._dice.choice(QUERY_NAMES)}={self._dice.choice(values)}" for _ in range(self._dice.randint(0, 12)))
        return Request("&".join(pairs), self.good("红烧肉一份").body, REFUSED)

    def _junk_body(self) -> Request:
        return Request(self.good("红烧肉一份").query, self._noise(), REFUSED)

    # ----

    def _fields(self, text: str) -> dict[str, Field]:
        self._message_id += 1
        return {
            "ToUserName": self._account.original_id,
            "FromUserName": f"o{self._dice.randrange(50):027}",
            "CreateTime": self._now,
            "MsgType": "text",
            "Content": text,
            "MsgId": self._message_id,
        }

    def _sealed(self, xml: str | bytes, expected: frozenset[int] | None = None, *, timestamp: str | None = None) -> Request:
        return self._outer(self._seal(xml), expected, timestamp=timestamp)

    def _seal(
        self, message: str | bytes, *, key: str = "", app_id: str | None = None, pad: bytes | None = None, length: int | None = None
    ) -> str:
        raw = message.encode() if isinstance(message, str) else message
        secret = base64.b64decode((key or self._account.aes_key) + "=")
        size = len(raw) if length is None else length
        app = self._account.app_id if app_id is None else app_id
        plain = self._dice.randbytes(16) + size.to_bytes(4, "big") + raw + app.encode()
        missing = 32 - len(plain) % 32
        plain += bytes((missing,)) * missing if pad is None else pad
        encryptor = Cipher(AES(secret), CBC(secret[:16])).encryptor()
        return base64.b64encode(encryptor.update(plain[: len(plain) // 16 * 16])).decode()

    def _outer(self, sealed: str, expected: frozenset[int] | None, *, timestamp: str | None = None) -> Request:
        moment, nonce = str(self._now) if timestamp is None else timestamp, str(self._dice.randrange(2**31))
        query = self._query(moment, nonce) + f"&encrypt_type=aes&msg_signature={sign(self._account.token, moment, nonce, sealed)}"
        return Request(query, write_xml({"ToUserName": self._account.original_id}, sealed).encode(), expected)

    def _query(self, moment: str | int, nonce: str = "1") -> str:
        signature = sign(self._account.token, str(moment), nonce)
        return f"signature={signature}&timestamp={quote(str(moment))}&nonce={nonce}&openid=o{0:027}"

    def _noise(self) -> bytes:
        return self._dice.randbytes(self._dice.randint(0, 3000))
