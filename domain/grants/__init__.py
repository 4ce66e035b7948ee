"""Grants (发放): the one door through which value leaves, with campaign, budget, reason and key. Source: RESTAURANT, Grants."""
