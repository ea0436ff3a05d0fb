"""Forecasts and plans, as they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from inventoryai.domain.forecast_runs import (
    ForecastColumns,
    ForecastId,
    ForecastRun,
    NewForecastRun,
    ProductForecast,
)
from inventoryai.domain.jobs import JobId
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.plans import (
    NewPlan,
    Plan,
    PlanId,
    PlanSummary,
    RankedRecommendation,
    RecommendationRow,
)


class Forecasts(Protocol):
    """Forecast runs of the scope's company."""

    async def add(self, new: NewForecastRun, job_id: JobId) -> None:
        """Keeps a new run."""
        ...

    async def begin(self, forecast_id: ForecastId, as_of: date, starts_on: date) -> None:
        """Notes what the run's history ends with; forgets what an earlier attempt stored."""
        ...

    async def land(self, forecast_id: ForecastId, forecasts: ForecastColumns) -> None:
        """Keeps the forecasts of some products, by COPY."""
        ...

    async def delete(self, forecast_id: ForecastId) -> None:
        """Deletes a run that has ended, with all that belongs to it.

        Raises:
            ForecastInUse: A plan rests on it.
        """
        ...

    async def get(self, forecast_id: ForecastId) -> ForecastRun:
        """A run.

        Raises:
            ForecastNotFound: There is none in this company.
        """
        ...

    async def list(self, page: PageRequest) -> Sequence[ForecastRun]:
        """Runs, newest first (``page.after`` is an id as text); up to ``limit + 1``."""
        ...

    async def products(self, forecast_id: ForecastId, page: PageRequest) -> Sequence[ProductForecast]:
        """The products of a run, by SKU (``page.after`` is one); up to ``limit + 1``."""
        ...

    async def columns(self, forecast_id: ForecastId) -> ForecastColumns:
        """All products of a run that are not archived, by SKU; ``quantiles`` stay behind, as [n, 0, q]."""
        ...

    async def find_newest_daily(self, horizon: int) -> ForecastRun | None:
        """The newest daily run over all products that succeeded and reaches this far."""
        ...


@dataclass(frozen=True, slots=True)
class RecommendationFilter:
    """Which recommendations: only those to be ordered today, or all."""

    urgent: bool | None = None


class Plans(Protocol):
    """Plans of the scope's company."""

    async def add(self, new: NewPlan, job_id: JobId) -> None:
        """Keeps a new plan; raises ``ForecastNotFound`` if its forecast was deleted in the meantime."""
        ...

    async def land(
        self,
        plan_id: PlanId,
        as_of: date,
        summary: PlanSummary,
        recommendations: Sequence[RankedRecommendation],
    ) -> None:
        """Keeps what a plan came to, by COPY."""
        ...

    async def get(self, plan_id: PlanId) -> Plan:
        """A plan.

        Raises:
            PlanNotFound: There is none in this company.
        """
        ...

    async def list(self, page: PageRequest) -> Sequence[Plan]:
        """Plans, newest first (``page.after`` is an id as text); up to ``limit + 1``."""
        ...

    async def find_newest(self) -> Plan | None:
        """The newest plan that succeeded."""
        ...

    async def recommendations(
        self, plan_id: PlanId, page: PageRequest, only: RecommendationFilter
    ) -> Sequence[RecommendationRow]:
        """Recommendations of a plan, most urgent first (``page.after`` is a rank); up to ``limit + 1``."""
        ...
