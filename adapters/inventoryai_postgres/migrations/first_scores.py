"""How the engines of a forecast run did on past windows: by product, and in sums by part of the run."""

from typing import Final

from inventoryai_postgres.migrations.rules import company_table
from inventoryai_postgres.roles import APP

SCORE_TABLES: Final = f"""
create table forecast_scores (
    company_id uuid not null,
    forecast_id uuid not null,
    product_id uuid not null,
    engine text not null,
    -- Its part in the product's forecast.
    weight real not null,
    -- Null where nothing could be judged.
    mase real,
    rmsse real,
    spl real,
    spl95 real,
    spl99 real,
    tpl real,
    absolute_error real,
    error real,
    demand real,
    inside_80 real,
    inside_95 real,
    below_95 real,
    below_99 real,
    total_below_95 real,
    constraint forecast_scores_pkey primary key (company_id, forecast_id, product_id, engine),
    constraint forecast_scores_forecast_fkey foreign key (company_id, forecast_id, product_id)
        references forecasts (company_id, forecast_id, product_id) on delete cascade
);

create table forecast_tallies (
    company_id uuid not null,
    forecast_id uuid not null,
    -- The first product of the part, which stands for it.
    part uuid not null,
    engine text not null,
    place smallint not null,
    -- Whether these are the forecasts that were kept: the combination, or the only engine.
    chosen boolean not null,
    products integer not null,
    unscaled integer not null,
    leads integer not null,
    weight double precision not null,
    weighed integer not null,
    -- For each mark its sum, and over how many products: {{"spl": [81.5, 1000]}}.
    marks jsonb not null,
    constraint forecast_tallies_pkey primary key (company_id, forecast_id, part, engine),
    constraint forecast_tallies_run_fkey
        foreign key (company_id, forecast_id) references forecast_runs on delete cascade
);

{company_table("forecast_scores", "select", "insert", "delete")}
{company_table("forecast_tallies", "select", "insert", "delete")}
grant delete on forecast_runs to {APP};
"""
