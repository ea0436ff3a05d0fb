"""Each form is what its textbook says, whatever is fitted beside it.

The textbook is written out here, one number at a time: slow, plain, and without our kernel. Hyndman, Koehler,
Ord & Snyder (2008), tables 2.2 and 2.3; what is unknown is NaN, and has no error.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel
from inventoryai_ets.engine import Ets
from inventoryai_ets.fitting import Fits, Scaled, fit
from inventoryai_ets.forms import NUMBERS
from inventoryai_ets.names import FITTED, NAMES

RNG_SEED = 11
SEASON = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a form made of a history: its one-step errors in units of demand, forecasts, and last states."""

    errors: NDArray[np.float64]
    forecasts: NDArray[np.float64]
    level: float
    slope: float
    season: list[float]

    def cost(self, *, relative: bool) -> float:
        """−2 / n times the log-likelihood, up to a constant."""
        known = ~np.isnan(self.errors)
        errors, forecasts = self.errors[known], self.forecasts[known]
        if not relative:
            return float(np.log(np.sum(errors**2)))
        spread = np.log(np.sum((errors / forecasts) ** 2))
        return float(spread + 2 * np.mean(np.log(forecasts)))


def smooth(name: str, numbers: NDArray[np.float64], season: int, history: NDArray[np.float64]) -> Outcome:
    """Runs one form through one history from its initial states.

    Args:
        name: Such as ``MAdM``.
        numbers: float64[30], as ``Fits.parameters`` has them.
        season: Length of the season.
        history: Demand, NaN where unknown.
    """
    assert numbers.shape == (NUMBERS,)
    alpha, level = numbers[0], numbers[4]
    beta, phi = alpha * numbers[1], numbers[3] if "d" in name else 1.0
    gamma = (1 - alpha) * numbers[2]
    trended, multiplies = name[1:-1] != "N", name[-1] == "M"
    slope = numbers[5] if trended else 0.0
    seasons = list(numbers[6 : 6 + season]) if name[-1] != "N" else [float(multiplies)] * season
    errors, forecasts = [], []
    for demand in history:
        old = seasons.pop(0)
        up = level + phi * slope
        forecasts.append(up * old if multiplies else up + old)
        errors.append(demand - forecasts[-1])
        error = 0.0 if np.isnan(demand) else errors[-1]
        level = up + alpha * (error / old if multiplies else error)
        slope = phi * slope + beta * (error / old if multiplies else error) if trended else 0.0
        bend = 0.0 if name[-1] == "N" else gamma * (error / up if multiplies else error)
        seasons.append(old + bend)
    return Outcome(np.array(errors), np.array(forecasts), level, slope, seasons)


def ahead(name: str, outcome: Outcome, phi: float, horizon: int) -> NDArray[np.float64]:
    """float64[h], the point forecasts that follow from the last states."""
    level, slope, points = outcome.level, outcome.slope, []
    for step in range(horizon):
        slope *= phi if "d" in name else 1.0
        level += slope
        season = outcome.season[step % len(outcome.season)]
        points.append(level * season if name[-1] == "M" else level + season)
    return np.array(points)


def history(length: int = 60) -> NDArray[np.float64]:
    """Positive demand with a trend, a season and noise."""
    rng = np.random.default_rng(RNG_SEED)
    time = np.arange(length)
    level = 40 + 0.3 * time
    demand: NDArray[np.float64] = (
        level * (1 + 0.3 * np.sin(2 * np.pi * time / SEASON)) * rng.gamma(30, 1 / 30, length)
    )
    return demand


def with_gaps() -> NDArray[np.float64]:
    demand = history()
    demand[[5, 17, 18, 40]] = np.nan
    return demand


def fitted(name: str, *histories: NDArray[np.float64]) -> tuple[Scaled, Fits]:
    scaled = Scaled.of(Panel.of(list(histories), frequency=Frequency.MONTH))
    return scaled, fit(scaled, {name})


def by_hand(name: str, scaled: Scaled, fits: Fits, product: int = 0) -> Outcome:
    start, stop = scaled.panel.offsets[product : product + 2]
    return smooth(name, fits.parameters[product, NAMES.index(name)], SEASON, scaled.values[start:stop])


@pytest.mark.parametrize("demand", [history(), with_gaps()], ids=["whole", "gaps"])
@pytest.mark.parametrize("name", FITTED)
def test_likelihood_and_errors_are_those_of_the_textbook(name: str, demand: NDArray[np.float64]) -> None:
    scaled, fits = fitted(name, demand)
    outcome = by_hand(name, scaled, fits)
    column = NAMES.index(name)

    assert fits.squares[0, column] == pytest.approx(np.nansum(outcome.errors**2), rel=1e-9)
    assert fits.cost[0, column] == pytest.approx(outcome.cost(relative=name[0] == "M"), rel=1e-9)


@pytest.mark.parametrize("name", FITTED)
def test_the_mean_goes_on_from_the_last_states(name: str) -> None:
    demand = with_gaps()
    scaled, fits = fitted(name, demand)
    outcome = by_hand(name, scaled, fits)
    expected = ahead(name, outcome, fits.parameters[0, NAMES.index(name), 3], 18) * scaled.means[0]
    panel = Panel.of([demand], frequency=Frequency.MONTH)
    mean = Ets(model=name).predict(panel, 18, np.array([0.5]), 0).mean[0]

    assert mean == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", FITTED)
def test_no_step_from_what_was_found_is_better(name: str) -> None:
    """The search ended in a place that is at least locally the best, walls of the box aside."""
    scaled, fits = fitted(name, history())
    column = NAMES.index(name)
    best = fits.cost[0, column]
    for place in range(6 + SEASON):
        for step in (-1e-3, 1e-3):
            numbers = fits.parameters[0, column].copy()
            numbers[place] += step
            low, high = {3: (0.8, 0.98)}.get(place, (1e-4, 0.9999) if place < 3 else (-np.inf, np.inf))
            if not low <= numbers[place] <= high:
                continue
            cost = smooth(name, numbers, SEASON, scaled.values).cost(relative=name[0] == "M")
            assert cost > best - 1e-4


def test_simple_smoothing_is_a_fading_mean() -> None:
    """ANN by its other definition: weights that fall geometrically, and what is left for the first level."""
    demand = np.random.default_rng(1).poisson(9, 40).astype(float)
    scaled, fits = fitted("ANN", demand)
    alpha, level = fits.parameters[0, 0, [0, 4]]
    weights = alpha * (1 - alpha) ** np.arange(len(demand))[::-1]
    expected = (weights @ scaled.values + (1 - alpha) ** len(demand) * level) * scaled.means[0]
    panel = Panel.of([demand], frequency=Frequency.DAY)

    assert Ets(model="ANN").predict(panel, 3, np.array([0.5]), 0).mean[0] == pytest.approx([expected] * 3)


def test_a_line_is_followed_exactly() -> None:
    panel = Panel.of([10 + 2.0 * np.arange(30)], frequency=Frequency.DAY)
    prediction = Ets(model="AAN").predict(panel, 5, np.array([0.1, 0.9]), 0)

    assert prediction.mean[0] == pytest.approx([70, 72, 74, 76, 78], rel=1e-5)
    assert prediction.quantiles[0, -1] == pytest.approx([78, 78], rel=1e-3)


def test_a_form_that_a_product_cannot_have_is_replaced_by_a_simpler_one() -> None:
    short, zeros = history(15), np.where(np.arange(40) % 3 == 0, 0.0, 5.0)
    panel = Panel.of([short, zeros], frequency=Frequency.MONTH, end=24_000)
    asked = Ets(model="MAM").predict(panel, 4, np.array([0.5]), 0)
    short_alone = Ets(model="MAN").predict(panel.chunk(0, 1), 4, np.array([0.5]), 0)
    zeros_alone = Ets(model="AAN").predict(panel.chunk(1, 2), 4, np.array([0.5]), 0)

    np.testing.assert_allclose(asked.mean, np.vstack([short_alone.mean, zeros_alone.mean]), rtol=1e-9)


def test_lanes_know_nothing_of_one_another() -> None:
    """A wild neighbour, in the same eight, changes no bit."""
    rng = np.random.default_rng(4)
    calm = [rng.poisson(20, 60).astype(float) + 1 for _ in range(7)]
    levels = np.array([0.1, 0.5, 0.99])
    answers = []
    for wild in (np.full(60, 1e9), np.where(np.arange(60) == 30, 1e6, 0.0), rng.gamma(0.1, 50, 75)):
        panel = Panel.of([*calm, wild], frequency=Frequency.MONTH, end=24_000)
        answers.append(Ets().predict(panel, 12, levels, 0).subset(np.arange(7)))

    for other in answers[1:]:
        np.testing.assert_array_equal(other.quantiles, answers[0].quantiles)
        np.testing.assert_array_equal(other.totals, answers[0].totals)
