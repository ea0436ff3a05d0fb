"""Comparing engines on a file with nothing but a reader and engines."""

import itertools
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from offline import TODAY, YESTERDAY, Watcher, daily, forecast_file, sales_file

from inventoryai.domain.engines import EngineUnknown
from inventoryai.domain.forecasts import HorizonOutOfRange
from inventoryai.domain.periods import Frequency
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai.usecases.offline import NoSalesInFile, SalesFile, Stage
from inventoryai.usecases.offline_backtests import (
    BacktestFile,
    BacktestQuestion,
    BacktestTooShort,
    FileBacktest,
)

WEEK = [3, 1, 4, 1, 5, 9, 2]


def backtest_file() -> BacktestFile:
    """Every look at the clock comes a second after the one before it."""
    ticks = itertools.count()
    return BacktestFile(forecast_file(), lambda: float(next(ticks)))


def asked(*engines: str, horizon: int = 7, windows: int = 3) -> BacktestQuestion:
    return BacktestQuestion(engines, horizon, windows)


def absolute_errors(found: FileBacktest, engine: int = 0) -> list[float]:
    errors: list[float] = found.engines[engine].scores.absolute_error.tolist()
    return errors


async def test_an_engine_is_judged_by_days_that_it_did_not_know(tmp_path: Path) -> None:
    file = sales_file(tmp_path, daily("A", [4] * 20 + [7, 9]))

    found = await backtest_file()(file, asked("naive", horizon=2, windows=2))

    assert found.starts == (YESTERDAY - timedelta(days=3), YESTERDAY - timedelta(days=1))
    assert (found.last_day, found.judged) == (YESTERDAY, (1, 1))
    assert absolute_errors(found) == [(0 + 0 + 3 + 5) / 2]
    assert found.engines[0].scores.demand.tolist() == [(4 + 4 + 7 + 9) / 2]
    assert found.engines[0].seconds == 1.0


async def test_whatever_is_sold_in_the_last_window_the_same_is_forecast_of_it(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    past, forecasts = random.poisson(5, 60).tolist(), []
    for last in (random.poisson(5, 7).tolist(), [90] * 7):
        file = sales_file(tmp_path, daily("A", [*past, *last]))
        found = await backtest_file()(file, asked("empirical", "auto", windows=2))
        marks = [engine.scores for engine in found.engines]
        forecasts.append([float(one.error[0] + one.demand[0]) for one in marks])
    assert forecasts[0] == pytest.approx(forecasts[1])


async def test_without_names_all_that_are_installed_are_tried_and_auto_last(tmp_path: Path) -> None:
    use_case = backtest_file()
    catalogue = use_case.forecast.predict.catalogue
    file = sales_file(tmp_path, daily("A", WEEK * 5))

    found = await use_case(file, asked(windows=1))

    everyone = [engine.name for engine in catalogue.engines]
    assert [one.engine for one in found.engines] == [*everyone, "auto"]
    assert len(everyone) >= 5


async def test_engines_come_in_the_order_named_and_once(tmp_path: Path) -> None:
    file = sales_file(tmp_path, daily("A", WEEK * 5))
    found = await backtest_file()(file, asked("auto", "mean", "auto", windows=1))
    assert [one.engine for one in found.engines] == ["auto", "mean"]


async def test_a_product_is_judged_where_it_is_as_old_as_a_window_is_long(tmp_path: Path) -> None:
    lines = [*daily("OLD", WEEK * 5), *daily("YOUNG", WEEK * 2), *daily("NEW", WEEK)]

    found = await backtest_file()(sales_file(tmp_path, lines), asked("mean"))

    assert found.judged == (1, 1, 2)
    assert np.isnan(absolute_errors(found)).tolist() == [False, False, True]
    assert found.engines[0].summary.products == 2
    assert found.engines[0].forecasts == 4


async def test_there_are_fewer_windows_where_the_past_is_short(tmp_path: Path) -> None:
    found = await backtest_file()(sales_file(tmp_path, daily("A", WEEK * 3)), asked("mean", windows=9))
    assert len(found.starts) == 2


async def test_a_past_that_is_too_short_says_what_it_takes(tmp_path: Path) -> None:
    with pytest.raises(BacktestTooShort) as refused:
        await backtest_file()(sales_file(tmp_path, daily("A", WEEK)), asked("mean"))
    assert refused.value.data == {"needed": 14, "horizon": 7, "longest": 7}
    assert "14" in refused.value.message("fr")


async def test_what_an_engine_cannot_forecast_falls_back_and_is_counted(tmp_path: Path) -> None:
    use_case = backtest_file()
    demanding = max(use_case.forecast.predict.catalogue.engines, key=lambda engine: engine.minimum_history)
    assert demanding.minimum_history > 2
    file = sales_file(tmp_path, daily("A", [5, 1, 2]))

    found = await use_case(file, asked(demanding.name, horizon=1, windows=1))

    (one,) = found.engines
    assert (one.forecasts, one.fallbacks) == (1, 1)
    assert one.reason is not None
    assert one.reason.code == "forecast.history_too_short"


async def test_weeks_are_compared_by_weeks(tmp_path: Path) -> None:
    file = sales_file(tmp_path, daily("A", WEEK * 12))
    question = BacktestQuestion(("mean",), 2, 1, Frequency.WEEK)

    found = await backtest_file()(file, question)

    assert found.starts == (date(2026, 2, 23),)
    assert found.last_day == date(2026, 3, 8)
    assert TODAY.isoweekday() == 2


async def test_an_unknown_engine_is_refused_before_the_file_is_read(tmp_path: Path) -> None:
    nowhere = SalesFile(tmp_path / "nowhere.csv", TODAY, ReadOptions())
    with pytest.raises(EngineUnknown):
        await backtest_file()(nowhere, asked("mean", "crystal_ball"))


async def test_a_file_without_a_sale_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoSalesInFile):
        await backtest_file()(sales_file(tmp_path, [(YESTERDAY, "", 3)]), asked("mean"))


def test_a_horizon_that_nobody_knows_is_refused_at_once() -> None:
    with pytest.raises(HorizonOutOfRange):
        asked("mean", horizon=0)


async def test_whoever_watches_is_told_of_every_product_window_and_engine(tmp_path: Path) -> None:
    file = sales_file(tmp_path, [line for sku in "ABC" for line in daily(sku, WEEK * 4)])
    watch = Watcher()

    await backtest_file()(file, asked("mean", "auto", windows=2), watch)

    assert watch.told[:2] == [(Stage.READ, 0, None), (Stage.BACKTEST, 0, 12)]
    done = [count for stage, count, _ in watch.told if stage is Stage.BACKTEST]
    assert done == sorted(done)
    assert done[-1] == 12
