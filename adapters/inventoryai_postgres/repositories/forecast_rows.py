"""Forecast runs and forecasts as rows."""

from collections.abc import Sequence
from typing import Final

import asyncpg
import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.forecast_runs import (
    ForecastColumns,
    ForecastId,
    ForecastRun,
    OutcomeCounts,
    ProductForecast,
)
from inventoryai.domain.forecasts import ForecastOutcome, ForecastRequest, ForecastStatus, Reason
from inventoryai.domain.periods import Frequency
from inventoryai.domain.products import ProductId
from inventoryai_postgres.copying import UUID, Layout, Rows, fill_floats, floats, uuids
from inventoryai_postgres.repositories.job_rows import JOB_COLUMNS, job_of
from inventoryai_postgres.texts import from_json, keepable, to_json

RUN_COLUMNS: Final = f"""
run.id, run.engine, run.horizon, run.frequency, run.levels, run.options,
run.product_ids is null as all_products, run.seed, run.created_at, run.as_of, run.starts_on,
run.ok, run.fallback, run.failed, {JOB_COLUMNS}
"""
FORECAST_COLUMNS: Final = "product_id, sku, status, engine, reason_code, reason_data"
LANDED_COLUMNS: Final = (
    "product_id uuid, mean double precision[], quantiles double precision[], totals double precision[]"
)


def run_of(row: asyncpg.Record) -> ForecastRun:
    """The run in a row of ``RUN_COLUMNS``."""
    request = ForecastRequest(
        horizon=row["horizon"],
        engine=row["engine"],
        frequency=Frequency(row["frequency"]),
        levels=tuple(row["levels"]),
        options=from_json(row["options"]),
    )
    return ForecastRun(
        id=ForecastId(row["id"]),
        request=request,
        all_products=row["all_products"],
        seed=row["seed"],
        created_at=row["created_at"],
        as_of=row["as_of"],
        starts_on=row["starts_on"],
        outcomes=OutcomeCounts(row["ok"], row["fallback"], row["failed"]),
        job=job_of(row),
    )


def outcome_of(row: asyncpg.Record) -> ForecastOutcome:
    """The outcome in a row of ``FORECAST_COLUMNS``."""
    code = row["reason_code"]
    reason = None if code is None else Reason(code, from_json(row["reason_data"]))
    return ForecastOutcome(ForecastStatus(row["status"]), row["engine"], reason)


def product_forecast_of(row: asyncpg.Record) -> ProductForecast:
    """The forecast in a row of ``FORECAST_COLUMNS`` and its arrays."""
    return ProductForecast(
        product_id=ProductId(row["product_id"]),
        sku=row["sku"],
        outcome=outcome_of(row),
        mean=_array(row["mean"]),
        quantiles=_array(row["quantiles"]),
        totals=_array(row["totals"]),
    )


def _array(numbers: Sequence[object] | None) -> NDArray[np.float64] | None:
    return None if numbers is None else np.array(numbers, dtype=np.float64)


def landed(forecasts: ForecastColumns) -> Rows:
    """The numbers of n products as they are staged."""
    _, horizon, levels = forecasts.quantiles.shape
    layout = Layout.of(
        product_id=UUID,
        mean=floats(horizon),
        quantiles=floats(horizon, levels),
        totals=floats(horizon, levels),
    )
    rows = layout.rows(len(forecasts.products))
    rows["product_id"] = uuids(forecasts.products)
    fill_floats(rows["mean"], forecasts.mean)
    fill_floats(rows["quantiles"], forecasts.quantiles)
    fill_floats(rows["totals"], forecasts.totals)
    return rows


def outcome_arrays(outcomes: Sequence[ForecastOutcome]) -> tuple[list[str | None], ...]:
    """Status, engine, code and data of the reason: a list of each."""
    reasons = [outcome.reason for outcome in outcomes]
    return (
        [outcome.status.value for outcome in outcomes],
        [keepable(outcome.engine) for outcome in outcomes],
        [None if reason is None else reason.code for reason in reasons],
        [None if reason is None else to_json(reason.data) for reason in reasons],
    )
