"""Grants (发放): the one door through which value leaves, with campaign, rule version, budget line, reason, expiry and key.

No budget, no grant. What was given stands as a row for good; one that is taken back says when. Source: RESTAURANT, Grants.
"""
