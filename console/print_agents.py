"""/agent/v1: the HTTP side of the print agents' protocol (printing/jobs/agent_api.py says what it is)."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from domain.kernel.errors import DomainError
from domain.staff.models import TokenScope
from domain.staff.service import find_store
from domain.storage import Database, DeadlineExceededError, StorageUnavailableError
from printing.jobs import agent_api
from printing.jobs.desk import PrintDesk
from printing.jobs.errors import WrongRequestError

_STATUS = {"printing.wrong_request": 400, "printing.no_such_job": 404, "printing.lease_lost": 409}


class PrintAgents:
    """Serves the agents of all stores; a token opens one store only."""

    def __init__(self, database: Database, desk: PrintDesk) -> None:
        self._database = database
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        """Where the handlers stand."""
        return [
            web.post("/agent/v1/lease", self.lease),
            web.post("/agent/v1/jobs/{id}/sending", self.sending),
            web.post("/agent/v1/jobs/{id}/report", self.report),
        ]

    async def lease(self, request: web.Request) -> web.Response:
        """Hand out tickets, waiting for some."""
        return await self._answer(
            request, lambda store_id, body: agent_api.lease(self._desk, store_id, body, gone=lambda: _is_gone(request))
        )

    async def sending(self, request: web.Request) -> web.Response:
        """The first byte is about to leave."""
        job_id = request.match_info["id"]
        return await self._answer(request, lambda store_id, body: agent_api.sending(self._desk, store_id, job_id, body))

    async def report(self, request: web.Request) -> web.Response:
        """How it went."""
        job_id = request.match_info["id"]
        return await self._answer(request, lambda store_id, body: agent_api.report(self._desk, store_id, job_id, body))

    async def _answer(self, request: web.Request, serve: Callable[[str, Any], Awaitable[dict[str, Any]]]) -> web.Response:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            store_id = await self._database.read(find_store, token.strip(), TokenScope.AGENT) if kind == "Bearer" else None
            if store_id is None:
                return _problem(401, "staff.wrong_token", "make one with: haowei token create --store STORE --scope agent")
            return web.json_response(await serve(store_id, await _read_json(request)))
        except DomainError as refused:
            return _problem(_STATUS.get(refused.code, 409), refused.code, str(refused.details.get("problem", "")))
        except (StorageUnavailableError, DeadlineExceededError):
            return _problem(503, "storage.unavailable", "try again")


async def _read_json(request: web.Request) -> Any:
    """The body. Raises: WrongRequestError: It is no JSON, or not in the letters that it claims."""
    try:
        return await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, LookupError, RecursionError):
        raise WrongRequestError(problem="the body is no JSON") from None


def _problem(status: int, code: str, detail: str) -> web.Response:
    problem = {"type": "about:blank", "status": status, "code": code, "detail": detail}
    return web.json_response(problem, status=status, content_type="application/problem+json")


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
