"""The automatic plan at work: engines tried, weighed and asked, whatever they do."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import numpy as np
import pytest
from engines import POISON, daily, info
from numpy.typing import NDArray

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.forecasts import EngineFailed, ForecastRequest
from inventoryai.forecasting import Engine, Frequency, Panel, Prediction
from inventoryai.usecases.prediction import Predict, Predictions

T = TypeVar("T")
AUTO = ForecastRequest(7, "auto")


@dataclass
class Several:
    """Processes that run engines by name, here and now, and remember what they were asked."""

    engines: Mapping[str, Engine]

    def __post_init__(self) -> None:
        self.asked: list[tuple[str, Panel, int]] = []

    async def run(self, function: Callable[..., T], /, *args: object, deadline: float, memory: int) -> T:
        del function, deadline, memory
        await asyncio.sleep(0)
        name, _, panel, horizon, levels, seed, _ = cast(
            "tuple[str, object, Panel, int, tuple[float, ...], int, object]", args
        )
        self.asked.append((name, panel, horizon))
        return cast("T", self.engines[name].predict(panel, horizon, np.array(levels), seed))


@dataclass
class Around:
    """Forecasts a multiple of the mean, give or take a tenth."""

    factor: float

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        mean = np.array([np.nanmean(panel.history(place)) for place in range(len(panel))]) * self.factor
        draws = np.random.default_rng(seed).normal(1, 0.1, (len(panel), 100, horizon))
        return Prediction.from_samples(mean[:, None, None] * draws, levels)


class Raising:
    def __init__(self, poison: float | None) -> None:
        self.poison = poison

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        if self.poison is None or self.poison in panel.values:
            raise EngineFailed(engine="fragile", error="ValueError: no")
        return Around(1.0).predict(panel, horizon, levels, seed)


def catalogue(*names: str, minimum_history: int = 1) -> EngineCatalogue:
    return EngineCatalogue(tuple(replace(info(name, minimum_history), automatic=True) for name in names))


def steady(products: int = 12, length: int = 60) -> Panel:
    demand = np.random.default_rng(1).poisson(20, (products, length)).astype(float)
    return Panel.of(list(demand), frequency=Frequency.DAY, end=100)


async def automatic(panel: Panel, **engines: Engine) -> tuple[Predictions, Several]:
    processes = Several(engines)
    return await Predict(processes, catalogue(*engines))(panel, AUTO), processes


async def test_the_better_engine_has_the_larger_part_and_is_named_first() -> None:
    done, _ = await automatic(steady(), good=Around(1.0), poor=Around(3.0))
    assert {outcome.engine.split("+")[0] for outcome in done.outcomes} == {"good"}
    reason = done.outcomes[0].reason
    assert reason
    assert reason.code == "forecast.chosen_for_smooth"
    assert reason.data["windows"] == 2
    assert "good" in reason.text("en")


async def test_an_engine_without_a_part_is_not_asked_for_the_forecast() -> None:
    _, processes = await automatic(steady(200), good=Around(1.0), poor=Around(9.0))
    assert [name for name, panel, _ in processes.asked if panel.lengths.max() == 60] == ["good"]


async def test_engines_are_tried_on_what_was_known_before_each_window() -> None:
    panel = steady()
    _, processes = await automatic(panel, good=Around(1.0), poor=Around(1.1))
    tried = [(shown, horizon) for name, shown, horizon in processes.asked if name == "good"]
    assert [int(shown.lengths.max()) for shown, _ in tried] == [60 - 14, 60 - 7, 60]
    for shown, _ in tried:
        expected = panel.history(3)[: shown.lengths[3]]
        assert shown.history(3).tolist() == expected.tolist()


async def test_how_the_engines_did_is_told_with_their_parts() -> None:
    done, _ = await automatic(steady(), good=Around(1.0), poor=Around(3.0))
    marks = {trial.engine: trial for trial in done.trials}
    assert set(marks) == {"good", "poor", "auto"}
    assert (marks["good"].scores.spl < marks["poor"].scores.spl).all()
    np.testing.assert_allclose(marks["good"].weight + marks["poor"].weight, 1.0)


async def test_an_engine_that_always_fails_costs_nothing_but_itself() -> None:
    done, _ = await automatic(steady(), good=Around(1.0), broken=Raising(None))
    assert {outcome.engine for outcome in done.outcomes} == {"good"}
    assert {outcome.status for outcome in done.outcomes} == {"ok"}


async def test_a_product_that_one_engine_cannot_bear_is_forecast_by_the_others() -> None:
    panel = steady()
    values = panel.values.copy()
    values[panel.offsets[5]] = POISON
    done, _ = await automatic(replace(panel, values=values), fragile=Raising(POISON), other=Around(1.0))
    assert done.outcomes[5].engine == "other"
    assert all("fragile" in outcome.engine for place, outcome in enumerate(done.outcomes) if place != 5)


async def test_where_every_engine_fails_the_host_forecasts_and_says_why() -> None:
    done, _ = await automatic(steady(), broken=Raising(None), other=Raising(None))
    assert {outcome.status for outcome in done.outcomes} == {"fallback"}
    reason = done.outcomes[0].reason
    assert reason
    assert reason.code == "forecast.engine_failed"


async def test_a_product_too_young_to_be_judged_is_forecast_as_its_likes_are() -> None:
    demand = [*np.random.default_rng(1).poisson(20, (12, 60)).astype(float).tolist(), [18.0, 22.0, 19.0]]
    done, _ = await automatic(daily(*demand), good=Around(1.0), poor=Around(3.0))
    young = done.outcomes[12]
    assert young.engine.startswith("good")
    assert young.reason
    assert young.reason.code == "forecast.chosen_for_young"


async def test_a_history_too_short_for_one_engine_is_left_to_the_other() -> None:
    picky = replace(info("picky", 30), automatic=True)
    easy = replace(info("easy"), automatic=True)
    processes = Several({"picky": Around(1.0), "easy": Around(1.0)})
    panel = daily([5.0] * 60, [5.0] * 20)
    done = await Predict(processes, EngineCatalogue((picky, easy)))(panel, AUTO)
    assert done.outcomes[1].engine == "easy"
    assert all(shown.lengths.min() >= 30 for name, shown, _ in processes.asked if name == "picky")


@pytest.mark.parametrize("longest", [1, 2, 3, 5])
async def test_histories_of_a_few_days_get_a_forecast(longest: int) -> None:
    done, _ = await automatic(daily([4.0] * longest, [6.0]), good=Around(1.0), poor=Around(2.0))
    assert {outcome.status for outcome in done.outcomes} == {"ok"}
    assert np.isfinite(done.prediction.totals).all()


async def test_what_comes_is_one_combination_of_distributions() -> None:
    done, _ = await automatic(steady(), low=Around(0.9), high=Around(1.1))
    assert done.prediction.mean.mean() == pytest.approx(20, rel=0.05)
    assert (np.diff(done.prediction.quantiles, axis=2) >= -1e-9).all()
    assert (np.diff(done.prediction.totals, axis=1) >= -1e-9).all()
