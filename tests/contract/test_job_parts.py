"""Jobs that wait: for another job, or for their own parts."""

import asyncio
from datetime import timedelta

import pytest
from desks import BROKEN, Desk
from people import Begin, found
from time_travel import let_lease_run_out, let_rest

from inventoryai.domain.jobs import (
    MOST_ATTEMPTS,
    JobCancelled,
    JobError,
    JobKind,
    JobNotFound,
    JobState,
    LeaseLost,
)
from inventoryai.domain.paging import PageRequest
from inventoryai.ports.storage import Dispatching


@pytest.fixture
async def desk(storage: Begin) -> Desk:
    return Desk(storage, await found(storage))


async def test_a_job_waits_for_another_to_succeed(desk: Desk) -> None:
    first = await desk.begin_work()
    second = await desk.add(after_id=first.job_id)
    assert second not in await desk.to_wake()
    assert await desk.try_claim(second) is None
    await desk.succeed(first)
    assert second in await desk.to_wake()
    assert await desk.try_claim(second) is not None


@pytest.mark.parametrize("how", ["failed", "cancelled"])
async def test_a_job_fails_when_the_one_it_waited_for_does_not_succeed(desk: Desk, how: str) -> None:
    first = await desk.add()
    second = await desk.add(after_id=first)
    if how == "failed":
        await desk.fail(await desk.claim(first))
    else:
        await desk.cancel(first)
    assert second not in await desk.to_wake()
    job = await desk.get(second)
    assert (job.state, job.error) == (
        JobState.FAILED,
        JobError("job.dependency_failed", {"job_id": str(first)}),
    )


async def test_a_job_in_parts_is_nobodys_until_the_last_part_ends_it(desk: Desk) -> None:
    parent, parts = await desk.cut(3)
    assert await desk.try_claim(parent) is None
    assert {parent, *parts} & await desk.to_wake() == set(parts)
    for done, part in enumerate(parts, start=1):
        assert (await desk.get(parent)).state is JobState.RUNNING
        await desk.finish_part(await desk.claim(part))
        assert (await desk.get(parent)).done == 10 * done
    job = await desk.get(parent)
    assert (job.state, job.done, job.total) == (JobState.SUCCEEDED, 30, 30)


async def test_what_running_parts_have_done_is_done_of_their_parent(desk: Desk) -> None:
    parent, parts = await desk.cut(2)
    first, second = [await desk.claim(part) for part in parts]
    async with desk.storage(desk.scope) as work:
        await work.jobs.advance(first, 4)
        await work.jobs.advance(second, 3)
    assert (await desk.get(parent)).progress == 7 / 20
    await desk.finish_part(first)
    assert (await desk.get(parent)).done == 10 + 3
    async with desk.storage(desk.scope) as work:
        (listed,) = await work.jobs.list(PageRequest())
    assert listed.done == 13


async def test_a_job_cut_into_nothing_is_done(desk: Desk) -> None:
    parent, _ = await desk.cut(0)
    assert (await desk.get(parent)).state is JobState.SUCCEEDED


async def test_a_late_heartbeat_or_crash_cannot_take_a_job_from_its_parts(desk: Desk) -> None:
    lease = await desk.begin_work(kind=JobKind.FORECAST)
    part = desk.new(parent_id=lease.job_id)
    async with desk.storage(desk.scope) as work:
        await work.jobs.wait_for_parts(lease, [part], 1)
    async with desk.storage(Dispatching()) as work:
        assert not (await work.dispatch.renew(lease)).held
        await work.dispatch.release(lease, retry=True)
    with pytest.raises(LeaseLost):
        await desk.hold(lease)
    await desk.finish_part(await desk.claim(part.id))
    assert (await desk.get(lease.job_id)).state is JobState.SUCCEEDED


async def test_parts_are_not_shown_and_not_cancelled_by_themselves(desk: Desk) -> None:
    _, (part,) = await desk.cut(1)
    with pytest.raises(JobNotFound):
        await desk.get(part)
    with pytest.raises(JobNotFound):
        await desk.cancel(part)


async def test_succeeding_ends_a_part_and_its_parent_too(desk: Desk) -> None:
    parent, (part,) = await desk.cut(1)
    await desk.succeed(await desk.claim(part))
    assert (await desk.get(parent)).state is JobState.SUCCEEDED


async def test_R3_parts_that_end_at_once_end_their_parent_once(desk: Desk) -> None:
    for _ in range(5):
        parent, parts = await desk.cut(6)
        leases = [await desk.claim(part) for part in parts]
        await asyncio.gather(*(desk.finish_part(lease) for lease in leases))
        job = await desk.get(parent)
        assert (job.state, job.done) == (JobState.SUCCEEDED, 60)


async def test_a_failed_part_fails_its_parent_and_stops_the_others(desk: Desk) -> None:
    parent, (first, second, third) = await desk.cut(3)
    failing, running = await desk.claim(first), await desk.claim(second)
    await desk.fail(failing)
    job = await desk.get(parent)
    assert (job.state, job.error) == (JobState.FAILED, BROKEN)
    assert await desk.try_claim(third) is None
    assert await desk.unwanted(running)
    with pytest.raises(JobCancelled):
        await desk.finish_part(running)


async def test_a_part_parked_by_the_sweep_fails_its_parent(desk: Desk) -> None:
    parent, (part, other) = await desk.cut(2)
    for _ in range(MOST_ATTEMPTS):
        await desk.claim(part)
        await let_lease_run_out(desk.storage, part)
    assert other not in await desk.to_wake()
    job = await desk.get(parent)
    assert (job.state, job.error) == (JobState.FAILED, JobError("job.crashed", {"attempts": MOST_ATTEMPTS}))
    assert await desk.try_claim(other) is None


async def test_a_part_that_crashed_too_often_fails_its_parent(desk: Desk) -> None:
    parent, (part,) = await desk.cut(1)
    for _ in range(MOST_ATTEMPTS):
        await desk.release(await desk.claim(part), retry=True)
        await let_rest(desk.storage, part, timedelta(minutes=5))
    assert (await desk.get(parent)).state is JobState.FAILED


async def test_cancelling_a_job_cancels_its_parts(desk: Desk) -> None:
    parent, (queued, running) = await desk.cut(2)
    lease = await desk.claim(running)
    assert (await desk.cancel(parent)).state is JobState.CANCELLED
    assert await desk.try_claim(queued) is None
    assert queued not in await desk.to_wake()
    assert await desk.unwanted(lease)
    with pytest.raises(JobCancelled):
        await desk.hold(lease)
    await desk.release(lease, retry=True)
    assert await desk.try_claim(running) is None
