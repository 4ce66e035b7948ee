"""Signatures and AES: equal to wechatpy in both directions, and to the platform's own samples."""

import base64
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from tests.wechat_gateway import samples
from wechat_gateway.crypto import MAX_BODY_BYTES, MessageCrypto, encrypted_part, signature, verify
from wechat_gateway.errors import PushRefusedError

SHARED_VECTORS = Path(__file__).parents[3] / "shared" / "fixtures" / "wechat" / "crypto_vectors.json"
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=300)
RANDOM16 = "0123456789abcdef"


def shared_vectors() -> list[dict[str, Any]]:
    if not SHARED_VECTORS.exists():
        return []
    return list(json.loads(SHARED_VECTORS.read_text("utf-8"))["vectors"])


def refused(crypto: MessageCrypto, plain: bytes) -> str:
    """Why a signed and encrypted block of plain bytes (with its padding) is refused."""
    cipher = crypto._ciphers[0].encryptor()
    encrypt = base64.b64encode(cipher.update(plain) + cipher.finalize()).decode()
    with pytest.raises(PushRefusedError) as caught:
        crypto.open(encrypt, timestamp="1", nonce="2", msg_signature=signature(samples.TOKEN, "1", "2", encrypt))
    return caught.value.reason


def framed(content: bytes, app_id: str = samples.APP_ID, *, length: int | None = None) -> bytes:
    size = len(content) if length is None else length
    return b"r" * 16 + size.to_bytes(4, "big") + content + app_id.encode()


def padded(content: bytes) -> bytes:
    pad = 32 - len(content) % 32
    return content + bytes([pad]) * pad


class TestOfficialSamples:
    @pytest.mark.parametrize("sample", [samples.OFFICIAL_ECHO, samples.OFFICIAL_PLAIN])
    def test_signature_of_url_check_and_plain_push(self, sample: dict[str, str]) -> None:
        assert signature(samples.OFFICIAL_TOKEN, sample["timestamp"], sample["nonce"]) == sample["signature"]

    def test_safe_mode_push_opens(self) -> None:
        crypto = MessageCrypto(samples.OFFICIAL_TOKEN, samples.OFFICIAL_APP_ID, [samples.OFFICIAL_KEY])
        sample = samples.OFFICIAL_IN

        opened = crypto.open(sample["encrypt"], timestamp=sample["timestamp"], nonce=sample["nonce"], msg_signature=sample["msg_signature"])

        assert opened.xml.decode() == sample["plaintext"]
        assert opened.key_index == 0

    def test_reply_is_sealed_byte_for_byte(self) -> None:
        crypto = MessageCrypto(samples.OFFICIAL_TOKEN, samples.OFFICIAL_APP_ID, [samples.OFFICIAL_KEY])
        sample = samples.OFFICIAL_OUT

        sealed = crypto.seal(
            sample["plaintext"].encode(),
            key_index=0,
            timestamp=sample["timestamp"],
            nonce=sample["nonce"],
            random16=sample["random16"].encode(),
        )

        assert (sealed.encrypt, sealed.msg_signature) == (sample["encrypt"], sample["msg_signature"])


@pytest.mark.skipif(not SHARED_VECTORS.exists(), reason="the collection of vectors is not beside this checkout")
class TestCollectedVectors:
    @pytest.mark.parametrize("vector", [v for v in shared_vectors() if v["kind"] in {"url_verify", "signature"}], ids=lambda v: v["id"])
    def test_signature(self, vector: dict[str, Any]) -> None:
        assert signature(vector["token"], vector["timestamp"], vector["nonce"]) == vector["signature"]

    @pytest.mark.parametrize("vector", [v for v in shared_vectors() if v["kind"] == "signature4"], ids=lambda v: v["id"])
    def test_message_signature(self, vector: dict[str, Any]) -> None:
        assert signature(vector["token"], vector["timestamp"], vector["nonce"], vector["encrypt"]) == vector["msg_signature"]

    @pytest.mark.parametrize("vector", [v for v in shared_vectors() if v["kind"] in {"decrypt", "echo_encrypted"}], ids=lambda v: v["id"])
    def test_open(self, vector: dict[str, Any]) -> None:
        crypto = MessageCrypto(vector["token"], vector["appid"], [vector["encoding_aes_key"]])

        opened = crypto.open(vector["encrypt"], timestamp=vector["timestamp"], nonce=vector["nonce"], msg_signature=vector["msg_signature"])

        assert opened.xml.decode() == vector["plaintext"]

    @pytest.mark.parametrize("vector", [v for v in shared_vectors() if v["kind"] == "encrypt"], ids=lambda v: v["id"])
    def test_seal(self, vector: dict[str, Any]) -> None:
        crypto = MessageCrypto(vector["token"], vector["appid"], [vector["encoding_aes_key"]])

        sealed = crypto.seal(
            vector["plaintext"].encode(),
            key_index=0,
            timestamp=vector.get("timestamp", "1"),
            nonce=vector.get("nonce", "2"),
            random16=vector["random16"].encode(),
        )

        assert sealed.encrypt == vector["encrypt"]
        assert sealed.msg_signature == vector.get("msg_signature", sealed.msg_signature)


class TestEqualToWechatpy:
    @settings(max_examples=200)
    @given(parts=st.lists(ANY_TEXT, min_size=1, max_size=3))
    def test_signature(self, parts: list[str]) -> None:
        signer = WeChatSigner()
        signer.add_data(samples.TOKEN, *parts)

        assert signature(samples.TOKEN, *parts) == signer.signature

    @settings(max_examples=200)
    @given(plaintext=ANY_TEXT, nonce=st.text("0123456789", max_size=12))
    def test_opens_what_wechatpy_encrypts(self, plaintext: str, nonce: str) -> None:
        theirs = WeChatCrypto(samples.TOKEN, samples.KEY, samples.APP_ID)
        body = theirs.encrypt_message(plaintext, nonce, "1714112445")

        encrypt = encrypted_part(body.encode())
        opened = samples.crypto().open(
            encrypt, timestamp="1714112445", nonce=nonce, msg_signature=signature(samples.TOKEN, "1714112445", nonce, encrypt)
        )

        assert opened.xml.decode() == plaintext

    @settings(max_examples=200)
    @given(plaintext=ANY_TEXT, nonce=st.text("0123456789", max_size=12))
    def test_wechatpy_opens_what_is_sealed_here(self, plaintext: str, nonce: str) -> None:
        theirs = WeChatCrypto(samples.TOKEN, samples.KEY, samples.APP_ID)

        sealed = samples.crypto().seal(plaintext.encode(), key_index=0, timestamp="1714112445", nonce=nonce)

        assert theirs.decrypt_message(sealed.to_xml(), sealed.msg_signature, "1714112445", nonce) == plaintext

    @settings(max_examples=200)
    @given(plaintext=ANY_TEXT)
    def test_both_seal_to_the_same_bytes(self, plaintext: str) -> None:
        theirs = WeChatCrypto(samples.TOKEN, samples.KEY, samples.APP_ID)
        with patch("wechatpy.crypto.base.random_string", lambda length: RANDOM16):  # their only way to a known random part
            body = theirs.encrypt_message(plaintext, "99", "1714112445")

        sealed = samples.crypto().seal(plaintext.encode(), key_index=0, timestamp="1714112445", nonce="99", random16=RANDOM16.encode())

        assert encrypted_part(body.encode()) == sealed.encrypt
        assert sealed.msg_signature in body


class TestTwoKeys:
    def test_reply_is_sealed_with_the_key_that_opened_the_push(self) -> None:
        before = samples.crypto(samples.OLD_KEY).seal(b"<xml/>", key_index=0, timestamp="1", nonce="2")
        changing = samples.crypto(samples.KEY, samples.OLD_KEY)

        opened = changing.open(before.encrypt, timestamp="1", nonce="2", msg_signature=before.msg_signature)
        reply = changing.seal(b"reply", key_index=opened.key_index, timestamp="1", nonce="2")

        assert opened == (b"<xml/>", 1)
        assert (
            samples.crypto(samples.OLD_KEY).open(reply.encrypt, timestamp="1", nonce="2", msg_signature=reply.msg_signature).xml == b"reply"
        )

    def test_current_key_is_tried_first(self) -> None:
        changing = samples.crypto(samples.KEY, samples.OLD_KEY)

        sealed = changing.seal(b"<xml/>", key_index=0, timestamp="1", nonce="2")

        assert changing.open(sealed.encrypt, timestamp="1", nonce="2", msg_signature=sealed.msg_signature).key_index == 0

    def test_a_key_that_neither_knows_is_refused(self) -> None:
        stranger = MessageCrypto(samples.TOKEN, samples.APP_ID, ["strange0123456789strange0123456789strange01"])
        sealed = stranger.seal(b"<xml/>", key_index=0, timestamp="1", nonce="2")

        with pytest.raises(PushRefusedError) as caught:
            samples.crypto(samples.KEY, samples.OLD_KEY).open(sealed.encrypt, timestamp="1", nonce="2", msg_signature=sealed.msg_signature)

        assert caught.value.reason == "bad_padding"

    def test_what_the_right_key_says_is_told_although_the_other_fails_too(self) -> None:
        sealed = MessageCrypto(samples.TOKEN, "wxelse", [samples.OLD_KEY]).seal(b"<xml/>", key_index=0, timestamp="1", nonce="2")

        with pytest.raises(PushRefusedError) as caught:
            samples.crypto(samples.KEY, samples.OLD_KEY).open(sealed.encrypt, timestamp="1", nonce="2", msg_signature=sealed.msg_signature)

        assert caught.value.reason == "wrong_app"


class TestRefusals:
    @pytest.mark.parametrize("given_signature", ["", "0" * 40, "Ä" * 40, "\udc80", "签名", "A" * 100_000])
    def test_wrong_signature_of_any_kind(self, given_signature: str) -> None:
        sealed = samples.crypto().seal(b"<xml/>", key_index=0, timestamp="1", nonce="2")

        with pytest.raises(PushRefusedError, match="bad_signature"):
            samples.crypto().open(sealed.encrypt, timestamp="1", nonce="2", msg_signature=given_signature)

    def test_signature_covers_timestamp_nonce_and_body(self) -> None:
        sealed = samples.crypto().seal(b"<xml/>", key_index=0, timestamp="100", nonce="200")
        other = samples.crypto().seal(b"<xml></xml>", key_index=0, timestamp="100", nonce="200")

        for encrypt, timestamp, nonce in [(sealed.encrypt, "101", "200"), (sealed.encrypt, "100", "201"), (other.encrypt, "100", "200")]:
            with pytest.raises(PushRefusedError, match="bad_signature"):
                samples.crypto().open(encrypt, timestamp=timestamp, nonce=nonce, msg_signature=sealed.msg_signature)

    @pytest.mark.parametrize(
        "encrypt", ["", "A", "AAAA", "A" * 43, "====", "汉字", "\udcff", "AAAA" * 10 + "!" * 4, "A" * 44 + "\n", " " + "A" * 64]
    )
    def test_signed_but_not_whole_blocks_of_base64(self, encrypt: str) -> None:
        with pytest.raises(PushRefusedError) as caught:
            samples.crypto().open(encrypt, timestamp="1", nonce="2", msg_signature=signature(samples.TOKEN, "1", "2", encrypt))

        assert caught.value.reason == "malformed"

    def test_more_than_any_push_has(self) -> None:
        with pytest.raises(PushRefusedError, match="too_large"):
            samples.crypto().open("A" * 200_000, timestamp="1", nonce="2", msg_signature="")

    @pytest.mark.parametrize("last", [0, 33, 255])
    def test_padding_out_of_bounds(self, last: int) -> None:
        content = framed(b"<xml/>")
        assert refused(samples.crypto(), content + bytes([last]) * (64 - len(content))) == "bad_padding"

    def test_padding_bytes_that_differ(self) -> None:
        content = framed(b"<xml/>")
        pad = 64 - len(content)
        assert refused(samples.crypto(), content + bytes(pad - 1) + bytes([pad])) == "bad_padding"

    def test_padding_of_a_full_block_is_legal(self) -> None:
        room = 32 - (16 + 4 + len(samples.APP_ID)) % 32
        sealed = samples.crypto().seal(b"x" * room, key_index=0, timestamp="1", nonce="2")

        assert samples.crypto().open(sealed.encrypt, timestamp="1", nonce="2", msg_signature=sealed.msg_signature).xml == b"x" * room

    @pytest.mark.parametrize("length", [0xFFFFFFFF, 1000, 40])
    def test_length_beyond_the_content(self, length: int) -> None:
        assert refused(samples.crypto(), padded(framed(b"<xml/>", length=length))) == "malformed"

    def test_nothing_but_padding(self) -> None:
        assert refused(samples.crypto(), bytes([32]) * 32) in {"malformed", "wrong_app"}

    @pytest.mark.parametrize("app_id", ["", "wx", samples.APP_ID + "0", samples.APP_ID.upper()])
    def test_meant_for_another_account(self, app_id: str) -> None:
        assert refused(samples.crypto(), padded(framed(b"<xml/>", app_id))) == "wrong_app"

    @pytest.mark.parametrize("keys", [[], [""], ["A" * 42], ["A" * 44], ["A" * 42 + "="], ["汉" * 43], ["A" * 42 + "\n"]])
    def test_wrong_keys_are_found_at_the_start_and_not_shown(self, keys: list[str]) -> None:
        with pytest.raises(ValueError, match="EncodingAESKey") as caught:
            MessageCrypto(samples.TOKEN, samples.APP_ID, keys)

        assert not any(key and key in str(caught.value) for key in keys)


class TestVerify:
    def test_equal_only(self) -> None:
        assert verify("abc", "abc")
        assert not verify("abc", "abd")
        assert not verify("abc", "")

    @settings(max_examples=200)
    @given(given=st.text())
    def test_never_raises(self, given: str) -> None:
        verify("a" * 40, given)


class TestEncryptedPart:
    def test_safe_mode(self) -> None:
        assert encrypted_part(b"<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[QUJD]]></Encrypt></xml>") == "QUJD"

    @pytest.mark.parametrize("body", [b"<xml><Encrypt>QUJD</Encrypt></xml>", b"<xml>\n<Encrypt>\n<![CDATA[QUJD]]>\n</Encrypt>\n</xml>\n"])
    def test_other_forms_of_the_same_xml(self, body: bytes) -> None:
        assert encrypted_part(body) == "QUJD"

    def test_compatible_mode_whatever_the_diner_types(self) -> None:
        typed = "<Encrypt><![CDATA[FAKE]]]]><![CDATA[></Encrypt>"
        body = f"<xml><Content><![CDATA[{typed}]]></Content><Encrypt><![CDATA[QUJD]]></Encrypt></xml>".encode()

        assert encrypted_part(body) == "QUJD"

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"", "malformed"),
            (b"<xml></xml>", "malformed"),
            (b"<xml><Encrypt></Encrypt></xml>", "malformed"),
            (b"<xml><Encrypt><a>1</a></Encrypt></xml>", "malformed"),
            (b'{"ToUserName":"gh","Encrypt":"QUJD"}', "json_format"),
            (b"<" * (MAX_BODY_BYTES + 1), "too_large"),
        ],
    )
    def test_refused(self, body: bytes, reason: str) -> None:
        with pytest.raises(PushRefusedError) as caught:
            encrypted_part(body)

        assert caught.value.reason == reason

    def test_sealed_xml_survives_a_hostile_nonce(self) -> None:
        sealed = samples.crypto().seal(b"ok", key_index=0, timestamp="1", nonce="]]></Nonce><Encrypt>x</Encrypt>")

        assert encrypted_part(sealed.to_xml()) == sealed.encrypt
