"""Totals: wider than independent periods would make them, and as likely as they say."""

import numpy as np
import pytest
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai_intermittent import inventoryai_engines
from inventoryai_intermittent.futures import PATHS, Futures, Tables

SPECS = {spec.name: spec for spec in inventoryai_engines()}
LEVELS = np.array([0.1, 0.5, 0.9, 0.95])


def predict(histories: NDArray[np.float64], *, horizon: int = 28, seed: int = 0) -> Prediction:
    panel = Panel.of(list(histories), frequency=Frequency.DAY)
    return SPECS["negbin"].load({}).predict(panel, horizon, LEVELS, seed)


def shop(products: int, days: int, *, wandering: float, seed: int = 11) -> NDArray[np.float64]:
    """float64[products, days], overdispersed counts around levels that wander from week to week."""
    rng = np.random.default_rng(seed)
    steps = np.repeat(rng.normal(0, wandering, (products, -(-days // 7))), 7, axis=1)[:, :days]
    level = rng.uniform(0.5, 6.0, (products, 1)) * np.exp(np.cumsum(steps, axis=1) / 7)
    return rng.poisson(level * rng.gamma(2.0, 0.5, (products, days))).astype(float)


@pytest.mark.parametrize("wandering", [0.0, 0.15])
def test_totals_of_four_weeks_are_as_likely_as_they_say(wandering: float) -> None:
    demand = shop(300, 364 + 28, wandering=wandering)
    prediction = predict(demand[:, :364])
    total = demand[:, 364:].sum(axis=1)[:, None]
    below = (total <= prediction.totals[:, -1]).mean(axis=0)
    assert below[[0, 1]] == pytest.approx(LEVELS[[0, 1]], abs=0.12)
    assert 0.85 <= below[2] <= 0.98
    assert 0.89 <= below[3] <= 0.995


def test_steps_are_as_likely_as_they_say() -> None:
    demand = shop(300, 364 + 28, wandering=0.1)
    quantiles = predict(demand[:, :364]).quantiles
    below = (demand[:, 364:, None] <= quantiles).mean(axis=(0, 1))
    assert below[[2, 3]] == pytest.approx(LEVELS[[2, 3]], abs=0.03)


def test_a_wandering_level_makes_totals_wider_than_its_steps_do() -> None:
    still, moving = (predict(shop(60, 364, wandering=spread)) for spread in (0.0, 0.4))

    def relative(prediction: Prediction) -> float:
        total, step = prediction.totals[:, -1], prediction.quantiles[:, 0]
        return float(np.median((total[:, 2] - total[:, 0]) / np.maximum(step[:, 2] - step[:, 0], 1)))

    assert relative(moving) > 1.15 * relative(still)


def test_quantiles_of_a_step_owe_nothing_to_the_seed_and_totals_little() -> None:
    one, other = (predict(shop(30, 200, wandering=0.1), seed=seed) for seed in (0, 1))
    np.testing.assert_array_equal(one.quantiles, other.quantiles)
    np.testing.assert_allclose(one.totals[:, -1, 2], other.totals[:, -1, 2], rtol=0.2)


def test_the_correlation_of_steps_is_the_one_asked_for() -> None:
    table = np.sort(np.random.default_rng(1).gamma(1.0, 2.0, PATHS)).astype(np.float32)
    variance = []
    for dependence in (0.0, 0.25):
        tables = Tables(table[None, None], np.array([dependence]))
        levels = (np.arange(PATHS) + 0.5) / PATHS
        total = Futures(20, 3).predict(tables, np.ones(1), levels).totals[0, -1]
        variance.append(float(total.var()) / (20 * float(table.var())))
    assert variance[0] == pytest.approx(1.0, rel=0.3)
    assert variance[1] == pytest.approx(1 + 19 * 0.25, rel=0.3)
