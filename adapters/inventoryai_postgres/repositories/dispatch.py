"""Leases of all companies' jobs, for whoever looks for work.

The role has no more columns of ``jobs`` than these statements need.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from inventoryai.domain.companies import CompanyId
from inventoryai.domain.identity import UserId
from inventoryai.domain.jobs import (
    LEASE,
    MOST_ATTEMPTS,
    Heartbeat,
    JobCrashed,
    JobError,
    JobId,
    JobKind,
    Lease,
    Swept,
    backoff,
)
from inventoryai_postgres.repositories import sweeping
from inventoryai_postgres.repositories.job_rows import error_to_json
from inventoryai_postgres.repositories.leases import CANCEL_PARTS, ENDED, FAIL_PARENT, HELD, UNWANTED
from inventoryai_postgres.session import Session
from inventoryai_postgres.texts import from_json

# A training goes on for long: as many at a time as there are workers, so that each has room for others' work.
_CLAIM = f"""
update jobs as job set
    state = 'running', attempt = attempt + 1, lease_until = clock_timestamp() + $2,
    started_at = coalesce(started_at, clock_timestamp())
where id = $1 and not {UNWANTED} and attempt - forgiven < $3 and not_before <= statement_timestamp()
    and (state = 'queued' or (state = 'running' and lease_until < statement_timestamp()))
    and (after_id is null or exists (
        select from jobs as before where before.id = job.after_id and before.state = 'succeeded'
    ))
    and (kind <> 'train_model' or (
        select count(*) from jobs as other
        where other.kind = 'train_model' and other.state = 'running' and other.id <> job.id
            and other.lease_until >= statement_timestamp()
    ) < greatest(1, (select count(*) from workers where seen_at > clock_timestamp() - interval '1 minute')))
returning kind, company_id, user_id, attempt, payload, parent_id
"""
# The lease of a job that waits for its parts is infinity, and not held: a late heartbeat cannot shorten it.
_RENEW = f"""
update jobs as job set lease_until = clock_timestamp() + $3 where {HELD} returning {UNWANTED} as unwanted
"""
_PUT_BACK = f"""
update jobs as job set state = 'queued', lease_until = null, sent_at = null, forgiven = forgiven + 1
where {HELD} and not {UNWANTED}
"""
# The rest after an attempt is picked from a list: there is one way to work it out, and it is not here.
_RETRY = f"""
update jobs as job set
    state = 'queued', lease_until = null, sent_at = null,
    not_before = clock_timestamp() + ($4::interval[])[attempt - forgiven]
where {HELD} and not {UNWANTED} and attempt - forgiven < $3
"""
_CANCELLED = f"update jobs as job set state = 'cancelled', {ENDED} where {HELD}"
_IS_UNWANTED = f"select {UNWANTED} from jobs as job where {HELD}"
_PARK = f"update jobs as job set state = 'failed', error = $3, {ENDED} where {HELD}"
# Those that somebody takes at this moment need not be told of again anyway.
_SENT = """
update jobs set sent_at = clock_timestamp() where id in (
    select id from jobs where id = any($1) and state = 'queued' for no key update skip locked
)
"""

CRASHED = error_to_json(JobError.of(JobCrashed(attempts=MOST_ATTEMPTS)))
_RESTS = [backoff(attempt) for attempt in range(1, MOST_ATTEMPTS)]


@dataclass(frozen=True, slots=True)
class PostgresDispatch:
    """Claims, renews and gives back, and sweeps up after those who could not."""

    session: Session

    async def claim(self, job_id: JobId) -> Lease | None:
        """Takes a job, if it is to be had; of several who try, one gets it."""
        row = await self.session.fetchrow(_CLAIM, job_id, LEASE, MOST_ATTEMPTS)
        if row is None:
            return None
        return Lease(
            job_id=job_id,
            kind=JobKind(row["kind"]),
            company_id=CompanyId(row["company_id"]),
            user_id=UserId(row["user_id"]),
            attempt=row["attempt"],
            payload=from_json(row["payload"]),
            parent_id=row["parent_id"],
        )

    async def renew(self, lease: Lease) -> Heartbeat:
        """Keeps the lease; waits while its results are being landed, as nobody can take it then."""
        unwanted = await self.session.fetchval(_RENEW, lease.job_id, lease.attempt, LEASE)
        return _heartbeat(unwanted=unwanted)

    async def look(self, lease: Lease) -> Heartbeat:
        """Whether to stop, from what was committed last."""
        unwanted = await self.session.fetchval(_IS_UNWANTED, lease.job_id, lease.attempt)
        return _heartbeat(unwanted=unwanted)

    async def release(self, lease: Lease, *, retry: bool) -> None:
        """Gives a held job back: to be tried again, parked after the last attempt, or cancelled."""
        held = (lease.job_id, lease.attempt)
        if retry:
            given_back = await self.session.execute(_RETRY, *held, MOST_ATTEMPTS, _RESTS)
        else:
            given_back = await self.session.execute(_PUT_BACK, *held)
        if given_back:
            return
        if await self.session.fetchval(_IS_UNWANTED, *held):
            await self.cancelled(lease)
        elif await self.session.execute(_PARK, *held, CRASHED) and lease.parent_id is not None:
            await self.session.execute(FAIL_PARENT, lease.parent_id, CRASHED)
            await self.session.execute(CANCEL_PARTS, lease.parent_id)

    async def cancelled(self, lease: Lease) -> None:
        """Ends a held job that was asked to stop."""
        await self.session.execute(_CANCELLED, lease.job_id, lease.attempt)

    async def sent(self, jobs: Sequence[JobId]) -> None:
        """Notes that workers were told of these jobs."""
        await self.session.execute(_SENT, list(jobs))

    async def sweep(self) -> Swept | None:
        """Tidies up after dead workers; None when another is at it."""
        return await sweeping.sweep(self.session, CRASHED)


def _heartbeat(*, unwanted: bool | None) -> Heartbeat:
    """Of a job that is unwanted or not, or that is not held."""
    return Heartbeat(held=unwanted is not None, cancel_requested=bool(unwanted))
