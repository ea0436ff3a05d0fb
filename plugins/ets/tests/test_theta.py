"""The theta engine keeps the contract, and forecasts what its parts promise."""

import numpy as np
import pytest

from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai.forecasting.testing import EngineContract
from inventoryai_ets import inventoryai_engines

SPECS = {spec.name: spec for spec in inventoryai_engines()}
LEVELS = np.array([0.05, 0.5, 0.95])
WEEK = np.array([3.0, 4.0, 4.0, 5.0, 6.0, 9.0, 4.0])


class TestTheta(EngineContract):
    spec = SPECS["theta"]


def predict(*histories: list[float], horizon: int = 14, frequency: Frequency = Frequency.DAY) -> Prediction:
    panel = Panel.of(list(histories), frequency=frequency)
    return SPECS["theta"].load({}).predict(panel, horizon, LEVELS, 0)


def noisy(values: np.ndarray, spread: float) -> list[float]:
    noise = np.random.default_rng(1).normal(1, spread, len(values))
    found: list[float] = (values * noise).tolist()
    return found


def test_a_week_that_repeats_itself_is_forecast_as_it_is() -> None:
    mean = predict(np.tile(WEEK, 20).tolist()).mean[0]
    assert mean == pytest.approx(np.tile(WEEK, 2), rel=1e-3)


def test_days_of_the_week_are_told_apart_in_noise_and_where_some_sell_nothing() -> None:
    week = np.array([0.0, 4.0, 4.0, 5.0, 6.0, 9.0, 4.0])
    for pattern in (WEEK, week):
        mean = predict(noisy(np.tile(pattern, 40), 0.2), horizon=7).mean[0]
        assert mean == pytest.approx(pattern, abs=1.0)


def test_chance_is_no_season() -> None:
    random = np.random.default_rng(3)
    mean = predict(*random.poisson(5.0, (50, 300)).astype(float).tolist(), horizon=7).mean
    assert np.median(np.ptp(mean, axis=1)) < 0.2


def test_half_of_a_steady_rise_goes_on_at_least() -> None:
    mean = predict(noisy(np.arange(20.0, 80.0), 0.02), frequency=Frequency.WEEK).mean[0]
    assert 0.5 < (mean[-1] - mean[0]) / 13 < 1.1


def test_what_sells_one_day_in_four_goes_on_selling_one_day_in_four() -> None:
    history = np.where(np.random.default_rng(5).random(400) < 0.25, 6.0, 0.0).tolist()
    prediction = predict(history, horizon=28)
    assert (prediction.quantiles[0, :, 1] == 0).all()
    assert prediction.quantiles[0, -1, 2] == pytest.approx(6.0, rel=0.35)
    assert prediction.totals[0, -1, 1] == pytest.approx(42.0, rel=0.35)


def test_unknown_days_change_little() -> None:
    history = noisy(np.tile(WEEK, 30), 0.1)
    gaps = [value if place % 11 else float("nan") for place, value in enumerate(history)]
    both = predict(history, gaps)
    assert both.mean[1] == pytest.approx(both.mean[0], rel=0.1)


def test_uncertainty_grows_with_a_level_that_wanders() -> None:
    steps = np.random.default_rng(7).normal(0, 4, 300)
    prediction = predict((200 + np.cumsum(steps)).tolist(), frequency=Frequency.WEEK)
    width = prediction.quantiles[0, :, 2] - prediction.quantiles[0, :, 0]
    assert width[-1] > 2 * width[0]


def test_old_mistakes_count_less_than_new_ones() -> None:
    wild, calm = (
        np.random.default_rng(9).gamma(1.0, 10.0, 300),
        np.random.default_rng(9).gamma(100.0, 0.1, 300),
    )
    after, before = predict([*wild, *calm], [*calm, *wild], horizon=1).quantiles[:, 0]
    assert (after[2] - after[0]) / after[1] < (before[2] - before[0]) / before[1]


def test_the_shortest_histories_go_on_as_they_are() -> None:
    assert predict([3.0], [float("nan"), 7.0], [4.0, 4.0, 4.0], horizon=2).mean == pytest.approx(
        np.array([[3.0, 3.0], [7.0, 7.0], [4.0, 4.0]]), rel=1e-6
    )
