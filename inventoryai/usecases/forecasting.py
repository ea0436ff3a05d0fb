"""The jobs of a forecast: one that cuts the run into parts, and one for each part."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from inventoryai.domain.forecast_runs import (
    PART_SIZE,
    ForecastColumns,
    ForecastId,
    ForecastRun,
    NothingToForecast,
)
from inventoryai.domain.jobs import JobId, JobKind, Lease, NewJob
from inventoryai.domain.periods import as_date
from inventoryai.domain.products import ProductId
from inventoryai.forecasting import Calendar, Panel
from inventoryai.ports.clock import Clock
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.queue import JobQueue
from inventoryai.ports.storage import InCompany, UnitOfWork
from inventoryai.usecases.assembling import AssembleHistories, Wanted
from inventoryai.usecases.cold_start import FindRelatives, warmed_up
from inventoryai.usecases.histories import common_calendar
from inventoryai.usecases.prediction import Predict, Predictions
from inventoryai.usecases.progressing import Progress
from inventoryai.usecases.recalling import LoadModels


@dataclass(frozen=True, slots=True)
class CutForecast:
    """Decides what a run starts from, and cuts it into parts that any worker may take.

    All parts share one calendar: histories end on the last day with any sale of the company, or
    yesterday when that day is today, which is not over. They use the same models, too: those that are current
    now.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    queue: JobQueue
    automatic: frozenset[str] = frozenset()
    """The engines among which the automatic plan chooses."""

    async def __call__(self, lease: Lease) -> None:
        """Raises ``NothingToForecast`` for a company without sales or products."""
        forecast_id = ForecastId(UUID(lease.payload["forecast_id"]))
        chosen = lease.payload["product_ids"]
        ids = None if chosen is None else [ProductId(UUID(one)) for one in chosen]
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.hold(lease)
            run = await work.forecasts.get(forecast_id)
            products = [product.id for product in await work.products.every(ids)]
            if not products:
                raise NothingToForecast
            calendar = await common_calendar(work, self.clock, run.request.frequency, products)
            starts_on = as_date(calendar.frequency.first_day(calendar.end))
            parts = [self._part(lease, run, calendar, some) for some in _chunks(products)]
            await work.forecasts.begin(forecast_id, as_date(calendar.as_of), starts_on)
            await work.models.pin(forecast_id, run.request, self.automatic)
            await work.jobs.wait_for_parts(lease, parts, len(products))
        await self.queue.wake([part.id for part in parts])

    def _part(self, lease: Lease, run: ForecastRun, calendar: Calendar, products: list[ProductId]) -> NewJob:
        payload: dict[str, Any] = {
            "forecast_id": str(run.id),
            "product_ids": [str(product) for product in products],
            "as_of": calendar.as_of,
            "end": calendar.end,
            "begins": calendar.begins,
        }
        return NewJob(
            id=JobId(self.identifiers.new()),
            kind=JobKind.FORECAST_PART,
            user_id=lease.user_id,
            payload=payload,
            unit="products",
            total=len(products),
            parent_id=lease.job_id,
        )


def _chunks(products: list[ProductId]) -> list[list[ProductId]]:
    return [products[start : start + PART_SIZE] for start in range(0, len(products), PART_SIZE)]


@dataclass(frozen=True, slots=True)
class RunForecastPart:
    """Forecasts some products of a run, and stores one row for each.

    Engines are shown what they make use of beside demand; new products are forecast after others.
    """

    begin: UnitOfWork
    predict: Predict
    assemble: AssembleHistories
    find_relatives: FindRelatives
    load_models: LoadModels

    async def __call__(self, lease: Lease) -> None:
        """Raises ``EngineUnknown`` when this worker does not have the engine."""
        payload = lease.payload
        forecast_id = ForecastId(UUID(payload["forecast_id"]))
        products = [ProductId(UUID(one)) for one in payload["product_ids"]]
        async with self.begin(InCompany.of(lease)) as work:
            run = await work.forecasts.get(forecast_id)
        # Parts that an older version has cut do not say where the company's sales begin.
        ends = (payload["as_of"], payload["end"], payload.get("begins"))
        calendar = Calendar(run.request.frequency, *ends)
        found = await self._forecast(lease, run, products, calendar)
        columns = ForecastColumns(
            products,
            found.outcomes,
            found.prediction.mean,
            found.prediction.quantiles,
            found.prediction.totals,
        )
        async with self.begin(InCompany.of(lease)) as work:
            await work.jobs.hold(lease)
            await work.forecasts.land(forecast_id, columns)
            await work.accuracies.land(forecast_id, products, found.trials)
            await work.jobs.finish_part(lease, len(products))

    async def _forecast(
        self, lease: Lease, run: ForecastRun, products: list[ProductId], calendar: Calendar
    ) -> Predictions:
        scope = InCompany.of(lease)
        engines = self.predict.catalogue.asked(run.request.engine)
        covariates = {name for engine in engines for name in engine.covariates}
        wanted = Wanted(calendar, run.request.horizon, covariates)
        panel = await self.assemble(scope, products, wanted)
        least = min((engine.minimum_history for engine in engines), default=1)
        relatives = await self.find_relatives(scope, products, panel, least)
        if relatives.others:
            panel = Panel.join([panel, await self.assemble(scope, relatives.others, wanted)])
        progress = Progress(self.begin, lease, total=len(products), of=len(panel))
        async with progress.told():
            models = await self.load_models(scope, run, panel)
            found = await self.predict(panel, run.request, run.seed, progress, models)
        return await asyncio.to_thread(warmed_up, panel, found, relatives.chances, len(products))
