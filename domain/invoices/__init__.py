"""Invoices (发票): a request that a member of staff works off. Source: RESTAURANT, Invoices."""
