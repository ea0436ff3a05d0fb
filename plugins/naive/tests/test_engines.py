"""The engines of this plugin keep the contract, and the simple ones do what their names say."""

import numpy as np
import pytest

from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai.forecasting.testing import EngineContract
from inventoryai_naive import inventoryai_engines

SPECS = {spec.name: spec for spec in inventoryai_engines()}
NAN = np.nan


class TestNaive(EngineContract):
    spec = SPECS["naive"]


class TestSeasonalNaive(EngineContract):
    spec = SPECS["seasonal_naive"]


class TestMean(EngineContract):
    spec = SPECS["mean"]


class TestWindowMean(EngineContract):
    spec = SPECS["window_mean"]


class TestEmpirical(EngineContract):
    spec = SPECS["empirical"]


def predict(name: str, *histories: list[float], horizon: int = 8, **options: object) -> Prediction:
    panel = Panel.of(list(histories), frequency=Frequency.DAY)
    return SPECS[name].load(options).predict(panel, horizon, np.array([0.1, 0.5, 0.9]), 0)


def test_naive_repeats_the_last_known_value() -> None:
    assert predict("naive", [5.0, 5.0, 5.0, NAN]).mean.tolist() == [[5.0] * 8]


def test_seasonal_naive_repeats_the_last_week() -> None:
    week = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert predict("seasonal_naive", week * 4).mean.tolist() == [[*week, 1.0]]


def test_seasonal_naive_looks_further_back_where_last_week_is_unknown() -> None:
    week = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert predict("seasonal_naive", [*week, *week, NAN, *week[1:]]).mean[0, 0] == 1.0


def test_seasonal_naive_of_less_than_a_week_repeats_the_last_value_for_days_it_has_not_seen() -> None:
    assert predict("seasonal_naive", [4.0, 4.0, 4.0]).mean.tolist() == [[4.0] * 8]


def test_mean_is_the_distribution_of_all_that_is_known() -> None:
    prediction = predict("mean", [0.0, 1.0, 2.0, NAN, 3.0, 4.0])
    assert prediction.mean[0].tolist() == pytest.approx([2.0] * 8, abs=0.02)
    assert prediction.quantiles[0, 0].tolist() == pytest.approx([0.0, 2.0, 4.0])


def test_window_mean_forgets_what_is_older_than_its_window() -> None:
    prediction = predict("window_mean", [100.0] * 50 + [2.0] * 60, window=30)
    assert prediction.quantiles[0, :, 1] == pytest.approx(2.0)


def test_window_mean_of_a_window_without_knowledge_is_the_mean_of_all() -> None:
    assert predict("window_mean", [3.0, 3.0, NAN, NAN], window=2).mean[0, 0] == pytest.approx(3.0)


def test_upper_quantiles_of_all_engines_hold_on_demand_that_does_not_change() -> None:
    rng = np.random.default_rng(5)
    sold = rng.negative_binomial(2, 0.2, (300, 210)).astype(float)
    panel = Panel.of(list(sold[:, :-14]), frequency=Frequency.DAY)
    for name, spec in SPECS.items():
        prediction = spec.load({}).predict(panel, 14, np.array([0.95, 0.99]), 0)
        held = (sold[:, -14:, None] <= prediction.quantiles).mean(axis=(0, 1))
        assert held == pytest.approx([0.95, 0.99], abs=0.02), name
