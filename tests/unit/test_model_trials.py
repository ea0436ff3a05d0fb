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

    asked: list[tuple[str, bytes, int]] = field(default_factory=list)

    async def run(self, function: Callable[..., T], /, *args: Any, deadline: float, memory: int) -> T:
        del function, deadline, memory
        await asyncio.sleep(0)
        name, _, panel, horizon, levels, _, _, *states = args
        self.asked.append((name, states[0].content if states else b"", int(panel.lengths.max())))
        return cast("T", times(1.0 if states else 3.0, panel, horizon, np.array(levels)))

    def learnt(self, name: str) -> dict[int, bytes]:
        """By the length of the histories that an engine was shown, what it had learnt when it was asked."""
        return {length: state for engine, state, length in self.asked if engine == name}


async def predicted(engine: str, models: Mapping[str, Learnt]) -> tuple[Predictions, Pupils]:
    demand = np.random.default_rng(1).poisson(20, (12, 60)).astype(float)
    panel = Panel.of(list(demand), frequency=Frequency.DAY, end=END)
    engines = tuple(replace(info(name), automatic=True) for name in ("lstm", "other"))
    processes = Pupils()
    predict = Predict(processes, EngineCatalogue(engines))
    return await predict(panel, ForecastRequest(HORIZON, engine), models=models), processes


NOTHING, JUDGED, RENEWED = b"", b"[1]", b"[2]"


def model(until: int, *renewed: bytes) -> dict[str, Learnt]:
    return {"lstm": Learnt(State.of(JUDGED), until, *(State.of(content) for content in renewed))}


async def test_a_model_that_has_not_seen_the_windows_is_tried_and_asked() -> None:
    done, processes = await predicted("lstm", model(WINDOWS_BEGIN))
    assert processes.learnt("lstm") == {46: JUDGED, 53: JUDGED, 60: JUDGED}
    assert done.prediction.mean.mean() == pytest.approx(20, rel=0.1)


async def test_one_that_has_is_asked_for_by_its_name_and_not_tried() -> None:
    done, processes = await predicted("lstm", model(WINDOWS_BEGIN + 1))
    assert processes.learnt("lstm") == {46: NOTHING, 53: NOTHING, 60: JUDGED}
    assert done.prediction.mean.mean() == pytest.approx(20, rel=0.1)


@pytest.mark.parametrize("engine", ["lstm", "auto"])
async def test_what_has_learnt_from_everything_is_asked_and_never_tried(engine: str) -> None:
    _, processes = await predicted(engine, model(WINDOWS_BEGIN, RENEWED))
    assert processes.learnt("lstm") == {46: JUDGED, 53: JUDGED, 60: RENEWED}


async def test_the_automatic_plan_weighs_it_in_its_engines_place() -> None:
    done, processes = await predicted("auto", model(WINDOWS_BEGIN))
    assert processes.learnt("lstm") == {46: JUDGED, 53: JUDGED, 60: JUDGED}
    assert not any(processes.learnt("other").values())
    assert {outcome.engine.split("+")[0] for outcome in done.outcomes} == {"lstm"}


async def test_the_automatic_plan_leaves_out_one_that_it_could_not_judge() -> None:
    _, processes = await predicted("auto", model(WINDOWS_BEGIN + 1, RENEWED))
    assert processes.learnt("lstm") == {46: NOTHING, 53: NOTHING, 60: NOTHING}
