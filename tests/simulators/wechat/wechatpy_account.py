"""A service account written with wechatpy: its callback, and its calls of the API."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientSession, web
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply
from wechatpy.utils import check_signature

from haowei.simulators.wechat import Account


class Callback:
    """Reads pushes as wechatpy does. `answers` is asked for the answer to each; it may take its time.

    A str is answered as text, bytes as they are, an int as an HTTP status, None as `success`.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self.requests: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.messages: list[Any] = []
        self.arrivals: asyncio.Queue[Any] = asyncio.Queue()
        self.answers: Callable[[Any], Awaitable[str | bytes | int | None]] = self._echo
        self.seals_with = account.aes_key
        self.url = ""

    async def next_message(self) -> Any:
        """The next push that was not waited for yet."""
        async with asyncio.timeout(2):
            return await self.arrivals.get()

    async def _echo(self, message: Any) -> str | None:
        return f"你说:{message.content}" if message.type == "text" else None

    async def handle(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            query = request.query
            check_signature(self.account.token, query["signature"], query["timestamp"], query["nonce"])
            return web.Response(text=query["echostr"])
        body = await request.read()
        self.requests.append(request)
        self.bodies.append(body)
        message = parse_message(self.opened(request, body))
        self.messages.append(message)
        self.arrivals.put_nowait(message)
        answer = await self.answers(message)
        if answer is None:
            return web.Response(text="success")
        if isinstance(answer, int):
            return web.Response(status=answer)
        if isinstance(answer, bytes):
            return web.Response(body=answer)
        return web.Response(text=self.sealed(request, TextReply(message=message, content=answer).render()))

    def opened(self, request: web.Request, body: bytes) -> str | bytes:
        query = request.query
        check_signature(self.account.token, query["signature"], query["timestamp"], query["nonce"])
        if query.get("encrypt_type") != "aes":
            return body
        crypto = WeChatCrypto(self.account.token, self.seals_with, self.account.app_id)
        return str(crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"]))

    def sealed(self, request: web.Request, xml: str) -> str:
        if request.query.get("encrypt_type") != "aes":
            return xml
        return str(WeChatCrypto(self.account.token, self.seals_with, self.account.app_id).encrypt_message(xml, "nonce1"))


class Api:
    """Calls the platform's API as an account does."""

    def __init__(self, session: ClientSession, url: str, account: Account) -> None:
        self.session = session
        self.url = url
        self.account = account
        self.token = ""

    async def sign_in(self) -> None:
        self.token = (await self.post("stable_token", **self.credentials))["access_token"]

    @property
    def credentials(self) -> dict[str, Any]:
        return {"grant_type": "client_credential", "appid": self.account.app_id, "secret": self.account.app_secret}

    def address(self, path: str) -> str:
        return f"{self.url}/cgi-bin/{path}"

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        return await self.post_raw(path, json.dumps(body, ensure_ascii=False).encode())

    async def post_raw(self, path: str, body: Any, **query: str) -> dict[str, Any]:
        async with self.session.post(self.address(path), data=body, params={"access_token": self.token, **query}) as answer:
            assert answer.status == 200
            return dict(await answer.json(content_type=None))

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        async with self.session.get(self.address(path), params={"access_token": self.token, **query}) as answer:
            assert answer.status == 200
            return dict(await answer.json(content_type=None))

    async def code(self, path: str, **body: Any) -> int:
        return int((await self.post(path, **body)).get("errcode", 0))

    async def send_text(self, openid: str, content: str = "您好") -> int:
        return await self.code("message/custom/send", touser=openid, msgtype="text", text={"content": content})
