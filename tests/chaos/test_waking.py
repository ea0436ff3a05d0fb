"""Wake-ups across a kill of the queue's server."""

import asyncio
import os
import signal
from uuid import uuid4

import pytest
from embedded_systems import answers, until

from inventoryai.domain.jobs import JobId
from inventoryai_server.embedded import DataFolder, embedded
from inventoryai_workers import TaskiqQueue, WakeUpBroker

pytestmark = pytest.mark.chaos


async def all_woken(queue: TaskiqQueue, at_once: int) -> bool:
    """Whether so many requests that wake a worker in the same moment all do."""
    return all(await asyncio.gather(*(queue.wake([JobId(uuid4())]) for _ in range(at_once))))


async def test_R3_a_queue_that_is_back_is_woken_through_at_the_first_try(folder: DataFolder) -> None:
    """Each of the connections that lay idle is broken; none of them may cost a wake-up."""
    async with embedded(folder, durable=False) as stack:
        queue = TaskiqQueue(WakeUpBroker(stack.redis_url))
        assert await all_woken(queue, 5)
        killed = stack.supervisor.pid("valkey")
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await until(lambda: stack.supervisor.pid("valkey") not in (killed, None))
        await answers(stack)
        assert await all_woken(queue, 5)
        assert await queue.answers()
        await queue.broker.shutdown()
