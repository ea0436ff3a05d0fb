"""Forecast runs: one request, answered for every product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.errors import Conflict, NotFound
from inventoryai.domain.forecasts import ForecastOutcome, ForecastRequest
from inventoryai.domain.identity import UserId
from inventoryai.domain.jobs import Job
from inventoryai.domain.products import ProductId

ForecastId = NewType("ForecastId", UUID)
PART_SIZE = 1_000
"""Products in one part of a run: what one worker takes at once."""


class ForecastNotFound(NotFound):
    """No such forecast in this company."""

    code = "forecast.not_found"
    en = "There is no such forecast."
    fr = "Cette prévision n’existe pas."


class ProductNotForecast(NotFound):
    """The run does not have the product, or there is no such product in this company."""

    code = "forecast.product_not_found"
    en = "This forecast does not have that product."
    fr = "Cette prévision ne comporte pas cet article."


class ForecastInUse(Conflict):
    """Orders were recommended from it, and their explanation refers to it."""

    code = "forecast.in_use"
    en = "A plan rests on this forecast, so it is kept."
    fr = "Un plan repose sur cette prévision : elle est conservée."


class NothingToForecast(NotFound):
    """There are no products, or no sales of any."""

    code = "forecast.no_sales"
    en = "There is nothing to forecast from: import a file of sales first."
    fr = "Il n’y a rien à prévoir : importez d’abord un fichier de ventes."


@dataclass(frozen=True, slots=True)
class NewForecastRun:
    """A run as it begins. ``products`` is None for all of them."""

    id: ForecastId
    request: ForecastRequest
    products: tuple[ProductId, ...] | None
    seed: int
    created_by: UserId
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """How many products got the engine's forecast, the host's, or none."""

    ok: int = 0
    fallback: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class ForecastRun:
    """A run as its company sees it. Its state is its job's.

    Attributes:
        as_of: The day after the last day of history; None until the work has begun.
        starts_on: The first day of the first period that is forecast.
    """

    id: ForecastId
    request: ForecastRequest
    all_products: bool
    seed: int
    created_at: datetime
    as_of: date | None
    starts_on: date | None
    outcomes: OutcomeCounts
    job: Job


@dataclass(frozen=True, slots=True, eq=False)
class ForecastColumns:
    """The forecasts of n products, in the order of ``products``.

    Attributes:
        products: Whose they are.
        outcomes: What became of each; of a failed one the numbers are 0.
        mean: float64[n, h].
        quantiles: float64[n, h, q], demand in each period.
        totals: float64[n, h, q], demand summed over the periods 1 to k.
    """

    products: Sequence[ProductId]
    outcomes: Sequence[ForecastOutcome]
    mean: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    totals: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OverrideNote:
    """Who changed a forecast, and why; the author's name is None once they have left."""

    id: UUID
    author: str | None
    reason: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, eq=False)
class ProductForecast:
    """One product's forecast: mean[h], quantiles[h, q], totals[h, q], or None of each when it failed.

    Where a planner has changed it, ``override`` is their last word, and ``engine_mean`` what was before.
    """

    product_id: ProductId
    sku: str
    outcome: ForecastOutcome
    mean: NDArray[np.float64] | None
    quantiles: NDArray[np.float64] | None
    totals: NDArray[np.float64] | None
    engine_mean: NDArray[np.float64] | None = None
    override: OverrideNote | None = None
