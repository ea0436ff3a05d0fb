"""Whatever an engine does in a real process, it costs only the products it does it for, and these say why."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from plugin_sites import install_plugin

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.forecasts import ForecastRequest, ForecastStatus
from inventoryai.forecasting import Frequency, Panel
from inventoryai.usecases.asking import PredictionLimits
from inventoryai.usecases.engines import DescribeEngines
from inventoryai.usecases.prediction import Predict, Predictions
from inventoryai_processes import PooledProcesses

SOURCE = Path(__file__).parents[1] / "misbehaving_plugin.py"
LEVELS = (0.1, 0.5, 0.9)

FAILED, MISSHAPEN = "forecast.engine_failed", "forecast.answer_misshapen"
REASONS = {
    "aborting": ("processes.died", "-6"),
    "crossing": ("forecast.answer_crossing", "crossing"),
    "eating": ("processes.memory_exceeded", "256"),
    "endless": ("forecast.answer_not_finite", "endless"),
    "exaggerating": ("forecast.answer_too_large", "exaggerating"),
    "failing": (FAILED, "RuntimeError: the glass was fragile the glass"),
    "falling": ("processes.died", "-11"),
    "falling_short": (MISSHAPEN, "(1, 6, 3) instead of (1, 7, 3)"),
    "hanging": ("processes.deadline_exceeded", "4.0"),
    "hoarding": ("processes.memory_exceeded", "256"),
    "leaving": ("processes.died", "3"),
    "nameless": ("forecast.answer_not_finite", "nameless"),
    "negative": ("forecast.answer_negative", "negative"),
    "one_too_few": (MISSHAPEN, "(0, 7, 3) instead of (1, 7, 3)"),
    "other_levels": (MISSHAPEN, "other levels"),
    "quitting": (FAILED, "SystemExit"),
    "recursing": (FAILED, "RecursionError"),
    "shapeless": (MISSHAPEN, "levels must be [q] and mean [n, h]"),
    "silent": (MISSHAPEN, "NoneType"),
    "unspeakable": (FAILED, "Unspeakable"),
    "wordy": (MISSHAPEN, "str"),
}
"""What each engine's victim says."""


@pytest.fixture(scope="module")
async def processes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PooledProcesses]:
    """A pool whose workers find one more plugin installed."""
    site = install_plugin(tmp_path_factory.mktemp("site"), "misbehaving", SOURCE.read_text("utf-8"))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        pool = PooledProcesses(1)
        yield pool
        await pool.close()


@pytest.fixture(scope="module")
async def catalogue(processes: PooledProcesses) -> EngineCatalogue:
    return await DescribeEngines(processes)()


@pytest.fixture
def predict(processes: PooledProcesses, catalogue: EngineCatalogue) -> Predict:
    return Predict(processes, catalogue, PredictionLimits(deadline=60.0, memory=1 << 28))


def two() -> Panel:
    """Two products, of which the second is trouble; how one among a thousand is found is told elsewhere."""
    histories = np.ones((2, 30))
    histories[1, 5] = 666.0
    return Panel.of(list(histories), frequency=Frequency.DAY)


async def asked(predict: Predict, engine: str) -> Predictions:
    return await predict(two(), ForecastRequest(7, engine, levels=LEVELS))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
@pytest.mark.parametrize("engine", REASONS)
async def test_only_the_products_concerned_fall_back_and_say_why(
    processes: PooledProcesses, catalogue: EngineCatalogue, engine: str
) -> None:
    deadline = 4.0 if engine == "hanging" else 60.0
    predict = Predict(processes, catalogue, PredictionLimits(deadline=deadline, memory=1 << 28))
    done = await asked(predict, engine)
    code, words = REASONS[engine]
    reasons = {place: one.reason for place, one in enumerate(done.outcomes) if one.reason}
    assert {place: reason.code for place, reason in reasons.items()} == {1: code}
    assert words in str(dict(reasons[1].data))
    assert len(str(reasons[1].data)) < 500
    assert done.count(ForecastStatus.OK) == 1
    assert done.outcomes[1].status is ForecastStatus.FALLBACK
    assert np.isfinite(done.prediction.totals).all()


async def test_a_prediction_of_a_kind_of_its_own_is_taken_for_what_it_says(predict: Predict) -> None:
    assert (await asked(predict, "odd")).count(ForecastStatus.OK) == 2


async def test_an_engine_that_cannot_be_loaded_loses_them_all(predict: Predict) -> None:
    done = await asked(predict, "unloadable")
    assert done.count(ForecastStatus.FALLBACK) == 2
    assert {one.reason.code for one in done.outcomes if one.reason} == {"forecast.engine_not_loaded"}


async def test_the_engines_beside_it_are_not_touched(predict: Predict) -> None:
    assert (await asked(predict, "naive")).count(ForecastStatus.OK) == 2
