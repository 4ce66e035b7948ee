"""The one clock of an installation under test: a file that every program reads, and that the test writes."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from domain.kernel.clock import FileClock


class SharedClock(FileClock):
    """HAOWEI_CLOCK_FILE, written whole or not at all.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path, moment: datetime) -> None:
        super().__init__(path)
        self.path = path
        self.set(moment)

    def set(self, moment: datetime) -> None:
        """Jump to an aware instant."""
        assert moment.tzinfo is not None
        beside = self.path.with_suffix(".new")
        beside.write_text(moment.isoformat(), encoding="utf-8")
        os.replace(beside, self.path)

    def advance(self, **parts: float) -> datetime:
        """Go on: `advance(minutes=5)`. Returns the new instant."""
        self.set(self.now() + timedelta(**parts))
        return self.now()
