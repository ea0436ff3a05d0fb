"""Planners' overrides: making one, seeing them, taking one back, and what forecasts are with them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.companies import Membership
from inventoryai.domain.forecast_runs import (
    ForecastColumns,
    ForecastId,
    ForecastRun,
    OverrideNote,
    ProductForecast,
    ProductNotForecast,
)
from inventoryai.domain.overrides import (
    NewOverride,
    Override,
    OverrideId,
    OverrideNotFound,
    Signature,
    period_edges,
)
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.domain.periods import as_day
from inventoryai.domain.products import SKU_LENGTH, ProductId, SkuUnknown
from inventoryai.domain.text import clean
from inventoryai.forecasting import Prediction
from inventoryai.forecasting.overriding import Changes, Revision, overridden
from inventoryai.ports.clock import Clock
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.storage import InCompany, UnitOfWork, Work


@dataclass(frozen=True, slots=True)
class AddOverride:
    """Changes the forecast of one product by what a planner knows, from one day to another.

    ``mean`` is the demand expected of one period, ``factor`` how many times what is forecast. Whole
    periods are changed: those from the one that holds ``from`` to the one that holds ``to``. It holds
    for this forecast and, as it speaks of days, for every later one of the same days, until it expires
    or is withdrawn; of several that speak of one period, the last one counts. Plans order by it. What
    the engines said stays beside it, and accuracy is judged with and without.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers

    async def __call__(self, member: Membership, forecast_id: ForecastId, new: NewOverride) -> Override:
        """The override.

        Raises:
            ForecastNotFound, ProductNotForecast, SkuUnknown: There is nothing of the kind.
            InvalidFields, OverrideOfNothing: It cannot be.
        """
        now = self.clock.now()
        async with self.begin(InCompany.of(member)) as work:
            run = await work.forecasts.get(forecast_id)
            if run.starts_on is None:
                raise ProductNotForecast
            new.checked(run, now)
            forecast, _ = await work.accuracies.product(forecast_id, await _product(work, new))
            signature = Signature(OverrideId(self.identifiers.new()), member.user_id, now)
            override = new.signed(signature, run, forecast)
            await work.overrides.add(override)
            return await work.overrides.get(override.id)


async def _product(work: Work, new: NewOverride) -> ProductId:
    if new.product_id is not None:
        return new.product_id
    sku = clean(new.sku or "", most=SKU_LENGTH)
    known = await work.products.ids_by_sku([sku])
    if sku not in known:
        raise SkuUnknown(sku=sku)
    return known[sku]


@dataclass(frozen=True, slots=True)
class ListOverrides:
    """What planners ever said about a forecast, the last first, withdrawn and expired ones too.

    It lists the overrides that were made on it, and those made on other forecasts that speak of its
    products and days.
    """

    begin: UnitOfWork

    async def __call__(
        self, member: Membership, forecast_id: ForecastId, page: PageRequest
    ) -> Page[Override]:
        """One page; raises ``ForecastNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            await work.forecasts.get(forecast_id)
            found = await work.overrides.list(forecast_id, page)
        return Page.cut(found, page, lambda override: str(override.id))


@dataclass(frozen=True, slots=True)
class WithdrawOverride:
    """Takes an override back: forecasts are again what the engines said. It stays listed, for the record."""

    begin: UnitOfWork
    clock: Clock

    async def __call__(self, member: Membership, forecast_id: ForecastId, override_id: OverrideId) -> None:
        """Raises ``ForecastNotFound``, or ``OverrideNotFound`` if the forecast is not changed by it."""
        async with self.begin(InCompany.of(member)) as work:
            run = await work.forecasts.get(forecast_id)
            override = await work.overrides.get(override_id)
            if override.forecast_id != forecast_id and not _touches(override, run):
                raise OverrideNotFound
            await work.overrides.withdraw(override_id, self.clock.now())


def _touches(override: Override, run: ForecastRun) -> bool:
    """Whether an override changes days of a run."""
    if run.starts_on is None:
        return False
    edges = period_edges(run)
    return override.starts_on < edges[-1] and override.ends_on >= edges[0]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What planners say about a run at some moment.

    Attributes:
        overrides: Those that hold, the oldest first.
        edges: int64[h + 1], first days of the run's periods, and the day after the last.
        levels: float64[q], the run's quantile levels.
    """

    overrides: Sequence[Override]
    edges: NDArray[np.int64]
    levels: NDArray[np.float64]

    @classmethod
    async def of(
        cls, work: Work, run: ForecastRun, now: datetime | None, products: Sequence[ProductId] | None = None
    ) -> "Standing":
        """What holds of these products of a run that has begun, or of all; ``now`` as in the port."""
        edges = period_edges(run)
        overrides = await work.overrides.holding(edges[0], edges[-1], now, products)
        return cls(
            overrides,
            np.array([as_day(edge) for edge in edges], dtype=np.int64),
            np.array(run.request.levels, dtype=np.float64),
        )

    def foreseen(self, forecast: Prediction, products: Sequence[ProductId]) -> Prediction:
        """What planners made of the forecast of some products before each period began; for accuracy."""
        changes = Changes.of(self.overrides, products)
        return overridden(forecast, changes, self.edges, foreseen=True)

    def columns(self, forecasts: ForecastColumns) -> ForecastColumns:
        """The means and totals of a run as they are expected now; a failed product stays failed."""
        if not self.overrides:
            return forecasts
        changes = Changes.of(self.overrides, forecasts.products)
        revision = Revision.of(forecasts.mean, changes, self.edges)
        return replace(
            forecasts,
            mean=revision.means(forecasts.mean),
            totals=revision.totals(forecasts.totals, self.levels),
        )

    def product(self, forecast: ProductForecast) -> ProductForecast:
        """One product's forecast as it is expected now, with the engine's mean and who changed it."""
        mean, quantiles, totals = forecast.mean, forecast.quantiles, forecast.totals
        changes = Changes.of(self.overrides, [forecast.product_id])
        if mean is None or quantiles is None or totals is None or not len(changes.product):
            return forecast
        revision = Revision.of(mean[None], changes, self.edges)
        counting = [one for one in self.overrides if one.product_id == forecast.product_id]
        last = counting[int(revision.last.max())]
        return replace(
            forecast,
            mean=revision.means(mean[None])[0],
            quantiles=revision.quantiles(quantiles[None], self.levels)[0],
            totals=revision.totals(totals[None], self.levels)[0],
            engine_mean=mean,
            override=OverrideNote(last.id, last.author, last.reason, last.expires_at),
        )


async def as_expected(
    work: Work, run: ForecastRun, forecasts: Sequence[ProductForecast], now: datetime
) -> list[ProductForecast]:
    """Some products of a run as they are expected now: what engines said, as planners have changed it."""
    if run.starts_on is None or not forecasts:
        return list(forecasts)
    standing = await Standing.of(work, run, now, [one.product_id for one in forecasts])
    if not standing.overrides:
        return list(forecasts)
    return await asyncio.to_thread(lambda: [standing.product(one) for one in forecasts])


async def columns_as_expected(work: Work, run: ForecastRun, now: datetime) -> ForecastColumns:
    """All products of a run as they are expected now; without ``quantiles``, as ``columns`` gives them."""
    columns = await work.forecasts.columns(run.id)
    if run.starts_on is None:
        return columns
    standing = await Standing.of(work, run, now)
    return await asyncio.to_thread(standing.columns, columns)
