"""A day as diners and staff read it."""

from datetime import date


def day_said(day: date) -> str:
    """A day of the calendar: 「11月21日」. Args: day: As the wall clock of the place has it; of a moment only its date is said."""
    return f"{day.month}月{day.day}日"
