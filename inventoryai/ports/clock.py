"""What time it is."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time, so that tests can stop it."""

    def now(self) -> datetime:
        """Now, in UTC, with its time zone."""
        ...
