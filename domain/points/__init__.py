"""Points (积分): lots with an expiry, an append-only ledger, and a balance that is their cached sum.

Earned on net paid, 1 point for 10 yuan by default, floored per order. Source: RESTAURANT, Points.
"""
