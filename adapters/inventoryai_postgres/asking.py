"""Whatever answers a question in SQL."""

from collections.abc import Sequence
from typing import Any, Protocol


class Answers(Protocol):
    """A connection of the driver or the session of a unit of work: who only reads takes either."""

    async def fetch(self, statement: str, /, *args: object) -> Sequence[Any]:
        """All rows."""
        ...

    async def fetchrow(self, statement: str, /, *args: object) -> Any:
        """The first row, or None."""
        ...

    async def fetchval(self, statement: str, /, *args: object) -> Any:
        """The first column of the first row, or None."""
        ...
