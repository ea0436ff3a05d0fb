"""Prediction with fallback: no engine can spoil a run, and every product says what became of it."""

from dataclasses import replace

import numpy as np
import pytest
from engines import NAN, Levelled, OneEngine, daily, fine, info, many, raising, run

from inventoryai.domain.engines import EngineCatalogue, EngineOptionsInvalid, EngineUnknown
from inventoryai.domain.forecasts import (
    ForecastRequest,
    ForecastStatus,
    HorizonOutOfRange,
    LevelsInvalid,
)
from inventoryai.forecasting.fallback import MEAN, SEASONAL_NAIVE
from inventoryai.ports.processes import ProcessDied
from inventoryai.usecases.asking import PredictionLimits
from inventoryai.usecases.prediction import Predict


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


async def test_the_automatic_plan_asks_the_engines_that_offer_themselves_and_says_why() -> None:
    offered = replace(info("mine"), automatic=True)
    catalogue = EngineCatalogue((info("naive"), offered, info("mean")))
    done = await Predict(OneEngine(Levelled(fine)), catalogue)(daily([1.0]), ForecastRequest(3))
    assert done.outcomes[0].engine == "mine"
    assert done.outcomes[0].reason
    assert done.outcomes[0].reason.code == "forecast.chosen_for_young"
    assert "mine 100" in done.outcomes[0].reason.text("fr")


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
    steps: list[float] = []
    predict = Predict(
        OneEngine(Levelled(raising(ProcessDied(exit_code=1)))),
        EngineCatalogue((info("mine", 2),)),
        PredictionLimits(chunk=10),
    )
    panel = daily([], [1.0], *many(33, 4).tail(20).tolist())
    await predict(panel, ForecastRequest(3, "mine"), progress=steps.append)
    assert sum(steps) == pytest.approx(35)
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
