"""The search finds parameters as good as those that a much slower one finds.

The reference is the ``mse`` of ``ets_f(demand, 12, model=…, damped=…)`` of statsforecast 2.1.1, which goes
over smoothing parameters and initial states with the simplex of Nelder and Mead.
"""

from collections.abc import Mapping

import numpy as np
import pytest

from inventoryai.forecasting import Frequency, Panel
from inventoryai_ets.fitting import Scaled, fit
from inventoryai_ets.names import FITTED, NAMES

TIME = np.arange(72)
ROUGH = np.sin(1.7 * TIME**2) + np.sin(0.9 * TIME**2 + 1)
"""As good as noise, and the same on every machine."""

YEAR = np.sin(2 * np.pi * TIME / 12)
DEMANDS = {
    "level": np.round(60 + 9 * ROUGH),
    "trend and season": np.round(40 + 0.6 * TIME + 12 * YEAR + 4 * ROUGH),
    "growing season": np.round((30 + 0.8 * TIME) * (1 + 0.4 * YEAR) * (1 + 0.05 * ROUGH)),
    "wandering": np.round(80 + 0.5 * TIME + 12 * np.sin(TIME / 5) + 9 * ROUGH),
}
# One row a demand, one number a form, in the order of FITTED.
REFERENCE: Mapping[str, tuple[float, ...]] = {
    "level": (
        *(92.954, 82.247, 92.565, 82.380, 89.300, 81.146),
        *(92.954, 83.708, 81.434, 92.575, 84.657, 82.832, 89.333, 82.475, 81.173),
    ),
    "trend and season": (
        *(58.273, 24.076, 58.012, 16.421, 58.047, 18.026),
        *(58.548, 24.251, 29.782, 59.247, 16.877, 21.247, 59.113, 19.458, 26.504),
    ),
    "growing season": (
        *(97.065, 32.595, 96.763, 25.931, 96.681, 29.608),
        *(97.075, 46.755, 18.089, 98.440, 33.308, 9.540, 97.306, 38.835, 20.336),
    ),
    "wandering": (
        *(136.421, 120.412, 134.265, 165.509, 122.386, 130.887),
        *(136.555, 120.720, 143.874, 134.325, 163.968, 176.922, 135.964, 142.431, 183.496),
    ),
}

OUTSIDE = {("wandering", "AAdN")}
"""Where the reference has a β a thousand times its α, which is not a smoothing of levels any more."""


@pytest.mark.parametrize(
    ("demand", "name"),
    [(demand, name) for demand in DEMANDS for name in FITTED if (demand, name) not in OUTSIDE],
)
def test_squared_errors_are_within_two_percent_of_a_slow_search(demand: str, name: str) -> None:
    scaled = Scaled.of(Panel.of([DEMANDS[demand]], frequency=Frequency.MONTH))
    squares = fit(scaled, {name}).squares[0, NAMES.index(name)] * scaled.means[0] ** 2

    assert squares / len(TIME) <= 1.02 * REFERENCE[demand][FITTED.index(name)]


@pytest.mark.parametrize("demand", DEMANDS)
def test_a_race_of_all_forms_finds_the_same_winner(demand: str) -> None:
    """Forms that fall behind are left unfinished in a race, the winner is not."""
    scaled = Scaled.of(Panel.of([DEMANDS[demand]], frequency=Frequency.MONTH))
    race = fit(scaled).criterion()[0]
    alone = np.array([fit(scaled, {name}).criterion()[0, NAMES.index(name)] for name in FITTED])

    assert race.min() == pytest.approx(alone.min(), abs=0.5)
