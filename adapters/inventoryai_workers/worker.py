"""A worker: takes jobs, sweeps, and says that it is alive, until it is told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from taskiq.api import run_receiver_task

from inventoryai.domain.errors import Unavailable
from inventoryai.domain.jobs import HEARTBEAT, SWEEP, JobId
from inventoryai_workers.broker import WakeUpBroker
from inventoryai_workers.tasks import Chores, register

logger = logging.getLogger(__name__)

_FOR_A_JOB: Final = 3
"""Landing its results, renewing its lease, which waits for that, and looking whether it is still wanted."""
_FOR_ALL: Final = 2
"""Sweeping and reporting."""


def connections(at_once: int) -> int:
    """How many connections to the database a worker with so many jobs needs at the same time.

    With fewer, jobs that land something large would keep others from landing, and those would fail.
    """
    return _FOR_A_JOB * at_once + _FOR_ALL


@dataclass(slots=True)
class Worker:
    """Runs until cancelled; then it takes nothing new and gives its jobs back unharmed.

    Attributes:
        broker: Where wake-ups come from; this worker's own.
        chores: What it does when told.
        report: Says that it is alive, every 15 seconds.
        at_once: Jobs that it holds at the same time.
    """

    broker: WakeUpBroker
    chores: Chores
    report: Callable[[], Awaitable[None]]
    at_once: int
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Works until cancelled."""
        register(self.broker, Chores(self._hold, self.chores.sweep, self.chores.tidy))
        await self.broker.startup()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_every(HEARTBEAT, self.report))
                group.create_task(_every(SWEEP, self.chores.sweep))
                group.create_task(run_receiver_task(self.broker, max_async_tasks=self.at_once))
        finally:
            await self._give_back()
            await self.broker.shutdown()

    async def _hold(self, job_id: JobId) -> None:
        """Runs a job in a task of our own, which outlives Taskiq's and can be waited for at the end."""
        task = asyncio.ensure_future(self.chores.run_job(job_id))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()

    async def _give_back(self) -> None:
        for task in self._running:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._running, return_exceptions=True)


async def _every(pause: timedelta, chore: Callable[[], Awaitable[None]]) -> None:
    """Does a chore again and again; what fails is logged and tried at the next turn."""
    while True:
        try:
            await chore()
        except Unavailable as error:
            logger.warning("the database is away", extra={"reason": error.code})
        except Exception:
            logger.exception("a chore failed")
        await asyncio.sleep(pause.total_seconds())
