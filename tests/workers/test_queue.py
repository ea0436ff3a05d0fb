"""Wake-ups get lost, in every way there is; jobs do not."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from gate import Gate
from time_travel import let_message_be_lost
from workplace import Workplace

from inventoryai.domain.jobs import JobState
from inventoryai_server.supervision import free_port
from inventoryai_workers import TaskiqQueue, WakeUpBroker, run_schedule
from inventoryai_workers.broker import MOST_WAITING, QUEUE


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Returns when something that no event tells of has come true; the test's time limit is the only one."""
    while not await true():  # noqa: ASYNC110 - the servers raise no event here
        await asyncio.sleep(0.02)


async def listens(workplace: Workplace) -> bool:
    """Whether a worker waits for wake-ups."""
    return any("b" in client["flags"] for client in await workplace.redis.client_list())


async def test_R4_an_emptied_queue_loses_no_job(workplace: Workplace) -> None:
    member = await workplace.company()
    jobs = [(await workplace.upload(member, dry_run=True)).job.id for _ in range(3)]
    await workplace.run_job().sweep()
    assert await workplace.redis.llen(QUEUE) == 3
    await workplace.redis.flushall()
    for job_id in jobs:
        await let_message_be_lost(workplace.begin, job_id)
    async with workplace.worker():
        for job_id in jobs:
            assert (await workplace.ended(member, job_id)).state is JobState.SUCCEEDED


async def test_R1_a_worker_whose_connection_is_cut_listens_again(workplace: Workplace) -> None:
    member = await workplace.company()
    async with workplace.worker():
        for _ in range(2):
            await until(lambda: listens(workplace))
            await workplace.redis.client_kill_filter(_type="normal", skipme=True)
        imported = await workplace.upload(member)
        await until(lambda: workplace.queue.wake([imported.job.id]))
        assert (await workplace.ended(member, imported.job.id)).state is JobState.SUCCEEDED


async def test_R1_a_server_that_vanished_without_a_word_is_noticed(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first wake-up goes down with the connection, which the server thinks is there."""
    monkeypatch.setattr("inventoryai_workers.broker.LISTEN_FOR", 1)
    monkeypatch.setattr("inventoryai_workers.broker.ANSWER_WITHIN", 0.5)
    member = await workplace.company()
    async with (
        Gate.before(workplace.redis_url) as gate,
        replace(workplace, redis_url=gate.leads_to(workplace.redis_url)).worker(),
    ):
        await until(lambda: listens(workplace))
        gate.shut()
        imported = await workplace.upload(member)
        await workplace.queue.wake([imported.job.id])
        gate.open()
        await until(lambda: listens(workplace))
        await workplace.queue.wake([imported.job.id])
        assert (await workplace.ended(member, imported.job.id)).state is JobState.SUCCEEDED


async def test_R1_a_wake_up_that_goes_down_with_its_connection_is_sent_again(workplace: Workplace) -> None:
    imported = await workplace.upload(await workplace.company())
    async with Gate.before(workplace.redis_url) as gate:
        queue = TaskiqQueue(WakeUpBroker(gate.leads_to(workplace.redis_url)))
        assert await queue.answers()
        gate.shut()
        waking = asyncio.create_task(queue.wake([imported.job.id]))
        await gate.kept.wait()
        gate.open()
        assert await waking
        await queue.broker.shutdown()
    assert await workplace.redis.llen(QUEUE) == 1


async def test_a_queue_that_is_not_there_is_said_and_not_raised(workplace: Workplace) -> None:
    queue = TaskiqQueue(WakeUpBroker(f"redis://127.0.0.1:{free_port()}"))
    member = await workplace.company()
    imported = await workplace.upload(member)
    assert not await queue.wake([imported.job.id])
    assert not await queue.answers()
    assert await workplace.queue.answers()


async def test_a_queue_that_does_not_answer_is_not_waited_for(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inventoryai_workers.queue.PATIENCE", 0.1)
    imported = await workplace.upload(await workplace.company())
    async with Gate.before(workplace.redis_url) as gate:
        gate.shut()
        queue = TaskiqQueue(WakeUpBroker(gate.leads_to(workplace.redis_url)))
        assert not await queue.wake([imported.job.id])
        assert not await queue.answers()
        await queue.broker.shutdown()


async def test_R1_wake_ups_that_nobody_takes_do_not_fill_the_memory(workplace: Workplace) -> None:
    await workplace.redis.lpush(QUEUE, *[b"old"] * (MOST_WAITING + 5))
    imported = await workplace.upload(await workplace.company())
    await workplace.queue.wake([imported.job.id])
    assert await workplace.redis.llen(QUEUE) == MOST_WAITING
    (newest,) = await workplace.redis.lrange(QUEUE, 0, 0)
    assert str(imported.job.id) in str(newest)


async def test_the_scheduler_sends_a_sweep(workplace: Workplace) -> None:
    scheduling = asyncio.create_task(run_schedule(workplace.redis_url))
    sent = await workplace.redis.brpop([QUEUE], timeout=60)
    assert '"sweep_jobs"' in str(sent)
    scheduling.cancel()
    await asyncio.wait({scheduling})
