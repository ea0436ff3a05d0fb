"""Which forms are believed, and how much."""

import numpy as np
import pytest
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel
from inventoryai_ets.engine import Ets
from inventoryai_ets.fitting import Scaled, fit
from inventoryai_ets.forms import aicc, evidence
from inventoryai_ets.names import FITTED, NAMES, simpler

MONTHS = 120


def best_forms(demands: NDArray[np.float64], frequency: Frequency = Frequency.MONTH) -> list[str]:
    """The form of the least AICc for each row."""
    criterion = fit(Scaled.of(Panel.of(list(demands), frequency=frequency))).criterion()
    return [NAMES[place] for place in criterion.argmin(axis=1)]


def share(names: list[str], wanted: str, place: slice) -> float:
    return float(np.mean([name[place] == wanted for name in names]))


def test_noise_around_a_level_needs_no_trend_and_no_season() -> None:
    names = best_forms(np.random.default_rng(0).normal(100, 10, (40, MONTHS)))

    assert share(names, "N", slice(1, -1)) > 0.7
    assert share(names, "N", slice(-1, None)) > 0.9


def test_a_line_is_a_trend() -> None:
    noise = np.random.default_rng(0).normal(0, 5, (40, MONTHS))
    names = best_forms(50 + np.arange(MONTHS) + noise)

    assert share(names, "N", slice(1, -1)) == 0


def test_a_season_is_seen() -> None:
    season = 20 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)
    names = best_forms(100 + season + np.random.default_rng(0).normal(0, 5, (40, MONTHS)))

    assert share(names, "N", slice(-1, None)) == 0


def test_a_season_that_grows_with_the_level_multiplies() -> None:
    time = np.arange(MONTHS)
    noise = np.random.default_rng(0).gamma(400, 1 / 400, (40, MONTHS))
    names = best_forms((20 + 2 * time) * (1 + 0.5 * np.sin(2 * np.pi * time / 12)) * noise)

    assert share(names, "M", slice(-1, None)) > 0.9


def test_nothing_multiplies_where_there_is_a_zero() -> None:
    demand = np.random.default_rng(0).poisson(2, (20, MONTHS)).astype(float)

    assert share(best_forms(demand), "M", slice(0, 1)) == 0


def test_less_than_two_cycles_are_no_season() -> None:
    cycle = np.tile([1.0, 5.0, 9.0, 5.0], 6)
    fits = fit(Scaled.of(Panel.of([cycle[:23], cycle[:24]], frequency=Frequency.MONTH, end=24_000)))

    assert np.isinf(fits.cost[0, NAMES.index("ANA")])
    assert np.isfinite(fits.cost[1, NAMES.index("ANA")])


def test_a_year_of_weeks_is_too_long_a_season() -> None:
    fits = fit(Scaled.of(Panel.of([np.random.default_rng(0).poisson(9, 200)], frequency=Frequency.WEEK)))

    assert np.isfinite(fits.cost[0]).sum() == 6


def test_aicc_is_that_of_the_books() -> None:
    """SES with variance: k = 3; with 10 periods 2k + 2k(k + 1) / (n − k − 1) = 10."""
    criterion = aicc(np.zeros((1, 18)), np.array([10]), 12)

    assert criterion[0, NAMES.index("ANN")] == pytest.approx(10)
    assert criterion[0, NAMES.index("AAN")] == pytest.approx(10 + 60 / 4)
    assert np.isinf(criterion[0, NAMES.index("ANA")])


def test_weights_are_those_of_akaike_with_straight_trends_charged() -> None:
    criterion = np.full((1, 18), np.inf)
    criterion[0, [NAMES.index(name) for name in ("ANN", "AAN", "AAdN", "MNN")]] = [0, 0, 2, 30]
    weights = evidence(criterion, 3)[0]

    assert weights[NAMES.index("AAdN")] / weights[NAMES.index("ANN")] == pytest.approx(np.exp(-1))
    assert weights[NAMES.index("AAN")] / weights[NAMES.index("ANN")] == pytest.approx(np.exp(-2))
    assert weights[NAMES.index("MNN")] == 0
    assert weights.sum() == pytest.approx(1)


def test_no_more_forms_than_asked_for_count() -> None:
    weights = evidence(np.zeros((1, 18)), 2)

    assert (weights > 0).sum() == 2


def test_a_search_starts_from_simpler_forms() -> None:
    assert simpler("AAN") == {"ANN", "AAN"}
    assert simpler("MNM") == {"ANN", "MNN", "MNM"}
    assert len(simpler("MAdA")) == 12
    assert frozenset().union(*(simpler(name) for name in FITTED)) == frozenset(FITTED)


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_very_short_histories_are_averaged(length: int) -> None:
    demand = np.array([3.0, 6.0, 0.0, 3.0])[:length]
    panel = Panel.of([demand], frequency=Frequency.DAY)

    assert Ets().predict(panel, 3, np.array([0.5]), 0).mean[0] == pytest.approx([demand.mean()] * 3)
