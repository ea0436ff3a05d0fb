"""Plans, and one recommendation for each product of a plan, with every number of its explanation."""

from typing import Final

from inventoryai_postgres.migrations.rules import company_table

_SUMMARY: Final = "as_of, products, to_order, urgent, cost, days_behind"

PLAN_TABLES: Final = f"""
create table plans (
    company_id uuid not null references companies on delete cascade,
    id uuid not null,
    job_id uuid not null,
    forecast_id uuid not null,
    -- What was asked; what is null was left to the company's defaults.
    asked_forecast_id uuid,
    asked_service_level numeric,
    asked_review_days integer,
    created_by uuid not null references users,
    created_at timestamptz not null,
    -- What it came to, all at once.
    as_of date,
    products integer,
    to_order integer,
    urgent integer,
    cost numeric,
    days_behind integer,
    constraint plans_pkey primary key (company_id, id),
    constraint plans_job_fkey foreign key (company_id, job_id) references jobs (company_id, id),
    constraint plans_forecast_fkey foreign key (company_id, forecast_id) references forecast_runs,
    constraint plans_summary_check check (
        (as_of is null) = (products is null)
        and (as_of is null) = (to_order is null) and (as_of is null) = (urgent is null)
    )
);
create index plans_job_idx on plans (company_id, job_id);
create index plans_forecast_idx on plans (company_id, forecast_id);

create table recommendations (
    company_id uuid not null,
    plan_id uuid not null,
    rank integer not null,
    product_id uuid not null,
    -- Its place in the columns that the plan was worked out from.
    place integer not null,
    status text not null constraint recommendations_status_check check (status in ('ok', 'unknown')),
    order_quantity numeric(18, 3),
    order_by date,
    urgent boolean not null,
    reorder_point numeric(18, 3),
    safety_stock numeric(18, 3),
    order_up_to numeric(18, 3),
    on_hand numeric(18, 3) not null,
    on_order numeric(18, 3) not null,
    days_of_cover integer,
    stockout_risk double precision,
    cost numeric,
    explanation jsonb not null,
    constraint recommendations_pkey primary key (company_id, plan_id, rank),
    constraint recommendations_product_key unique (company_id, plan_id, product_id),
    constraint recommendations_plan_fkey
        foreign key (company_id, plan_id) references plans on delete cascade,
    constraint recommendations_product_fkey
        foreign key (company_id, product_id) references products on delete cascade
);
create index recommendations_product_idx on recommendations (company_id, product_id);
create index recommendations_urgent_idx on recommendations (company_id, plan_id, urgent, rank);

{company_table("plans", "select", "insert", f"update ({_SUMMARY})")}
{company_table("recommendations", "select", "insert", "delete")}
"""
