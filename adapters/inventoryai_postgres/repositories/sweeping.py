"""The sweep: whatever a dead worker, a lost message or a failed job left behind is found by its state.

Each statement finds its rows by what they say now and skips those that somebody is working on, so a
sweep that is cut short, or comes late, costs nothing but time: the next one finds the rest.
"""

from inventoryai.domain.jobs import MOST_ATTEMPTS, JobDependencyFailed, JobId, JobState, Swept
from inventoryai_postgres.repositories.leases import ENDED, UNWANTED
from inventoryai_postgres.session import Session

_LOCK = 0x1A7E_0002
"""An advisory lock of ours: one sweep at a time."""

_RESEND_AFTER = "interval '30 seconds'"
_MOST_TO_WAKE = 1_000
"""So that a long queue costs each sweep the same; workers look for more after each job."""

# They have rested for as long as a lease lasts.
_FREE_LEASES = f"""
with lost as materialized (
    select id, attempt - forgiven >= $1 as tried, {UNWANTED} as unwanted from jobs as job
    where state = 'running' and lease_until < statement_timestamp() for no key update of job skip locked
), become as (
    select id, case when unwanted then 'cancelled' when tried then 'failed' else 'queued' end as state
    from lost
)
update jobs as job set
    state = become.state, lease_until = null, sent_at = null, not_before = clock_timestamp(),
    error = case when become.state = 'failed' then $2::jsonb end,
    finished_at = case when become.state <> 'queued' then clock_timestamp() end
from become where job.id = become.id
returning job.state
"""
_FAIL_PARENTS = f"""
update jobs as parent set state = 'failed', {ENDED}, error = (
    select error from jobs as part where part.parent_id = parent.id and part.state = 'failed'
    order by part.finished_at limit 1
)
where parent.id in (
    select waiting.id from jobs as waiting
    where waiting.state = 'running' and waiting.lease_until = 'infinity' and exists (
        select from jobs as part where part.parent_id = waiting.id and part.state = 'failed'
    ) for no key update of waiting skip locked
)
"""
_CANCEL_UNWANTED = f"""
update jobs set state = 'cancelled', {ENDED} where id in (
    select id from jobs as job where state = 'queued' and {UNWANTED} for no key update of job skip locked
)
"""
_FAIL_DEPENDENTS = f"""
update jobs as job set state = 'failed', {ENDED},
    error = jsonb_build_object('code', $1::text, 'data', jsonb_build_object('job_id', after_id))
where id in (
    select waiting.id from jobs as waiting join jobs as before on before.id = waiting.after_id
    where waiting.state = 'queued' and before.state in ('failed', 'cancelled')
    for no key update of waiting skip locked
)
"""
_TO_WAKE = f"""
select id from jobs as job
where state = 'queued' and not_before <= statement_timestamp()
    and (sent_at is null or sent_at < statement_timestamp() - {_RESEND_AFTER})
    and (after_id is null or exists (
        select from jobs as before where before.id = job.after_id and before.state = 'succeeded'
    ))
order by not_before, id limit {_MOST_TO_WAKE}
"""


async def sweep(session: Session, crashed: str) -> Swept | None:
    """One sweep over all companies' jobs.

    Args:
        session: In the scope ``Dispatching``.
        crashed: The error of a job that was tried too often, as JSON.

    Returns:
        Which jobs to tell workers of; None when another sweep is going on.
    """
    if not await session.fetchval("select pg_try_advisory_xact_lock($1)", _LOCK):
        return None
    freed = await session.fetch(_FREE_LEASES, MOST_ATTEMPTS, crashed)
    await session.execute(_FAIL_PARENTS)
    await session.execute(_CANCEL_UNWANTED)
    await session.execute(_FAIL_DEPENDENTS, JobDependencyFailed.code)
    to_wake = await session.fetch(_TO_WAKE)
    return Swept(
        to_wake=tuple(JobId(row["id"]) for row in to_wake),
        parked=sum(row["state"] == JobState.FAILED for row in freed),
    )
