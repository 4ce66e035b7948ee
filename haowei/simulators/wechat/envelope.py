"""How a push is packed for the account's callback, and how its answer is unpacked, in the three modes."""

import secrets
from typing import Literal

from haowei.simulators.wechat.account import Account
from haowei.simulators.wechat.codec import Fields, Sealer, read_xml, sign, text_of, utf8, write_xml
from haowei.simulators.wechat.errors import InvalidAnswerError

Mode = Literal["safe", "compatible", "plain"]


class Envelope:
    """Signs and seals pushes, opens answers, as the account's owner has set the mode.

    Attributes:
        mode: safe (only sealed), compatible (plain and sealed side by side), plain.
        uses_previous_key: Seal with the EncodingAESKey before the last change, as pushes under way
            at the moment of a change are.
    """

    def __init__(self, account: Account, mode: Mode) -> None:
        self.mode = mode
        self.uses_previous_key = False
        self._account = account
        self._current = Sealer(account.aes_key, account.app_id)
        self._previous = Sealer(account.aes_key_previous, account.app_id) if account.aes_key_previous else None

    @property
    def _sealer(self) -> Sealer:
        if not self.uses_previous_key:
            return self._current
        if self._previous is None:
            raise ValueError("the account has no previous key")
        return self._previous

    def pack(self, fields: Fields, openid: str, timestamp: int) -> tuple[str, bytes]:
        """One try of a push: the query (with a nonce of its own) and the body.

        Args:
            timestamp: Seconds since 1970, the moment of this try.
        """
        account = self._account
        moment, nonce = str(timestamp), str(secrets.randbelow(2**31))
        query = f"signature={sign(account.token, moment, nonce)}&timestamp={moment}&nonce={nonce}&openid={openid}"
        if self.mode == "plain":
            return query, write_xml(fields).encode()
        sealed = self._sealer.seal(write_xml(fields))
        query += f"&encrypt_type=aes&msg_signature={sign(account.token, moment, nonce, sealed)}"
        outer: Fields = {"ToUserName": account.original_id} if self.mode == "safe" else fields
        return query, write_xml(outer, sealed).encode()

    def unpack(self, body: bytes) -> str:
        """The plain XML of an answer that is neither `success` nor empty.

        Raises:
            InvalidAnswerError: Plain where sealed is wanted or the other way round, wrong signature,
                wrong key, wrong app id, not XML.
        """
        text = utf8(body)
        root = read_xml(text)
        is_sealed = "Encrypt" in root
        if self.mode == "plain" and is_sealed:
            raise InvalidAnswerError("sealed answer in plain mode")
        if self.mode == "safe" and not is_sealed:
            raise InvalidAnswerError("plain answer in safe mode")
        if not is_sealed:
            return text
        sealed, moment, nonce = (text_of(root, name) for name in ("Encrypt", "TimeStamp", "Nonce"))
        if not moment.isdigit():
            raise InvalidAnswerError("TimeStamp is not a number")
        if text_of(root, "MsgSignature") != sign(self._account.token, moment, nonce, sealed):
            raise InvalidAnswerError("wrong MsgSignature")
        return self._sealer.open(sealed)

    def verification(self, timestamp: int) -> tuple[str, str]:
        """The query of the check that the console makes when a callback is set, and the echo it must bring back."""
        moment, nonce, echo = str(timestamp), str(secrets.randbelow(2**31)), str(secrets.randbelow(2**63))
        return f"signature={sign(self._account.token, moment, nonce)}&echostr={echo}&timestamp={moment}&nonce={nonce}", echo
