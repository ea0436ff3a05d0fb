"""Real engines in real processes: a plugin that takes its process down costs one product."""

from collections.abc import AsyncIterator

import numpy as np
import pytest

from inventoryai.domain.forecasts import ForecastRequest, ForecastStatus
from inventoryai.forecasting import Frequency, Panel, describe_engines
from inventoryai.usecases.prediction import Predict, PredictionLimits
from inventoryai_processes import PooledProcesses

POISON = 666.0
PLUGIN = """
import os
import numpy
from inventoryai.forecasting import CONTRACT_VERSION, EngineSpec, Prediction, hookimpl

class Fragile:
    def __init__(self, end):
        self.end = end

    def predict(self, panel, horizon, levels, seed):
        if 666.0 in panel.values:
            self.end()
        return Prediction.certain(numpy.ones((len(panel), horizon)), levels)

def hang():
    while True:
        pass

def eat():
    numpy.ones(1 << 40)

ENDS = {"aborting": os.abort, "hanging": hang, "eating": eat, "leaving": lambda: os._exit(3)}

@hookimpl
def inventoryai_engines():
    return [
        EngineSpec(name, name, name, lambda options, end=end: Fragile(end), CONTRACT_VERSION)
        for name, end in ENDS.items()
    ]
"""


@pytest.fixture(scope="module")
async def processes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PooledProcesses]:
    """A pool whose workers find one more plugin installed."""
    site = tmp_path_factory.mktemp("site")
    (site / "fragile_plugin.py").write_text(PLUGIN)
    info = site / "inventoryai_fragile-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: inventoryai-fragile\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[inventoryai]\nfragile = fragile_plugin\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        pool = PooledProcesses(2)
        yield pool
        await pool.close()


def eight() -> Panel:
    histories = np.ones((8, 30))
    histories[5, 5] = POISON
    return Panel.of(list(histories), frequency=Frequency.DAY)


@pytest.mark.parametrize(
    ("engine", "code", "deadline"),
    [
        ("aborting", "processes.died", 60.0),
        ("leaving", "processes.died", 60.0),
        ("eating", "processes.memory_exceeded", 60.0),
        ("hanging", "processes.deadline_exceeded", 4.0),
    ],
)
async def test_a_product_that_ends_its_engine_falls_back_alone(
    processes: PooledProcesses, engine: str, code: str, deadline: float
) -> None:
    catalogue = await processes.run(describe_engines, deadline=60, memory=1 << 30)
    predict = Predict(processes, catalogue, PredictionLimits(deadline=deadline, memory=1 << 28))
    done = await predict(eight(), ForecastRequest(7, engine))
    reasons = {place: one.reason.code for place, one in enumerate(done.outcomes) if one.reason}
    assert reasons == {5: code}
    assert done.count(ForecastStatus.OK) == 7


async def test_the_automatic_plan_runs_in_the_pool(processes: PooledProcesses) -> None:
    catalogue = await processes.run(describe_engines, deadline=60, memory=1 << 30)
    done = await Predict(processes, catalogue, PredictionLimits(chunk=3))(eight(), ForecastRequest(7))
    assert {one.engine for one in done.outcomes} == {"empirical"}
    assert done.count(ForecastStatus.OK) == 8


async def test_a_disabled_plugin_is_not_found_in_the_pool(processes: PooledProcesses) -> None:
    catalogue = await processes.run(describe_engines, ("fragile",), deadline=60, memory=1 << 30)
    assert "aborting" not in {engine.name for engine in catalogue.engines}
