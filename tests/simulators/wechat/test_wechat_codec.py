"""Signing, sealing and XML, checked against wechatpy."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from haowei.simulators.wechat import Account, Bare, InvalidAnswerError
from haowei.simulators.wechat.codec import Sealer, read_xml, sign, text_of, write_xml

ACCOUNT = Account.random()
SEALER = Sealer(ACCOUNT.aes_key, ACCOUNT.app_id)
PEER = WeChatCrypto(ACCOUNT.token, ACCOUNT.aes_key, ACCOUNT.app_id)


def test_signature_is_what_wechatpy_computes() -> None:
    peer = WeChatSigner()
    peer.add_data("token", "1714112445", "415670741", "密文")

    assert sign("token", "1714112445", "415670741", "密文") == peer.signature


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_wechatpy_opens_what_is_sealed(text: str) -> None:
    sealed = SEALER.seal(text)

    opened = PEER.decrypt_message({"Encrypt": sealed}, sign(ACCOUNT.token, "1", "2", sealed), "1", "2")

    assert opened == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_wechatpy_seals_is_opened(text: str) -> None:
    sealed = read_xml(PEER.encrypt_message(text, "2", "1"))

    assert SEALER.open(text_of(sealed, "Encrypt")) == text


def test_padding_goes_up_to_32_bytes() -> None:
    lengths = {len(base64.b64decode(SEALER.seal("x" * count))) for count in range(64)}

    assert lengths == {64, 96, 128}


def test_message_for_another_account_is_refused() -> None:
    sealed = Sealer(ACCOUNT.aes_key, "wxffffffffffffffff").seal("你好")

    with pytest.raises(InvalidAnswerError, match="wrong app id"):
        SEALER.open(sealed)


@pytest.mark.parametrize(
    "sealed",
    ["", "不是base64", "AAAA", Sealer(Account.random().aes_key, ACCOUNT.app_id).seal("你好")],
    ids=["empty", "no base64", "no whole block", "another key"],
)
def test_message_not_sealed_with_the_key_is_refused(sealed: str) -> None:
    with pytest.raises(InvalidAnswerError):
        SEALER.open(sealed)


def test_push_has_texts_in_cdata_and_bare_numbers() -> None:
    xml = write_xml({"ToUserName": "gh_1", "CreateTime": 1348831860, "Location_X": Bare("23.134521"), "Info": {"ScanType": "qrcode"}})

    assert xml == (
        "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\n<CreateTime>1348831860</CreateTime>\n"
        "<Location_X>23.134521</Location_X>\n<Info><ScanType><![CDATA[qrcode]]></ScanType></Info>\n</xml>"
    )


def test_repeated_elements_are_written_from_a_list() -> None:
    assert write_xml({"Info": {"fail_idx": [1, 2]}}) == "<xml><Info><fail_idx>1</fail_idx>\n<fail_idx>2</fail_idx></Info>\n</xml>"


def test_text_that_ends_cdata_arrives_whole() -> None:
    fields = {"FromUserName": "o", "CreateTime": 1, "MsgType": "text", "MsgId": 2, "Content": "a]]>b<c>&", "bizmsgmenuid": Bare("<1>")}

    message = parse_message(write_xml(fields))

    assert message.content == "a]]>b<c>&"
    assert message._data["bizmsgmenuid"] == "<1>"


@pytest.mark.parametrize(
    "xml",
    ["", "{}", "<xml>", "<root/>", "<xml><a/><a/></xml>", '<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>', "<xml>\x00</xml>"],
)
def test_anything_but_plain_well_formed_xml_is_refused(xml: str) -> None:
    with pytest.raises(InvalidAnswerError):
        read_xml(xml)


def test_random_account_has_a_whole_key() -> None:
    account = Account.random()

    assert len(account.aes_key) == 43
    assert account.aes_key.isalnum()
    assert "secret" not in repr(account)
