"""The scheduler: one process that sends what is due."""

from datetime import timedelta

from taskiq import TaskiqScheduler
from taskiq.api import run_scheduler_task
from taskiq.schedule_sources import LabelScheduleSource

from inventoryai_workers.broker import WakeUpBroker
from inventoryai_workers.tasks import Chores, register


async def run_schedule(url: str) -> None:
    """Sends the periodic tasks when they are due, until cancelled.

    Two of these send everything twice, which harms nothing: every task may be done twice.
    """
    broker = WakeUpBroker(url)
    register(broker, Chores(_elsewhere, _elsewhere, _elsewhere))
    scheduler = TaskiqScheduler(broker, [LabelScheduleSource(broker)])
    await broker.startup()
    try:
        await run_scheduler_task(scheduler, interval=timedelta(minutes=1), loop_interval=timedelta(seconds=1))
    finally:
        await broker.shutdown()


async def _elsewhere(*_: object) -> None:
    """The scheduler only sends: workers do."""
