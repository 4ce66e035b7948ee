"""Refusals to print agents.

DomainError
├── NoSuchJobError        no such job in this store (HTTP 404)
├── LeaseLostError        the job is no longer in this agent's hands (HTTP 409)
└── WrongRequestError     the body is not what the protocol says (HTTP 400)
"""

from domain.kernel.errors import DomainError


class NoSuchJobError(DomainError):
    """The store has no such print job. Details: job_id."""

    code = "printing.no_such_job"


class LeaseLostError(DomainError):
    """The job is not, or no longer, in the hands of who speaks of it. Details: job_id, state."""

    code = "printing.lease_lost"


class WrongRequestError(DomainError):
    """A body that the protocol does not know. Details: problem."""

    code = "printing.wrong_request"
