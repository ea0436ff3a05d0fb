"""Engines that end, hang or eat memory while they learn: in a real process, which costs nobody else."""

import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from callers import Callers
from schooling import Shop, learning_installed, learning_worker

from inventoryai.usecases.training import TrainingLimits
from inventoryai_processes import PooledProcesses

SOON = timedelta(milliseconds=20)


@pytest.fixture
async def shop(stored: Callers, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop whose worker has processes of its own."""
    (tmp_path / "learning").mkdir()
    with learning_installed(tmp_path / "learning"):
        async with learning_worker(stored) as worker:
            worker.processes = pool = PooledProcesses(1)
            worker.limits = TrainingLimits(deadline=60.0, memory=1 << 28, look=SOON)
            yield await Shop.open(stored, worker)
            await pool.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
async def test_a_training_that_ends_badly_ends_alone(shop: Shop) -> None:
    """One after the other, in one worker, and then one that ends well."""
    found = {}
    for engine in ("dying", "eating", "failing"):
        found[engine] = (await shop.trained(engine))["job"]["error"]["code"]
    assert found == {
        "dying": "model.training_died",
        "eating": "processes.memory_exceeded",
        "failing": "model.training_failed",
    }
    assert (await shop.trained())["current"] is True
    assert await shop.factor(await shop.forecast()) == 1.1


@pytest.mark.parametrize("engine", ["hanging", "waiter"])
async def test_a_training_that_takes_too_long_is_stopped(shop: Shop, engine: str) -> None:
    shop.worker.limits = TrainingLimits(deadline=6.0, memory=1 << 28, look=SOON)
    model = await shop.trained(engine, options={"goal": 0})
    assert (model["state"], model["job"]["error"]["code"]) == ("failed", "processes.deadline_exceeded")
    assert model["job"]["progress"] == (0.45 if engine == "waiter" else 0)
    assert await shop.factor(await shop.forecast()) == 3.0
