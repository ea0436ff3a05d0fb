"""A product that an engine cannot bear costs itself alone."""

from collections.abc import Callable

import numpy as np
import pytest
from engines import NAN, Levelled, OneEngine, info, many, raising, run, spoiling

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.forecasts import (
    EngineFailed,
    EngineNotLoaded,
    ForecastRequest,
    ForecastStatus,
)
from inventoryai.forecasting import Panel, Prediction
from inventoryai.ports.processes import DeadlineExceeded, MemoryExceeded, ProcessDied, TaskFailed
from inventoryai.usecases.asking import PredictionLimits
from inventoryai.usecases.prediction import Predict

TROUBLE = [
    EngineFailed(engine="mine", error="ValueError: no"),
    ProcessDied(exit_code=-6),
    MemoryExceeded(megabytes=1),
    DeadlineExceeded(deadline=120.0),
    TaskFailed("Odd", "no words"),
]


@pytest.mark.parametrize("trouble", TROUBLE, ids=lambda trouble: type(trouble).__name__)
async def test_one_bad_product_among_a_thousand_costs_itself_alone(trouble: Exception) -> None:
    done = await run(Levelled(raising(trouble)), many(1000, 637))
    fallen = [place for place, one in enumerate(done.outcomes) if one.status is ForecastStatus.FALLBACK]
    assert fallen == [637]
    assert done.count(ForecastStatus.OK) == 999
    reason = done.outcomes[637].reason
    assert reason
    assert reason.code == getattr(trouble, "code", "forecast.engine_failed")


async def test_several_bad_products_cost_a_few_others_at_most() -> None:
    done = await run(Levelled(raising(ProcessDied(exit_code=-6))), many(1000, 3, 500, 997))
    assert all(done.outcomes[place].status is ForecastStatus.FALLBACK for place in (3, 500, 997))
    assert done.count(ForecastStatus.OK) > 700


async def test_an_engine_that_always_fails_is_given_up_soon() -> None:
    engine = Levelled(raising(EngineFailed(engine="mine", error="no")))
    done = await run(engine, many(1000, *range(1000)))
    assert done.count(ForecastStatus.FALLBACK) == 1000
    assert len(engine.sizes) <= 25


async def test_an_engine_that_cannot_be_loaded_is_asked_once() -> None:
    engine = Levelled(raising(EngineNotLoaded(engine="mine", error="ImportError: torch")))
    done = await run(engine, many(100, *range(100)))
    assert done.count(ForecastStatus.FALLBACK) == 100
    assert engine.sizes == [100]


async def test_looking_for_who_hangs_takes_little_more_than_two_deadlines() -> None:
    processes = OneEngine(Levelled(raising(DeadlineExceeded(deadline=120.0))))
    predict = Predict(processes, EngineCatalogue((info("mine"),)), PredictionLimits(deadline=120.0))
    await predict(many(1000, 0), ForecastRequest(3, "mine"))
    # The first call hangs, and then one of each two halves.
    # The last two calls try the engine on the past of the others.
    looking = processes.deadlines[:-2]
    assert looking[0] + sum(looking[1::2]) < 120 * 2.5


@pytest.mark.parametrize(
    ("stumble", "code"),
    [
        (spoiling(mean=NAN), "forecast.answer_not_finite"),
        (spoiling(totals=np.inf), "forecast.answer_not_finite"),
        (spoiling(quantiles=-1.0), "forecast.answer_negative"),
        (spoiling(quantiles=NAN, mean=-1.0), "forecast.answer_not_finite"),
    ],
)
async def test_numbers_that_are_no_forecast_cost_their_products(
    stumble: Callable[[Panel, Prediction], Prediction], code: str
) -> None:
    engine = Levelled(stumble)
    done = await run(engine, many(50, 7, 31))
    reasons = {place: one.reason.code for place, one in enumerate(done.outcomes) if one.reason}
    assert reasons == {7: code, 31: code}
    # The later calls try the engine on the past of the products that it could forecast.
    assert engine.sizes == [50, 48, 48]
    assert np.isfinite(done.prediction.totals).all()


async def test_crossing_quantiles_cost_their_products_but_rounding_does_not() -> None:
    def cross(by: float) -> Callable[[Panel, Prediction], Prediction]:
        def stumble(panel: Panel, prediction: Prediction) -> Prediction:
            del panel
            prediction.quantiles[-1, 0, 2] -= by
            return prediction

        return stumble

    done = await run(Levelled(cross(0.1)), many(3, 0))
    assert [one.reason.code for one in done.outcomes if one.reason] == ["forecast.answer_crossing"]
    done = await run(Levelled(cross(1e-12)), many(3, 0))
    assert done.count(ForecastStatus.OK) == 3
    assert (np.diff(done.prediction.quantiles, axis=2) >= 0).all()


async def test_an_answer_of_the_wrong_shape_costs_its_products() -> None:
    done = await run(Levelled(lambda _, prediction: prediction.subset([])), many(8, 5))
    reasons = {place: one.reason.code for place, one in enumerate(done.outcomes) if one.reason}
    assert reasons == {5: "forecast.answer_misshapen"}
