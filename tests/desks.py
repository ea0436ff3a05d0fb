"""A company's jobs and the worker that does them, for tests of what is kept of jobs."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from people import Begin, Founded

from inventoryai.domain.jobs import (
    Heartbeat,
    Job,
    JobError,
    JobId,
    JobKind,
    Lease,
    NewJob,
)
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
