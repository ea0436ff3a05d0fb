"""What a planner may say of a forecast, and which of its periods that changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from inventoryai.domain.errors import InvalidFields
from inventoryai.domain.forecast_runs import ForecastId, ForecastRun, OutcomeCounts
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.domain.identity import UserId
from inventoryai.domain.jobs import Job, JobId, JobKind, JobState
from inventoryai.domain.overrides import NewOverride, Override, OverrideId, period_edges
from inventoryai.domain.periods import Frequency
from inventoryai.domain.products import ProductId

NOW = datetime(2024, 5, 6, 12, tzinfo=UTC)
"""A Monday."""


def run(frequency: Frequency, starts_on: date, horizon: int = 3) -> ForecastRun:
    job = Job(
        id=JobId(uuid4()),
        kind=JobKind.FORECAST,
        state=JobState.SUCCEEDED,
        unit="products",
        done=1,
        total=1,
        attempts=1,
        error=None,
        created_at=NOW,
        started_at=NOW,
        finished_at=NOW,
    )
    request = ForecastRequest(horizon, frequency=frequency)
    return ForecastRun(
        id=ForecastId(uuid4()),
        request=request,
        all_products=True,
        seed=0,
        created_at=NOW,
        as_of=starts_on,
        starts_on=starts_on,
        outcomes=OutcomeCounts(1),
        job=job,
    )


def said(first: str, last: str, **more: Any) -> NewOverride:
    change = {"sku": "RIZ", "factor": 1.5, "reason": "  Tabaski  ", **more}
    return NewOverride(date.fromisoformat(first), date.fromisoformat(last), **change)


@pytest.mark.parametrize(
    ("frequency", "starts_on", "days", "periods"),
    [
        ("day", "2024-05-06", ("2024-05-07", "2024-05-08"), ("2024-05-07", "2024-05-08")),
        ("week", "2024-05-06", ("2024-05-15", "2024-05-15"), ("2024-05-13", "2024-05-19")),
        ("week", "2024-05-06", ("2024-05-12", "2024-05-13"), ("2024-05-06", "2024-05-19")),
        ("month", "2024-12-01", ("2025-01-31", "2025-02-01"), ("2025-01-01", "2025-02-28")),
    ],
)
def test_whole_periods_are_changed(
    frequency: str, starts_on: str, days: tuple[str, str], periods: tuple[str, str]
) -> None:
    forecast = run(Frequency(frequency), date.fromisoformat(starts_on))
    first, last, reason = said(*days).checked(forecast, NOW)
    assert (str(first), str(last), reason) == (*periods, "Tabaski")


def test_the_edges_of_a_run_are_its_first_days_and_the_day_after() -> None:
    edges = period_edges(run(Frequency.MONTH, date(2024, 12, 1), horizon=2))
    assert [str(edge) for edge in edges] == ["2024-12-01", "2025-01-01", "2025-02-01"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    forecast = run(Frequency.DAY, NOW.date())
    wrong = said("2024-05-05", "2024-05-06", sku=None, factor=float("nan"), reason="", expires_at=NOW)
    with pytest.raises(InvalidFields) as raised:
        wrong.checked(forecast, NOW)
    assert [(one.field, one.problem.code) for one in raised.value.problems] == [
        ("product_id", "override.product_unclear"),
        ("factor", "number.out_of_range"),
        ("from", "override.outside_forecast"),
        ("reason", "text.empty"),
        ("expires_at", "override.expired"),
    ]


def test_it_holds_until_it_expires_or_is_withdrawn() -> None:
    override = Override(
        id=OverrideId(uuid4()),
        forecast_id=None,
        product_id=ProductId(uuid4()),
        sku="RIZ",
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        frequency=Frequency.DAY,
        mean=2.0,
        factor=None,
        reason="Tabaski",
        author_id=UserId(uuid4()),
        author=None,
        created_at=NOW,
        expires_at=NOW + timedelta(hours=1),
    )
    assert override.holds(NOW)
    assert not override.holds(NOW + timedelta(hours=1))
    assert replace(override, expires_at=None).holds(NOW + timedelta(days=9_999))
    assert not replace(override, withdrawn_at=NOW).holds(NOW)
