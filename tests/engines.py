"""Made-up engines and panels, and a processor that runs one without a process."""

import asyncio
import json
from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.engines import EngineCatalogue, EngineInfo
from inventoryai.domain.forecasts import (
    ForecastRequest,
)
from inventoryai.forecasting import Engine, Frequency, Panel, Prediction
from inventoryai.forecasting.running import run_engine
from inventoryai.usecases.asking import PredictionLimits
from inventoryai.usecases.prediction import Predict, Predictions

T = TypeVar("T")
NAN = np.nan
POISON = 666.0
OPTIONS = {
    "type": "object",
    "properties": {
        "alpha": {"type": "number", "minimum": 0, "maximum": 1},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "steps": {"type": "integer"},
    },
}


def info(name: str, minimum_history: int = 1) -> EngineInfo:
    return EngineInfo(name, "T", "D", minimum_history, OPTIONS, False, 1, "p", "d", "1")  # noqa: FBT003


class Levelled:
    """An engine that forecasts the mean, and stumbles over a product that sold 666 at once."""

    def __init__(self, stumble: Callable[[Panel, Prediction], Prediction]) -> None:
        self.stumble = stumble
        self.sizes: list[int] = []

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        del seed
        self.sizes.append(len(panel))
        point = np.repeat(np.nanmean(panel.tail(int(panel.lengths.max())), axis=1)[:, None], horizon, axis=1)
        prediction = Prediction.certain(point, levels)
        return self.stumble(panel, prediction) if POISON in panel.values else prediction


class OneEngine:
    """Processes that always run one engine, here and now."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.deadlines: list[float] = []

    async def run(self, function: Callable[..., T], /, *args: object, deadline: float, memory: int) -> T:
        assert function is run_engine
        assert memory > 0
        self.deadlines.append(deadline)
        await asyncio.sleep(0)
        _, options, panel, horizon, levels, seed, _ = cast("list[object]", args)
        json.dumps(options)
        assert isinstance(panel, Panel)
        assert isinstance(horizon, int)
        assert isinstance(seed, int)
        return cast("T", self.engine.predict(panel, horizon, np.array(levels), seed))


def raising(error: Exception) -> Callable[[Panel, Prediction], Prediction]:
    def stumble(_panel: Panel, _prediction: Prediction) -> Prediction:
        raise error

    return stumble


def spoiling(**numbers: float) -> Callable[[Panel, Prediction], Prediction]:
    """Write a number into the arrays of the products that sold 666, at their highest level."""

    def stumble(panel: Panel, prediction: Prediction) -> Prediction:
        poisoned = (panel.tail(int(panel.lengths.max())) == POISON).any(axis=1)
        for name, number in numbers.items():
            getattr(prediction, name)[poisoned, 0, ...] = number
        return prediction

    return stumble


def fine(panel: Panel, prediction: Prediction) -> Prediction:
    del panel
    return prediction


async def run(
    engine: Engine,
    panel: Panel,
    request: ForecastRequest | None = None,
    minimum_history: int = 1,
    chunk: int = 1000,
) -> Predictions:
    predict = Predict(
        OneEngine(engine),
        EngineCatalogue((info("mine", minimum_history),)),
        PredictionLimits(deadline=16.0, chunk=chunk),
    )
    return await predict(panel, request or ForecastRequest(3, "mine"))


def daily(*histories: list[float]) -> Panel:
    return Panel.of(list(histories), frequency=Frequency.DAY, end=100)


def many(count: int, *poisoned: int) -> Panel:
    histories = np.random.default_rng(0).poisson(5, (count, 20)).astype(float)
    histories[list(poisoned), 3] = POISON
    return daily(*histories.tolist())
