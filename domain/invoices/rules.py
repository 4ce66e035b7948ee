"""Pure decisions about invoices: titles, numbers of taxpayers, addresses for the file, and how long one may be asked for."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from domain.kernel.text import clean

ASK_WITHIN = timedelta(days=180)  # after the payment: half a year of books. A number of the business, no law's
ISSUE_WITHIN = timedelta(days=3)  # when staff should have written it
FORGOTTEN_AFTER = timedelta(days=30)  # title, number and address, after it is issued: the invoice itself lies with the tax office
LONGEST_TITLE = 100
LONGEST_ADDRESS = 254  # of e-mail. Source: RFC 5321
LONGEST_LINK = 500

# Enterprises must state their number, persons and public bodies need none.
# Source: 国家税务总局公告2017年第16号 (companies, their branches, sole proprietorships, partnerships, other enterprises).
_ENTERPRISE = re.compile(r"公司|集团|企业|合伙|事务所|厂$|分行$|支行$|合作社")

# Unified social credit code. Source: GB 32100-2015: no I, O, S, V, Z; the last character checks the others, weights 3^i mod 31.
_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
# Numbers from before it: 15 (region and organisation) or 20 (registered by a person's old number). They carry no check we could
# make. Source: tax registration, 15, 18 or 20 characters; 18 today is the credit code. A citizen's own number is not asked for.
_OLDER_NUMBER = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{20}")
_SPACES = re.compile(r"\s+")
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_HOST_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_LINK = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[!-~]*)?")


class InvoiceState(StrEnum):
    """Life of a request for an invoice."""

    ASKED = "asked"
    DONE = "done"
    WITHDRAWN = "withdrawn"


def read_title(text: str) -> str | None:
    """The title (抬头) as it is printed: control characters gone, runs of spaces one; None when it is no name.

    A name has a letter or a Chinese character, and at most LONGEST_TITLE characters.
    """
    title = _SPACES.sub(" ", clean(text)).strip()
    is_name = 0 < len(title) <= LONGEST_TITLE and any(letter.isalpha() for letter in title)
    return title if is_name else None


def needs_tax_number(title: str) -> bool:
    """Whether the title is an enterprise's, which must state its number; a person or a public body need not."""
    return _ENTERPRISE.search(title) is not None


def read_tax_number(text: str) -> str | None:
    """A taxpayer number (税号) as it is printed, spaces and dashes gone, in capitals; None when it is none.

    18 characters are a unified social credit code, whose check character must be right; 15 or 20 are older numbers.
    """
    number = re.sub(r"[\s-]", "", clean(text)).upper()
    if len(number) == 18:
        return number if _is_credit_code(number) else None
    return number if _OLDER_NUMBER.fullmatch(number) else None


def read_email(text: str) -> str | None:
    """An address for the invoice's file; None when it is none."""
    address = clean(text).strip()
    mailbox, _, host = address.rpartition("@")
    labels = host.split(".")
    is_host = len(labels) >= 2 and all(_HOST_LABEL.fullmatch(label) for label in labels)
    return address if len(address) <= LONGEST_ADDRESS and is_host and _MAILBOX.fullmatch(mailbox) else None


def is_link(text: str) -> bool:
    """Whether a diner can open the invoice there: https, no spaces, at most LONGEST_LINK characters."""
    return len(text) <= LONGEST_LINK and _LINK.fullmatch(text) is not None


def may_be_asked(paid_at: datetime, *, now: datetime) -> bool:
    """Whether the order was paid recently enough."""
    return now <= paid_at + ASK_WITHIN


def _is_credit_code(number: str) -> bool:
    if any(character not in _CREDIT_CODE for character in number):
        return False
    weighed = sum(_CREDIT_CODE.index(character) * weight for character, weight in zip(number, _CREDIT_WEIGHTS, strict=False))
    return _CREDIT_CODE[-weighed % 31] == number[17]
