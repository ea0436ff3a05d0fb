"""Workers on a real queue, and what becomes of jobs when they stop or there are too many."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import asyncpg
from inside import superuser_url
from workplace import Workplace

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.imports import OnDuplicate
from inventoryai.domain.jobs import JobKind, JobState, Lease
from inventoryai.ports.storage import InCompany
from inventoryai.usecases.engines import ReportWorker
from inventoryai_postgres import PostgresSettings, PostgresUnitOfWork
from inventoryai_server.embedded import PostgresUrls, Stack
from inventoryai_workers import connections


async def test_a_worker_that_is_woken_does_the_job(workplace: Workplace) -> None:
    member = await workplace.company()
    imported = await workplace.upload(member)
    async with workplace.worker():
        assert await workplace.queue.wake([imported.job.id])
        job = await workplace.ended(member, imported.job.id)
    assert (job.state, job.done, job.attempts) == (JobState.SUCCEEDED, 2, 1)


class Blocked:
    """A handler that holds every job until it may go on, and counts how many it holds."""

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace
        self.held = asyncio.Semaphore(0)
        self.go_on = asyncio.Event()
        self.at_once = 0
        self.most = 0

    async def __call__(self, lease: Lease) -> None:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.held.release()
        try:
            await self.go_on.wait()
        finally:
            self.at_once -= 1
        async with self.workplace.begin(InCompany.of(lease)) as work:
            await work.jobs.succeed(lease)


async def test_R9_a_worker_that_stops_gives_its_jobs_back_at_once(workplace: Workplace) -> None:
    member = await workplace.company()
    imports = [await workplace.upload(member, dry_run=True) for _ in range(2)]
    blocked = Blocked(workplace)
    async with replace(workplace, handlers={JobKind.IMPORT: blocked}).worker():
        await workplace.queue.wake([one.job.id for one in imports])
        for _ in imports:
            await blocked.held.acquire()
    for one in imports:
        job = await workplace.job(member, one.job.id)
        assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    async with workplace.worker():
        for one in imports:
            job = await workplace.ended(member, one.job.id)
            assert (job.state, job.attempts) == (JobState.SUCCEEDED, 1)


async def test_a_worker_holds_no_more_jobs_than_it_can_do(workplace: Workplace) -> None:
    member = await workplace.company()
    imports = [await workplace.upload(member, dry_run=True) for _ in range(6)]
    blocked = Blocked(workplace)
    async with replace(workplace, handlers={JobKind.IMPORT: blocked}).worker(at_once=2):
        await workplace.queue.wake([one.job.id for one in imports])
        for _ in range(2):
            await blocked.held.acquire()
        blocked.go_on.set()
        for one in imports:
            assert (await workplace.ended(member, one.job.id)).state is JobState.SUCCEEDED
    assert blocked.most == 2


async def test_R3_of_two_workers_each_import_is_done_once(workplace: Workplace) -> None:
    """Fifty files of five companies, each of them told to both workers."""
    members = [await workplace.company() for _ in range(5)]
    imports = []
    for number in range(50):
        content = f"date,sku,quantity\n2026-03-{number // 5 + 1:02},SKU-{number},7\n".encode()
        member = members[number % 5]
        imports.append((member, await workplace.upload(member, content, on_duplicate=OnDuplicate.SUM)))
    async with workplace.worker(), workplace.worker():
        for _ in range(2):
            assert await workplace.queue.wake([one.job.id for _, one in imports])
        for member, one in imports:
            job = await workplace.ended(member, one.job.id)
            assert (job.state, job.attempts) == (JobState.SUCCEEDED, 1)
    for member in members:
        async with workplace.begin(InCompany.of(member)) as work:
            products = [product.id for product in await work.products.every()]
            history = await work.sales.history(products, 100_000)
        assert len(products) == len(history.quantity) == 10
        assert set(history.quantity.tolist()) == {7.0}


class Landing:
    """A handler that is in the middle of landing until it may go on."""

    def __init__(self, begin: PostgresUnitOfWork, jobs: int) -> None:
        self.begin = begin
        self.all_at_it = asyncio.Barrier(jobs + 1)
        self.go_on = asyncio.Event()

    async def __call__(self, lease: Lease) -> None:
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.hold(lease)
            await self.all_at_it.wait()
            await self.go_on.wait()
            await work.jobs.succeed(lease)


async def test_a_worker_has_a_connection_for_all_that_it_does_at_once(
    workplace: Workplace, database: PostgresUrls, stack: Stack
) -> None:
    """While it lands all its jobs their leases are renewed, which waits, and it still sweeps and reports."""
    member = await workplace.company()
    imports = [await workplace.upload(member, dry_run=True) for _ in range(2)]
    begin = PostgresUnitOfWork(PostgresSettings(database.app, connections=connections(at_once=2)))
    landing = Landing(begin, len(imports))
    place = replace(workplace, begin=begin, handlers={JobKind.IMPORT: landing})
    often = timedelta(milliseconds=1)
    run_job = replace(place.run_job(), heartbeat=often, look=often)
    running = asyncio.gather(*(run_job(one.job.id) for one in imports))
    await landing.all_at_it.wait()
    await until_somebody_waits(stack, len(imports))
    report = ReportWorker(begin, uuid4(), "host", EngineCatalogue((), ()))
    await asyncio.gather(run_job.sweep(), report())
    landing.go_on.set()
    await running
    await begin.close()
    for one in imports:
        assert (await workplace.job(member, one.job.id)).state is JobState.SUCCEEDED


async def until_somebody_waits(stack: Stack, how_many: int) -> None:
    """Returns when so many connections wait for a lock."""
    superuser = await asyncpg.connect(superuser_url(stack.folder, "postgres"))
    waiting = "select count(*) from pg_locks where not granted"
    while await superuser.fetchval(waiting) < how_many:  # noqa: ASYNC110 - the server raises no event here
        await asyncio.sleep(0.02)
    await superuser.close()
