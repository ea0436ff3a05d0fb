"""Planners' overrides of forecasts."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from inventoryai_postgres.migrations.rules import company_table, migration

ID = "0007_overrides"
DESCRIPTION = "planners' overrides of forecasts"

_TABLE = f"""
create table forecast_overrides (
    company_id uuid not null references companies on delete cascade,
    id uuid not null,
    -- The run it was made on. What a planner said of days to come outlives it.
    forecast_id uuid,
    product_id uuid not null,
    starts_on date not null,
    ends_on date not null,
    frequency text not null constraint forecast_overrides_frequency_check
        check (frequency in ('day', 'week', 'month')),
    mean double precision,
    factor double precision,
    reason text not null,
    created_by uuid not null references users,
    created_at timestamptz not null,
    expires_at timestamptz,
    withdrawn_at timestamptz,
    withdrawn_by uuid references users,
    constraint forecast_overrides_pkey primary key (company_id, id),
    constraint forecast_overrides_run_fkey foreign key (company_id, forecast_id)
        references forecast_runs on delete set null (forecast_id),
    constraint forecast_overrides_product_fkey
        foreign key (company_id, product_id) references products on delete cascade,
    constraint forecast_overrides_days_check check (ends_on >= starts_on),
    constraint forecast_overrides_change_check check ((mean is null) <> (factor is null)),
    constraint forecast_overrides_sign_check check (coalesce(mean, factor) >= 0),
    constraint forecast_overrides_withdrawn_check check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index forecast_overrides_run_idx on forecast_overrides (company_id, forecast_id);
create index forecast_overrides_product_idx on forecast_overrides (company_id, product_id);
create index forecast_overrides_holding_idx on forecast_overrides (company_id, ends_on)
    where withdrawn_at is null;

{company_table("forecast_overrides", "select", "insert", "update (withdrawn_at, withdrawn_by)")}
"""


async def forwards() -> MigrationManager:
    """Makes it, empty."""
    return migration(ID, DESCRIPTION, (_TABLE,))
