"""Bookings (订位): a table, two tables pushed together or a room (包间), for a party, from a time on, at most once.

A booked table is one row for each quarter of an hour, unique by table and quarter, so that two parties never have one table.
Knows no orders and no messages: who tells the diner, prints the slip or counts the deposit hears the events. Source: RESTAURANT, Bookings.
"""
