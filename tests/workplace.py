"""Workers in the test's own process, on a real database and a real queue that nobody else uses."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from people import NOON, found
from redis.asyncio import Redis

from inventoryai.domain.companies import Membership, Role
from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.imports import Import, ImportKind, ImportOptions
from inventoryai.domain.jobs import Job, JobId, JobKind
from inventoryai.ports.storage import InCompany
from inventoryai.usecases.imports import StartImport
from inventoryai.usecases.jobs import JobHandler, RunJob
from inventoryai_files import FolderFileStore
from inventoryai_postgres import PostgresUnitOfWork
from inventoryai_processes import InlineProcesses
from inventoryai_server import wiring
from inventoryai_server.system import SystemClock, Uuid7Identifiers
from inventoryai_spreadsheets import CsvReader
from inventoryai_workers import Chores, TaskiqQueue, WakeUpBroker, Worker

SALES = b"date,sku,quantity\n2026-03-02,A,5\n2026-03-03,B,2\n"
GIGABYTE = 1 << 30


async def nothing() -> None:
    """What nobody needs here: reporting, tidying."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """What workers share. Nobody is told of an import that comes in: tests do that, or a sweep."""

    begin: PostgresUnitOfWork
    redis_url: str
    redis: Redis
    queue: TaskiqQueue
    folder: Path
    handlers: Mapping[JobKind, JobHandler] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, begin: PostgresUnitOfWork, redis_url: str, folder: Path
    ) -> AsyncIterator["Workplace"]:
        async with Redis.from_url(redis_url) as redis:
            await redis.flushdb()
            queue = TaskiqQueue(WakeUpBroker(redis_url))
            yield cls(begin, redis_url, redis, queue, folder)
            await queue.broker.shutdown()

    @property
    def ports(self) -> wiring.WorkerPorts:
        return wiring.WorkerPorts(
            begin=self.begin,
            clock=SystemClock(),
            identifiers=Uuid7Identifiers(),
            files=FolderFileStore(self.folder, GIGABYTE),
            queue=self.queue,
            processes=InlineProcesses(),
            reader=CsvReader(),
            catalogue=EngineCatalogue((), ()),
            disabled=frozenset(),
            memory=GIGABYTE,
        )

    def run_job(self) -> RunJob:
        real = wiring.run_job(self.ports)
        return replace(real, handlers={**real.handlers, **self.handlers})

    @asynccontextmanager
    async def worker(self, at_once: int = 2) -> AsyncIterator[Worker]:
        """A worker for as long as the block lasts."""
        run_job = self.run_job()
        chores = Chores(run_job, run_job.sweep, nothing)
        worker = Worker(WakeUpBroker(self.redis_url), chores, nothing, at_once)
        working = asyncio.create_task(worker.run())
        try:
            yield worker
            assert not working.done(), "a worker goes on until it is stopped"
        finally:
            working.cancel()
            await asyncio.wait({working})
        assert working.cancelled()

    async def company(self) -> Membership:
        founded = await found(self.begin)
        return Membership(founded.company.id, founded.admin.id, Role.ADMIN, NOON)

    async def upload(
        self, member: Membership, content: bytes = SALES, kind: ImportKind = ImportKind.SALES, **options: Any
    ) -> Import:
        """An import as it is accepted."""

        async def chunks() -> AsyncIterator[bytes]:
            yield content

        files, identifiers = self.ports.files, self.ports.identifiers
        file = await files.receive(chunks(), "ventes.csv")
        start = StartImport(self.begin, SystemClock(), identifiers, files, Mute())
        accepted = await start(member, file, kind, replace(ImportOptions(), **options))
        return accepted.imported

    async def job(self, member: Membership, job_id: JobId) -> Job:
        async with self.begin(InCompany.of(member)) as work:
            return await work.jobs.get(job_id)

    async def ended(self, member: Membership, job_id: JobId) -> Job:
        """A job once it has ended; the test's own time limit is the only one."""
        while True:
            job = await self.job(member, job_id)
            if job.state.ended:
                return job
            await asyncio.sleep(0.02)


class Mute:
    """A queue that tells nobody, and says so."""

    async def wake(self, jobs: object) -> bool:
        del jobs
        return False
