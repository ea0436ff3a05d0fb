"""What the numbers of a fitted form are, how AICc compares forms, and what each counts among others."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai_ets.names import NAMES, trend_of

NUMBERS: Final = 30
"""How many numbers describe a fitted form: α, β / α, γ / (1 − α), φ, level, trend and 24 of the season."""

LEVEL: Final = 4
"""Where among them the level is, before the first period."""

LONGEST_SEASON: Final = 24
"""Longer seasons would have more initial states than most histories have cycles; they are left out."""

IMPOSSIBLE: Final = 1e29
"""From this cost on, a form has no likelihood: a forecast that had to be positive was not."""

_STRAIGHT: Final = np.array([trend_of(name) == "A" for name in NAMES])
"""bool[18], the forms whose trend is never damped."""

_STRAIGHT_CHARGE: Final = 4.0
"""A line that goes on for ever is a strong claim: it has to be e² times as likely as AICc asks."""

_LEAST_WEIGHT: Final = 0.01
"""A form that is less than this beside the best is not worth simulating."""


def parameters_of(season: int) -> NDArray[np.int64]:
    """int64[18], how many numbers are fitted; one place of the season says what the level says already."""
    of_trend = {"N": 0, "A": 2, "Ad": 3}
    return np.array([2 + of_trend[trend_of(name)] + (0 if name[-1] == "N" else season) for name in NAMES])


def aicc(cost: NDArray[np.float64], known: NDArray[np.int64], season: int) -> NDArray[np.float64]:
    """float64[n, 18], the criterion by which forms are compared; infinite where there is too little data.

    AICc of Hurvich & Tsai (1989), with the variance counted as a parameter, up to a constant of the product.

    Args:
        cost: float64[n, 18], −2 / n times the logarithm of the likelihood, up to a constant.
        known: int64[n], how many periods are known.
        season: Length of the season.
    """
    k = parameters_of(season) + 1
    n = known[:, None].astype(np.float64)
    spare = n - k - 1
    criterion = n * cost + 2 * k + 2 * k * (k + 1) / np.maximum(spare, 1)
    return np.where((spare > 0) & (cost < IMPOSSIBLE), criterion, np.inf)


def evidence(criterion: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """float64[n, 18], what each form counts in a common forecast; rows add up to 1.

    Akaike's weights (Burnham & Anderson 2002; with exponential smoothing: Kolassa 2011, Combining exponential
    smoothing forecasts using Akaike weights), of the best ``most`` forms.

    Args:
        criterion: float64[n, 18], AICc; at least one number of each row is finite.
        most: How many forms at most.
    """
    charged = criterion + _STRAIGHT_CHARGE * _STRAIGHT
    weights = np.exp((charged.min(axis=1, keepdims=True) - charged) / 2)
    weights[weights < _LEAST_WEIGHT] = 0
    order = np.argsort(-weights, axis=1, kind="stable")
    np.put_along_axis(weights, order[:, most:], 0.0, axis=1)
    shares: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return shares
