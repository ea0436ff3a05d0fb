"""Quantiles of the negative binomial and its kin, against sums of their masses."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from inventoryai_intermittent.futures import PATHS
from inventoryai_intermittent.laws import Counts
from inventoryai_intermittent.nodes import Nodes, merged
from inventoryai_intermittent.past import Past
from inventoryai_intermittent.spaced import log_gamma


def oracle(mean: float, ratio: float, levels: NDArray[np.float64]) -> list[int]:
    """Quantiles of a negative binomial or Poisson, by adding up one mass after another."""

    def mass(count: int) -> float:
        if ratio == 1:
            return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
        size = mean / (ratio - 1)
        falling = math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
        return math.exp(falling + size * math.log(1 / ratio) + count * math.log(1 - 1 / ratio))

    quantiles, count, share = [], 0, mass(0)
    for level in levels:
        while share < level:
            count += 1
            share += mass(count)
        quantiles.append(count)
    return quantiles


def law(mean: float, ratio: float, *, whole: bool = True) -> Counts:
    return Counts(np.array([mean]), np.array([ratio]), np.array([whole]))


@pytest.mark.parametrize("ratio", [1, 1.5, 4])
@pytest.mark.parametrize("mean", [0.01, 0.3, 1, 4, 8])
def test_few_units_have_the_exact_quantiles(mean: float, ratio: float) -> None:
    nodes = Nodes()
    exact = oracle(mean, ratio, nodes.levels)
    # A Poisson is told from a negative binomial that is a thousandth wider.
    assert law(mean, ratio).quantiles(nodes)[0].tolist() == pytest.approx(exact, abs=0 if ratio > 1 else 1)


@pytest.mark.parametrize("ratio", [1, 3, 50, 400])
@pytest.mark.parametrize("mean", [0.1, 4, 40, 250, 6000])
def test_many_units_have_nearly_the_exact_quantiles(mean: float, ratio: float) -> None:
    nodes = Nodes()
    exact = oracle(mean, ratio, nodes.levels)
    spread = math.sqrt(mean * ratio)
    assert law(mean, ratio).quantiles(nodes)[0].tolist() == pytest.approx(exact, abs=max(1, 0.05 * spread))


@pytest.mark.parametrize(("mean", "ratio"), [(0.4, 0.8), (2.0, 0.5), (7.0, 0.2), (90.0, 0.3)])
def test_regular_demand_keeps_its_mean_and_its_small_variance(mean: float, ratio: float) -> None:
    values = law(mean, ratio).quantiles(Nodes())[0]
    assert values.mean() == pytest.approx(mean, rel=0.02)
    assert values.var() == pytest.approx(mean * ratio, rel=0.25)


def test_demand_that_never_varies_is_certain() -> None:
    assert law(6.0, 0.0).quantiles(Nodes())[0].tolist() == [6.0] * PATHS


def test_a_hurdle_has_the_zeros_it_is_told_and_sizes_from_one_on() -> None:
    values = law(3.0, 2.0).quantiles_beyond_one(np.array([0.25]), Nodes())[0]
    assert np.mean(values == 0) == pytest.approx(0.75)
    assert values[values > 0].min() == 1
    assert values[values > 0].mean() == pytest.approx(4.0, rel=0.03)


def test_demand_without_a_unit_is_not_rounded() -> None:
    values = law(200.0, 60.0, whole=False).quantiles(Nodes())[0]
    assert not np.array_equal(values, np.rint(values))
    assert values.mean() == pytest.approx(200, rel=0.02)


def test_laws_that_take_turns_and_agree_make_the_table_of_one() -> None:
    counts = law(5.0, 3.0)
    parts = [counts.quantiles(Nodes(first, 3)) for first in range(3)]
    np.testing.assert_array_equal(merged(*parts), counts.quantiles(Nodes()))


def test_log_gamma() -> None:
    x = np.geomspace(1e-8, 1e7, 200)[None]
    np.testing.assert_allclose(log_gamma(x)[0], [math.lgamma(value) for value in x[0]], rtol=1e-8, atol=1e-8)


def test_the_past_is_drawn_as_often_as_it_weighs() -> None:
    demand = np.array([[1.0], [9.0], [4.0], [7.0]])
    past = Past(demand, np.array([[True], [True], [False], [True]]))
    values = past.quantiles(np.array([1.0, 2.0, 5.0, 1.0]), Nodes())[0]
    shares = [np.mean(values == value) for value in (1, 7, 9)]
    assert shares == pytest.approx([0.25, 0.25, 0.5])


def test_a_past_in_which_nothing_counts_is_empty() -> None:
    past = Past(np.array([[3.0]]), np.array([[False]]))
    assert past.quantiles(np.ones(1), Nodes()).tolist() == [[0.0] * PATHS]
