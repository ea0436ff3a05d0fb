"""What the filtered count model promises besides the contract."""

import numpy as np
import pytest
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai_intermittent import inventoryai_engines

SPECS = {spec.name: spec for spec in inventoryai_engines()}
LEVELS = (0.05, 0.1, 0.5, 0.7, 0.9, 0.95)
NAN = np.nan


def predict(
    *histories: NDArray[np.float64],
    horizon: int = 14,
    frequency: Frequency = Frequency.DAY,
    seed: int = 0,
    name: str = "negbin",
) -> Prediction:
    panel = Panel.of(list(histories), frequency=frequency)
    return SPECS[name].load({}).predict(panel, horizon, np.array(LEVELS), seed)


def draws(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_days_of_the_week_are_told_apart() -> None:
    week = np.array([0.0, 2.0, 2.0, 2.0, 4.0, 8.0, 12.0])
    mean = predict(draws().poisson(np.tile(week, 40)).astype(float)).mean[0]
    assert mean[:7] == pytest.approx(week, rel=0.3, abs=0.5)
    assert mean[7:] == pytest.approx(mean[:7])


def test_chance_differences_between_days_are_not_believed() -> None:
    mean = predict(draws().poisson(3.0, 280).astype(float)).mean[0]
    assert mean.max() < 1.3 * mean.min()


def test_months_of_the_year_are_told_apart_after_three_years() -> None:
    year = np.array([5.0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 20, 60])
    long, short = (
        predict(np.tile(year, years), frequency=Frequency.MONTH, horizon=12).mean[0] for years in (5, 2)
    )
    assert long[11] > 3 * long[0]
    assert short[11] == pytest.approx(short[0])


def test_unknown_days_are_not_days_without_sales() -> None:
    demand = draws().poisson(4.0, 210).astype(float)
    demand[np.arange(210) % 3 == 0] = NAN
    prediction = predict(demand)
    assert prediction.mean[0] == pytest.approx(np.full(14, 4.0), rel=0.2)
    assert prediction.quantiles[0, 0, 0] >= 1


def test_a_long_gap_before_the_forecast_is_no_end_of_demand() -> None:
    demand = np.concatenate([draws().poisson(4.0, 120).astype(float), np.full(45, NAN)])
    assert predict(demand).mean[0] == pytest.approx(np.full(14, 4.0), rel=0.3)


def test_a_product_not_seen_for_years_is_still_known() -> None:
    demand = np.concatenate([draws().poisson(4.0, 90).astype(float), np.full(1500, NAN)])
    assert predict(demand).mean[0] == pytest.approx(np.full(14, 4.0), rel=0.3)


def test_more_zeros_than_a_negative_binomial_has() -> None:
    rng = draws(4)
    demand = np.where(rng.random(360) < 0.2, rng.poisson(20.0, 360), 0.0)
    prediction = predict(demand)
    assert prediction.quantiles[0, 0, 3] == 0  # a fifth of the days sell, so 70 % of what may come is nothing
    assert 12 <= prediction.quantiles[0, 0, 4] <= 30
    assert prediction.mean[0, 0] == pytest.approx(4.0, rel=0.35)


def test_the_level_follows_a_product_that_takes_off() -> None:
    rng = draws()
    demand = np.concatenate([rng.poisson(1.0, 200), rng.poisson(12.0, 30)]).astype(float)
    assert predict(demand).mean[0, 0] > 8


def test_one_large_order_does_not_make_a_level() -> None:
    demand = draws().poisson(1.0, 200).astype(float)
    demand[-5] = 300.0
    assert predict(demand).quantiles[0, 0, 2] <= 4


def test_demand_that_never_varied_is_expected_to_go_on() -> None:
    prediction = predict(np.full(100, 7.0))
    assert prediction.quantiles[0, 0, 1:5].tolist() == [7.0] * 4
    assert prediction.totals[0, -1] == pytest.approx([98.0] * len(LEVELS), rel=0.15)


def test_fractions_are_forecast_in_the_steps_they_come_in() -> None:
    prediction = predict(np.round(draws().gamma(4.0, 0.3, 120), 1))
    tenths = prediction.quantiles * 10
    np.testing.assert_allclose(tenths, np.rint(tenths), atol=1e-6)
    assert prediction.mean[0, 0] == pytest.approx(1.2, rel=0.2)


def test_weights_are_forecast_without_steps() -> None:
    demand = draws().gamma(4.0, 0.3, 200)
    quantiles = predict(demand).quantiles[0, 0]
    assert quantiles == pytest.approx(np.quantile(demand, LEVELS), rel=0.25)


@pytest.mark.parametrize("name", sorted(SPECS))
@pytest.mark.parametrize("factor", [1e-3, 12.0, 1e6])
def test_scale(name: str, factor: float) -> None:
    """From ten sales on, demand times c has a forecast times c."""
    demand = draws(8).poisson(1.5, 120).astype(float)
    plain, scaled = (predict(history, name=name) for history in (demand, factor * demand))
    np.testing.assert_allclose(scaled.quantiles, factor * plain.quantiles, rtol=1e-6)
    np.testing.assert_allclose(scaled.totals, factor * plain.totals, rtol=1e-6)


@pytest.mark.parametrize("name", sorted(SPECS))
@pytest.mark.parametrize("frequency", list(Frequency))
def test_a_short_history_is_treated_alike_beside_a_long_one_and_alone(
    name: str, frequency: Frequency
) -> None:
    rng = draws(9)
    drawn = (rng.poisson(2.0, 17), rng.poisson(0.4, 600), rng.gamma(2.0, 1.0, 75))
    histories = [np.asarray(history, dtype=np.float64) for history in drawn]
    together = predict(*histories, frequency=frequency, name=name, horizon=30)
    for place, history in enumerate(histories):
        alone = predict(history, frequency=frequency, name=name, horizon=30)
        np.testing.assert_allclose(alone.quantiles[0], together.quantiles[place], rtol=1e-6)
        np.testing.assert_allclose(alone.totals[0], together.totals[place], rtol=1e-6)
