"""Forecast runs and the forecasts in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from inventoryai.domain.forecast_runs import (
    ForecastColumns,
    ForecastId,
    ForecastInUse,
    ForecastNotFound,
    ForecastRun,
    NewForecastRun,
    ProductForecast,
)
from inventoryai.domain.forecasts import ForecastStatus
from inventoryai.domain.jobs import JobId
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId
from inventoryai_postgres.constraints import expecting
from inventoryai_postgres.copying import UUID, Layout, copy_in, copy_out, floats, read_floats, staging
from inventoryai_postgres.cursors import id_after, text_after
from inventoryai_postgres.repositories.accuracy import PostgresAccuracies
from inventoryai_postgres.repositories.forecast_rows import (
    FORECAST_COLUMNS,
    LANDED_COLUMNS,
    RUN_COLUMNS,
    landed,
    outcome_arrays,
    outcome_of,
    product_forecast_of,
    run_of,
)
from inventoryai_postgres.session import Session
from inventoryai_postgres.texts import to_json

_ADD = """
insert into forecast_runs (company_id, id, job_id, engine, horizon, frequency, levels, options, product_ids,
                           seed, created_by, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_DELETE = "delete from forecast_runs where company_id = $1 and id = $2"
_FORGET = "delete from forecasts where company_id = $1 and forecast_id = $2"
_BEGIN = """
update forecast_runs set as_of = $3, starts_on = $4, ok = 0, fallback = 0, failed = 0
where company_id = $1 and id = $2
"""
_LAND = """
insert into forecasts (company_id, forecast_id, product_id, status, engine, reason_code, reason_data,
                       mean, quantiles, totals)
select $1, $2, staged.product_id, outcome.status, outcome.engine, outcome.code, outcome.data::jsonb,
       case when outcome.status <> 'failed' then mean end,
       case when outcome.status <> 'failed' then quantiles end,
       case when outcome.status <> 'failed' then totals end
from staged_forecasts as staged
join unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
    as outcome (product_id, status, engine, code, data) using (product_id)
"""
# Last in the transaction, as parts that land at once wait here for each other.
_COUNT = """
update forecast_runs set ok = ok + $3, fallback = fallback + $4, failed = failed + $5
where company_id = $1 and id = $2
"""
_SELECT = f"""
select {RUN_COLUMNS} from forecast_runs as run join jobs as job on job.id = run.job_id
where run.company_id = $1
"""
_GET = f"{_SELECT} and run.id = $2"
_LIST = f"{_SELECT} and ($2::uuid is null or run.id < $2) order by run.id desc limit $3"
_NEWEST_DAILY = f"""
{_SELECT} and run.product_ids is null and run.frequency = 'day' and run.horizon >= $2
    and job.state = 'succeeded' order by run.id desc limit 1
"""
_PRODUCTS = f"""
select {FORECAST_COLUMNS}, mean, quantiles, totals
from forecasts join products on (products.company_id, products.id) = (forecasts.company_id, product_id)
where forecasts.company_id = $1 and forecast_id = $2 and ($3::text is null or sku > $3)
order by sku limit $4
"""
_OUTCOMES = f"""
select {FORECAST_COLUMNS}
from forecasts join products on (products.company_id, products.id) = (forecasts.company_id, product_id)
where forecasts.company_id = $1 and forecast_id = $2 and not archived order by sku
"""
# A failed product has no numbers, and is sent as noughts, so that all rows have one length.
_NUMBERS = """
select product_id, coalesce(mean, array_fill(0::double precision, array[$4::integer])),
       coalesce(totals, array_fill(0::double precision, array[$4::integer, $5::integer]))
from unnest($3::uuid[]) with ordinality as asked (product_id, place) join forecasts using (product_id)
where company_id = $1 and forecast_id = $2 order by place
"""


@dataclass(frozen=True, slots=True)
class PostgresForecasts:
    """Forecast runs of the scope's company."""

    session: Session

    async def add(self, new: NewForecastRun, job_id: JobId) -> None:
        """Keeps a new run."""
        await self.session.execute(
            _ADD,
            self.session.company_id,
            new.id,
            job_id,
            new.request.engine,
            new.request.horizon,
            new.request.frequency.value,
            list(new.request.levels),
            to_json(new.request.options),
            None if new.products is None else list(new.products),
            new.seed,
            new.created_by,
            new.created_at,
        )

    async def begin(self, forecast_id: ForecastId, as_of: date, starts_on: date) -> None:
        """Notes what the history ends with; forgets what an earlier attempt stored."""
        await PostgresAccuracies(self.session).forget(forecast_id)
        await self.session.execute(_FORGET, self.session.company_id, forecast_id)
        await self.session.execute(_BEGIN, self.session.company_id, forecast_id, as_of, starts_on)

    async def land(self, forecast_id: ForecastId, forecasts: ForecastColumns) -> None:
        """Keeps the forecasts of some products."""
        key = (self.session.company_id, forecast_id)
        async with staging(self.session, "staged_forecasts", LANDED_COLUMNS):
            await copy_in(self.session, "staged_forecasts", landed(forecasts))
            await self.session.execute(
                _LAND, *key, list(forecasts.products), *outcome_arrays(forecasts.outcomes)
            )
        statuses = [outcome.status for outcome in forecasts.outcomes]
        counts = [statuses.count(status) for status in ForecastStatus]
        await self.session.execute(_COUNT, *key, *counts)

    async def delete(self, forecast_id: ForecastId) -> None:
        """Deletes a run; raises ``ForecastInUse``.

        What belongs to it would go with it row by row, and goes much faster at once.
        """
        await PostgresAccuracies(self.session).forget(forecast_id)
        await self.session.execute(_FORGET, self.session.company_id, forecast_id)
        with expecting("plans_forecast_fkey", ForecastInUse()):
            await self.session.execute(_DELETE, self.session.company_id, forecast_id)

    async def get(self, forecast_id: ForecastId) -> ForecastRun:
        """A run; raises ``ForecastNotFound``."""
        row = await self.session.fetchrow(_GET, self.session.company_id, forecast_id)
        if row is None:
            raise ForecastNotFound
        return run_of(row)

    async def list(self, page: PageRequest) -> Sequence[ForecastRun]:
        """Runs, newest first."""
        after = id_after(page)
        rows = await self.session.fetch(_LIST, self.session.company_id, after, page.limit + 1)
        return [run_of(row) for row in rows]

    async def products(self, forecast_id: ForecastId, page: PageRequest) -> Sequence[ProductForecast]:
        """The products of a run, by SKU."""
        rows = await self.session.fetch(
            _PRODUCTS, self.session.company_id, forecast_id, text_after(page), page.limit + 1
        )
        return [product_forecast_of(row) for row in rows]

    async def columns(self, forecast_id: ForecastId) -> ForecastColumns:
        """All products of a run that are not archived, by SKU, without ``quantiles``."""
        run = await self.get(forecast_id)
        horizon, levels = run.request.horizon, len(run.request.levels)
        outcomes = await self.session.fetch(_OUTCOMES, self.session.company_id, forecast_id)
        products = [ProductId(row["product_id"]) for row in outcomes]
        layout = Layout.of(product_id=UUID, mean=floats(horizon), totals=floats(horizon, levels))
        key = (self.session.company_id, forecast_id)
        rows = await copy_out(self.session, layout, _NUMBERS, *key, products, horizon, levels)
        return ForecastColumns(
            products=products,
            outcomes=[outcome_of(row) for row in outcomes],
            mean=read_floats(rows["mean"]),
            quantiles=np.empty((len(products), 0, levels)),
            totals=read_floats(rows["totals"]),
        )

    async def find_newest_daily(self, horizon: int) -> ForecastRun | None:
        """The newest daily run over all products that succeeded and reaches this far."""
        row = await self.session.fetchrow(_NEWEST_DAILY, self.session.company_id, horizon)
        return None if row is None else run_of(row)
