"""Getting bytes onto paper, and knowing whether they got there.

A finished send proves nothing. Each try ends in one of four outcomes: not sent, sent (a printer that
acknowledges nothing), confirmed, unknown. Source: reference printing §0.
"""
