"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

SATURDAY_EVENING = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)  # 18:30 in Shanghai, when a restaurant is full


class SettableClock:
    """Keeps the time that a test gives it."""

    def __init__(self, moment: datetime = SATURDAY_EVENING) -> None:
        self.set(moment)

    def now(self) -> datetime:
        """The instant it was set to, in UTC."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Jump to an aware instant."""
        assert moment.tzinfo is not None
        self._moment = moment.astimezone(UTC)

    def advance(self, step: timedelta = timedelta(), **parts: float) -> datetime:
        """Go on by a timedelta, or by its parts: `advance(minutes=5)`. Returns the new instant."""
        self._moment += step + timedelta(**parts)
        return self._moment
