"""Refusals.

DomainError                 a rule said no; `code` is stable, `details` are for the words
└── one class per refusal   in the errors.py of its slice
"""

from typing import ClassVar


class DomainError(Exception):
    """A rule of the restaurant refused. Expected, logged as INFO, never a traceback to a person.

    `code` is stable ("orders.sold_out"): the bot turns it into words (`utter_refused_<code>`, dots
    as underscores), endpoints into a status. `details` are plain values for those words.
    """

    code: ClassVar[str] = "domain.refused"

    def __init__(self, **details: object) -> None:
        super().__init__(self.code, details)
        self.details = details
