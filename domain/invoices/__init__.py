"""Invoices (发票): a diner asks for one, a member of staff writes it and gives the link. Knows no orders: the caller says what was paid.

Source: RESTAURANT, Invoices.
"""
