"""The network in other states than it is shipped in, and what it takes for a whole shop."""

# ruff: noqa: T201 # printing figures is what it is for

import asyncio
import multiprocessing
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from benchmarks.scoring import shop
from benchmarks.scoring.census import watched
from benchmarks.scoring.marking import SEED
from benchmarks.scoring.windows import DemandSet, unjudged, windows_of
from numpy.typing import NDArray

from inventoryai.domain.engines import AUTO
from inventoryai.domain.forecasts import ForecastRequest, ForecastStatus
from inventoryai.forecasting import Engine, Frequency, Panel, Prediction, TrainableEngine
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


@dataclass(frozen=True, slots=True)
class Renewed:
    """One network for each window, taught on what came before it.

    Attributes:
        engines: By the end of what they were taught on.
    """

    engines: Mapping[int, Engine]

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``; of a panel that ends where one of them was taught until."""
        return self.engines[panel.end].predict(panel, horizon, levels, seed)


def tuned(engine: TrainableEngine, demand: DemandSet, folder: Path) -> Renewed:
    """The network taught further on all series of a set, anew before each window, as all engines are."""
    engines: dict[int, Engine] = {}
    for window in windows_of(replace(demand, series=_EVERYTHING), folder):
        start = time.perf_counter()
        engines[window.panel.end] = engine.restore(engine.train(window.panel, SEED, Alone()))
        seconds = time.perf_counter() - start
        print(f"{demand.name}: taught {len(window.panel)} series in {seconds:.0f} s", file=sys.stderr)
    return Renewed(engines)


def foreseeing(engine: TrainableEngine, demand: DemandSet, folder: Path) -> Engine | None:
    """The network taught on the products of a set that are not judged, in the judged periods, too.

    It knows what nobody can know: how all of the shop went on. No teaching on the past should do better.
    """
    others = unjudged(demand, folder)
    return None if others is None else engine.restore(engine.train(others, SEED, Alone()))


def print_speed() -> None:
    """Seconds and memory for a shop of 10,000 products: by the network alone, and by the plan with it.

    Each in a process of its own, which has loaded no more than a worker.
    """
    print(f"\n{SHOP:,} products, {DAYS} days, {HORIZON} days ahead with totals, {PROCESSES} processes")
    for engine in ("lstm", AUTO):
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as one, watched() as peak:
            seconds, ok = one.submit(forecast_shop, engine).result()
        print(f"  {engine:8}{seconds:8.1f} s{ok:8} ok{peak.together:8.0f} MB in all processes")


def forecast_shop(engine: str) -> tuple[float, int]:
    """Seconds for a forecast of the whole shop, and how many products the engine forecast."""
    return asyncio.run(_forecast_shop(engine))


async def _forecast_shop(engine: str) -> tuple[float, int]:
    totals = shop.sales(0, SHOP)
    demand = np.zeros((SHOP, shop.DAYS))
    demand[totals.sku, totals.day - shop.LAST_DAY + shop.DAYS - 1] = totals.sold / 1_000
    year = Panel.of(list(demand[:, -DAYS:]), frequency=Frequency.DAY, end=shop.LAST_DAY + 1)
    del totals, demand
    processes = PooledProcesses(PROCESSES)
    try:
        catalogue = await DescribeEngines(processes, memory=MEMORY)(frozenset())
        predict = Predict(processes, catalogue, PredictionLimits(memory=MEMORY), windows_of_one=0)
        start = time.perf_counter()
        found = await predict(year, ForecastRequest(HORIZON, engine))
        return time.perf_counter() - start, found.count(ForecastStatus.OK)
    finally:
        await processes.close()
