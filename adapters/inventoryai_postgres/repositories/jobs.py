"""Jobs of a company."""

from collections.abc import Sequence
from dataclasses import dataclass

from inventoryai.domain.jobs import (
    Job,
    JobCancelled,
    JobError,
    JobFinished,
    JobId,
    JobNotFound,
    JobState,
    Lease,
    LeaseLost,
    NewJob,
)
from inventoryai.domain.paging import PageRequest
from inventoryai_postgres.cursors import id_after
from inventoryai_postgres.repositories.job_rows import JOB_COLUMNS, error_to_json, job_of
from inventoryai_postgres.repositories.leases import CANCEL_PARTS, ENDED, FAIL_PARENT, HELD, UNWANTED
from inventoryai_postgres.session import Session
from inventoryai_postgres.texts import to_json

_ADD = """
insert into jobs (company_id, id, kind, user_id, payload, unit, total, parent_id, after_id)
select $1, * from unnest($2::uuid[], $3::text[], $4::uuid[], $5::jsonb[], $6::text[], $7::bigint[],
                         $8::uuid[], $9::uuid[])
"""
_WITHDRAW = "delete from jobs where company_id = $1 and id = $2 and state = 'queued' and attempt = 0"
_GET = f"""
select {JOB_COLUMNS} from jobs as job where company_id = $1 and id = $2 and parent_id is null
"""
_LIST = f"""
select {JOB_COLUMNS} from jobs as job
where company_id = $1 and parent_id is null and ($2::uuid is null or id < $2)
order by id desc limit $3
"""
_LOCK = """
select state, lease_until = 'infinity' as waits_for_parts from jobs
where company_id = $1 and id = $2 and parent_id is null for no key update
"""
_CANCEL = f"update jobs set state = 'cancelled', cancel_requested = true, {ENDED} where id = $1"
_REQUEST_CANCEL = "update jobs set cancel_requested = true where id = $1"
_HOLD = f"select {UNWANTED} as unwanted from jobs as job where {HELD} for no key update of job"
_ADVANCE = f"update jobs as job set done = $3, total = coalesce($4, total) where {HELD}"
_GOT_FURTHER = f"update jobs as job set forgiven = greatest(forgiven, attempt - 1) where {HELD}"
_SUCCEED = f"update jobs as job set state = 'succeeded', {ENDED} where {HELD}"
_FAIL = f"update jobs as job set state = 'failed', error = $3, {ENDED} where {HELD}"
_WAIT = f"update jobs as job set lease_until = 'infinity', done = 0, total = $3 where {HELD}"
_LOCK_PARENT = "select state from jobs where id = $1 for no key update"
_ADD_DONE = "update jobs set done = done + $2 where id = $1"
_END_PARENT = f"""
update jobs set state = 'succeeded', {ENDED} where id = $1 and state = 'running' and not exists (
    select from jobs as part where part.parent_id = $1 and part.state in ('queued', 'running')
)
"""


@dataclass(frozen=True, slots=True)
class PostgresJobs:
    """Jobs of the scope's company."""

    session: Session

    async def add(self, *jobs: NewJob) -> None:
        """Keeps new jobs, queued."""
        await self.session.execute(
            _ADD,
            self.session.company_id,
            [job.id for job in jobs],
            [job.kind.value for job in jobs],
            [job.user_id for job in jobs],
            [to_json(job.payload) for job in jobs],
            [job.unit for job in jobs],
            [job.total for job in jobs],
            [job.parent_id for job in jobs],
            [job.after_id for job in jobs],
        )

    async def withdraw(self, job_id: JobId) -> None:
        """Takes back a job that was added in this transaction."""
        await self.session.execute(_WITHDRAW, self.session.company_id, job_id)

    async def get(self, job_id: JobId) -> Job:
        """A job that is not a part of another; raises ``JobNotFound``."""
        row = await self.session.fetchrow(_GET, self.session.company_id, job_id)
        if row is None:
            raise JobNotFound
        return job_of(row)

    async def list(self, page: PageRequest) -> Sequence[Job]:
        """Jobs that are not parts, newest first."""
        after = id_after(page)
        rows = await self.session.fetch(_LIST, self.session.company_id, after, page.limit + 1)
        return [job_of(row) for row in rows]

    async def request_cancel(self, job_id: JobId) -> Job:
        """Cancels what nobody is doing, and asks whoever is doing it to stop.

        Waits for a worker that is landing the job's results at this moment.
        """
        row = await self.session.fetchrow(_LOCK, self.session.company_id, job_id)
        if row is None:
            raise JobNotFound
        if JobState(row["state"]).ended:
            raise JobFinished
        if row["state"] == JobState.QUEUED or row["waits_for_parts"]:
            await self.session.execute(_CANCEL, job_id)
            await self.session.execute(CANCEL_PARTS, job_id)
        else:
            await self.session.execute(_REQUEST_CANCEL, job_id)
        return await self.get(job_id)

    async def hold(self, lease: Lease) -> None:
        """Locks the row of a job that this attempt still holds; raises ``LeaseLost``, ``JobCancelled``."""
        row = await self.session.fetchrow(_HOLD, lease.job_id, lease.attempt)
        if row is None:
            raise LeaseLost
        if row["unwanted"]:
            raise JobCancelled

    async def advance(self, lease: Lease, done: int, total: int | None = None) -> None:
        """Sets how far the job has come, if it is still held."""
        await self.session.execute(_ADVANCE, lease.job_id, lease.attempt, done, total)

    async def got_further(self, lease: Lease) -> None:
        """Has the attempts before this one count no more."""
        await self.session.execute(_GOT_FURTHER, lease.job_id, lease.attempt)

    async def succeed(self, lease: Lease) -> None:
        """Ends a held job well, and its parent with it if it is the last part."""
        if lease.parent_id is not None:
            await self.finish_part(lease, 0)
            return
        await self.hold(lease)
        await self.session.execute(_SUCCEED, lease.job_id, lease.attempt)

    async def fail(self, lease: Lease, error: JobError) -> None:
        """Ends a held job badly, its parent and that one's queued parts with it."""
        kept = error_to_json(error)
        if not await self.session.execute(_FAIL, lease.job_id, lease.attempt, kept):
            raise LeaseLost
        if lease.parent_id is not None:
            await self.session.execute(FAIL_PARENT, lease.parent_id, kept)
            await self.session.execute(CANCEL_PARTS, lease.parent_id)

    async def wait_for_parts(self, lease: Lease, parts: Sequence[NewJob], total: int) -> None:
        """Cuts a held job into parts, and gives up its lease; with no parts it is done."""
        await self.hold(lease)
        await self.session.execute(_WAIT, lease.job_id, lease.attempt, total)
        await self.add(*parts)
        await self.session.execute(_END_PARENT, lease.job_id)

    async def finish_part(self, lease: Lease, done: int) -> None:
        """Ends a held part well, and its parent if it was the last.

        The parent is locked before anything is counted, so that of two last parts the second sees
        the first.
        """
        await self.hold(lease)
        state = await self.session.fetchval(_LOCK_PARENT, lease.parent_id)
        if state != JobState.RUNNING:
            raise JobCancelled
        await self.session.execute(_SUCCEED, lease.job_id, lease.attempt)
        await self.session.execute(_ADD_DONE, lease.parent_id, done)
        await self.session.execute(_END_PARENT, lease.parent_id)
