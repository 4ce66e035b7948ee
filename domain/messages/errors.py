"""Refusals about messages.

DomainError
├── ConsentLinkForgedError    not a link of ours
└── ConsentLinkExpiredError   older than a day
"""

from domain.kernel.errors import DomainError


class ConsentLinkForgedError(DomainError):
    """This is no link of ours."""

    code = "messages.consent_link_forged"


class ConsentLinkExpiredError(DomainError):
    """The link is older than a day."""

    code = "messages.consent_link_expired"
