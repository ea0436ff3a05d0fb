"""Prediction with fallback: no engine can spoil a run, and every product says what became of it."""

import asyncio
import json
from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from inventoryai.domain.engines import EngineCatalogue, EngineInfo, EngineOptionsInvalid, EngineUnknown
from inventoryai.domain.forecasts import (
    EngineFailed,
    EngineNotLoaded,
    ForecastRequest,
    ForecastStatus,
    HorizonOutOfRange,
    LevelsInvalid,
)
from inventoryai.forecasting import Engine, Frequency, Panel, Prediction
from inventoryai.forecasting.fallback import MEAN, SEASONAL_NAIVE
from inventoryai.forecasting.running import run_engine
from inventoryai.ports.processes import DeadlineExceeded, MemoryExceeded, ProcessDied, TaskFailed
from inventoryai.usecases.prediction import Predict, PredictionLimits, Predictions

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


async def test_every_product_gets_the_engines_forecast_in_order() -> None:
    done = await run(Levelled(fine), daily([1.0], [2.0, 2.0], [3.0]))
    assert done.prediction.mean[:, 0].tolist() == [1, 2, 3]
    assert [outcome.status for outcome in done.outcomes] == [ForecastStatus.OK] * 3
    assert {outcome.engine for outcome in done.outcomes} == {"mine"}
    assert {outcome.reason for outcome in done.outcomes} == {None}


async def test_chunks_are_put_together_in_order() -> None:
    panel = many(95)
    whole, parts = await run(Levelled(fine), panel), await run(Levelled(fine), panel, chunk=10)
    np.testing.assert_allclose(parts.prediction.totals, whole.prediction.totals)


async def test_what_nothing_is_known_of_fails_and_says_why() -> None:
    done = await run(Levelled(fine), daily([], [NAN, NAN], [4.0]))
    assert [outcome.status for outcome in done.outcomes] == ["failed", "failed", "ok"]
    reasons = [outcome.reason.code for outcome in done.outcomes if outcome.reason]
    assert reasons == ["forecast.history_empty", "forecast.demand_unknown"]
    assert done.prediction.mean[:, 0].tolist() == [0, 0, 4]


async def test_a_panel_without_products_is_an_answer() -> None:
    assert (await run(Levelled(fine), daily())).outcomes == ()


async def test_a_history_too_short_for_the_engine_falls_back() -> None:
    done = await run(Levelled(fine), daily([4.0, NAN, 6.0], [4.0, 5.0, 6.0]), minimum_history=3)
    short, long = done.outcomes
    assert (short.status, short.engine) == (ForecastStatus.FALLBACK, MEAN)
    assert short.reason
    assert short.reason.data == {"engine": "mine", "needed": 3, "known": 2}
    assert "2" in short.reason.text("fr")
    assert long.status is ForecastStatus.OK
    assert done.prediction.mean[0, 0] == pytest.approx(5.0)


async def test_the_fallback_is_last_season_where_there_is_one() -> None:
    week = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    done = await run(Levelled(fine), daily(week * 4, week), minimum_history=99)
    assert [outcome.engine for outcome in done.outcomes] == [SEASONAL_NAIVE, MEAN]
    assert done.prediction.mean[0].tolist() == [1, 2, 3]


TROUBLE = [
    EngineFailed(engine="mine", error="ValueError: no"),
    ProcessDied(exit_code=-6),
    MemoryExceeded(megabytes=1),
    DeadlineExceeded(deadline=16.0),
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
    processes = OneEngine(Levelled(raising(DeadlineExceeded(deadline=16.0))))
    predict = Predict(processes, EngineCatalogue((info("mine"),)), PredictionLimits(deadline=16.0))
    await predict(many(1000, 0), ForecastRequest(3, "mine"))
    # The first call hangs, and then one of each two halves.
    assert processes.deadlines[0] + sum(processes.deadlines[1::2]) < 16 * 2.5


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
    assert engine.sizes == [50]
    assert np.isfinite(done.prediction.totals).all()


async def test_crossing_quantiles_cost_their_products_but_rounding_does_not() -> None:
    def cross(by: float) -> Callable[[Panel, Prediction], Prediction]:
        def stumble(panel: Panel, prediction: Prediction) -> Prediction:
            del panel
            prediction.quantiles[1, 0, 2] -= by
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


async def test_the_automatic_plan_takes_its_first_choice_and_says_so() -> None:
    catalogue = EngineCatalogue((info("naive"), info("empirical"), info("mean")))
    done = await Predict(OneEngine(Levelled(fine)), catalogue)(daily([1.0]), ForecastRequest(3))
    assert done.outcomes[0].engine == "empirical"
    assert done.outcomes[0].reason
    assert done.outcomes[0].reason.code == "forecast.chosen_by_default"


async def test_the_automatic_plan_without_engines_falls_back() -> None:
    done = await Predict(OneEngine(Levelled(fine)), EngineCatalogue(()))(daily([1.0], []), ForecastRequest(3))
    assert [one.status for one in done.outcomes] == ["fallback", "failed"]
    assert done.outcomes[0].reason
    assert done.outcomes[0].reason.code == "forecast.no_engine"


async def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(EngineUnknown):
        await run(Levelled(fine), daily([1.0]), ForecastRequest(3, "crystal_ball"))


@pytest.mark.parametrize(
    ("options", "detail"),
    [
        ({"beta": 1}, "no such option"),
        ({"alpha": "x"}, "not of type number"),
        ({"alpha": True}, "not of type number"),
        ({"alpha": 1.5}, "above 1"),
        ({"alpha": -0.1}, "below 0"),
        ({"alpha": NAN}, "below 0"),
        ({"kind": "c"}, "not one of a, b"),
        ({"steps": 1.5}, "not of type integer"),
    ],
)
async def test_options_that_the_engine_does_not_take_are_refused(
    options: dict[str, object], detail: str
) -> None:
    with pytest.raises(EngineOptionsInvalid) as caught:
        await run(Levelled(fine), daily([1.0]), ForecastRequest(3, "mine", options=options))
    assert detail in str(caught.value.data["detail"])


async def test_options_that_it_takes_are_handed_over() -> None:
    options = {"alpha": 1, "kind": "b", "steps": 2}
    await run(Levelled(fine), daily([1.0]), ForecastRequest(3, "mine", options=options))


async def test_the_automatic_plan_takes_no_options() -> None:
    with pytest.raises(EngineOptionsInvalid):
        await run(Levelled(fine), daily([1.0]), ForecastRequest(3, options={"alpha": 1}))


async def test_progress_adds_up_to_all_products() -> None:
    steps: list[int] = []
    predict = Predict(
        OneEngine(Levelled(raising(ProcessDied(exit_code=1)))),
        EngineCatalogue((info("mine", 2),)),
        PredictionLimits(chunk=10),
    )
    panel = daily([], [1.0], *many(33, 4).tail(20).tolist())
    await predict(panel, ForecastRequest(3, "mine"), progress=steps.append)
    assert sum(steps) == 35
    assert len(steps) > 4


class TestRequest:
    @pytest.mark.parametrize("horizon", [0, -1, 367, 10_000])
    def test_a_horizon_that_nobody_can_see_is_refused(self, horizon: int) -> None:
        with pytest.raises(HorizonOutOfRange):
            ForecastRequest(horizon)

    @pytest.mark.parametrize(
        "levels", [(), (0.0,), (1.0,), (0.5, 1.5), (NAN,), tuple(np.linspace(0.1, 0.9, 51))]
    )
    def test_levels_that_are_no_levels_are_refused(self, levels: tuple[float, ...]) -> None:
        with pytest.raises(LevelsInvalid):
            ForecastRequest(7, levels=levels)

    def test_levels_are_sorted_and_each_kept_once(self) -> None:
        assert ForecastRequest(7, levels=(0.9, 0.1, 0.9)).levels == (0.1, 0.9)
