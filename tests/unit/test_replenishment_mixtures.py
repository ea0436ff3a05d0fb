"""Mixtures of piecewise linear distributions, against paper, samples and their own inverse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventoryai.domain.mixtures import Mixtures

LEVELS = np.array([0.0, 0.1, 0.5, 0.9, 0.99])


def one(*components: list[float], weights: list[float] | None = None) -> Mixtures:
    knots = np.array([[[0.0, *component] for component in components]])
    share = weights or [1 / len(components)] * len(components)
    return Mixtures(LEVELS, knots, np.array([share]))


def at(mixture: Mixtures, x: float, *, below: bool = False) -> float:
    return float(mixture.probability(np.array([x]), below=below)[0])


def inverse(mixture: Mixtures, level: float) -> float:
    return float(mixture.quantile(np.array([level]))[0])


def idle(mixture: Mixtures, x: float) -> float:
    return float(mixture.idle(np.array([x]))[0])


def test_one_distribution_is_read_between_its_quantiles() -> None:
    demand = one([2, 10, 20, 40])
    assert [at(demand, x) for x in (-1, 0, 1, 2, 6, 20, 39.999, 40, 99)] == pytest.approx(
        [0, 0, 0.05, 0.1, 0.3, 0.9, 0.98999550, 1, 1], abs=1e-8
    )
    assert [inverse(demand, level) for level in (0.05, 0.1, 0.3, 0.9, 0.95, 0.99)] == pytest.approx(
        [1, 2, 6, 20, 20 + 20 * 5 / 9, 40]
    )


def test_points_that_hold_a_probability() -> None:
    seldom = one([0, 0, 5, 5])  # nothing in half the cases, 5 in a tenth
    assert (at(seldom, 0), at(seldom, 0, below=True)) == (0.5, 0.0)
    assert at(seldom, 5) == 1.0
    assert at(seldom, 5, below=True) == pytest.approx(0.9)
    found = [inverse(seldom, level) for level in (0.3, 0.5, 0.7, 0.9, 0.95, 0.99)]
    assert found == pytest.approx([0, 0, 2.5, 5, 5, 5])


def test_a_mixture_on_paper() -> None:
    demand = one([1, 5, 9, 9.9], [11, 15, 19, 19.9], weights=[0.5, 0.5])
    assert at(demand, 5) == pytest.approx(0.5 * 0.5 + 0.5 * 0.1 * 5 / 11)
    assert at(demand, 15) == pytest.approx(0.5 + 0.25)
    assert inverse(demand, 0.75) == pytest.approx(15)
    assert inverse(demand, 0.95) == pytest.approx(19)


def test_what_is_left_of_a_stock_is_the_integral() -> None:
    demand = one([2, 10, 20, 40], [0, 0, 3, 3], weights=[0.25, 0.75])
    fine = np.linspace(0, 60, 600_001)
    many = Mixtures(
        LEVELS, np.repeat(demand.knots, len(fine), axis=0), np.repeat(demand.weights, len(fine), axis=0)
    )
    curve = many.probability(fine)
    for x in (0.0, 1.5, 3.0, 17.25, 40.0, 55.0):
        kept = fine <= x + 1e-12
        assert idle(demand, x) == pytest.approx(float(np.trapezoid(curve[kept], fine[kept])), abs=2e-4)
    assert idle(demand, -4.0) == 0.0


@st.composite
def mixtures(draw: st.DrawFn) -> Mixtures:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    components = draw(st.integers(1, 6))
    rises = random.gamma(0.7, 3.0, size=(1, components, len(LEVELS)))
    rises[random.random(rises.shape) < 0.25] = 0.0
    rises[:, :, 0] = 0.0
    return Mixtures(LEVELS, rises.cumsum(axis=2), random.dirichlet(np.ones(components))[None])


@settings(derandomize=True, deadline=None)
@given(mixture=mixtures(), level=st.floats(0.001, 0.99))
def test_the_quantile_inverts_the_probability(mixture: Mixtures, level: float) -> None:
    x = inverse(mixture, level)
    assert at(mixture, x) >= level - 1e-12
    assert at(mixture, x, below=True) <= level + 1e-12


@settings(derandomize=True, deadline=None)
@given(mixture=mixtures(), x=st.floats(0, 60), step=st.floats(0, 10))
def test_probabilities_never_fall(mixture: Mixtures, x: float, step: float) -> None:
    assert at(mixture, x, below=True) <= at(mixture, x) + 1e-15 <= at(mixture, x + step) + 2e-15
    assert idle(mixture, x + step) - idle(mixture, x) <= step + 1e-9


def test_many_mixtures_at_once_are_each_as_alone() -> None:
    random = np.random.default_rng(3)
    knots = np.concatenate([np.zeros((50, 4, 1)), random.gamma(1, 5, (50, 4, 4)).cumsum(axis=2)], axis=2)
    weights = random.dirichlet(np.ones(4), 50)
    level = random.uniform(0.01, 0.99, 50)
    together = Mixtures(LEVELS, knots, weights).quantile(level)
    alone = [inverse(Mixtures(LEVELS, knots[[i]], weights[[i]]), level[i]) for i in range(50)]
    assert together.tolist() == alone
