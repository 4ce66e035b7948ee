"""Payments (支付): a payable is a kind, an id and an amount in fen. Knows no orders.

A provider confirms; here the simulated one (the button on the bill page). Source: RESTAURANT, Payments.
"""
