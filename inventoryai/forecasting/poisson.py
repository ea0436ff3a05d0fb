"""Quantiles of the Poisson distribution: demand of which nothing is known but its mean."""

from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LARGE: Final = 50.0
"""Above this mean the expansion is off by less than half a unit."""
_ROOM: Final = 100
"""Counts that are looked at below it: the probability of more is under 1e-9."""
_AT_ONCE: Final = 4_000


def poisson_quantiles(mean: Floats, levels: Floats) -> Floats:
    """The smallest count that is reached with at least the probability of each level.

    Exact up to a mean of 50; above, the normal distribution with a term for the skewness (Cornish and
    Fisher), to the nearest whole number.

    Args:
        mean: float64[...], at least 0.
        levels: float64[q], rising, within 0 and 1.

    Returns:
        float64[..., q]; 0 where the mean is 0.
    """
    flat = mean.reshape(-1)
    found = np.zeros((len(flat), len(levels)))
    large = flat > _LARGE
    found[large] = _expanded(flat[large], levels)
    small = np.flatnonzero((flat > 0) & ~large)
    for start in range(0, len(small), _AT_ONCE):
        some = small[start : start + _AT_ONCE]
        found[some] = _counted(flat[some], levels)
    return found.reshape(*mean.shape, len(levels))


def _expanded(mean: Floats, levels: Floats) -> Floats:
    normal = np.array([NormalDist().inv_cdf(level) for level in levels.tolist()])
    counts = mean[:, None] + np.sqrt(mean)[:, None] * normal + (normal**2 - 1) / 6
    nearest: Floats = np.maximum(np.rint(counts), 0.0)
    return nearest


def _counted(mean: Floats, levels: Floats) -> Floats:
    counts = np.arange(_ROOM + 1)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(counts[1:]))])
    probability = np.exp(counts * np.log(mean)[:, None] - mean[:, None] - log_factorial)
    reached = np.cumsum(probability, axis=1)[:, :, None] >= levels
    smallest: Floats = reached.argmax(axis=1).astype(np.float64)
    return smallest
