"""Telling how far a job is while it goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from inventoryai.domain.errors import Unavailable
from inventoryai.domain.jobs import Lease
from inventoryai.ports.storage import InCompany, UnitOfWork

EVERY: Final = timedelta(seconds=1)


@dataclass(slots=True)
class Progress:
    """How much of a job is done; whoever works adds to it, and it is told every second while that changes.

    What cannot be told is told a second later, with what was done since.

    Attributes:
        total: How much there is to do, in the job's unit.
        of: How much whoever works counts for all of it.
        done: How much of that was done.
        start: How much was done before that, in the job's unit.
        least: What an earlier attempt has told, below which this one tells nothing.
    """

    begin: UnitOfWork
    lease: Lease
    total: int
    of: float
    every: timedelta = EVERY
    done: float = 0.0
    start: int = 0
    least: int = 0

    def __call__(self, more: float) -> None:
        """More is done."""
        self.done += more

    @asynccontextmanager
    async def told(self) -> AsyncIterator[None]:
        """Tells as long as the block lasts; nothing is told any more when it ends."""
        telling = asyncio.create_task(self._tell())
        try:
            yield
        finally:
            telling.cancel()
            await asyncio.wait({telling})

    async def _tell(self) -> None:
        told = 0
        while True:
            await asyncio.sleep(self.every.total_seconds())
            done = self.start + (int(self.total * min(1.0, self.done / self.of)) if self.of else 0)
            done = max(done, self.least)
            if done != told:
                with suppress(Unavailable):
                    async with self.begin(InCompany.of(self.lease)) as work:
                        await work.jobs.advance(self.lease, done)
                    told = done
