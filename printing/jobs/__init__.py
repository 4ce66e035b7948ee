"""The queue of tickets: each is planned once, leased to one agent at a time, and ends in a state that tells the truth.

queued → sending (committed before the first byte) → confirmed | sent | unknown | failed | expired. What was found in
sending after its lease is unknown, never queued again. Source: reference printing §2.2.
"""
