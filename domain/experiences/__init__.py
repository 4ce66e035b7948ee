"""Experiences (活动): what takes place at fixed times and is booked by the place: 亲子烘焙, a tasting, a course.

A session has so many places for adults, children and their kits; who finds it full waits in line, and is offered what becomes free.
Knows no messages: who tells the diner or prints the list of guests hears the events. Source: RESTAURANT, Bookings (events).
"""
