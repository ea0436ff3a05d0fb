"""The system's own clock and ids."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat as uuid7s


class SystemClock:
    """The time as the machine has it."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)


class Uuid7Identifiers:
    """UUIDv7: rising with time, so that indexes stay dense."""

    def new(self) -> UUID:
        """An id that was never given before."""
        return uuid7s.uuid7()
