"""What Haowei is compared with: the bare echo of Flask and wechatpy, in safe mode, as wechatpy's own example has it.

Served by gunicorn with one synchronous worker: `gunicorn --factory`-style call of `make_echo` in programs.py.
"""

import os

from flask import Flask, Response, request
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply


def make_echo() -> Flask:
    """The application; the account's secrets come from HAOWEI_WECHAT_… as Haowei's do."""
    app = Flask(__name__)
    secrets = (os.environ[f"HAOWEI_WECHAT_{name}"] for name in ("TOKEN", "AES_KEY", "APP_ID"))
    crypto = WeChatCrypto(*secrets)

    @app.post("/wechat/callback")
    def receive() -> Response:
        timestamp, nonce = request.args["timestamp"], request.args["nonce"]
        xml = crypto.decrypt_message(request.data, request.args["msg_signature"], timestamp, nonce)
        message = parse_message(xml)
        said = message.content if message.type == "text" else message.key
        reply = TextReply(content=said, message=message)
        return Response(crypto.encrypt_message(reply.render(), nonce, timestamp), content_type="text/xml")

    @app.get("/readyz")
    def ready() -> Response:
        return Response("ready")

    return app
