"""The engine that needs torch, in a worker process: within its memory, and with one thread."""

import sys
from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import Final

import numpy as np
import pytest
from memory import chores

from inventoryai.domain.forecasts import ForecastRequest, ForecastStatus
from inventoryai.forecasting import Frequency, Panel
from inventoryai.forecasting.discovery import unneeded
from inventoryai.forecasting.running import run_engine
from inventoryai.usecases.asking import PredictionLimits
from inventoryai.usecases.engines import DescribeEngines
from inventoryai.usecases.prediction import Predict
from inventoryai_processes import PooledProcesses

pytestmark = pytest.mark.skipif(
    find_spec("torch") is None, reason="torch is not installed: see plugins/lstm/README.md"
)

MEMORY: Final = 1 << 30
"""What a call may take unless a caller says otherwise; a worker allows twice as much."""
LEAST: Final = 1 << 28
"""The least that a worker can be told to allow."""


@pytest.fixture
async def processes() -> AsyncIterator[PooledProcesses]:
    """One process, in which nobody has imported torch before."""
    pool = PooledProcesses(1)
    yield pool
    await pool.close()


def demand(products: int = 40) -> Panel:
    histories = np.random.default_rng(1).poisson(3.0, (products, 120)).astype(float)
    return Panel.of(list(histories), frequency=Frequency.DAY)


async def test_torch_uses_one_thread_in_a_process_of_the_pool(processes: PooledProcesses) -> None:
    await processes.run(
        run_engine, "lstm", {}, demand(), 7, (0.1, 0.5, 0.9), 0, frozenset(), deadline=60.0, memory=MEMORY
    )

    assert await processes.run(chores.torch_threads, deadline=60.0, memory=MEMORY) == 1


async def test_describing_the_engine_imports_no_torch(processes: PooledProcesses) -> None:
    catalogue = await DescribeEngines(processes)()

    assert "lstm" in {engine.name for engine in catalogue.engines}
    with pytest.raises(KeyError, match="torch"):
        await processes.run(chores.torch_threads, deadline=60.0, memory=MEMORY)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
@pytest.mark.parametrize("memory", [MEMORY, LEAST], ids=["usual", "least"])
async def test_the_import_of_torch_fits_into_the_memory_of_a_call(
    processes: PooledProcesses, memory: int
) -> None:
    """It happens within the first call that needs the engine, and counts as that call's."""
    catalogue = await DescribeEngines(processes, memory=memory)()
    predict = Predict(processes, catalogue, PredictionLimits(memory=memory), unneeded(catalogue, "lstm"))
    done = await predict(demand(), ForecastRequest(7, engine="lstm"))

    assert done.count(ForecastStatus.OK) == len(demand())
    assert {outcome.engine for outcome in done.outcomes} == {"lstm"}
