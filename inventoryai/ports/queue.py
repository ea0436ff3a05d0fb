"""Waking a worker."""

from collections.abc import Sequence
from typing import Protocol

from inventoryai.domain.jobs import JobId


class JobQueue(Protocol):
    """A wake-up and nothing more: the job is a row, and the sweeper sends again what got lost."""

    async def wake(self, jobs: Sequence[JobId]) -> bool:
        """Tells workers that there are jobs; whether they were told.

        Never raises when the queue is away: it is logged, and the sweeper tells them later.
        """
        ...
