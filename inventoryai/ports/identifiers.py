"""New ids."""

from typing import Protocol
from uuid import UUID


class Identifiers(Protocol):
    """A source of ids that rise with time (UUIDv7), so that indexes stay dense."""

    def new(self) -> UUID:
        """An id that was never given before."""
        ...
