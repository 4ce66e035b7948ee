"""Keeps the demo page to this machine: no foreign host name, no foreign page, nothing loaded from elsewhere."""

import re

from aiohttp import web
from aiohttp.typedefs import Handler

_LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1)(:\d{1,5})?")


@web.middleware
async def local_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a page from elsewhere could send: a rebound host name, or a POST from another origin.

    Raises:
        HTTPForbidden: The Host header does not name this machine, or the Origin of a POST is not this page.
    """
    host = request.headers.get("Host", "")
    if not _LOCAL_HOST.fullmatch(host):
        raise web.HTTPForbidden(text="演示页只接受本机访问：请用 localhost 或 127.0.0.1 打开。")
    if request.method == "POST" and request.headers.get("Origin", f"http://{host}") != f"http://{host}":
        raise web.HTTPForbidden(text="演示页只接受自己页面发来的操作。")
    return await handler(request)


def page_policy(gateway_url: str, platform_url: str) -> str:
    """The Content-Security-Policy: everything from here, pictures and the in-phone pages from the gateway too.

    Args:
        gateway_url: HAOWEI_PUBLIC_URL without a path.
        platform_url: Of the simulated platform: an in-phone page that asks to allow a notice goes there and back.
    """
    return "; ".join(
        (
            "default-src 'self'",
            f"img-src 'self' data: blob: {gateway_url}",
            f"frame-src {gateway_url} {platform_url}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
