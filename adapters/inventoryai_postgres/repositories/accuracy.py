"""How the engines of forecast runs did on past windows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from uuid import UUID

import numpy as np

from inventoryai.domain.forecast_runs import ForecastId, ForecastRun, ProductForecast, ProductNotForecast
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.products import ProductId
from inventoryai.forecasting import Prediction
from inventoryai.forecasting.accuracy import EngineMarks, ProductAccuracy, Tally, added, chosen, tallies
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.summaries import Summary
from inventoryai_postgres.copying import UUID as UUID_COLUMN
from inventoryai_postgres.copying import Layout, copy_in, copy_out, floats, read_floats, staging
from inventoryai_postgres.cursors import text_after
from inventoryai_postgres.repositories.accuracy_rows import (
    MARK_COLUMNS,
    STAGED_COLUMNS,
    TALLY_COLUMNS,
    marks_of,
    product_of,
    staged,
    tally_of,
    tally_row,
)
from inventoryai_postgres.repositories.forecast_rows import FORECAST_COLUMNS, product_forecast_of
from inventoryai_postgres.session import Session
from inventoryai_postgres.texts import keepable

# COPY of rows of one length has no nulls; NaN stands for them until here.
_KNOWN = ", ".join(f"nullif({mark}, 'NaN'::real)" for mark in MARK_COLUMNS.split(", "))
_LAND = f"""
insert into forecast_scores (company_id, forecast_id, product_id, engine, weight, {MARK_COLUMNS})
select $1, $2, product_id, ($3::text[])[place], weight, {_KNOWN} from staged_scores order by product_id, place
"""
_TALLY = f"""
insert into forecast_tallies (company_id, forecast_id, part, {TALLY_COLUMNS})
select $1, $2, $3, * from unnest($4::text[], $5::smallint[], $6::boolean[], $7::integer[], $8::integer[],
                                 $9::integer[], $10::double precision[], $11::integer[], $12::jsonb[])
"""
_FORGET = (
    "delete from forecast_scores where company_id = $1 and forecast_id = $2",
    "delete from forecast_tallies where company_id = $1 and forecast_id = $2",
)
_TALLIES = f"""
select forecast_id, {TALLY_COLUMNS} from forecast_tallies
where company_id = $1 and forecast_id = any($2::uuid[]) and (chosen or not $3::boolean)
order by forecast_id, place, engine
"""
_FROM = """
from forecasts join products on (products.company_id, products.id) = (forecasts.company_id, product_id)
where forecasts.company_id = $1 and forecast_id = $2
"""
_PRODUCTS = f"select {FORECAST_COLUMNS} {_FROM} and ($3::text is null or sku > $3) order by sku limit $4"
_PRODUCT = f"select {FORECAST_COLUMNS}, mean, quantiles, totals {_FROM} and product_id = $3"
_MARKS = f"""
select product_id, engine, weight, {MARK_COLUMNS} from forecast_scores
where company_id = $1 and forecast_id = $2 and product_id = any($3::uuid[]) order by weight desc, spl, engine
"""
_SAMPLE = """
select product_id from (
    select product_id, row_number() over (order by product_id) - 1 as place, count(*) over () as all_of_them
    from forecasts where company_id = $1 and forecast_id = $2 and status <> 'failed'
) as forecast where place % greatest(1, ceil(all_of_them::numeric / $3::integer)) = 0 order by product_id
"""
_NUMBERS = """
select product_id, mean, quantiles, totals
from unnest($3::uuid[]) with ordinality as asked (product_id, place) join forecasts using (product_id)
where company_id = $1 and forecast_id = $2 and status <> 'failed' order by place
"""


@dataclass(frozen=True, slots=True)
class PostgresAccuracies:
    """How the engines of the scope's company did, by run."""

    session: Session

    async def land(
        self, forecast_id: ForecastId, products: Sequence[ProductId], trials: Sequence[Trial]
    ) -> None:
        """Keeps the trials of a part."""
        if not trials:
            return
        key = (self.session.company_id, forecast_id)
        async with staging(self.session, "staged_scores", STAGED_COLUMNS):
            await copy_in(self.session, "staged_scores", staged(products, trials))
            await self.session.execute(_LAND, *key, [keepable(trial.engine) for trial in trials])
        kept = chosen(trials)
        rows = [tally_row(one, place, kept=place == kept) for place, one in enumerate(tallies(trials))]
        await self.session.execute(_TALLY, *key, products[0], *map(list, zip(*rows, strict=True)))

    async def forget(self, forecast_id: ForecastId) -> None:
        """Drops what an earlier attempt at a run kept."""
        for statement in _FORGET:
            await self.session.execute(statement, self.session.company_id, forecast_id)

    async def tallies(self, forecast_id: ForecastId) -> tuple[Tally, ...]:
        """How each engine did on all products that have landed."""
        found = await self._tallies([forecast_id], chosen_alone=False)
        return added(found[forecast_id])

    async def chosen(self, forecast_ids: Sequence[ForecastId]) -> Mapping[ForecastId, Summary]:
        """How what was kept did on all products that have landed."""
        found = await self._tallies(forecast_ids, chosen_alone=True)
        sums = {one: reduce(add, (tally.sums for tally in parts)) for one, parts in found.items()}
        return {one: Summary.of_sums(total) for one, total in sums.items() if total.products}

    async def _tallies(
        self, forecast_ids: Sequence[ForecastId], *, chosen_alone: bool
    ) -> dict[ForecastId, list[Tally]]:
        rows = await self.session.fetch(_TALLIES, self.session.company_id, list(forecast_ids), chosen_alone)
        found: dict[ForecastId, list[Tally]] = defaultdict(list)
        for row in rows:
            found[ForecastId(row["forecast_id"])].append(tally_of(row))
        return found

    async def products(self, forecast_id: ForecastId, page: PageRequest) -> Sequence[ProductAccuracy]:
        """The products of a run, by SKU."""
        key = (self.session.company_id, forecast_id)
        rows = await self.session.fetch(_PRODUCTS, *key, text_after(page), page.limit + 1)
        marks = await self._marks(forecast_id, [row["product_id"] for row in rows])
        return [product_of(row, marks[row["product_id"]]) for row in rows]

    async def product(
        self, forecast_id: ForecastId, product_id: ProductId
    ) -> tuple[ProductForecast, tuple[EngineMarks, ...]]:
        """One product of a run; raises ``ProductNotForecast``."""
        row = await self.session.fetchrow(_PRODUCT, self.session.company_id, forecast_id, product_id)
        if row is None:
            raise ProductNotForecast
        return product_forecast_of(row), tuple((await self._marks(forecast_id, [product_id]))[product_id])

    async def _marks(
        self, forecast_id: ForecastId, products: Sequence[UUID]
    ) -> dict[UUID, list[EngineMarks]]:
        rows = await self.session.fetch(_MARKS, self.session.company_id, forecast_id, list(products))
        found: dict[UUID, list[EngineMarks]] = defaultdict(list)
        for row in rows:
            found[row["product_id"]].append(marks_of(row))
        return found

    async def sample(self, forecast_id: ForecastId, most: int) -> Sequence[ProductId]:
        """Products that have a forecast, all or evenly spaced."""
        rows = await self.session.fetch(_SAMPLE, self.session.company_id, forecast_id, most)
        return [ProductId(row["product_id"]) for row in rows]

    async def predictions(
        self, run: ForecastRun, products: Sequence[ProductId]
    ) -> tuple[Sequence[ProductId], Prediction]:
        """Those products that have a forecast, and what it is."""
        horizon, levels = run.request.horizon, len(run.request.levels)
        layout = Layout.of(
            product_id=UUID_COLUMN,
            mean=floats(horizon),
            quantiles=floats(horizon, levels),
            totals=floats(horizon, levels),
        )
        rows = await copy_out(self.session, layout, _NUMBERS, self.session.company_id, run.id, list(products))
        found = {product.bytes: product for product in products}
        prediction = Prediction(
            mean=read_floats(rows["mean"]),
            quantiles=read_floats(rows["quantiles"]),
            totals=read_floats(rows["totals"]),
            levels=np.asarray(run.request.levels, dtype=np.float64),
        )
        return [found[one.tobytes()] for one in rows["product_id"]], prediction
