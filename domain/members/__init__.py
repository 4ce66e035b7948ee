"""Diners and members (会员). Following or writing makes a diner; membership starts with one tap on a versioned text.

Everything outside the vault knows a diner by a random id. Source: RESTAURANT, Members.
"""
