"""What a message can ask of a worker: three things, of which only one takes an argument."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from taskiq.abc.broker import AsyncBroker

from inventoryai.domain.jobs import JobId

logger = logging.getLogger(__name__)

RUN_JOB: Final = "run_job"
SWEEP: Final = "sweep_jobs"
TIDY: Final = "tidy_files"

SCHEDULES: Final = {
    SWEEP: [{"cron": "* * * * *"}],
    TIDY: [{"cron": "17 3 * * *"}],
}
"""Every minute, beside the workers' own sweeps every few seconds; and every night at 03:17 UTC."""


@dataclass(frozen=True, slots=True)
class Chores:
    """What a worker does when it is told to."""

    run_job: Callable[[JobId], Awaitable[None]]
    sweep: Callable[[], Awaitable[None]]
    tidy: Callable[[], Awaitable[None]]


def register(broker: AsyncBroker, chores: Chores) -> None:
    """Teaches a broker the tasks.

    A message is trusted with nothing but the id of a job: its kind, its company and what it works on
    are read from the job's row. What is no id is dropped.
    """

    async def run_job(job_id: str) -> None:
        try:
            known = JobId(UUID(job_id))
        except (ValueError, TypeError, AttributeError):
            logger.warning("dropped a message that names no job")
            return
        await chores.run_job(known)

    async def sweep() -> None:
        await chores.sweep()

    async def tidy() -> None:
        await chores.tidy()

    broker.register_task(run_job, RUN_JOB)
    broker.register_task(sweep, SWEEP, schedule=SCHEDULES[SWEEP])
    broker.register_task(tidy, TIDY, schedule=SCHEDULES[TIDY])
