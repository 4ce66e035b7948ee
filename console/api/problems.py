"""What goes wrong before a rule of the restaurant is asked, as application/problem+json (RFC 9457).

`detail` is for whoever stands at the till, in plain Chinese; `code` is stable and for programs. The words are the console's
own, and short: the bot's are for diners, said by chat, and the console does not know the bot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TYPE = "urn:haowei:problem:"


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of problem. Attributes: title: The same each time; detail: What to do."""

    code: str
    status: int
    title: str
    detail: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: in the body at a JSON pointer, else in a parameter."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def to_json(self) -> dict[str, str]:
        """As a member of `errors`."""
        where = {"pointer": self.pointer, "parameter": self.parameter}
        return {key: value for key, value in where.items() if value is not None} | {"code": self.code, "detail": self.detail}


class ProblemError(Exception):
    """Answers a request with a problem."""

    def __init__(self, kind: Kind, *, errors: Sequence[Fault] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.errors = tuple(errors)
        self.headers = {**kind.headers, **(headers or {})}


def problem(code: str, status: int, title: str, detail: str, **members: Any) -> dict[str, Any]:
    """The body of a problem. Members that are None are left out."""
    body = {"type": TYPE + code, "title": title, "status": status, "detail": detail or title, "code": code, **members}
    return {key: value for key, value in body.items() if value is not None}


def _kind(code: str, status: int, title: str, detail: str, **headers: str) -> Kind:
    return Kind(f"api.{code}", status, title, detail, {name.replace("_", "-"): value for name, value in headers.items()})


NO_JSON = _kind("no_json", 400, "请求不是 JSON", "请求正文不是合法的 JSON（UTF-8，不重复的键，数字有限）。")
WRONG_PARAMETER = _kind("wrong_parameter", 400, "参数不对", "地址里的参数不对，见 errors。")
WRONG_CURSOR = _kind("wrong_cursor", 400, "翻页位置不对", "after 只能用上一页给出的 next。")
KEY_MISSING = _kind("key_missing", 400, "缺少 Idempotency-Key", "会改动数据的请求要带 Idempotency-Key：每次新操作换一个，重试用同一个。")
WRONG_KEY = _kind("wrong_key", 400, "Idempotency-Key 不对", "Idempotency-Key 是 1 到 64 个可见的 ASCII 字符，例如一个 UUID。")
NO_TOKEN = _kind("no_token", 401, "缺少令牌", "请带上门店令牌：Authorization: Bearer hw_till_…", WWW_Authenticate='Bearer realm="haowei"')
WRONG_TOKEN = _kind(
    "wrong_token",
    401,
    "令牌无效",
    "令牌不对，或已作废。请店长用 haowei token create --scope till 重新生成。",
    WWW_Authenticate='Bearer realm="haowei", error="invalid_token"',
)
WRONG_SCOPE = _kind("wrong_scope", 403, "令牌不能做这件事", "这个令牌是给别的设备用的，这件事要用收银令牌（till）。")
NO_STORE = _kind("no_store", 403, "门店不存在", "令牌的门店已不在店铺资料里。")
NOT_FOUND = _kind("not_found", 404, "没有这个地址", "这个地址不存在；所有地址见 /api/v1/openapi.json。")
WRONG_METHOD = _kind("wrong_method", 405, "方法不对", "这个地址不接受这种方法，可用的见 Allow。")
TOO_LARGE = _kind("too_large", 413, "请求太大", "请求正文不能超过 64 KiB。")
WRONG_TYPE = _kind("wrong_type", 415, "正文类型不对", "正文要用 Content-Type: application/json。", Accept="application/json")
WRONG_BODY = _kind("wrong_body", 422, "内容不对", "请求内容不对，见 errors。")
KEY_REUSED = _kind("key_reused", 422, "Idempotency-Key 用过了", "同一个 Idempotency-Key 之前用在另一个请求上了，新操作请换一个。")
BROKEN = _kind("broken", 500, "系统出错", "系统出错了，这一步没有做成。请稍后再试，并把 request 编号告诉我们。")
UNAVAILABLE = _kind("unavailable", 503, "系统正忙", "系统正忙，请用同一个 Idempotency-Key 稍后再试。", Retry_After="1")

ALWAYS = (WRONG_PARAMETER, NO_TOKEN, WRONG_TOKEN, WRONG_SCOPE, NO_STORE, UNAVAILABLE)
"""What any endpoint that asks for a token may answer."""
OF_CHANGES = (NO_JSON, KEY_MISSING, WRONG_KEY, TOO_LARGE, WRONG_TYPE, WRONG_BODY, KEY_REUSED)
"""What an endpoint that changes something may answer besides."""
