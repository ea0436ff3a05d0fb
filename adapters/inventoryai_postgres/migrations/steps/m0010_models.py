"""Trained models, and which of them a forecast run uses."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.rules import company_table, migration
from inventoryai_postgres.roles import APP

ID = "0010_models"
DESCRIPTION = "trained models"

_LEARNT = "data_hash, versions, products, trained_until, checkpoint, state, digest, size, scores, current"

_TABLES = f"""
create table models (
    company_id uuid not null references companies on delete cascade,
    id uuid not null,
    job_id uuid not null,
    engine text not null,
    frequency text not null constraint models_frequency_check check (frequency in ('day', 'week', 'month')),
    options jsonb not null,
    seed bigint not null,
    created_by uuid not null references users,
    created_at timestamptz not null,
    -- Of what it learns: none of them until its training has begun.
    data_hash text,
    versions jsonb,
    products integer,
    -- The first day that it has not seen.
    trained_until date,
    -- What the training can be resumed from while it goes on; JSON or safetensors, as the state is.
    checkpoint bytea,
    -- What it has learnt: none of them until it has.
    state bytea,
    digest text,
    size integer,
    scores jsonb,
    current boolean not null default false,
    constraint models_pkey primary key (company_id, id),
    constraint models_job_fkey foreign key (company_id, job_id) references jobs (company_id, id),
    constraint models_begun_check check (
        (data_hash is null) = (versions is null) and (data_hash is null) = (products is null)
        and (data_hash is null) = (trained_until is null)
    ),
    constraint models_learnt_check check (
        (state is null) = (digest is null) and (state is null) = (size is null)
        and (state is null) = (scores is null) and (state is null or data_hash is not null)
    ),
    constraint models_current_check check (not current or state is not null)
);
create index models_job_idx on models (company_id, job_id);
create index models_engine_idx on models (company_id, engine, id);
-- Options may be longer than an index can hold.
create unique index models_current_idx on models (company_id, engine, frequency, md5(options::text))
    where current;
-- Weights are noise to a compressor.
alter table models alter column checkpoint set storage external, alter column state set storage external;

create table forecast_models (
    company_id uuid not null,
    forecast_id uuid not null,
    engine text not null,
    -- The run remembers it, also when the model is deleted later.
    model_id uuid not null,
    -- Why it was not used after all.
    unused_code text,
    unused_data jsonb,
    constraint forecast_models_pkey primary key (company_id, forecast_id, engine),
    constraint forecast_models_run_fkey
        foreign key (company_id, forecast_id) references forecast_runs on delete cascade,
    constraint forecast_models_unused_check check ((unused_code is null) = (unused_data is null))
);

-- A training that gets on is not given up for being interrupted often.
grant update (forgiven) on jobs to {APP};

{company_table("models", "select", "insert", f"update ({_LEARNT})", "delete")}
{company_table("forecast_models", "select", "insert", "update (unused_code, unused_data)", "delete")}
"""


async def forwards() -> MigrationManager:
    """Makes them, empty."""
    return migration(ID, DESCRIPTION, (_TABLES,))
