"""Refusals of service calls.

DomainError
├── CallTakenError      a colleague was quicker
├── CallOverError       it is finished, taken back, or the party has left
├── NotYourCallError    somebody else's table called
└── TooManyCallsError   one diner calls again and again
"""

from domain.kernel.errors import DomainError


class CallTakenError(DomainError):
    """A colleague has it already. Details: table, title (what it is for)."""

    code = "service_calls.taken"


class CallOverError(DomainError):
    """Nobody waits for it any more. Details: table, title."""

    code = "service_calls.over"


class NotYourCallError(DomainError):
    """A diner takes back only what their own table called for."""

    code = "service_calls.not_yours"


class TooManyCallsError(DomainError):
    """So many calls of one diner in ten minutes that the staff come first. Details: most."""

    code = "service_calls.too_many"
