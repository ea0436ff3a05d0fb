"""The network in other states than it is shipped in, and what it takes for a whole shop."""

# ruff: noqa: T201 # printing figures is what it is for

import asyncio
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import psutil
from benchmarks.scoring import shop
from benchmarks.scoring.census import watched
from benchmarks.scoring.windows import DemandSet, windows_of

from inventoryai.domain.engines import AUTO
from inventoryai.domain.forecasts import ForecastRequest, ForecastStatus
from inventoryai.forecasting import Engine, Frequency, Panel, TrainableEngine
from inventoryai.usecases.asking import PredictionLimits
from inventoryai.usecases.engines import DescribeEngines
from inventoryai.usecases.prediction import Predict
from inventoryai_processes import PooledProcesses

PROCESSES: Final = 2
MEMORY: Final = 1 << 30
HORIZON: Final = 28
DAYS: Final = 365
SHOP: Final = 10_000
_EVERYTHING: Final = 1 << 30
_MEGABYTE: Final = 1_000_000


@dataclass(slots=True)
class Alone:
    """A training that nobody listens to, and that is never interrupted."""

    checkpoint: bytes | None = None

    def __call__(self, done: float) -> None:
        """Nobody hears it."""

    def keep(self, checkpoint: bytes) -> None:
        """Nobody needs it."""


def trainable(engine: Engine) -> TrainableEngine:
    """The engine, which is one that learns."""
    if not isinstance(engine, TrainableEngine):
        raise TypeError("the engine cannot be trained")
    return engine


def fold(engine: TrainableEngine, folder: Path, demand: DemandSet) -> TrainableEngine:
    """The network that never saw a set: the shipped one, where that has not either."""
    weights = folder / demand.name / "weights.safetensors"
    return trainable(engine.restore(weights.read_bytes())) if weights.exists() else engine


def tuned(engine: TrainableEngine, demand: DemandSet, folder: Path) -> Engine:
    """The network taught further on all series of a set, up to the oldest of its windows."""
    panel = windows_of(replace(demand, series=_EVERYTHING), folder)[0].panel
    start = time.perf_counter()
    state = engine.train(panel, 0, Alone())
    print(f"{demand.name}: {len(panel)} series, taught in {time.perf_counter() - start:.0f} s")
    return engine.restore(state)


def print_speed() -> None:
    """Seconds and memory for a shop of 10,000 products: by the network alone, and by the plan with it."""
    asyncio.run(_print_speed())


async def _print_speed() -> None:
    totals = shop.sales(0, SHOP)
    demand = np.zeros((SHOP, shop.DAYS))
    demand[totals.sku, totals.day - shop.LAST_DAY + shop.DAYS - 1] = totals.sold / 1_000
    year = Panel.of(list(demand[:, -DAYS:]), frequency=Frequency.DAY, end=shop.LAST_DAY + 1)
    processes = PooledProcesses(PROCESSES)
    try:
        catalogue = await DescribeEngines(processes, memory=MEMORY)(frozenset())
        print(f"\n{SHOP:,} products, {DAYS} days, {HORIZON} days ahead with totals, {PROCESSES} processes")
        predict = Predict(processes, catalogue, PredictionLimits(memory=MEMORY), windows_of_one=0)
        for engine in ("lstm", AUTO):
            with watched() as peak:
                start = time.perf_counter()
                found = await predict(year, ForecastRequest(HORIZON, engine))
                seconds = time.perf_counter() - start
            own = psutil.Process().memory_info().rss / _MEGABYTE
            print(
                f"  {engine:8}{seconds:8.1f} s{found.count(ForecastStatus.OK):8} ok"
                f"{peak.together:8.0f} MB of its processes, {own:.0f} MB of the one that asks"
            )
    finally:
        await processes.close()
