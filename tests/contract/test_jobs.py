import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from people import Begin, Founded, found
from time_travel import let_lease_run_out, let_message_be_lost, let_rest

from inventoryai.domain.jobs import (
    MOST_ATTEMPTS,
    Heartbeat,
    Job,
    JobCancelled,
    JobError,
    JobFinished,
    JobId,
    JobKind,
    JobNotFound,
    JobState,
    Lease,
    LeaseLost,
    NewJob,
    backoff,
)
from inventoryai.domain.paging import CursorInvalid, PageRequest
from inventoryai.ports.storage import Dispatching, InCompany

BROKEN = JobError("file.empty", {"rows": 0})


@dataclass(frozen=True, slots=True)
class Desk:
    """A company's jobs, and a worker that does them."""

    storage: Begin
    founded: Founded

    @property
    def scope(self) -> InCompany:
        return self.founded.scope

    def new(self, number: int | None = None, **said: Any) -> NewJob:
        """A job; of several, those with higher numbers are newer."""
        job_id = uuid4() if number is None else UUID(int=uuid4().int >> 16 | number << 112)
        job = NewJob(
            JobId(job_id), JobKind.IMPORT, self.founded.admin.id, {"import_id": "1", "odd": "\x00"}, "rows"
        )
        return replace(job, **said)

    async def add(self, number: int | None = None, **said: Any) -> JobId:
        job = self.new(number, **said)
        async with self.storage(self.scope) as work:
            await work.jobs.add(job)
        return job.id

    async def get(self, job_id: JobId) -> Job:
        async with self.storage(self.scope) as work:
            return await work.jobs.get(job_id)

    async def try_claim(self, job_id: JobId) -> Lease | None:
        async with self.storage(Dispatching()) as work:
            return await work.dispatch.claim(job_id)

    async def claim(self, job_id: JobId) -> Lease:
        lease = await self.try_claim(job_id)
        assert lease is not None
        return lease

    async def begin_work(self, **said: Any) -> Lease:
        return await self.claim(await self.add(**said))

    async def succeed(self, lease: Lease) -> None:
        async with self.storage(self.scope) as work:
            await work.jobs.succeed(lease)

    async def fail(self, lease: Lease) -> None:
        async with self.storage(self.scope) as work:
            await work.jobs.fail(lease, BROKEN)

    async def cancel(self, job_id: JobId) -> Job:
        async with self.storage(self.scope) as work:
            return await work.jobs.request_cancel(job_id)

    async def hold(self, lease: Lease) -> None:
        async with self.storage(self.scope) as work:
            await work.jobs.hold(lease)

    async def release(self, lease: Lease, *, retry: bool) -> None:
        async with self.storage(Dispatching()) as work:
            await work.dispatch.release(lease, retry=retry)

    async def cut(self, parts: int) -> tuple[JobId, list[JobId]]:
        lease = await self.begin_work(kind=JobKind.FORECAST)
        new = [self.new(kind=JobKind.FORECAST_PART, parent_id=lease.job_id) for _ in range(parts)]
        async with self.storage(self.scope) as work:
            await work.jobs.wait_for_parts(lease, new, 10 * parts)
        return lease.job_id, [part.id for part in new]

    async def finish_part(self, lease: Lease, done: int = 10) -> None:
        async with self.storage(self.scope) as work:
            await work.jobs.hold(lease)
            await work.jobs.finish_part(lease, done)

    async def to_wake(self) -> set[JobId]:
        async with self.storage(Dispatching()) as work:
            swept = await work.dispatch.sweep()
        assert swept is not None
        return set(swept.to_wake)

    async def look(self, lease: Lease) -> Heartbeat:
        async with self.storage(Dispatching()) as work:
            return await work.dispatch.look(lease)

    async def unwanted(self, lease: Lease) -> bool:
        async with self.storage(Dispatching()) as work:
            heartbeat = await work.dispatch.renew(lease)
        assert heartbeat.held
        return heartbeat.cancel_requested


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
