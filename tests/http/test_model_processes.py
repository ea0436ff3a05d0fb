"""Engines that end, hang or eat memory while they learn: in a real process, which costs nobody else."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from callers import Callers
from schooling import Shop, learning_installed, learning_worker

from inventoryai.ports.storage import Dispatching
from inventoryai.usecases.teaching import TrainingLimits
from inventoryai_processes import PooledProcesses

SOON = timedelta(milliseconds=20)


@pytest.fixture
async def shop(stored: Callers, tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop whose worker has processes of its own."""
    (tmp_path / "learning").mkdir()
    with learning_installed(tmp_path / "learning"):
        async with learning_worker(stored) as worker:
            worker.processes = pool = PooledProcesses(1)
            worker.trainers = trainers = PooledProcesses(1, calls=1)
            worker.limits = TrainingLimits(deadline=60.0, memory=1 << 28, look=SOON)
            yield await Shop.open(stored, worker)
            await pool.close()
            await trainers.close()


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
    assert model["job"]["progress"] == (0.22 if engine == "waiter" else 0)
    assert await shop.factor(await shop.forecast()) == 3.0


async def under_way(shop: Shop, model_id: str) -> None:
    """Returns when an engine has said how far it is."""
    while True:
        if (await shop.model(model_id))["job"]["progress"] > 0:
            return
        await asyncio.sleep(0.02)


async def test_R1_an_attempt_that_lost_its_lease_stops_and_ends_nothing(shop: Shop) -> None:
    """Somebody else has the job now, and with it the model."""
    begin = shop.owner.callers.api.begin
    asked = (await shop.owner.post("/models", {"engine": "waiter", "options": {"goal": 0}})).json()
    (job_id,) = shop.worker.api.wake_ups.jobs

    async def jobs(sql: str) -> object:
        async with begin(Dispatching()) as work:
            return await work.session.fetchval(sql, job_id)

    working = asyncio.create_task(shop.worker.step())
    await under_way(shop, asked["id"])
    await jobs("update jobs set attempt = attempt + 1 where id = $1 returning 1")
    await asyncio.wait_for(working, 30)
    assert await jobs("select state from jobs where id = $1") == "running"
    assert (await shop.model(asked["id"]))["size"] is None
    await jobs(
        "update jobs set state = 'cancelled', lease_until = null, finished_at = now()"
        " where id = $1 returning 1"
    )
