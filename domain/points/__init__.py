"""Points (积分): lots with an expiry, holds, an append-only ledger, and a balance that is their cached sum.

The life of a point: pending → active → held → spent | expired | reversed; what a refund cannot take back is owed.
Earned on net paid, 1 point for 10 yuan by default, floored per order. Source: RESTAURANT, Points.
"""
