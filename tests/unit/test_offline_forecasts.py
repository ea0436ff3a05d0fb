"""Forecasting a file with nothing but a reader and engines."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from offline import TODAY, YESTERDAY, Watcher, daily, forecast_file, sales_file

from inventoryai.domain.engines import EngineUnknown
from inventoryai.domain.forecasts import ForecastRequest, ForecastStatus
from inventoryai.domain.periods import Frequency
from inventoryai.domain.unreadable import FileWithoutRows
from inventoryai.forecasting import Panel
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai.usecases.offline import NoSalesInFile, SalesFile, Stage

WEEKS = [3, 1, 4, 1, 5, 9, 2] * 6


async def test_it_is_the_forecast_of_the_daily_demand_of_each_product(tmp_path: Path) -> None:
    file = sales_file(tmp_path, [*daily("A", WEEKS), *daily("B", [2, 0, 7])])
    request = ForecastRequest(horizon=9)

    found = await forecast_file()(file, request, seed=4)

    end = (TODAY - date(1970, 1, 1)).days
    panel = Panel.of([WEEKS, [2, 0, 7]], frequency=Frequency.DAY, end=end)
    expected = await forecast_file().predict(panel, request, 4)
    assert found.skus == ("A", "B")
    assert np.array_equal(found.predictions.prediction.totals, expected.prediction.totals)
    assert found.predictions.outcomes == expected.outcomes


async def test_small_chunks_change_nothing(tmp_path: Path) -> None:
    file = sales_file(tmp_path, [line for sku in "ABCDE" for line in daily(sku, WEEKS)])
    whole = await forecast_file()(file, ForecastRequest(3))
    cut = await forecast_file(chunk=2)(file, ForecastRequest(3))

    assert np.array_equal(whole.predictions.prediction.mean, cut.predictions.prediction.mean)


async def test_today_is_not_over_and_is_left_out(tmp_path: Path) -> None:
    file = sales_file(tmp_path, [*daily("A", WEEKS), (TODAY, "A", 1000)])

    found = await forecast_file()(file, ForecastRequest(2, "naive"))

    assert found.as_of == TODAY
    assert found.days() == [TODAY, TODAY + timedelta(days=1)]
    assert found.predictions.prediction.mean.max() < 10


async def test_what_is_dated_tomorrow_is_rejected(tmp_path: Path) -> None:
    file = sales_file(tmp_path, [*daily("A", WEEKS), (TODAY + timedelta(days=1), "A", 1)])

    found = await forecast_file()(file, ForecastRequest(2))

    assert found.sales.problems.counts == {"line.date_in_future": 1}
    assert found.as_of == TODAY


@pytest.mark.parametrize(("age", "behind"), [(1, None), (7, None), (8, 8), (400, 400)])
async def test_sales_that_end_over_a_week_ago_are_said_to(tmp_path: Path, age: int, behind: int) -> None:
    file = sales_file(tmp_path, daily("A", WEEKS, TODAY - timedelta(days=age)))

    found = await forecast_file()(file, ForecastRequest(2))

    assert found.days_behind == behind
    assert found.as_of == TODAY - timedelta(days=age - 1)


async def test_weeks_begin_on_monday_and_an_unfinished_one_is_forecast(tmp_path: Path) -> None:
    file = sales_file(tmp_path, daily("A", WEEKS))

    found = await forecast_file()(file, ForecastRequest(3, frequency=Frequency.WEEK))

    assert YESTERDAY.isoweekday() == 1
    assert found.days() == [YESTERDAY + timedelta(weeks=week) for week in range(3)]


async def test_a_product_of_today_alone_has_no_forecast_and_says_why(tmp_path: Path) -> None:
    file = sales_file(tmp_path, [*daily("A", WEEKS), (TODAY, "NEW", 3)])

    outcomes = (await forecast_file()(file, ForecastRequest(2))).predictions.outcomes

    assert [outcome.status for outcome in outcomes] == [ForecastStatus.OK, ForecastStatus.FAILED]
    assert outcomes[1].reason is not None
    assert outcomes[1].reason.code == "forecast.history_empty"


async def test_a_file_of_faulty_lines_alone_is_refused_with_what_is_wrong(tmp_path: Path) -> None:
    file = sales_file(tmp_path, [(YESTERDAY, "A", float("nan")), (YESTERDAY, "", 3)])

    with pytest.raises(NoSalesInFile) as refused:
        await forecast_file()(file, ForecastRequest(2))

    assert refused.value.data == {"rows": 2, "rejected": 2, "ignored": 0}
    assert len(refused.value.parsed.problems) == 2


async def test_an_unknown_engine_is_refused_before_the_file_is_read(tmp_path: Path) -> None:
    nowhere = SalesFile(tmp_path / "nowhere.csv", TODAY, ReadOptions())

    with pytest.raises(EngineUnknown, match="empirical"):
        await forecast_file()(nowhere, ForecastRequest(2, "crystal_ball"))


async def test_a_file_that_cannot_be_taken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileWithoutRows):
        await forecast_file()(sales_file(tmp_path, []), ForecastRequest(2))


async def test_whoever_watches_is_told_each_stage_and_every_product(tmp_path: Path) -> None:
    file = sales_file(tmp_path, [line for sku in "ABCDE" for line in daily(sku, WEEKS)])
    watch = Watcher()

    await forecast_file(chunk=2)(file, ForecastRequest(2), watch=watch)

    assert watch.told[:2] == [(Stage.READ, 0, None), (Stage.FORECAST, 0, 5)]
    done = [count for stage, count, _ in watch.told if stage is Stage.FORECAST]
    assert done == sorted(done)
    assert done[-1] == 5
