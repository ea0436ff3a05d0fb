"""Real engines in real processes: the automatic plan, and plugins that are switched off."""

from collections.abc import AsyncIterator

import numpy as np
import pytest

from inventoryai.domain.forecasts import ForecastRequest, ForecastStatus
from inventoryai.forecasting import Frequency, Panel
from inventoryai.usecases.asking import PredictionLimits
from inventoryai.usecases.engines import DescribeEngines
from inventoryai.usecases.prediction import Predict
from inventoryai_processes import PooledProcesses


@pytest.fixture(scope="module")
async def processes() -> AsyncIterator[PooledProcesses]:
    pool = PooledProcesses(2)
    yield pool
    await pool.close()


def eight() -> Panel:
    histories = np.random.default_rng(1).poisson(3.0, (8, 60)).astype(float)
    return Panel.of(list(histories), frequency=Frequency.DAY)


async def test_the_automatic_plan_runs_in_the_pool(processes: PooledProcesses) -> None:
    catalogue = await DescribeEngines(processes)()
    done = await Predict(processes, catalogue, PredictionLimits(chunk=3))(eight(), ForecastRequest(7))
    assert done.count(ForecastStatus.OK) == 8
    automatic = {engine.name for engine in catalogue.engines if engine.automatic}
    assert {name for one in done.outcomes for name in one.engine.split("+")} <= automatic


async def test_a_disabled_plugin_is_not_found_in_the_pool(processes: PooledProcesses) -> None:
    catalogue = await DescribeEngines(processes)(["inventoryai-naive:naive"])
    assert "naive" not in {engine.name for engine in catalogue.engines}
