"""The hours in which nobody is written to about what can wait. Source: RESTAURANT, Messages."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY_BEGINS, _DAY_ENDS = time(9, 0), time(21, 30)


def by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself, or the next nine o'clock in the diner's part of the world when it is in the quiet hours."""
    local = moment.astimezone(zone)
    if _DAY_BEGINS <= local.time() < _DAY_ENDS:
        return moment
    day = local.date() if local.time() < _DAY_BEGINS else local.date() + timedelta(days=1)
    return datetime.combine(day, _DAY_BEGINS, tzinfo=zone).astimezone(UTC)
