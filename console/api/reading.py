"""A request, read strictly: who asks, under which key, and for what. Nothing of it is passed on that is not declared."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from aiohttp import web
from pydantic import ValidationError

from console.api.problems import (
    KEY_MISSING,
    NO_JSON,
    NO_TOKEN,
    TOO_LARGE,
    WRONG_BODY,
    WRONG_KEY,
    WRONG_PARAMETER,
    WRONG_TOKEN,
    WRONG_TYPE,
    Fault,
    ProblemError,
)
from console.api.shapes import Given

KEY_HEADER = "Idempotency-Key"
MOST_BYTES = 64 * 1024
_KEY = re.compile(r'"[!#-\[\]-~]{1,64}"|[!-~]{1,64}', re.ASCII)  # the draft writes it as a quoted string; many clients do not
_JSON = "application/json"
_MOST_FAULTS = 20
_G = TypeVar("_G", bound=Given)
_WORDS: Mapping[str, str] = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "string_type": "要文字",
    "int_type": "要整数",
    "bool_type": "要 true 或 false",
    "list_type": "要列表",
    "tuple_type": "要列表",
    "dict_type": "要对象",
    "model_type": "要对象",
    "model_attributes_type": "要对象",
    "string_unicode": "文字里有不成字的代码",
    "string_too_short": "太短，至少 {min_length} 个字",
    "string_too_long": "太长，最多 {max_length} 个字",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "要大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "string_pattern_mismatch": "写法不对，要符合 {pattern}",
    "enum": "只能是 {expected}",
    "literal_error": "只能是 {expected}",
}
_OTHER_WORDS = "这一项不对"


def read_token(request: web.Request) -> str:
    """The bearer token. Raises: ProblemError: There is none, or something else."""
    headers = request.headers.getall("Authorization", [])
    if not headers:
        raise ProblemError(NO_TOKEN)
    kind, _, token = headers[0].partition(" ")
    if len(headers) > 1 or kind.lower() != "bearer" or not token.strip():
        raise ProblemError(WRONG_TOKEN)
    return token.strip()


def read_key(request: web.Request) -> str:
    """The key under which a request acts at most once. Raises: ProblemError: There is none, or not such a one."""
    given = request.headers.getall(KEY_HEADER, [])
    if not given:
        raise ProblemError(KEY_MISSING)
    key = given[0].strip()
    if len(given) > 1 or not _KEY.fullmatch(key):
        raise ProblemError(WRONG_KEY)
    return key[1:-1] if len(key) > 2 and key[0] == key[-1] == '"' else key


def read_query(request: web.Request, asks: type[_G]) -> _G:
    """The query, each parameter at most once. Raises: ProblemError."""
    twice = sorted(name for name in set(request.query) if len(request.query.getall(name)) > 1)
    if twice:
        raise ProblemError(WRONG_PARAMETER, errors=[Fault("repeated", "只能给一次", parameter=_printable(name)) for name in twice])
    try:
        return asks.model_validate(dict(request.query), strict=False)
    except ValidationError as error:
        raise ProblemError(WRONG_PARAMETER, errors=_faults(error, in_body=False)) from None


async def read_body(request: web.Request, asks: type[_G]) -> tuple[_G, str]:
    """The body, and what it says whatever its spaces and the order of its members. No body is an empty object.

    Raises:
        ProblemError: It is too large, no JSON, or not what is asked for.
    """
    raw = await _read_bytes(request)
    if not raw.strip():
        raw = b"{}"
    elif request.content_type != _JSON or (request.charset or "utf-8").lower() not in {"utf-8", "utf8"}:
        raise ProblemError(WRONG_TYPE)
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise ProblemError(WRONG_TYPE)
    try:
        said = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_name_twice, parse_constant=_no_constant)
        same = json.dumps(said, sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError):
        raise ProblemError(NO_JSON) from None
    try:
        return asks.model_validate_json(raw), same
    except ValidationError as error:
        if error.errors(include_input=False, include_url=False)[0]["type"] == "json_invalid":  # half a character, which Python lets pass
            raise ProblemError(NO_JSON) from None
        raise ProblemError(WRONG_BODY, errors=_faults(error, in_body=True)) from None


def fingerprint(method: str, path: str, said: str) -> str:
    """What a request is, so that another one under the same key is noticed."""
    return hashlib.sha256(f"{method}\n{path}\n{said}".encode(errors="surrogatepass")).hexdigest()


async def _read_bytes(request: web.Request) -> bytes:
    if request.content_length is not None and request.content_length > MOST_BYTES:
        raise ProblemError(TOO_LARGE)
    raw = bytearray()
    async for chunk in request.content.iter_chunked(MOST_BYTES):
        raw += chunk
        if len(raw) > MOST_BYTES:
            raise ProblemError(TOO_LARGE)
    return bytes(raw)


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError("a name twice")
    return named


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _faults(error: ValidationError, *, in_body: bool) -> list[Fault]:
    found = error.errors(include_url=False, include_input=False)[:_MOST_FAULTS]
    return [_fault(item["type"], item["loc"], item.get("ctx", {}), item["msg"], in_body=in_body) for item in found]


def _fault(code: str, where: Iterable[int | str], details: Mapping[str, Any], said: str, *, in_body: bool) -> Fault:
    if "expected" in details:  # the library lists them in English: 'a', 'b' or 'c'
        details = {**details, "expected": "、".join(re.findall(r"'([^']*)'", str(details["expected"])))}
    words = _WORDS[code].format_map(details) if code in _WORDS else _OTHER_WORDS if said.isascii() else said
    if in_body:
        return Fault(
            code, words, pointer="#" + "".join(f"/{_printable(str(step)).replace('~', '~0').replace('/', '~1')}" for step in where)
        )
    return Fault(code, words, parameter=".".join(_printable(str(step)) for step in where))


def _printable(name: str) -> str:
    """A name that a stranger made up, short and whole."""
    return name.encode("utf-8", "replace").decode()[:64]
