"""Forecast runs, and one row for each product of a run."""

from typing import Final

from inventoryai_postgres.migrations.rules import company_table

FORECAST_TABLES: Final = f"""
create table forecast_runs (
    company_id uuid not null references companies on delete cascade,
    id uuid not null,
    job_id uuid not null,
    engine text not null,
    horizon integer not null,
    frequency text not null constraint forecast_runs_frequency_check
        check (frequency in ('day', 'week', 'month')),
    levels double precision[] not null,
    options jsonb not null,
    -- The products asked for; none named means all.
    product_ids uuid[],
    seed bigint not null,
    created_by uuid not null references users,
    created_at timestamptz not null,
    as_of date,
    starts_on date,
    -- How many products got the engine's forecast, the host's, or none.
    ok integer not null default 0,
    fallback integer not null default 0,
    failed integer not null default 0,
    constraint forecast_runs_pkey primary key (company_id, id),
    constraint forecast_runs_job_fkey foreign key (company_id, job_id) references jobs (company_id, id)
);
create index forecast_runs_job_idx on forecast_runs (company_id, job_id);

create table forecasts (
    company_id uuid not null,
    forecast_id uuid not null,
    product_id uuid not null,
    status text not null constraint forecasts_status_check check (status in ('ok', 'fallback', 'failed')),
    engine text not null,
    reason_code text,
    reason_data jsonb,
    -- [h], [h][q], [h][q]; none of them when it failed.
    mean double precision[],
    quantiles double precision[],
    totals double precision[],
    constraint forecasts_pkey primary key (company_id, forecast_id, product_id),
    constraint forecasts_run_fkey
        foreign key (company_id, forecast_id) references forecast_runs on delete cascade,
    constraint forecasts_product_fkey
        foreign key (company_id, product_id) references products on delete cascade,
    constraint forecasts_numbers_check check (
        (status = 'failed') = (mean is null)
        and (mean is null) = (quantiles is null) and (mean is null) = (totals is null)
    )
);
create index forecasts_product_idx on forecasts (company_id, product_id);
-- The digits of a quantile are noise to a compressor, which would only cost time.
alter table forecasts
    alter column mean set storage external,
    alter column quantiles set storage external,
    alter column totals set storage external;

{company_table("forecast_runs", "select", "insert", "update (as_of, starts_on, ok, fallback, failed)")}
{company_table("forecasts", "select", "insert", "delete")}
"""
