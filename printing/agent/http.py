"""Jobs from the server over HTTPS, outbound only: works behind any router. The protocol: printing/jobs/agent_api.py."""

import asyncio
from types import TracebackType
from typing import Any, Self

import aiohttp

from domain.kernel.errors import DomainError
from printing.agent.source import SourceUnavailableError
from printing.jobs.errors import LeaseLostError, NoSuchJobError, WrongRequestError
from printing.jobs.leasing import LeasedJob
from printing.printers.outcome import Outcome

_CONNECT_S = 5.0
_ANSWER_S = 10.0
_MOST_JOBS = 50
_REFUSED: dict[int, type[DomainError]] = {400: WrongRequestError, 404: NoSuchJobError, 409: LeaseLostError}


class HttpJobSource:
    """The jobs of the store that a token belongs to. Use it as an async context."""

    def __init__(self, server_url: str, store_token: str, *, owner: str) -> None:
        """Args:
        server_url: HAOWEI_SERVER_URL, without /agent/v1.
        store_token: HAOWEI_STORE_TOKEN, of scope agent.
        owner: A new id (domain.kernel.ids) for each start.
        """
        self._url = server_url.rstrip("/") + "/agent/v1"
        self._token = store_token
        self._owner = owner
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {self._token}"}, timeout=aiohttp.ClientTimeout(sock_connect=_CONNECT_S)
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if self._http is not None:
            await self._http.close()

    async def lease(self, wait_s: float) -> list[LeasedJob]:
        """See JobSource."""
        answer = await self._post("lease", {"wait_s": wait_s, "limit": _MOST_JOBS}, seconds=wait_s + _ANSWER_S)
        try:
            return [LeasedJob.from_json(job) for job in answer["jobs"]]
        except (KeyError, TypeError, ValueError) as error:
            raise SourceUnavailableError(f"a lease that cannot be read: {error!r}") from error

    async def sending(self, job: LeasedJob) -> None:
        """See JobSource."""
        await self._post(f"jobs/{job.id}/sending", {}, job=job)

    async def report(self, job: LeasedJob, outcome: Outcome) -> None:
        """See JobSource."""
        await self._post(f"jobs/{job.id}/report", {"outcome": outcome.kind.value, "detail": outcome.reason}, job=job)

    async def _post(self, path: str, body: dict[str, Any], *, seconds: float = _ANSWER_S, job: LeasedJob | None = None) -> dict[str, Any]:
        assert self._http is not None, "use HttpJobSource as an async context"
        try:
            async with (
                asyncio.timeout(seconds),
                self._http.post(f"{self._url}/{path}", json={"owner": self._owner, **body}, allow_redirects=False) as response,
            ):
                if job is not None and response.status in _REFUSED:
                    raise _REFUSED[response.status](job_id=job.id)
                if response.status in {401, 403}:
                    raise SourceUnavailableError("the server refuses the store token: check HAOWEI_STORE_TOKEN")
                if response.status != 200:
                    raise SourceUnavailableError(f"the server answered {response.status}")
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise SourceUnavailableError(f"{type(error).__name__}: {error}") from error
        return answer if isinstance(answer, dict) else {}
