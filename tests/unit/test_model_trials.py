"""A model is tried only on days that it has not seen; what the automatic plan tries is what it asks."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

import numpy as np
import pytest
from engines import info
from numpy.typing import NDArray

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.forecasts import ForecastRequest
from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai.forecasting.states import Learnt, State
from inventoryai.usecases.prediction import Predict, Predictions

T = TypeVar("T")
END, HORIZON = 100, 7
WINDOWS_BEGIN = END - 2 * HORIZON


def times(factor: float, panel: Panel, horizon: int, levels: NDArray[np.float64]) -> Prediction:
    mean = np.array([np.nanmean(panel.history(place)) for place in range(len(panel))]) * factor
    draws = np.random.default_rng(0).normal(1, 0.1, (1, 100, horizon))
    return Prediction.from_samples(mean[:, None, None] * draws, levels)


@dataclass
class Pupils:
    """Processes whose engines forecast three times the mean until they have learnt better."""

    asked: list[tuple[str, bool, int]] = field(default_factory=list)

    async def run(self, function: Callable[..., T], /, *args: Any, deadline: float, memory: int) -> T:
        del function, deadline, memory
        await asyncio.sleep(0)
        name, _, panel, horizon, levels, _, _, *state = args
        self.asked.append((name, bool(state), int(panel.lengths.max())))
        return cast("T", times(1.0 if state else 3.0, panel, horizon, np.array(levels)))

    def learnt(self, name: str) -> dict[int, bool]:
        """By the length of the histories that an engine was shown, whether it was asked with its model."""
        return {length: state for engine, state, length in self.asked if engine == name}


async def predicted(engine: str, models: Mapping[str, Learnt]) -> tuple[Predictions, Pupils]:
    demand = np.random.default_rng(1).poisson(20, (12, 60)).astype(float)
    panel = Panel.of(list(demand), frequency=Frequency.DAY, end=END)
    engines = tuple(replace(info(name), automatic=True) for name in ("lstm", "other"))
    processes = Pupils()
    predict = Predict(processes, EngineCatalogue(engines))
    return await predict(panel, ForecastRequest(HORIZON, engine), models=models), processes


def model(until: int) -> dict[str, Learnt]:
    return {"lstm": Learnt(State.of(b"{}"), until)}


async def test_a_model_that_has_not_seen_the_windows_is_tried_and_asked() -> None:
    done, processes = await predicted("lstm", model(WINDOWS_BEGIN))
    assert processes.learnt("lstm") == {46: True, 53: True, 60: True}
    assert done.prediction.mean.mean() == pytest.approx(20, rel=0.1)


async def test_one_that_has_is_asked_for_by_its_name_and_not_tried() -> None:
    done, processes = await predicted("lstm", model(WINDOWS_BEGIN + 1))
    assert processes.learnt("lstm") == {46: False, 53: False, 60: True}
    assert done.prediction.mean.mean() == pytest.approx(20, rel=0.1)


async def test_the_automatic_plan_weighs_it_in_its_engines_place() -> None:
    done, processes = await predicted("auto", model(WINDOWS_BEGIN))
    assert processes.learnt("lstm") == {46: True, 53: True, 60: True}
    assert not any(processes.learnt("other").values())
    assert {outcome.engine.split("+")[0] for outcome in done.outcomes} == {"lstm"}


async def test_the_automatic_plan_leaves_out_one_that_it_could_not_judge() -> None:
    _, processes = await predicted("auto", model(WINDOWS_BEGIN + 1))
    assert processes.learnt("lstm") == {46: False, 53: False, 60: False}
