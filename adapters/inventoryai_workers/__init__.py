"""Background work over Taskiq and Redis: wake-ups go out, workers take jobs, a scheduler keeps time."""

from inventoryai_workers.broker import WakeUpBroker
from inventoryai_workers.queue import TaskiqQueue
from inventoryai_workers.schedule import run_schedule
from inventoryai_workers.tasks import Chores, register
from inventoryai_workers.telling import told
from inventoryai_workers.worker import Worker, connections

__all__ = [
    "Chores",
    "TaskiqQueue",
    "WakeUpBroker",
    "Worker",
    "connections",
    "register",
    "run_schedule",
    "told",
]
