"""The scheduler: one process that sends what is due."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from redis.exceptions import RedisError
from taskiq import TaskiqScheduler
from taskiq.api import run_scheduler_task
from taskiq.exceptions import TaskiqError
from taskiq.schedule_sources import LabelScheduleSource

from inventoryai_workers.broker import WakeUpBroker
from inventoryai_workers.tasks import SCHEDULES, Chores, register

logger = logging.getLogger(__name__)

UPDATE: Final = timedelta(minutes=1)
LOOP: Final = timedelta(seconds=1)
PAUSE: Final = 5.0
"""Seconds before the queue is tried again."""


async def run_schedule(url: str) -> None:
    """Sends the periodic tasks when they are due, until cancelled.

    What was due while the queue was away is due again a minute or a day later. Two of these send
    everything twice, which harms nothing: every task may be done twice.
    """
    broker = WakeUpBroker(url)
    register(broker, Chores(_elsewhere, _elsewhere, _elsewhere))
    scheduler = TaskiqScheduler(broker, [LabelScheduleSource(broker)])
    await broker.startup()
    logger.info("scheduler ready", extra={"sends": ", ".join(SCHEDULES)})
    try:
        while True:
            try:
                await run_scheduler_task(scheduler, interval=UPDATE, loop_interval=LOOP)
            except (TaskiqError, RedisError, OSError) as error:
                logger.warning("the queue is away", extra={"reason": type(error).__name__})
                await asyncio.sleep(PAUSE)
    finally:
        await broker.shutdown()


async def _elsewhere(*_: object) -> None:
    """The scheduler only sends: workers do."""
