"""Refusals of staff work.

DomainError
└── UnknownTaskError   no such task
"""

from domain.kernel.errors import DomainError


class UnknownTaskError(DomainError):
    """No such task."""

    code = "staff.unknown_task"
