"""Payments (支付) and refunds (退款): a payable is a kind, an id and an amount in fen. Knows no orders.

A provider confirms; here the simulated one (the button on the bill page). A refund keeps its number across retries, and
never more goes back than came in. Source: RESTAURANT, Payments.
"""
