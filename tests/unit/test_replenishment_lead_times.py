"""The incomplete gamma function against other ways to it, and lead times made of it."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from inventoryai.domain.incomplete_gamma import gamma_cdf
from inventoryai.domain.lead_times import TAIL, LeadTime, LeadTimes


def poisson_tail(shape: int, x: float) -> float:
    """P(n, x) = 1 - e^-x (1 + x + ... + x^(n-1)/(n-1)!), with sixty digits."""
    with localcontext() as context:
        context.prec = 60
        mean, term, total = Decimal(x), Decimal(1), Decimal(1)
        for n in range(1, shape):
            term = term * mean / n
            total += term
        return float(1 - total * (-mean).exp())


@pytest.mark.parametrize("shape", [1, 2, 5, 30, 99, 100, 101, 1000, 5000])
def test_whole_shapes_agree_with_the_poisson_distribution(shape: int) -> None:
    points = shape + np.linspace(-9, 12, 43) * math.sqrt(shape)
    points = points[points > 0]
    exact = [poisson_tail(shape, float(x)) for x in points]
    assert gamma_cdf(shape, points) == pytest.approx(exact, abs=2e-13)


def test_half_shapes_agree_with_the_error_function() -> None:
    points = np.array([1e-12, 0.01, 0.5, 1.0, 4.0, 20.0])
    assert gamma_cdf(0.5, points) == pytest.approx([math.erf(math.sqrt(x)) for x in points], abs=1e-14)
    shifted = [math.erf(math.sqrt(x)) - math.sqrt(x) * math.exp(-x) / math.gamma(1.5) for x in points]
    assert gamma_cdf(1.5, points) == pytest.approx(shifted, abs=1e-14)


def test_published_values() -> None:
    """Quantiles of the chi-squared distribution, as every table prints them: P(k/2, x/2)."""
    table = {(1, 3.841): 0.95, (10, 18.307): 0.95, (10, 3.940): 0.05, (100, 124.342): 0.95, (4, 13.277): 0.99}
    for (freedom, x), probability in table.items():
        assert float(gamma_cdf(freedom / 2, x / 2)) == pytest.approx(probability, abs=3e-5)


def test_both_methods_meet_where_one_takes_over() -> None:
    points = np.linspace(60, 160, 101)
    assert gamma_cdf(100 - 1e-10, points) == pytest.approx(gamma_cdf(100.0, points), abs=1e-10)


def test_far_points_are_certain() -> None:
    assert gamma_cdf([3.0, 3.0, 3.0, 1e8], [-1.0, 0.0, 500.0, 1e8 + 1e6]).tolist() == [0.0, 0.0, 1.0, 1.0]


def lead_time(mean: float, sd: float) -> LeadTime:
    return LeadTimes.of(np.array([mean]), np.array([sd]))[0]


def moments(one: LeadTime) -> tuple[float, float]:
    days = one.first + np.arange(len(one.probabilities))
    mean = float(one.probabilities @ days)
    return mean, math.sqrt(float(one.probabilities @ (days - mean) ** 2))


@pytest.mark.parametrize(("mean", "days"), [(0, 0), (7, 7), (6.2, 7), (0.001, 1)])
def test_a_certain_lead_time_is_a_whole_number_of_days(mean: float, days: int) -> None:
    one = lead_time(mean, 0.0)
    assert (one.first, one.last, one.probabilities.tolist(), one.cut) == (days, days, [1.0], 0.0)
    assert one.certain


@pytest.mark.parametrize(("mean", "sd"), [(7, 2), (14, 5), (30, 10), (60, 6), (21, 1)])
def test_an_uncertain_one_keeps_its_mean_and_deviation(mean: float, sd: float) -> None:
    one = lead_time(mean, sd)
    found_mean, found_sd = moments(one)
    assert found_mean == pytest.approx(mean, rel=2e-3)
    assert found_sd == pytest.approx(math.sqrt(sd**2 + 1 / 12), rel=2e-2)  # 1/12 for cutting into days
    assert one.probabilities.sum() == pytest.approx(1.0, abs=1e-15)
    assert 0 <= one.cut < 2 * TAIL


def test_an_exponential_one_in_closed_form() -> None:
    one = lead_time(10, 10)
    ends = np.exp(-(np.arange(one.last + 1) + 0.5) / 10)
    exact = -np.diff(ends, prepend=1.0)
    assert one.first == 0
    assert one.probabilities * (1 - one.cut) == pytest.approx(exact, abs=1e-14)


@pytest.mark.parametrize(("mean", "sd"), [(365, 365), (0.001, 365), (365, 0.001), (1, 10)])
def test_extreme_ones_stay_probabilities(mean: float, sd: float) -> None:
    one = lead_time(mean, sd)
    assert one.probabilities.sum() == pytest.approx(1.0)
    assert (one.probabilities >= 0).all()
    assert 0 <= one.first <= one.last <= 1_001


def test_a_deviation_means_nothing_beside_a_mean_of_0() -> None:
    assert lead_time(0, 3).probabilities.tolist() == [1.0]
    assert lead_time(0, 3).certain


def test_equal_lead_times_are_worked_out_once() -> None:
    times = LeadTimes.of(np.array([7.0, 3.0, 7.0, 7.0]), np.array([2.0, 0.0, 2.0, 0.0]))
    assert len(times.distinct) == 3
    assert times[0] is times[2]
    assert times[3].certain
    assert times.spans().tolist() == [len(times[0].probabilities), 1, len(times[0].probabilities), 1]
    assert times.longest() == times[0].last
