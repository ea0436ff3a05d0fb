"""The automatic plan's weights: pure functions of what engines said of the past and what came."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inventoryai.domain.demand_classes import CLASSES, DemandClass
from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai.forecasting.demand import demand_classes
from inventoryai.forecasting.evaluation import Window, rolling_origin
from inventoryai.forecasting.selection import LEVELS, Candidate, combined, sparse, supported, weigh

SMOOTH = CLASSES.index(DemandClass.SMOOTH)


def past(products: int = 30, length: int = 120) -> tuple[Panel, list[Window]]:
    demand = np.random.default_rng(3).poisson(20.0, (products, length)).astype(float)
    panel = Panel.of(list(demand), frequency=Frequency.DAY, end=20_000)
    return panel, rolling_origin(panel, 14, windows=2)


def said(
    windows: list[Window], level: NDArray[np.float64] | float, spread: float = 1.0
) -> tuple[Prediction, ...]:
    """Normal-looking forecasts around a level for each product."""
    answers = []
    for window in windows:
        products, horizon = window.actual.shape
        mean = np.broadcast_to(np.asarray(level, dtype=np.float64), (len(window.products),))[:, None]
        draws = np.random.default_rng(0).normal(0, 4.5 * spread, (products, 400, horizon))
        answers.append(Prediction.from_samples(mean[:, :, None] + draws, LEVELS))
    return tuple(answers)


def even(classes: int) -> NDArray[np.int64]:
    return np.full(classes, SMOOTH)


def everywhere(products: int, engines: int) -> NDArray[np.bool_]:
    return np.ones((products, engines), dtype=bool)


def test_the_engine_that_is_right_gets_nearly_all() -> None:
    panel, windows = past()
    good, poor = Candidate("good", said(windows, 20.0)), Candidate("poor", said(windows, 45.0))
    weights = weigh(even(len(panel)), windows, [poor, good], everywhere(len(panel), 2))
    assert (weights[:, 1] > 0.8).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)


def test_two_that_err_in_opposite_ways_are_averaged() -> None:
    panel, windows = past()
    low, high = Candidate("low", said(windows, 15.0)), Candidate("high", said(windows, 25.0))
    weights = weigh(even(len(panel)), windows, [low, high], everywhere(len(panel), 2))
    assert weights.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.12)


def test_each_kind_of_demand_has_weights_of_its_own() -> None:
    _, windows = past(200)
    classes = np.where(np.arange(200) < 100, SMOOTH, CLASSES.index(DemandClass.LUMPY))
    level = np.where(np.arange(200) < 100, 20.0, 45.0)
    one, other = Candidate("one", said(windows, level)), Candidate("other", said(windows, 65.0 - level))
    weights = weigh(classes, windows, [one, other], everywhere(200, 2))
    assert (weights[:100, 0] > 0.6).all()
    assert (weights[100:, 1] > 0.6).all()


def test_a_product_leans_towards_what_did_best_on_itself() -> None:
    _, windows = past()
    seventh = np.arange(30) == 7
    usual = Candidate("usual", said(windows, np.where(seventh, 35.0, 20.0)))
    other = Candidate("other", said(windows, np.where(seventh, 20.0, 24.0)))
    weights = weigh(even(30), windows, [usual, other], everywhere(30, 2))
    assert weights[7, 1] > np.delete(weights[:, 1], 7).max()


def test_without_a_past_all_usable_engines_count_the_same() -> None:
    usable = np.array([[True, True, False], [False, True, False], [False, False, False]])
    candidates = [Candidate(name, ()) for name in "abc"]
    weights = weigh(even(3), [], candidates, usable)
    assert weights.tolist() == [[0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]


def test_an_engine_that_failed_on_the_past_has_no_part() -> None:
    panel, windows = past()
    nothing = tuple(
        Prediction(one.mean * np.nan, one.quantiles * np.nan, one.totals * np.nan, one.levels)
        for one in said(windows, 20.0)
    )
    candidates = [Candidate("failing", nothing), Candidate("poor", said(windows, 60.0))]
    weights = weigh(even(len(panel)), windows, candidates, everywhere(len(panel), 2))
    assert (weights == [0.0, 1.0]).all()


def test_parts_too_small_to_matter_are_left_out() -> None:
    assert sparse(np.array([[0.96, 0.04], [0.5, 0.5], [0.0, 0.0]])).tolist() == [[1, 0], [0.5, 0.5], [0, 0]]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_an_average_of_forecasts_is_a_forecast(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = [Prediction.from_samples(rng.gamma(0.5, 9.0, (5, 60, 4)), (0.1, 0.5, 0.9)) for _ in range(3)]
    found = combined(parts, rng.dirichlet(np.ones(3), 5))
    assert (np.diff(found.quantiles, axis=2) >= -1e-9).all()
    assert (np.diff(found.totals, axis=1) >= -1e-9).all()
    np.testing.assert_allclose(found.totals[:, 0], found.quantiles[:, 0])
    assert (found.totals >= np.maximum.accumulate(found.quantiles, axis=1) - 1e-9).all()


def test_what_one_engine_could_not_forecast_is_left_to_the_others() -> None:
    one, other = (Prediction.certain(np.full((2, 3), level), (0.5,)) for level in (1.0, 3.0))
    one.mean[0] = np.nan
    shares = supported(np.full((2, 2), 0.5), [one, other])
    assert shares.tolist() == [[0.0, 1.0], [0.5, 0.5]]
    assert combined([one, other], shares).mean[:, 0].tolist() == [3.0, 2.0]


@pytest.mark.parametrize(
    ("history", "kind"),
    [
        (np.tile([9.0, 10.0, 11.0], 20), DemandClass.SMOOTH),
        (np.tile([1.0, 1.0, 30.0], 20), DemandClass.ERRATIC),
        (np.tile([5.0, 0.0, 0.0], 20), DemandClass.INTERMITTENT),
        (np.tile([1.0, 0.0, 0.0, 50.0, 0.0, 0.0, 1.0, 0.0, 0.0], 7), DemandClass.LUMPY),
        (np.array([3.0, 4.0, 5.0]), DemandClass.YOUNG),
        (np.where(np.arange(90) == 40, 5.0, 0.0), DemandClass.YOUNG),
        (np.tile([9.0, np.nan, 11.0], 20), DemandClass.SMOOTH),
    ],
)
def test_kinds_of_demand(history: NDArray[np.float64], kind: DemandClass) -> None:
    panel = Panel.of([history], frequency=Frequency.DAY)
    assert CLASSES[demand_classes(panel)[0]] is kind
