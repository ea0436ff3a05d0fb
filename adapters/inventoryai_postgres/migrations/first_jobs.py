"""Jobs and the workers that do them.

The application sees the jobs of its company. Whoever looks for work sees the leases of all companies'
jobs, column by column, and nothing else of anybody.
"""

from typing import Final

from inventoryai_postgres.migrations.rules import company_table
from inventoryai_postgres.roles import APP, JOBS

_SEEN: Final = (
    "id, company_id, kind, state, parent_id, after_id, user_id, payload, attempt, forgiven, lease_until, "
    "not_before, cancel_requested, sent_at, error, started_at, finished_at"
)
_KEPT: Final = "state, attempt, forgiven, lease_until, not_before, sent_at, error, started_at, finished_at"
_LANDED: Final = "state, done, total, lease_until, cancel_requested, error, finished_at"

JOB_TABLES: Final = f"""
create table jobs (
    id uuid constraint jobs_pkey primary key,
    company_id uuid not null references companies on delete cascade,
    kind text not null,
    state text not null default 'queued' constraint jobs_state_check
        check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    parent_id uuid,
    after_id uuid,
    user_id uuid not null references users,
    payload jsonb not null,
    unit text not null,
    done bigint not null default 0,
    total bigint,
    -- Rises with every claim and never falls: it is the fencing token of the lease.
    attempt integer not null default 0,
    -- How many of the attempts ended because the worker was stopped, and do not count.
    forgiven integer not null default 0,
    -- Of a running job; infinity when it waits for its parts and nobody holds it.
    lease_until timestamptz,
    not_before timestamptz not null default clock_timestamp(),
    cancel_requested boolean not null default false,
    sent_at timestamptz,
    error jsonb,
    created_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    constraint jobs_company_key unique (company_id, id),
    constraint jobs_parent_fkey foreign key (company_id, parent_id)
        references jobs (company_id, id) on delete cascade,
    constraint jobs_after_fkey foreign key (company_id, after_id) references jobs (company_id, id),
    constraint jobs_lease_check check ((state = 'running') = (lease_until is not null)),
    constraint jobs_finished_check
        check ((state in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null))
);
create index jobs_listed_idx on jobs (company_id, id) where parent_id is null;
create index jobs_parts_idx on jobs (parent_id, state) where parent_id is not null;
-- What a sweep looks at: few rows, whatever the number of jobs that have ended.
create index jobs_queued_idx on jobs (not_before) where state = 'queued';
create index jobs_running_idx on jobs (lease_until) where state = 'running';

{company_table("jobs", "select", "insert", f"update ({_LANDED})", "delete")}
create policy dispatching on jobs to {JOBS} using (true) with check (true);
grant select ({_SEEN}), update ({_KEPT}) on jobs to {JOBS};

create table workers (
    id uuid constraint workers_pkey primary key,
    host text not null,
    catalogue jsonb not null,
    seen_at timestamptz not null
);
grant select on workers to {APP};
grant select, insert, update, delete on workers to {JOBS};
"""
