"""Waking workers over the broker."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from redis.exceptions import RedisError
from taskiq.exceptions import TaskiqError
from taskiq.kicker import AsyncKicker

from inventoryai.domain.jobs import JobId
from inventoryai_workers.broker import WakeUpBroker
from inventoryai_workers.tasks import RUN_JOB

logger = logging.getLogger(__name__)
PATIENCE: Final = 2.0
"""Seconds that a request waits for the queue before it leaves the wake-up to the sweeper."""


@dataclass(frozen=True, slots=True)
class TaskiqQueue:
    """Sends wake-ups. A queue that is away is logged: the sweeper sends again."""

    broker: WakeUpBroker

    async def wake(self, jobs: Sequence[JobId]) -> bool:
        """Tells workers that there are jobs; whether they were told. Never raises when the queue is away."""
        try:
            async with asyncio.timeout(PATIENCE):
                for job in jobs:
                    await AsyncKicker[[str], None](RUN_JOB, self.broker, {}).kiq(str(job))
        except (RedisError, OSError, TimeoutError, TaskiqError) as error:
            # Taskiq says only that it could not send; what it met stands behind that.
            reason = type(error.__cause__ or error).__name__
            logger.warning("no worker could be woken", extra={"jobs": len(jobs), "reason": reason})
            return False
        return True

    async def answers(self) -> bool:
        """Whether the queue is there."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self.broker.ping()
        except (RedisError, OSError, TimeoutError):
            return False
        return True
