"""What only a real database can get wrong about jobs: locks, and the rights of whoever looks for work."""

import asyncio
from contextlib import AbstractAsyncContextManager
from uuid import uuid4

import asyncpg
import pytest
from people import Founded, found
from time_travel import let_lease_run_out

from inventoryai.domain.jobs import (
    Heartbeat,
    Job,
    JobCancelled,
    JobError,
    JobId,
    JobKind,
    JobState,
    Lease,
    NewJob,
)
from inventoryai.ports.storage import Dispatching
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork
from inventoryai_postgres.work import PostgresWork

BROKEN = JobError("file.empty")


@pytest.fixture
async def founded(begin: PostgresUnitOfWork) -> Founded:
    return await found(begin)


def some_job(founded: Founded, parent: JobId | None = None) -> NewJob:
    return NewJob(JobId(uuid4()), JobKind.FORECAST, founded.admin.id, {}, "products", parent_id=parent)


async def claim(begin: PostgresUnitOfWork, job_id: JobId) -> Lease:
    async with begin(Dispatching()) as work:
        lease = await work.dispatch.claim(job_id)
    assert lease is not None
    return lease


async def claimed(begin: PostgresUnitOfWork, founded: Founded) -> Lease:
    job = some_job(founded)
    async with begin(founded.scope) as work:
        await work.jobs.add(job)
    return await claim(begin, job.id)


async def cut(begin: PostgresUnitOfWork, founded: Founded, parts: int) -> tuple[JobId, list[Lease]]:
    parent = await claimed(begin, founded)
    new = [some_job(founded, parent.job_id) for _ in range(parts)]
    async with begin(founded.scope) as work:
        await work.jobs.wait_for_parts(parent, new, parts)
    return parent.job_id, [await claim(begin, part.id) for part in new]


class Other:
    """A transaction of somebody else, that stays open until it is told to end."""

    def __init__(self, transaction: AbstractAsyncContextManager[PostgresWork]) -> None:
        self._transaction = transaction
        self._opened: asyncio.Future[PostgresWork] = asyncio.get_running_loop().create_future()
        self._end = asyncio.Event()
        self._task = asyncio.create_task(self._stay())

    async def __aenter__(self) -> PostgresWork:
        return await self._opened

    async def __aexit__(self, *_: object) -> None:
        self._end.set()
        await self._task

    async def _stay(self) -> None:
        async with self._transaction as work:
            self._opened.set_result(work)
            await self._end.wait()


async def state_of(begin: PostgresUnitOfWork, founded: Founded, job_id: JobId) -> Job:
    async with begin(founded.scope) as work:
        return await work.jobs.get(job_id)


async def test_one_sweep_goes_on_at_a_time(begin: PostgresUnitOfWork) -> None:
    async with Other(begin(Dispatching())) as other:
        assert await other.dispatch.sweep() is not None
        async with begin(Dispatching()) as work:
            assert await work.dispatch.sweep() is None
    async with begin(Dispatching()) as work:
        assert await work.dispatch.sweep() is not None


async def test_a_sweep_waits_for_nobody(begin: PostgresUnitOfWork, founded: Founded) -> None:
    parent, (landing, _) = await cut(begin, founded, 2)
    await let_lease_run_out(begin, landing.job_id)
    async with Other(begin(founded.scope)) as other:
        await other.jobs.hold(landing)
        await other.session.fetch("select from jobs where id = $1 for no key update", parent)
        async with begin(Dispatching()) as work:
            await work.session.execute("set local lock_timeout = '1s'")
            swept = await work.dispatch.sweep()
    assert swept is not None
    assert landing.job_id not in swept.to_wake
    async with begin(founded.scope) as work:
        await work.jobs.hold(landing)


async def test_a_job_that_is_being_landed_can_be_waited_for(
    begin: PostgresUnitOfWork, founded: Founded
) -> None:
    lease = await claimed(begin, founded)
    async with Other(begin(founded.scope)) as other:
        await other.jobs.hold(lease)
        async with begin(founded.scope) as work:
            await work.session.execute("set local lock_timeout = '1s'")
            await work.jobs.add(
                NewJob(JobId(uuid4()), JobKind.PLAN, founded.admin.id, {}, "products", after_id=lease.job_id)
            )


async def test_a_look_waits_for_nobody(begin: PostgresUnitOfWork, founded: Founded) -> None:
    lease = await claimed(begin, founded)
    async with Other(begin(founded.scope)) as other:
        await other.jobs.hold(lease)
        async with begin(Dispatching()) as work:
            await work.session.execute("set local lock_timeout = '1s'")
            assert await work.dispatch.look(lease) == Heartbeat(held=True, cancel_requested=False)


async def test_a_cancel_while_a_part_lands_neither_hangs_nor_lets_it_land(
    begin: PostgresUnitOfWork, founded: Founded
) -> None:
    parent, (landing, _) = await cut(begin, founded, 2)
    async with Other(begin(founded.scope)) as other:
        await other.jobs.hold(landing)
        async with begin(founded.scope) as work:
            await work.session.execute("set local lock_timeout = '1s'")
            await work.jobs.request_cancel(parent)
        with pytest.raises(JobCancelled):
            await other.jobs.finish_part(landing, 1)
    assert (await state_of(begin, founded, parent)).state is JobState.CANCELLED


async def test_parts_that_fail_and_end_and_are_cancelled_at_once_never_deadlock(
    begin: PostgresUnitOfWork, founded: Founded
) -> None:
    for _ in range(5):
        parent, leases = await cut(begin, founded, 6)

        async def end(lease: Lease, *, well: bool) -> None:
            async with begin(founded.scope) as work:
                await work.jobs.hold(lease)
                await (work.jobs.finish_part(lease, 1) if well else work.jobs.fail(lease, BROKEN))

        async def cancel(parent: JobId) -> None:
            async with begin(founded.scope) as work:
                await work.jobs.request_cancel(parent)

        ends = [end(lease, well=number % 2 == 0) for number, lease in enumerate(leases)]
        raised = await asyncio.gather(*ends, cancel(parent), return_exceptions=True)
        assert {type(one).__name__ for one in raised} <= {"NoneType", "JobCancelled", "JobFinished"}
        assert (await state_of(begin, founded, parent)).state.ended


READABLE = """
select relname from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')
    and has_any_column_privilege(oid, 'select, insert, update, references')
"""
WRITABLE = """
select attname from pg_attribute
where attrelid = 'jobs'::regclass and attnum > 0 and has_column_privilege('jobs', attname, 'update')
"""


async def test_whoever_looks_for_work_sees_leases_and_nothing_else(begin: PostgresUnitOfWork) -> None:
    async with begin(Dispatching()) as work:
        readable = {row["relname"] for row in await work.session.fetch(READABLE)}
        writable = {row["attname"] for row in await work.session.fetch(WRITABLE)}
    assert readable == {"jobs", "workers"}
    assert writable == {
        *("state", "attempt", "forgiven", "lease_until", "not_before"),
        *("sent_at", "error", "started_at", "finished_at"),
    }


@pytest.mark.parametrize(
    "statement", ["select unit from jobs", "delete from jobs", "update jobs set payload = '{}'"]
)
async def test_a_dispatcher_may_not(begin: PostgresUnitOfWork, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with begin(Dispatching()) as work:
            await work.session.execute(statement)


async def test_the_application_reads_of_workers_and_writes_nothing_there(
    begin: PostgresUnitOfWork, founded: Founded
) -> None:
    async with begin(founded.scope) as work:
        await work.workers.live()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with begin(founded.scope) as work:
            await work.workers.retire(uuid4())
