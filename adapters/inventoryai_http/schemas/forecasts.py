"""Forecasts on the wire."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from msgspec import Struct

from inventoryai.domain import forecast_runs
from inventoryai.domain import models as trained_models
from inventoryai.domain.engines import AUTO
from inventoryai.domain.errors import Locale
from inventoryai.domain.forecasts import DEFAULT_LEVELS, ForecastRequest, ForecastStatus
from inventoryai.domain.jobs import JobState
from inventoryai.domain.periods import Frequency
from inventoryai.domain.products import ProductId
from inventoryai.forecasting.summaries import Summary
from inventoryai_http.schemas.jobs import JOB_EXAMPLE, JobSummary
from inventoryai_http.schemas.marks import Accuracy
from inventoryai_http.schemas.models import ModelUse
from inventoryai_http.schemas.reasons import Reason


class NewForecast(Struct, frozen=True, forbid_unknown_fields=True):
    """What to forecast: ``horizon`` periods ahead, by default of all products, by the best engine."""

    horizon: int
    engine: str = AUTO
    frequency: Frequency = Frequency.DAY
    levels: list[float] | None = None
    products: list[UUID] | None = None
    options: dict[str, Any] = {}

    example: ClassVar[dict[str, Any]] = {"engine": "auto", "horizon": 28, "frequency": "day"}

    def request(self) -> ForecastRequest:
        """What is asked of the engine.

        Raises:
            HorizonOutOfRange, LevelsInvalid: It cannot be asked.
        """
        return ForecastRequest(
            horizon=self.horizon,
            engine=self.engine,
            frequency=self.frequency,
            levels=DEFAULT_LEVELS if self.levels is None else tuple(self.levels),
            options=self.options,
        )

    def chosen(self) -> list[ProductId] | None:
        """The products that are named; None for all."""
        return None if self.products is None else [ProductId(one) for one in self.products]


class OutcomeCounts(Struct, frozen=True):
    """How many products got the engine's forecast, the host's, or none."""

    ok: int
    fallback: int
    failed: int


class Forecast(Struct, frozen=True):
    """A forecast run.

    ``accuracy`` is how what was chosen did on past windows; null until something of it was measured.
    ``models`` are the trained models that it uses; empty until its work has begun, and where there are none.
    """

    id: UUID
    engine: str
    horizon: int
    frequency: Frequency
    levels: list[float]
    options: dict[str, Any]
    state: JobState
    products: OutcomeCounts
    accuracy: Accuracy | None
    models: list[ModelUse]
    as_of: date | None
    starts_on: date | None
    created_at: datetime
    job: JobSummary

    example: ClassVar[dict[str, Any]] = {
        "id": "01935c80-11aa-7f01-8f10-3b2c1d0e9f00",
        "engine": "auto",
        "horizon": 28,
        "frequency": "day",
        "levels": [0.05, 0.5, 0.95],
        "options": {},
        "state": "running",
        "products": {"ok": 24, "fallback": 0, "failed": 0},
        "accuracy": Accuracy.example,
        "models": [ModelUse.example],
        "as_of": "2026-03-01",
        "starts_on": "2026-03-01",
        "created_at": "2026-03-01T09:05:00Z",
        "job": JOB_EXAMPLE,
    }

    @classmethod
    def of(
        cls,
        run: forecast_runs.ForecastRun,
        locale: Locale,
        accuracy: Summary | None = None,
        models: Sequence[trained_models.ModelUse] = (),
    ) -> "Forecast":
        """As it is sent."""
        request, outcomes = run.request, run.outcomes
        return cls(
            id=run.id,
            engine=request.engine,
            horizon=request.horizon,
            frequency=request.frequency,
            levels=list(request.levels),
            options=dict(request.options),
            state=run.job.state,
            products=OutcomeCounts(outcomes.ok, outcomes.fallback, outcomes.failed),
            accuracy=None if accuracy is None else Accuracy.of_summary(accuracy),
            models=[ModelUse.of(one, locale) for one in models],
            as_of=run.as_of,
            starts_on=run.starts_on,
            created_at=run.created_at,
            job=JobSummary.of(run.job, locale),
        )


class OverrideNote(Struct, frozen=True):
    """Who changed a forecast last, why, and until when it holds; ``author`` is null once they have left."""

    id: UUID
    author: str | None
    reason: str
    expires_at: datetime | None

    @classmethod
    def of(cls, note: forecast_runs.OverrideNote) -> "OverrideNote":
        """As it is sent."""
        return cls(note.id, note.author, note.reason, note.expires_at)


class ProductForecast(Struct, frozen=True):
    """One product's forecast from ``starts_on``: mean[h], quantiles[h][q], totals[h][q] of periods 1 to h.

    When it failed, the numbers are null and ``reason`` says why. Where planners have overridden it, the
    numbers are theirs: ``override`` says whose and why, and ``engine_mean`` is what was forecast.
    """

    product_id: UUID
    sku: str
    status: ForecastStatus
    engine: str
    reason: Reason | None
    mean: list[float] | None
    levels: list[float]
    quantiles: list[list[float]] | None
    totals: list[list[float]] | None
    starts_on: date | None
    engine_mean: list[float] | None
    override: OverrideNote | None

    example: ClassVar[dict[str, Any]] = {
        "product_id": "01935c71-4f0e-7b32-b2a4-55e3b0f1c001",
        "sku": "RIZ-25",
        "status": "ok",
        "engine": "seasonal_naive",
        "reason": None,
        "mean": [4.1, 3.8],
        "levels": [0.05, 0.5, 0.95],
        "quantiles": [[1.0, 4.0, 8.0], [1.0, 4.0, 7.0]],
        "totals": [[1.0, 4.0, 8.0], [4.0, 8.0, 13.0]],
        "starts_on": "2026-03-01",
        "engine_mean": None,
        "override": None,
    }

    @classmethod
    def of(
        cls, one: forecast_runs.ProductForecast, run: forecast_runs.ForecastRun, locale: Locale
    ) -> "ProductForecast":
        """As it is sent."""
        outcome = one.outcome
        reason = outcome.reason
        return cls(
            product_id=one.product_id,
            sku=one.sku,
            status=outcome.status,
            engine=outcome.engine,
            reason=None if reason is None else Reason.of_code(reason.code, reason.data, locale),
            mean=None if one.mean is None else one.mean.tolist(),
            levels=list(run.request.levels),
            quantiles=None if one.quantiles is None else one.quantiles.tolist(),
            totals=None if one.totals is None else one.totals.tolist(),
            starts_on=run.starts_on,
            engine_mean=None if one.engine_mean is None else one.engine_mean.tolist(),
            override=None if one.override is None else OverrideNote.of(one.override),
        )
