"""The HTTP side of /api/v1: routes made of the declared endpoints, and every answer in one form.

A token opens its own store only. Nothing that is answered may be kept by a cache, but the document. One log line a request, ids only.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from sqlalchemy.orm import Session

from console.api.document import openapi
from console.api.endpoint import Context, Endpoint
from console.api.problems import (
    BROKEN,
    NO_STORE,
    NOT_FOUND,
    TOO_LARGE,
    UNAVAILABLE,
    WRONG_METHOD,
    WRONG_PARAMETER,
    WRONG_SCOPE,
    WRONG_TOKEN,
    Kind,
    ProblemError,
    problem,
)
from console.api.reading import fingerprint, read_body, read_key, read_query, read_token
from console.api.refusals import Refusal, Refusals
from console.api.repeating import Answer, once
from domain.kernel.clock import Clock
from domain.kernel.errors import DomainError
from domain.kernel.ids import new_id
from domain.shop.snapshot import ShopSnapshot, SnapshotCache
from domain.shop.store import Store
from domain.staff.service import Device, find_device
from domain.storage import Database, DeadlineExceededError, StorageUnavailableError

PREFIX = "/api/v1"
AGAIN_HEADER = "Idempotent-Replayed"
_PROBLEM = "application/problem+json"
_LONGEST_S = 10.0  # a till does not wait longer; it asks again under the same key
_UNDECLARED = Refusal(409, "现在做不了", "这一步现在做不了。")
_KINDS: Mapping[int, Kind] = {404: NOT_FOUND, 405: WRONG_METHOD, 413: TOO_LARGE}
_REQUEST = web.RequestKey("request_id", str)
_LINE = web.RequestKey("line", dict[str, Any])
_log = structlog.get_logger("api")


class Api:
    """Serves the declared endpoints, and the document about them."""

    def __init__(
        self, database: Database, snapshots: SnapshotCache, clock: Clock, endpoints: Sequence[Endpoint], refusals: Refusals, version: str
    ) -> None:
        """Args: version: Of the API, for the document."""
        self._database = database
        self._snapshots = snapshots
        self._clock = clock
        self._endpoints = endpoints
        self._refusals = refusals
        self._document = json.dumps(openapi(endpoints, refusals, version), ensure_ascii=False, separators=(",", ":")).encode()
        self._etag = hashlib.sha256(self._document).hexdigest()[:32]

    def app(self) -> web.Application:
        """The application that stands at /api/v1."""
        app = web.Application(middlewares=[self._edge])
        app.router.add_get("/openapi.json", self._describe)
        for endpoint in self._endpoints:
            app.router.add_route(endpoint.method, endpoint.path, self._handler(endpoint))
            if endpoint.method == hdrs.METH_GET:
                app.router.add_route(hdrs.METH_HEAD, endpoint.path, self._handler(endpoint))
        return app

    async def _describe(self, request: web.Request) -> web.StreamResponse:
        answer = web.Response(body=self._document, content_type="application/json", charset="utf-8")
        answer.etag = self._etag
        answer.headers["Cache-Control"] = "public, max-age=300"
        if any(tag.value in {self._etag, "*"} for tag in request.if_none_match or ()):
            return web.Response(status=304, headers={"ETag": answer.headers["ETag"], "Cache-Control": answer.headers["Cache-Control"]})
        return answer

    def _handler(self, endpoint: Endpoint) -> Handler:
        async def serve(request: web.Request) -> web.StreamResponse:
            line = request[_LINE]
            line["operation"] = endpoint.name
            device, store = await self._admit(request, endpoint)
            line |= {"device": device.id, "store": device.store_id}
            try:
                if not endpoint.changes:
                    asked = read_query(request, endpoint.asks)
                    return await self._database.read(self._look, endpoint, device, dict(request.match_info), asked)
                if request.query:
                    raise ProblemError(WRONG_PARAMETER)
                key = read_key(request)
                given, said = await read_body(request, endpoint.asks)
                mark = fingerprint(request.method, request.path, said)
                answer = await self._database.transaction_before(
                    time.monotonic() + _LONGEST_S, self._act, endpoint, device, dict(request.match_info), given, key, mark
                )
            except DomainError as refused:
                return self._refused(endpoint, refused, store)
            line["again"] = answer.again
            return _answered(endpoint, answer)

        return serve

    async def _admit(self, request: web.Request, endpoint: Endpoint) -> tuple[Device, Store]:
        """Whose token it is, when it may do that."""
        token = read_token(request)

        def find(session: Session) -> tuple[Device | None, ShopSnapshot]:
            return find_device(session, token), self._snapshots.get(session)

        device, shop = await self._database.read(find)
        if device is None:
            raise ProblemError(WRONG_TOKEN)
        if device.scope not in endpoint.scopes:
            needed = " ".join(sorted(endpoint.scopes))
            headers = {"WWW-Authenticate": f'Bearer realm="haowei", error="insufficient_scope", scope="{needed}"'}
            raise ProblemError(WRONG_SCOPE, headers=headers)
        store = shop.known_stores.get(device.store_id)
        if store is None:
            raise ProblemError(NO_STORE)
        return device, store

    def _look(self, session: Session, endpoint: Endpoint, device: Device, path: Mapping[str, str], asked: Any) -> web.Response:
        answer = endpoint.handle(self._context(session, device, path), asked)
        return web.Response(text=answer.model_dump_json(), content_type="application/json")

    def _act(
        self, session: Session, endpoint: Endpoint, device: Device, path: Mapping[str, str], given: Any, key: str, mark: str
    ) -> Answer:
        context = self._context(session, device, path)

        def act() -> tuple[int, str]:
            return endpoint.status, endpoint.handle(context, given).model_dump_json()

        return once(session, device, key, mark, act, now=context.now)

    def _context(self, session: Session, device: Device, path: Mapping[str, str]) -> Context:
        shop = self._snapshots.get(session)
        return Context(session, shop, shop.known_stores[device.store_id], device, path, self._clock.now())

    def _refused(self, endpoint: Endpoint, refused: DomainError, store: Store) -> web.Response:
        if type(refused) not in endpoint.refusals:
            _log.error("api.undeclared", operation=endpoint.name, code=refused.code)
        told = self._refusals.get(type(refused), _UNDECLARED)
        return _problem_response(told.told(refused, store))

    @web.middleware
    async def _edge(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whatever happens inside: an answer in our form, and one line."""
        began = time.monotonic()
        request[_REQUEST] = new_id(self._clock.now())
        line = request[_LINE] = {"request": request[_REQUEST]}
        try:
            answer = await handler(request)
        except ProblemError as error:
            errors = [fault.to_json() for fault in error.errors] or None
            answer = _problem_of(error.kind, error.headers, errors=errors)
        except web.HTTPException as error:
            answer = _of_router(request, error)
        except (StorageUnavailableError, DeadlineExceededError):
            answer = _problem_of(UNAVAILABLE, UNAVAILABLE.headers)
        except Exception:
            _log.exception("api.broken", **line)
            answer = _problem_of(BROKEN, {}, request=request[_REQUEST])
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Request-Id"] = request[_REQUEST]
        _log.info("api", **line, status=answer.status, ms=round((time.monotonic() - began) * 1000))
        return answer


def _answered(endpoint: Endpoint, answer: Answer) -> web.Response:
    headers = {AGAIN_HEADER: "true"} if answer.again else {}
    if endpoint.location:
        headers["Location"] = PREFIX + endpoint.location.format_map(json.loads(answer.body))
    return web.Response(status=answer.status, text=answer.body, content_type="application/json", headers=headers)


def _of_router(request: web.Request, error: web.HTTPException) -> web.Response:
    """What aiohttp says by itself: no such address, another method, too large."""
    allowed = error.headers.get("Allow")
    if error.status == WRONG_METHOD.status and allowed is not None:
        methods = ", ".join(sorted({*allowed.split(","), hdrs.METH_OPTIONS}))
        if request.method == hdrs.METH_OPTIONS:
            return web.Response(status=204, headers={"Allow": methods})
        return _problem_of(WRONG_METHOD, {"Allow": methods})
    kind = _KINDS.get(error.status)
    if kind is not None:
        return _problem_of(kind, kind.headers)
    return _problem_response(problem(f"api.http_{error.status}", error.status, error.reason, ""))


def _problem_of(kind: Kind, headers: Mapping[str, str], **members: Any) -> web.Response:
    return _problem_response(problem(kind.code, kind.status, kind.title, kind.detail, **members), headers)


def _problem_response(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(status=body["status"], text=text, content_type=_PROBLEM, headers=headers)
