"""Bookings (订位) at the till: the day's list, one of them, what becomes of it, and offers for whoever is on the phone."""
