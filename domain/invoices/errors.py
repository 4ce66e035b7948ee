"""Refusals of invoices.

DomainError
├── UnknownInvoiceError       no such request
├── NothingToInvoiceError     not paid, or all of it was given back
├── InvoiceTooLateError       paid too long ago
├── BadTitleError             no name
├── BadTaxNumberError         no number of a taxpayer
├── TaxNumberNeededError      an enterprise must state its number
├── BadEmailError             no address
├── BadInvoiceLinkError       staff: no https link
├── AskedByAnotherError       somebody else at the table asked for it
└── InvoiceAlreadyIssuedError it is written and cannot be changed here
"""

from domain.kernel.errors import DomainError


class UnknownInvoiceError(DomainError):
    """No such request."""

    code = "invoices.unknown"


class NothingToInvoiceError(DomainError):
    """The order is not paid, or all of it was given back. Details: number."""

    code = "invoices.nothing_paid"


class InvoiceTooLateError(DomainError):
    """The order was paid too long ago. Details: number, days."""

    code = "invoices.too_late"


class BadTitleError(DomainError):
    """The title is no name. Details: longest."""

    code = "invoices.bad_title"


class BadTaxNumberError(DomainError):
    """The number is no taxpayer's: a wrong length, or its check character is wrong."""

    code = "invoices.bad_tax_number"


class TaxNumberNeededError(DomainError):
    """The title is an enterprise's, which must state its number. Details: title."""

    code = "invoices.needs_tax_number"


class BadEmailError(DomainError):
    """No e-mail address."""

    code = "invoices.bad_email"


class BadInvoiceLinkError(DomainError):
    """Staff gave a link that a diner could not open safely."""

    code = "invoices.bad_link"


class AskedByAnotherError(DomainError):
    """Somebody else at the table asked for the invoice of this order. Details: number."""

    code = "invoices.asked_by_another"


class InvoiceAlreadyIssuedError(DomainError):
    """The invoice is written. Details: number."""

    code = "invoices.already_issued"
