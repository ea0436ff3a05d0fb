"""Jobs: seeing them, stopping them, and running them so that none is lost."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from inventoryai.domain.companies import Membership
from inventoryai.domain.errors import Problem, Unavailable
from inventoryai.domain.jobs import (
    HEARTBEAT,
    LOOK,
    Job,
    JobCancelled,
    JobError,
    JobId,
    JobKind,
    Lease,
    LeaseLost,
)
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.ports.processes import DeadlineExceeded, MemoryExceeded
from inventoryai.ports.queue import JobQueue
from inventoryai.ports.storage import Dispatching, InCompany, UnitOfWork

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GetJob:
    """A job of the company: how far it is, and what went wrong if it failed."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, job_id: JobId) -> Job:
        """Raises ``JobNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            return await work.jobs.get(job_id)


@dataclass(frozen=True, slots=True)
class ListJobs:
    """The company's jobs, newest first."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, page: PageRequest) -> Page[Job]:
        """One page; the parts of a job are not listed."""
        async with self.begin(InCompany.of(member)) as work:
            return Page.cut(await work.jobs.list(page), page, lambda job: str(job.id))


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Stops a job: at once if it waits, within seconds if it runs. What it has not landed is dropped."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, job_id: JobId) -> Job:
        """The job as it stands then; raises ``JobNotFound`` or ``JobFinished``."""
        async with self.begin(InCompany.of(member)) as work:
            return await work.jobs.request_cancel(job_id)


class JobHandler(Protocol):
    """Does the work of one kind of job, under a lease."""

    async def __call__(self, lease: Lease) -> None:
        """Ends the job in the transaction that lands its results, or raises."""
        ...


@dataclass(frozen=True, slots=True)
class SweepJobs:
    """Tells workers of every job that waits and was not told of, and takes back what a dead one held."""

    begin: UnitOfWork
    queue: JobQueue

    async def __call__(self) -> None:
        """Does nothing while another worker sweeps."""
        async with self.begin(Dispatching()) as work:
            swept = await work.dispatch.sweep()
        if swept is None:
            return
        if swept.parked:
            logger.error("gave up jobs that failed too often", extra={"parked": swept.parked})
        await self._tell(swept.to_wake)

    async def _tell(self, jobs: Sequence[JobId]) -> None:
        if jobs and await self.queue.wake(jobs):
            async with self.begin(Dispatching()) as work:
                await work.dispatch.sent(jobs)


@dataclass(frozen=True, slots=True)
class RunJob:
    """Takes a job, if it is still to be had, and does it.

    The lease is renewed while the work goes on. What the user can mend ends the job with its code;
    what is our fault is logged and tried again, three times at most; a cancelled job stops within
    seconds; a worker that is told to stop gives its job back unharmed.
    """

    begin: UnitOfWork
    handlers: Mapping[JobKind, JobHandler]
    sweep: SweepJobs
    heartbeat: timedelta = HEARTBEAT
    look: timedelta = LOOK

    async def __call__(self, job_id: JobId) -> None:
        """Never raises for what goes wrong in the job itself, or because the database is away."""
        try:
            async with self.begin(Dispatching()) as work:
                lease = await work.dispatch.claim(job_id)
            if lease is not None:
                await self._run(lease)
                # What waited for this job may start now.
                await self.sweep()
        except Unavailable as away:
            # A lease that could not be given back runs out by itself, and a sweep finds the job.
            logger.warning("left a job to a later sweep", extra={"job_id": str(job_id), "reason": away.code})

    async def _run(self, lease: Lease) -> None:
        """Does the job, and ends it or gives it back; raises ``Unavailable`` when it can do neither."""
        told = {"job_id": str(lease.job_id), "attempt": lease.attempt}
        try:
            await self._work_under(lease)
        except LeaseLost:
            logger.warning("lost the lease of a job", extra=told)
        except JobCancelled:
            async with self.begin(Dispatching()) as work:
                await work.dispatch.cancelled(lease)
        except asyncio.CancelledError:
            with suppress(Unavailable):
                await self._give_back(lease, retry=False)
            raise
        except (DeadlineExceeded, MemoryExceeded) as limit:
            await self._fail(lease, limit)
        except Unavailable:
            logger.warning("something that a job needs is away", exc_info=True, extra=told)
            await self._give_back(lease, retry=True)
        except Problem as problem:
            await self._fail(lease, problem)
        except Exception:
            logger.exception("a job crashed", extra=told)
            await self._give_back(lease, retry=True)

    async def _work_under(self, lease: Lease) -> None:
        """Runs the handler until it ends, or until the lease is lost or its end is asked for."""
        handling = asyncio.ensure_future(self.handlers[lease.kind](lease))
        beside = (asyncio.ensure_future(self._keep(lease)), asyncio.ensure_future(self._watch(lease)))
        tasks = {handling, *beside}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            (handling if handling in done else done.pop()).result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, lease: Lease) -> None:
        """Renews the lease; waits while results are landed, as nobody can take the job then."""
        while True:
            await asyncio.sleep(self.heartbeat.total_seconds())
            with suppress(Unavailable):
                async with self.begin(Dispatching()) as work:
                    await work.dispatch.renew(lease)

    async def _watch(self, lease: Lease) -> None:
        """Looks after the job, and raises once it is to stop or its lease is lost.

        A job that has ended this moment is not held either: until the next look its handler may say so.
        """
        held = True
        while True:
            await asyncio.sleep(self.look.total_seconds())
            with suppress(Unavailable):
                async with self.begin(Dispatching()) as work:
                    heartbeat = await work.dispatch.look(lease)
                if heartbeat.cancel_requested:
                    raise JobCancelled
                if not held and not heartbeat.held:
                    raise LeaseLost
                held = heartbeat.held

    async def _fail(self, lease: Lease, problem: Problem) -> None:
        try:
            async with self.begin(InCompany.of(lease)) as work:
                await work.jobs.fail(lease, JobError.of(problem))
        except LeaseLost:
            logger.warning("a job that was taken away had failed", extra={"job_id": str(lease.job_id)})

    async def _give_back(self, lease: Lease, *, retry: bool) -> None:
        async with self.begin(Dispatching()) as work:
            await work.dispatch.release(lease, retry=retry)
