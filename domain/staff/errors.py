"""Refusals of staff work.

DomainError
├── UnknownTaskError   no such task
├── UnknownStaffError  no such member of staff
├── NotStaffError      whoever speaks is not on the staff
├── NotAllowedError    their role does not do that
├── WrongStoreError    they do not work in that store
├── AlreadyBoundError  the phone is another member's
└── NoStoreError       everybody but an owner works in a store
"""

from domain.kernel.errors import DomainError


class UnknownTaskError(DomainError):
    """No such task."""

    code = "staff.unknown_task"


class UnknownStaffError(DomainError):
    """No such member of staff, or they have left."""

    code = "staff.unknown"


class NotStaffError(DomainError):
    """Only who works here may do that."""

    code = "staff.not_staff"


class NotAllowedError(DomainError):
    """Another role does that. Details: role (its title)."""

    code = "staff.not_allowed"


class WrongStoreError(DomainError):
    """They do not work in that store. Details: name."""

    code = "staff.wrong_store"


class AlreadyBoundError(DomainError):
    """One phone is one member of staff. Details: name of that one."""

    code = "staff.already_bound"


class NoStoreError(DomainError):
    """Everybody but an owner works in at least one store."""

    code = "staff.no_store"
