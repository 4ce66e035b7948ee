"""The platform's API as an aiohttp application: faults, access tokens, counters, and the answers' outer form."""

import json
from collections import Counter
from collections.abc import Sequence

from aiohttp import web

from haowei.simulators.wechat.endpoints import Endpoint
from haowei.simulators.wechat.errors import ApiError
from haowei.simulators.wechat.faults import Faults
from haowei.simulators.wechat.tokens import TokenIssuer

_LARGEST = 12 * 1024 * 1024  # bytes of a request: the largest media and some room


def build_api(
    endpoints: Sequence[Endpoint], tokens: TokenIssuer, faults: Faults, calls: Counter[str], refusals: Counter[int]
) -> web.Application:
    """Put the addresses together.

    Args:
        calls: Counts every call by path, the failed ones too.
        refusals: Counts what was refused, by error code.
    """
    app = web.Application(client_max_size=_LARGEST)

    def serve(endpoint: Endpoint) -> None:
        async def answer(request: web.Request) -> web.Response:
            calls[request.path] += 1
            try:
                struck = await faults.strike(request)
                if struck is not None:
                    return struck
                if not endpoint.public:
                    tokens.check(request.query.get("access_token", ""))
                result = await endpoint.handler(request)
            except ApiError as error:
                refusals[error.errcode] += 1
                result = error.to_json()
            return result if isinstance(result, web.Response) else _json(result)

        app.router.add_route(endpoint.method, endpoint.path, answer)

    for endpoint in endpoints:
        serve(endpoint)

    async def unknown(request: web.Request) -> web.Response:
        calls[request.path] += 1
        wants_post = any(endpoint.path == request.path and endpoint.method == "POST" for endpoint in endpoints)
        return _json(ApiError(43002 if wants_post else 40066).to_json())

    app.router.add_route("*", "/cgi-bin/{rest:.*}", unknown)
    return app


def _json(answer: dict[str, object]) -> web.Response:
    # "encoding", not "charset": so the platform writes it.
    return web.Response(body=json.dumps(answer, ensure_ascii=False).encode(), headers={"Content-Type": "application/json; encoding=utf-8"})
