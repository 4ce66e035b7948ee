"""Whatever arrives is a push or a refusal, and leaves no memory behind."""

import gc
import random
import tracemalloc
from collections import Counter

import pytest

from tests.wechat_gateway import samples
from tests.wechat_gateway.samples import event_xml, push_xml, text_xml
from wechat_gateway.crypto import MessageCrypto, encrypted_part, signature
from wechat_gateway.errors import PushRefusedError
from wechat_gateway.inbound import to_inbound
from wechat_gateway.push import parse_push
from wechat_gateway.reply_window import check_fresh

CASES = 3000
CRYPTO = samples.crypto(samples.KEY, samples.OLD_KEY)
STRANGER = MessageCrypto(samples.TOKEN, samples.APP_ID, ["strange0123456789strange0123456789strange01"])
STAMP = str(int(samples.SENT_AT.timestamp()))
PUSHES = [
    text_xml("来两份宫保鸡丁,一份米饭🍚"),
    text_xml("满意", extra="<bizmsgmenuid>T.1</bizmsgmenuid>"),
    push_xml("location", "<Location_X>31.23</Location_X><Location_Y>121.47</Location_Y><Scale>15</Scale><Label>人民广场</Label>"),
    push_xml("voice", "<MediaId>m</MediaId><Format>amr</Format><Recognition>来碗饭</Recognition>"),
    event_xml("subscribe", "<EventKey>qrscene_t.s1.A08</EventKey><Ticket>T</Ticket>"),
    event_xml("scancode_waitmsg", "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>t.s1.A08</ScanResult></ScanCodeInfo>"),
    event_xml(
        "PUBLISHJOBFINISH", "<PublishEventInfo><publish_id>1</publish_id><fail_idx>1</fail_idx><fail_idx>2</fail_idx></PublishEventInfo>"
    ),
]
BOMB = (
    b'<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 9 + b'"><!ENTITY c "' + b"&b;" * 9 + b'">]><xml><Content>&c;</Content></xml>'
)


def truncated(push: bytes, dice: random.Random) -> bytes:
    return push[: dice.randrange(len(push))]


def with_bits_flipped(push: bytes, dice: random.Random) -> bytes:
    changed = bytearray(push)
    for _ in range(dice.randint(1, 8)):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def with_a_piece_moved(push: bytes, dice: random.Random) -> bytes:
    start, end, to = sorted(dice.randrange(len(push)) for _ in range(3))
    return push[:start] + push[end:to] + push[start:end] + push[to:]


def with_a_piece_doubled(push: bytes, dice: random.Random) -> bytes:
    start, end = sorted(dice.randrange(len(push)) for _ in range(2))
    return push[:end] + push[start:end] * dice.randint(1, 50) + push[end:]


def without_a_field(push: bytes, dice: random.Random) -> bytes:
    name = dice.choice([b"ToUserName", b"FromUserName", b"CreateTime", b"MsgType", b"Content", b"Event", b"MsgId"])
    start, end = push.find(b"<" + name + b">"), push.find(b"</" + name + b">")
    return push if start < 0 else push[:start] + push[end + len(name) + 3 :]


def in_another_encoding(push: bytes, dice: random.Random) -> bytes:
    name = dice.choice(["utf-16", "utf-16-le", "utf-32", "gb18030", "big5hkscs", "shift_jis", "utf-7", "latin-1"])
    declared = dice.choice(["", f"<?xml version='1.0' encoding='{name}'?>", "<?xml version='1.0' encoding='UTF-8'?>"])
    return (declared + push.decode()).encode(name, "replace")


def with_junk(push: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(push))
    return push[:at] + dice.randbytes(dice.randint(1, 64)) + push[at:]


def huge(push: bytes, dice: random.Random) -> bytes:
    piece = dice.choice([b"<a>", b"<a/>", b"<a>1</a>", b"<![CDATA[", b"]]>", b"x", b"&amp;", b"<!-- -->", b"<?p?>", "饭".encode()])
    return push.replace(b"</xml>", piece * dice.randint(1, 90_000 // len(piece)) + b"</xml>")


def a_bomb(push: bytes, dice: random.Random) -> bytes:
    return BOMB if dice.random() < 0.5 else BOMB.replace(b"<Content>&c;</Content>", push[5:-6] + b"<Content>&c;</Content>")


def nothing_like_it(push: bytes, dice: random.Random) -> bytes:
    return dice.choice([b"", b"\x00" * 64, dice.randbytes(200), b"{}", b"null", b"<html></html>", b"\xff\xfe", b"success"])


def unchanged(push: bytes, dice: random.Random) -> bytes:
    return push


MUTATIONS = [
    unchanged, truncated, with_bits_flipped, with_a_piece_moved, with_a_piece_doubled, without_a_field, in_another_encoding, with_junk,
    huge, a_bomb, nothing_like_it,
]  # fmt: skip


def read(body: bytes, stamp: str, nonce: str, msg_signature: str) -> str:
    """Take a body through everything that a push goes through. Returns how it ended."""
    try:
        opened = CRYPTO.open(encrypted_part(body), timestamp=stamp, nonce=nonce, msg_signature=msg_signature)
        check_fresh(stamp, samples.SENT_AT, 300)
        push = parse_push(opened.xml)
    except PushRefusedError as refused:
        return refused.reason
    to_inbound(push)
    return "push"


def arrives(push: bytes, dice: random.Random) -> str:
    """Mutate a push, in the clear or after it was encrypted, and read it."""
    mutate, inside = dice.choice(MUTATIONS), dice.random() < 0.6
    sealing = dice.choice([CRYPTO] * 8 + [STRANGER])
    stamp = dice.choice([STAMP] * 8 + ["1", "", "x", "٣"])
    nonce = dice.choice(["1514711492", "", "]]>", "\udc80", "汉字"])
    content = mutate(push, dice) if inside else push
    if len(content) > 100_000:
        content = content[:100_000]
    sealed = sealing.seal(content, key_index=dice.randrange(2) if sealing is CRYPTO else 0, timestamp=stamp, nonce=nonce)
    body = b"<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[%s]]></Encrypt></xml>" % sealed.encrypt.encode()
    if inside:
        return read(body, stamp, nonce, sealed.msg_signature)
    body = mutate(body, dice)
    try:  # signed as it now stands, as if somebody knew the token: the deeper layers must hold too
        msg_signature = (
            signature(samples.TOKEN, stamp, nonce, encrypted_part(body)) if dice.random() < 0.7 else dice.choice(["", "é", "0" * 40])
        )
    except PushRefusedError:
        msg_signature = sealed.msg_signature
    return read(body, stamp, nonce, msg_signature)


@pytest.mark.parametrize("seed", range(6))
def test_mutated_pushes_are_pushes_or_refusals(seed: int) -> None:
    dice = random.Random(seed)

    ends = Counter(arrives(dice.choice(PUSHES), dice) for _ in range(CASES // 6))

    assert ends["push"] > CASES // 6 * 0.05
    assert {"bad_signature", "malformed", "bad_padding", "too_large"} <= set(ends)


@pytest.mark.parametrize("seed", range(3))
def test_plain_xml_mutated_is_a_push_or_a_refusal(seed: int) -> None:
    dice = random.Random(1000 + seed)
    for _ in range(700):
        body = dice.choice(MUTATIONS)(dice.choice(PUSHES), dice)
        try:
            push = parse_push(body)
        except PushRefusedError:
            continue
        message = to_inbound(push)
        assert message is None or (message.sender and len(message.text) <= 2000 and len(message.key) <= 128)


def test_memory_stays_flat() -> None:
    def round_of(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(300):
            arrives(dice.choice(PUSHES), dice)
        gc.collect()

    round_of(0)
    tracemalloc.start()
    round_of(1)
    first, _ = tracemalloc.get_traced_memory()
    round_of(2)
    second, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert second - first < 50_000
    assert peak < 10_000_000
