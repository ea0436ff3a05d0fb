import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from desks import BROKEN, Desk
from people import Begin, found
from time_travel import let_lease_run_out, let_message_be_lost, let_rest

from inventoryai.domain.jobs import (
    MOST_ATTEMPTS,
    Heartbeat,
    JobCancelled,
    JobError,
    JobFinished,
    JobId,
    JobKind,
    JobNotFound,
    JobState,
    Lease,
    LeaseLost,
    backoff,
)
from inventoryai.domain.paging import CursorInvalid, PageRequest
from inventoryai.ports.storage import Dispatching


@pytest.fixture
async def desk(storage: Begin) -> Desk:
    return Desk(storage, await found(storage))


async def test_a_job_begins_queued(desk: Desk) -> None:
    job = await desk.get(await desk.add(total=7))
    assert (job.state, job.done, job.total, job.unit, job.attempts) == (JobState.QUEUED, 0, 7, "rows", 0)
    assert (job.started_at, job.finished_at, job.error) == (None, None, None)


async def test_jobs_are_listed_newest_first_without_their_parts(desk: Desk) -> None:
    ids = [await desk.add(number) for number in (2, 1, 3)]
    parent, _ = await desk.cut(2)
    newest_first = sorted([*ids, parent], reverse=True)
    async with desk.storage(desk.scope) as work:
        first = await work.jobs.list(PageRequest(limit=2))
        rest = await work.jobs.list(PageRequest(limit=2, after=str(first[1].id)))
    assert [job.id for job in first] == newest_first[:3]
    assert [job.id for job in rest] == newest_first[2:]


async def test_a_cursor_of_another_list_is_refused(desk: Desk) -> None:
    async with desk.storage(desk.scope) as work:
        with pytest.raises(CursorInvalid):
            await work.jobs.list(PageRequest(after="SKU-1"))


async def test_S18_jobs_of_another_company_are_not_there(desk: Desk) -> None:
    job_id, other = await desk.add(), Desk(desk.storage, await found(desk.storage))
    with pytest.raises(JobNotFound):
        await other.get(job_id)
    with pytest.raises(JobNotFound):
        await other.cancel(job_id)
    lease = await desk.claim(job_id)
    with pytest.raises(LeaseLost):
        await other.hold(lease)


async def test_a_job_can_be_withdrawn_where_it_was_added(desk: Desk) -> None:
    job = desk.new()
    async with desk.storage(desk.scope) as work:
        await work.jobs.add(job)
        await work.jobs.withdraw(job.id)
    with pytest.raises(JobNotFound):
        await desk.get(job.id)


async def test_a_claim_counts_the_attempt_and_names_everything_that_is_needed(desk: Desk) -> None:
    job_id = await desk.add()
    lease = await desk.claim(job_id)
    payload = {"import_id": "1", "odd": lease.payload["odd"]}
    user = desk.founded.admin.id
    assert lease == Lease(job_id, JobKind.IMPORT, desk.founded.company.id, user, 1, payload, None)
    job = await desk.get(job_id)
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)
    assert job.started_at is not None


async def test_R3_of_two_who_claim_one_gets_it(desk: Desk) -> None:
    job_id = await desk.add()
    leases = await asyncio.gather(*(desk.try_claim(job_id) for _ in range(8)))
    assert sum(lease is not None for lease in leases) == 1


async def test_there_is_nothing_to_claim_of_what_is_unknown_or_has_ended(desk: Desk) -> None:
    lease = await desk.begin_work()
    await desk.succeed(lease)
    assert await desk.try_claim(lease.job_id) is None
    assert await desk.try_claim(JobId(uuid4())) is None


async def test_progress_is_set_by_whoever_holds_the_job(desk: Desk) -> None:
    lease = await desk.begin_work()
    async with desk.storage(desk.scope) as work:
        await work.jobs.advance(lease, 3, 12)
        await work.jobs.advance(replace(lease, attempt=2), 9)
    assert (await desk.get(lease.job_id)).progress == 0.25


async def test_a_job_that_succeeded_is_done(desk: Desk) -> None:
    lease = await desk.begin_work()
    await desk.succeed(lease)
    job = await desk.get(lease.job_id)
    assert (job.state, job.progress) == (JobState.SUCCEEDED, 1.0)
    assert job.finished_at is not None


async def test_a_job_that_failed_says_why(desk: Desk) -> None:
    lease = await desk.begin_work()
    await desk.fail(lease)
    job = await desk.get(lease.job_id)
    assert (job.state, job.error) == (JobState.FAILED, BROKEN)


async def test_R3_an_attempt_that_slept_through_its_lease_lands_nothing(desk: Desk) -> None:
    slow = await desk.begin_work()
    await let_lease_run_out(desk.storage, slow.job_id)
    quick = await desk.claim(slow.job_id)
    assert quick.attempt == 2
    for landing in (desk.hold, desk.succeed, desk.fail):
        with pytest.raises(LeaseLost):
            await landing(slow)
    async with desk.storage(Dispatching()) as work:
        assert not (await work.dispatch.renew(slow)).held
        await work.dispatch.release(slow, retry=True)
        await work.dispatch.cancelled(slow)
    await desk.succeed(quick)


async def test_R6_a_job_that_gets_further_each_time_is_not_given_up(desk: Desk) -> None:
    job_id = await desk.add()
    for _ in range(MOST_ATTEMPTS + 2):
        lease = await desk.claim(job_id)
        async with desk.storage(desk.scope) as work:
            await work.jobs.got_further(lease)
            await work.jobs.got_further(replace(lease, attempt=99))
        assert (await desk.get(job_id)).attempts == 1
        await let_lease_run_out(desk.storage, job_id)


async def test_a_lease_that_ran_out_is_good_until_somebody_takes_the_job(desk: Desk) -> None:
    lease = await desk.begin_work()
    await let_lease_run_out(desk.storage, lease.job_id)
    await desk.succeed(lease)


async def test_a_renewed_lease_is_not_to_be_had(desk: Desk) -> None:
    lease = await desk.begin_work()
    await let_lease_run_out(desk.storage, lease.job_id)
    assert not await desk.unwanted(lease)
    assert await desk.try_claim(lease.job_id) is None


async def test_a_queued_job_is_cancelled_at_once(desk: Desk) -> None:
    job_id = await desk.add()
    assert (await desk.cancel(job_id)).state is JobState.CANCELLED
    assert await desk.try_claim(job_id) is None
    with pytest.raises(JobFinished):
        await desk.cancel(job_id)


async def test_a_running_job_is_cancelled_when_its_worker_hears_of_it(desk: Desk) -> None:
    lease = await desk.begin_work()
    assert (await desk.cancel(lease.job_id)).state is JobState.RUNNING
    assert await desk.unwanted(lease)
    with pytest.raises(JobCancelled):
        await desk.succeed(lease)
    async with desk.storage(Dispatching()) as work:
        await work.dispatch.cancelled(lease)
    assert (await desk.get(lease.job_id)).state is JobState.CANCELLED


async def test_a_look_tells_whether_to_stop_and_keeps_nothing(desk: Desk) -> None:
    lease = await desk.begin_work()
    await let_lease_run_out(desk.storage, lease.job_id)
    assert await desk.look(lease) == Heartbeat(held=True, cancel_requested=False)
    await desk.cancel(lease.job_id)
    assert await desk.look(lease) == Heartbeat(held=True, cancel_requested=True)
    await desk.to_wake()
    assert await desk.look(lease) == Heartbeat(held=False, cancel_requested=False)


async def test_a_cancelled_job_whose_worker_died_is_cancelled_by_the_sweep(desk: Desk) -> None:
    lease = await desk.begin_work()
    await desk.cancel(lease.job_id)
    await let_lease_run_out(desk.storage, lease.job_id)
    assert await desk.try_claim(lease.job_id) is None
    await desk.to_wake()
    assert (await desk.get(lease.job_id)).state is JobState.CANCELLED


async def test_R9_a_job_given_back_by_a_stopping_worker_is_free_at_once(desk: Desk) -> None:
    first = await desk.begin_work()
    await desk.release(first, retry=False)
    second = await desk.claim(first.job_id)
    assert second.attempt > first.attempt
    assert (await desk.get(first.job_id)).attempts == 1
    with pytest.raises(LeaseLost):
        await desk.hold(first)


async def test_a_job_that_crashed_rests_longer_each_time_and_is_parked_in_the_end(desk: Desk) -> None:
    job_id = await desk.add()
    for attempt in range(1, MOST_ATTEMPTS):
        await desk.release(await desk.claim(job_id), retry=True)
        assert await desk.try_claim(job_id) is None
        await let_rest(desk.storage, job_id, backoff(attempt) - timedelta(seconds=2))
        assert await desk.try_claim(job_id) is None
        await let_rest(desk.storage, job_id, timedelta(seconds=2))
    await desk.release(await desk.claim(job_id), retry=True)
    job = await desk.get(job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, MOST_ATTEMPTS)
    assert job.error == JobError("job.crashed", {"attempts": MOST_ATTEMPTS})


async def test_what_is_given_back_after_a_cancel_is_cancelled(desk: Desk) -> None:
    for retry in (True, False):
        lease = await desk.begin_work()
        await desk.cancel(lease.job_id)
        await desk.release(lease, retry=retry)
        assert (await desk.get(lease.job_id)).state is JobState.CANCELLED


async def test_R4_the_sweep_tells_of_a_job_until_somebody_takes_it(desk: Desk) -> None:
    job_id = await desk.add()
    assert job_id in await desk.to_wake()
    async with desk.storage(Dispatching()) as work:
        await work.dispatch.sent([job_id])
    assert job_id not in await desk.to_wake()
    await let_message_be_lost(desk.storage, job_id)
    assert job_id in await desk.to_wake()
    await desk.claim(job_id)
    assert job_id not in await desk.to_wake()


async def test_R6_the_sweep_frees_what_a_dead_worker_held(desk: Desk) -> None:
    lease = await desk.begin_work()
    assert lease.job_id not in await desk.to_wake()
    await let_lease_run_out(desk.storage, lease.job_id)
    assert lease.job_id in await desk.to_wake()
    assert (await desk.get(lease.job_id)).state is JobState.QUEUED
    assert (await desk.claim(lease.job_id)).attempt == 2


async def test_the_sweep_parks_what_took_its_worker_down_too_often(desk: Desk) -> None:
    job_id = await desk.add()
    for _ in range(MOST_ATTEMPTS):
        await desk.claim(job_id)
        await let_lease_run_out(desk.storage, job_id)
    assert await desk.try_claim(job_id) is None
    async with desk.storage(Dispatching()) as work:
        swept = await work.dispatch.sweep()
    assert swept is not None
    assert swept.parked >= 1
    job = await desk.get(job_id)
    assert (job.state, job.error) == (JobState.FAILED, JobError("job.crashed", {"attempts": MOST_ATTEMPTS}))
