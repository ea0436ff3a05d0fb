"""How good forecasts were: on past windows when they were made, and against the sales that came since."""

import asyncio
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.companies import Membership
from inventoryai.domain.forecast_runs import ForecastId, ForecastRun, ProductForecast
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.domain.periods import as_day
from inventoryai.domain.products import ProductId
from inventoryai.forecasting import Panel, Prediction, as_of_day
from inventoryai.forecasting.accuracy import EngineMarks, ProductAccuracy, Tally, marks_at
from inventoryai.forecasting.realised import Realised, realised
from inventoryai.ports.clock import Clock
from inventoryai.ports.storage import InCompany, UnitOfWork, Work
from inventoryai.usecases.histories import History, ordinal_of_first
from inventoryai.usecases.overrides import as_expected
from inventoryai.usecases.realised import Marks, RealisedAccuracy, Since

LONGEST_HISTORY: Final = 1_000
"""Periods of history in one answer, the latest."""


@dataclass(frozen=True, slots=True)
class ForecastAccuracy:
    """How the engines of a run did, on all products and on those of a page."""

    run: ForecastRun
    engines: tuple[Tally, ...]
    products: Page[ProductAccuracy]
    realised: RealisedAccuracy | None


@dataclass(frozen=True, slots=True)
class GetForecastAccuracy:
    """How good a forecast is: each engine that was tried, on all products and on every one.

    Engines are judged on past windows that they did not know: those are the marks of ``engines`` and
    ``items``, and they are there as soon as the run has ended. ``realised`` judges the forecast itself by
    the sales that have come since, over the periods that are over by now, and is null until one is; of
    more than 500 products it takes 500, evenly spaced, beside those of the page. It is what the engines
    said; of the products that planners had changed, ``with_overrides`` is what they had said before each
    period began, and ``without_overrides`` what the engines said of the same.
    """

    begin: UnitOfWork
    clock: Clock

    async def __call__(
        self, member: Membership, forecast_id: ForecastId, page: PageRequest
    ) -> ForecastAccuracy:
        """One page; raises ``ForecastNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            run = await work.forecasts.get(forecast_id)
            engines = await work.accuracies.tallies(forecast_id)
            listed = await work.accuracies.products(forecast_id, page)
            products = Page.cut(listed, page, lambda product: product.sku)
            until = await _known_until(work, self.clock)
            since = await Since.read(work, run, until, [one.product_id for one in products.items])
        return ForecastAccuracy(
            run,
            engines,
            products,
            None if since is None else await asyncio.to_thread(since.judged),
        )


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """One product of a run.

    Attributes:
        engines: How those did that were tried.
        history_starts: Ordinal of the first period of ``history``.
        history: float64[m], what was known when the forecast was made, at most the last 1,000 periods;
            NaN where demand is unknown.
        actual: float64[k], the demand of the periods that are over by now.
        realised: How the forecast did in them; None while there are none.
        expected: The forecast, as planners have changed it.
    """

    run: ForecastRun
    forecast: ProductForecast
    engines: tuple[EngineMarks, ...]
    history_starts: int
    history: NDArray[np.float64]
    actual: NDArray[np.float64]
    realised: Marks | None
    expected: ProductForecast


@dataclass(frozen=True, slots=True)
class GetProductForecast:
    """What a run forecasts for one product, on what history, by which engine and why.

    With the marks of every engine that was tried on it, the part each has in the forecast, and what has
    been sold since.
    """

    begin: UnitOfWork
    clock: Clock

    async def __call__(
        self, member: Membership, forecast_id: ForecastId, product_id: ProductId
    ) -> ProductDetails:
        """Raises ``ForecastNotFound`` or ``ProductNotForecast``."""
        async with self.begin(InCompany.of(member)) as work:
            run = await work.forecasts.get(forecast_id)
            forecast, engines = await work.accuracies.product(forecast_id, product_id)
            until = await _known_until(work, self.clock)
            history = await History.read(work, [product_id], until or 0)
            (expected,) = await as_expected(work, run, [forecast], self.clock.now())
        details = await asyncio.to_thread(_details, run, forecast, engines, history)
        return replace(details, expected=expected)


async def _known_until(work: Work, clock: Clock) -> int | None:
    """The first day that nothing is known of; None without any sales."""
    last_day = await work.sales.last_day()
    if last_day is None:
        return None
    zone = ZoneInfo((await work.companies.get()).time_zone)
    return as_of_day(last_day, as_day(clock.now().astimezone(zone).date()))


def _details(
    run: ForecastRun, forecast: ProductForecast, engines: tuple[EngineMarks, ...], history: History
) -> ProductDetails:
    panel = history.panel(run.request.frequency)
    first = panel.end if run.starts_on is None else ordinal_of_first(run)
    before = max(0, int(panel.lengths[0]) - max(0, panel.end - first))
    known = panel.history(0)[:before][-LONGEST_HISTORY:]
    found = _came(run, forecast, panel)
    return ProductDetails(
        run,
        forecast,
        engines,
        min(first, panel.end) - len(known),
        known,
        np.empty(0) if found is None else found.actual[0],
        None if found is None else marks_at(found.scores, 0),
        forecast,
    )


def _came(run: ForecastRun, forecast: ProductForecast, panel: Panel) -> Realised | None:
    if forecast.mean is None or forecast.quantiles is None or forecast.totals is None:
        return None
    numbers = (forecast.mean[None], forecast.quantiles[None], forecast.totals[None])
    said = Prediction(*numbers, np.asarray(run.request.levels, dtype=np.float64))
    return realised(panel, ordinal_of_first(run), said)
