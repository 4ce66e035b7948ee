"""Troubles of the platform's API that a test or the demo switches on, by path."""

import asyncio
from dataclasses import dataclass

from aiohttp import web

from haowei.simulators.wechat.errors import ApiError

EVERYWHERE = "*"


@dataclass(slots=True)
class _Fault:
    status: int = 0
    errcode: int = 0
    seconds: float = 0.0
    times: int | None = None


class Faults:
    """What goes wrong, and where. A path is as called ("/cgi-bin/message/custom/send"), or "*" for all."""

    def __init__(self) -> None:
        self._by_path: dict[str, _Fault] = {}

    def outage(self, path: str = EVERYWHERE, *, status: int | None = 502, times: int | None = None) -> None:
        """Answer with an HTTP error; with None break the connection without an answer.

        Args:
            times: Only so many calls; None until `heal`.
        """
        self._by_path[path] = _Fault(status=-1 if status is None else status, times=times)

    def refuse(self, errcode: int, path: str = EVERYWHERE, *, times: int | None = None) -> None:
        """Answer with an error code of the platform, for example -1 (busy)."""
        self._by_path[path] = _Fault(errcode=errcode, times=times)

    def delay(self, seconds: float, path: str = EVERYWHERE, *, times: int | None = None) -> None:
        """Answer late."""
        self._by_path[path] = _Fault(seconds=seconds, times=times)

    def heal(self, path: str | None = None) -> None:
        """Switch a trouble off, or all of them."""
        if path is None:
            self._by_path.clear()
        else:
            self._by_path.pop(path, None)

    async def strike(self, request: web.Request) -> web.Response | None:
        """Do to a call what was switched on for it; None if it may go on.

        Raises:
            ApiError: A refusal.
        """
        fault = self._take(request.path)
        if fault is None:
            return None
        if fault.errcode:
            raise ApiError(fault.errcode)
        if fault.seconds:
            await asyncio.sleep(fault.seconds)
            return None
        if fault.status < 0 and request.transport is not None:
            request.transport.abort()
        return web.Response(status=max(fault.status, 500), text="<html><body><h1>Bad Gateway</h1></body></html>", content_type="text/html")

    def _take(self, path: str) -> _Fault | None:
        for key in (path, EVERYWHERE):
            fault = self._by_path.get(key)
            if fault is not None:
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        del self._by_path[key]
                return fault
        return None
