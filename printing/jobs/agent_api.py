"""/agent/v1: how a print agent in a store talks to the server. JSON over HTTPS, bearer store token (scope agent).

POST /agent/v1/lease
    {"owner": "01J…", "wait_s": 20, "limit": 10}
        owner: 1 to 32 letters, digits, - and _; new with each start of the agent. wait_s: 0 to 30, how long the server
        may hold the request until there is work. limit: 1 to 50.
    200 {"jobs": [{"id", "store_id", "number": "7F3A", "kind": "kitchen|pass|receipt",
                   "printer": {"id", "connection": "tcp://host:port", "width": 48},
                   "data_base64", "expires_at": ISO, "lines": 31}]}
        At most one job for each printer, in hand for 60 s. The bytes go to the printer as they are.
POST /agent/v1/jobs/{id}/sending
    {"owner"}
    200 {}   Written down: the first byte may leave now, and must not before. In hand for 60 s from here.
POST /agent/v1/jobs/{id}/report
    {"owner", "outcome": "not_sent|sent|confirmed|unknown", "detail": "paper_out"}
        detail: why it is not sent or unknown, at most 32 characters. "unknown" may be followed by "confirmed".
    200 {}

Every call may be repeated. 400 printing.wrong_request, 401 token, 404 printing.no_such_job, 409 printing.lease_lost:
the job is no longer in this agent's hands; do not send it, drop the report. 5xx: try again later.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from printing.jobs.desk import PrintDesk
from printing.jobs.errors import WrongRequestError
from printing.printers.outcome import Outcome, OutcomeKind

Owner = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LeaseBody(_Body):
    """Body of a lease."""

    owner: Owner
    wait_s: float = Field(ge=0, le=30)
    limit: int = Field(ge=1, le=50)


class SendingBody(_Body):
    """Body of a sending."""

    owner: Owner


class ReportBody(_Body):
    """Body of a report."""

    owner: Owner
    outcome: OutcomeKind
    detail: Annotated[str, Field(pattern=r"^[a-z0-9_]{0,32}$")] = ""


B = TypeVar("B", bound=_Body)


async def lease(desk: PrintDesk, store_id: str, body: Any, *, gone: Callable[[], bool] = lambda: False) -> dict[str, Any]:
    """Answer POST /agent/v1/lease.

    Args:
        store_id: Of the store token.
        body: The JSON that came.
        gone: Whether the connection it came on is closed.

    Raises:
        WrongRequestError.
    """
    asked = _read(LeaseBody, body)
    jobs = await desk.lease([store_id], owner=asked.owner, wait_s=asked.wait_s, limit=asked.limit, gone=gone)
    return {"jobs": [job.to_json() for job in jobs]}


async def sending(desk: PrintDesk, store_id: str, job_id: str, body: Any) -> dict[str, Any]:
    """Answer POST /agent/v1/jobs/{id}/sending. Raises: WrongRequestError, NoSuchJobError, LeaseLostError."""
    await desk.sending(store_id, job_id, owner=_read(SendingBody, body).owner)
    return {}


async def report(desk: PrintDesk, store_id: str, job_id: str, body: Any) -> dict[str, Any]:
    """Answer POST /agent/v1/jobs/{id}/report. Raises: WrongRequestError, NoSuchJobError, LeaseLostError."""
    said = _read(ReportBody, body)
    await desk.report(store_id, job_id, owner=said.owner, outcome=Outcome(said.outcome, said.detail))
    return {}


def _read(kind: type[B], body: Any) -> B:
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise WrongRequestError(problem=f"{where}: {first['msg']}") from error
