"""What a worker does with a job, whatever becomes of the work."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from desks import Desk
from memory.storage import MemoryUnitOfWork, MemoryWork
from people import found
from time_travel import let_lease_run_out, let_rest

from inventoryai.domain.errors import Invalid
from inventoryai.domain.jobs import JobError, JobId, JobKind, JobState, Lease
from inventoryai.ports.processes import DeadlineExceeded, MemoryExceeded, ProcessDied
from inventoryai.ports.storage import Dispatching, InCompany, Scope, StorageUnavailable, UnitOfWork
from inventoryai.usecases.jobs import RunJob, SweepJobs

AN_INSTANT = timedelta(microseconds=1)
LONG = timedelta(hours=1)


class FileOdd(Invalid):
    code = "test.file_odd"
    en = fr = "Odd: {why}."


@dataclass
class Queue:
    """Remembers whom it woke, while it is there."""

    woken: list[JobId] = field(default_factory=list)
    away: bool = False

    async def wake(self, jobs: Sequence[JobId]) -> bool:
        if not self.away:
            self.woken += jobs
        return not self.away


@dataclass
class Storage:
    """Units of work in memory, until it goes away; ``asked`` tells that somebody asked for one."""

    memory: MemoryUnitOfWork = field(default_factory=MemoryUnitOfWork)
    away: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def __call__(self, scope: Scope) -> AsyncIterator[MemoryWork]:
        self.asked.set()
        if self.away:
            raise StorageUnavailable
        async with self.memory(scope) as work:
            yield work


@dataclass
class Bench:
    """A company with jobs, and a worker whose handler is the test's."""

    desk: Desk
    storage: Storage
    queue: Queue
    handle: Callable[[Lease], Awaitable[None]]
    heartbeat: timedelta = LONG
    look: timedelta = LONG

    @property
    def begin(self) -> UnitOfWork:
        # The fakes lack the repositories that only the real database has.
        return cast("UnitOfWork", self.storage)

    @property
    def sweep(self) -> SweepJobs:
        return SweepJobs(self.begin, self.queue)

    async def run(self, job_id: JobId) -> None:
        async def handle(lease: Lease) -> None:
            await self.handle(lease)

        await RunJob(self.begin, {JobKind.IMPORT: handle}, self.sweep, self.heartbeat, self.look)(job_id)

    async def succeed(self, lease: Lease) -> None:
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.succeed(lease)

    def raising(self, error: Exception) -> None:
        async def handle(_: Lease) -> None:
            raise error

        self.handle = handle

    def never_ending(self) -> tuple[asyncio.Event, asyncio.Event]:
        """A handler that works until it is stopped: when it began, and when it was stopped."""
        began, stopped = asyncio.Event(), asyncio.Event()

        async def handle(_: Lease) -> None:
            began.set()
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()

        self.handle = handle
        return began, stopped


@pytest.fixture
async def bench() -> Bench:
    storage = Storage()
    desk = Desk(storage.memory, await found(storage.memory))
    bench = Bench(desk, storage, Queue(), handle=lambda _: asyncio.sleep(0))
    bench.handle = bench.succeed
    return bench


async def test_a_job_is_done_once(bench: Bench) -> None:
    leases: list[Lease] = []

    async def handle(lease: Lease) -> None:
        leases.append(lease)
        await bench.succeed(lease)

    bench.handle = handle
    job_id = await bench.desk.add()
    for _ in range(2):
        await bench.run(job_id)
    assert [lease.job_id for lease in leases] == [job_id]
    assert (await bench.desk.get(job_id)).state is JobState.SUCCEEDED


async def test_S40_what_is_no_job_does_nothing(bench: Bench) -> None:
    await bench.run(JobId(uuid4()))
    assert bench.queue.woken == []


async def test_what_waited_for_a_job_is_woken_when_it_is_done(bench: Bench) -> None:
    first = await bench.desk.add()
    second = await bench.desk.add(after_id=first)
    await bench.run(first)
    assert bench.queue.woken == [second]


@pytest.mark.parametrize(
    "problem",
    [FileOdd(why="it is"), DeadlineExceeded(deadline=600.0), MemoryExceeded(megabytes=2048)],
    ids=lambda problem: problem.code,
)
async def test_what_no_second_try_would_mend_fails_at_once(bench: Bench, problem: Any) -> None:
    bench.raising(problem)
    job_id = await bench.desk.add()
    await bench.run(job_id)
    job = await bench.desk.get(job_id)
    assert (job.state, job.error) == (JobState.FAILED, JobError(problem.code, dict(problem.data)))


@pytest.mark.parametrize(
    "error", [RuntimeError("a bug"), StorageUnavailable(), ProcessDied(exit_code=-9)], ids=repr
)
async def test_what_is_our_fault_is_tried_three_times(bench: Bench, error: Exception) -> None:
    bench.raising(error)
    job_id = await bench.desk.add()
    for attempts in (1, 2):
        await bench.run(job_id)
        job = await bench.desk.get(job_id)
        assert (job.state, job.attempts) == (JobState.QUEUED, attempts)
        await let_rest(bench.storage.memory, job_id, LONG)
    await bench.run(job_id)
    assert (await bench.desk.get(job_id)).error == JobError("job.crashed", {"attempts": 3})


async def test_R9_a_worker_that_is_stopped_gives_its_job_back_unharmed(bench: Bench) -> None:
    began, stopped = bench.never_ending()
    job_id = await bench.desk.add()
    running = asyncio.create_task(bench.run(job_id))
    await began.wait()
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()
    assert stopped.is_set()
    job = await bench.desk.get(job_id)
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    async with bench.begin(Dispatching()) as work:
        assert await work.dispatch.claim(job_id)


async def test_a_cancelled_job_is_stopped_although_no_heartbeat_is_due(bench: Bench) -> None:
    began, stopped = bench.never_ending()
    bench.look = AN_INSTANT
    job_id = await bench.desk.add()
    running = asyncio.create_task(bench.run(job_id))
    await began.wait()
    await bench.desk.cancel(job_id)
    await running
    assert stopped.is_set()
    assert (await bench.desk.get(job_id)).state is JobState.CANCELLED


async def test_R3_a_worker_that_lost_its_lease_stops_and_touches_nothing(bench: Bench) -> None:
    began, stopped = bench.never_ending()
    bench.look = AN_INSTANT
    job_id = await bench.desk.add()
    running = asyncio.create_task(bench.run(job_id))
    await began.wait()
    await let_lease_run_out(bench.storage.memory, job_id)
    async with bench.begin(Dispatching()) as work:
        other = await work.dispatch.claim(job_id)
    await running
    assert stopped.is_set()
    assert other is not None
    assert (await bench.desk.get(job_id)).state is JobState.RUNNING
    await bench.succeed(other)


async def test_the_lease_of_long_work_is_renewed(bench: Bench) -> None:
    began, _ = bench.never_ending()
    bench.heartbeat = AN_INSTANT
    job_id = await bench.desk.add()
    running = asyncio.create_task(bench.run(job_id))
    await began.wait()
    await let_lease_run_out(bench.storage.memory, job_id)
    row = before = bench.storage.memory.rows.jobs[job_id]
    while row.lease_until == before.lease_until:
        await asyncio.sleep(0)
        row = bench.storage.memory.rows.jobs[job_id]
    assert not row.lease_ran_out(bench.storage.memory.now())
    running.cancel()
    await asyncio.wait({running})


async def test_a_handler_that_has_ended_its_job_may_finish_what_follows(bench: Bench) -> None:
    """As a forecast that is cut wakes workers for its parts, when it has given up its own lease."""
    finished = asyncio.Event()
    bench.look = timedelta(milliseconds=50)

    async def handle(lease: Lease) -> None:
        await bench.succeed(lease)
        bench.storage.asked.clear()
        await bench.storage.asked.wait()
        finished.set()

    bench.handle = handle
    await bench.run(await bench.desk.add())
    assert finished.is_set()


async def test_R5_a_database_that_goes_away_is_no_crash_of_the_worker(bench: Bench) -> None:
    async def handle(_: Lease) -> None:
        bench.storage.away = True
        raise FileOdd(why="nobody can note it")

    bench.handle = handle
    job_id = await bench.desk.add()
    await bench.run(job_id)
    await bench.run(job_id)
    bench.storage.away, bench.handle = False, bench.succeed
    await let_lease_run_out(bench.storage.memory, job_id)
    await bench.run(job_id)
    assert (await bench.desk.get(job_id)).state is JobState.SUCCEEDED


async def test_R5_the_work_goes_on_while_the_database_is_away(bench: Bench) -> None:
    bench.look = AN_INSTANT

    async def handle(lease: Lease) -> None:
        bench.storage.away = True
        for _ in range(3):
            bench.storage.asked.clear()
            await bench.storage.asked.wait()
        bench.storage.away = False
        await bench.succeed(lease)

    bench.handle = handle
    job_id = await bench.desk.add()
    await bench.run(job_id)
    assert (await bench.desk.get(job_id)).state is JobState.SUCCEEDED


async def test_R4_what_could_not_be_told_is_told_by_the_next_sweep(bench: Bench) -> None:
    job_id = await bench.desk.add()
    bench.queue.away = True
    await bench.sweep()
    bench.queue.away = False
    await bench.sweep()
    await bench.sweep()
    assert bench.queue.woken == [job_id]
