"""Printing, from an event's payload to proof of paper."""
