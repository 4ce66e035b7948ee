"""Benefits (权益): what a level or a plan entitles a diner to, with its source, its first day and its end.

Who asks reads rows only: levels and plans write them, and nobody else knows why a diner is entitled.
Source: RESTAURANT, Members and Subscriptions.
"""
