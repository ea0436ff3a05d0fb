"""The forms of exponential smoothing by name, and what AICc makes of how well they fit.

A name is error, trend and season, each N(one), A(dditive), Ad (damped) or M(ultiplicative), as in Hyndman,
Koehler, Ord & Snyder (2008), *Forecasting with Exponential Smoothing*. Places in arrays follow the kernel.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

NAMES: Final = tuple(
    error + trend + season for error in "AM" for trend in ("N", "A", "Ad") for season in "NAM"
)
"""All combinations, in the kernel's order."""

UNSTABLE: Final = frozenset({"ANM", "AAM", "AAdM"})
"""Additive errors around a season that multiplies: a small level blows them up, and nobody fits them."""

FITTED: Final = tuple(name for name in NAMES if name not in UNSTABLE)
"""The fifteen forms that are tried."""

NUMBERS: Final = 30
"""How many numbers describe a fitted form: α, β / α, γ / (1 − α), φ, level, trend and 24 of the season."""

LONGEST_SEASON: Final = 24
"""Longer seasons would have more initial states than histories have cycles; they are left out."""

STRAIGHT: Final = np.array([name[1:-1] == "A" for name in NAMES])
"""bool[18], the forms whose trend is never damped."""

_STRAIGHT_CHARGE: Final = 4.0
"""A line that goes on for ever is a strong claim: it has to be e² times as likely as AICc asks."""


def bits(names: Iterable[str]) -> int:
    """The forms as the kernel wants them: one bit each."""
    return sum(1 << NAMES.index(name) for name in names)


def simpler(name: str) -> frozenset[str]:
    """The forms that a search for this one starts from, itself included."""
    error, trend, season = name[0], name[1:-1], name[-1]
    trends = ("N", "A", "Ad")[: ("N", "A", "Ad").index(trend) + 1]
    found = {e + t + s for e in {"A", error} for t in trends for s in {"N", season}}
    return frozenset(found) - UNSTABLE


def parameters_of(season: int) -> NDArray[np.int64]:
    """int64[18], how many numbers are fitted: smoothing and initial states; one season place is redundant."""
    return np.array(
        [
            2 + {"N": 0, "A": 2, "Ad": 3}[name[1:-1]] + (0 if name[-1] == "N" else season)
            for name in NAMES
        ]
    )


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
    with np.errstate(divide="ignore", invalid="ignore"):
        criterion = n * cost + 2 * k + 2 * k * (k + 1) / spare
    possible = (spare > 0) & (cost < 1e29)  # noqa: PLR2004 - what the kernel says of the impossible
    return np.where(possible, criterion, np.inf)


def evidence(criterion: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """float64[n, 18], what each form counts in a common forecast; rows add up to 1.

    Akaike weights (Burnham & Anderson 2002; for exponential smoothing: Kolassa 2011, Combining exponential
    smoothing forecasts using Akaike weights), of the best ``most`` forms.

    Args:
        criterion: float64[n, 18], AICc; at least one number of each row is finite.
        most: How many forms at most.
    """
    charged = criterion + _STRAIGHT_CHARGE * STRAIGHT
    behind = charged - charged.min(axis=1, keepdims=True)
    weights = np.exp(-behind / 2)
    last = np.sort(weights, axis=1)[:, -most][:, None]
    weights = np.where((weights >= last) & (weights > 0.01), weights, 0.0)  # noqa: PLR2004 - one in a hundred
    shares: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return shares
