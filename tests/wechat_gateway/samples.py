"""Pushes for the tests: own XML in the platform's form, and the platform's own published crypto samples."""

from datetime import UTC, datetime

from wechat_gateway.crypto import MessageCrypto

TOKEN = "haoweitoken2026"
APP_ID = "wx0123456789abcdef"
KEY = "haowei0123456789haowei0123456789haowei01234"
OLD_KEY = "before0123456789before0123456789before01234"
SENT_AT = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)

# Sample data of the platform's own page on message push (token AAAAA, key 43 x A).
OFFICIAL_TOKEN = "AAAAA"
OFFICIAL_KEY = "A" * 43
OFFICIAL_APP_ID = "wxba5fad812f8e6fb9"
OFFICIAL_ECHO = {"timestamp": "1714036504", "nonce": "1514711492", "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696"}
OFFICIAL_PLAIN = {"timestamp": "1714037059", "nonce": "486452656", "signature": "899cf89e464efb63f54ddac96b0a0a235f53aa78"}
OFFICIAL_IN = {
    "timestamp": "1714112445",
    "nonce": "415670741",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
    "encrypt": (
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZU"
        "XQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2"
        "cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
    ),
    "plaintext": (
        '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event",'
        '"Event":"debug_demo","debug_str":"hello world"}'
    ),
}
OFFICIAL_OUT = {
    "timestamp": "1713424427",
    "nonce": "415670741",
    "random16": "707722b803182950",
    "plaintext": '{"demo_resp":"good luck"}',
    "encrypt": "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==",
    "msg_signature": "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
}


def crypto(*keys: str) -> MessageCrypto:
    """The tests' own account."""
    return MessageCrypto(TOKEN, APP_ID, keys or (KEY,))


def push_xml(msg_type: str, fields: str = "", *, created: int | None = None, diner: str = "oDiner-1234567890abcdefghijk") -> bytes:
    """A push in the clear."""
    seconds = int(SENT_AT.timestamp()) if created is None else created
    return (
        f"<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><FromUserName><![CDATA[{diner}]]></FromUserName>"
        f"<CreateTime>{seconds}</CreateTime><MsgType><![CDATA[{msg_type}]]></MsgType>{fields}</xml>"
    ).encode()


def text_xml(content: str, *, msg_id: int = 7301234567890123456, extra: str = "") -> bytes:
    """A text message."""
    return push_xml("text", f"<Content><![CDATA[{content}]]></Content><MsgId>{msg_id}</MsgId>{extra}")


def event_xml(event: str, fields: str = "", *, created: int | None = None) -> bytes:
    """An event."""
    return push_xml("event", f"<Event><![CDATA[{event}]]></Event>{fields}", created=created)
