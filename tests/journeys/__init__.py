"""Journeys read as chat: what a diner says, what they hear, what the kitchen and the till get."""
