"""How high each day of the week, or month of the year, is beside the others."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TWICE: Final = 2
_LOWEST: Final = 0.001
"""No season is lower, since demand is divided by it."""


def seasonal_index(known: NDArray[np.bool_], demand: Floats, season: int) -> Floats:
    """float64[season, n]: the mean of demand beside its moving mean, by point of the season.

    Each index is drawn to 1 as far as the differences between the points may be chance: by the share of
    their variance that the scatter within the points explains (Stein's shrinkage). It is 1 for a product
    that has not seen every point twice.

    Args:
        known: bool[t, n].
        demand: float64[t, n], 0 where it is not known.
        season: Periods in a season; row p of the answer is the period p after the last.
    """
    length, products = demand.shape
    turns = length // season
    if turns < _TWICE:
        return np.ones((season, products))
    level = _moving_mean(known, demand, season)
    used = (known & (level > 0))[-turns * season :].reshape(turns, season, products)
    ratio = demand[-turns * season :] / np.where(level > 0, level, 1.0)[-turns * season :]
    return _shrunk(ratio.reshape(used.shape) * used, used.sum(axis=0))


def _shrunk(ratio: Floats, seen: NDArray[np.int64]) -> Floats:
    """The index from ratios float64[turns, season, n], 0 where unknown, of which int[season, n] are known."""
    mean = ratio.sum(axis=0) / np.maximum(seen, 1)
    scatter = np.sum(ratio * ratio, axis=(0, 1)) - np.sum(seen * mean**2, axis=0)
    variance = np.maximum(scatter, 0.0) / np.maximum(seen.sum(axis=0) - len(seen), 1)
    chance = variance / np.maximum(seen.mean(axis=0), 1.0)
    centre = mean.mean(axis=0)
    spread = np.sum((mean - centre) ** 2, axis=0) / (len(seen) - 1)
    trusted = (seen.min(axis=0) >= _TWICE) & (spread > chance)
    share = np.where(trusted, 1 - chance / np.where(trusted, spread, 1.0), 0.0)
    relative = mean / np.where(centre > 0, centre, 1.0)
    index: Floats = np.maximum(1 + share * (relative - 1), _LOWEST)
    return index


def _moving_mean(known: NDArray[np.bool_], demand: Floats, season: int) -> Floats:
    """float64[t, n], the mean of the known periods of one season around each, from each product's first."""
    last = len(known) - season
    if known.all():  # the same periods for all products, and nothing to count
        around = np.clip(np.arange(len(known)) - season // 2, 0, last)
        return spans(demand, season)[around] / season
    start = np.minimum(np.argmax(known, axis=0), last)
    first = np.clip(np.arange(len(known))[:, None] - season // 2, start, last)
    sums, counts = (np.take_along_axis(spans(some, season), first, axis=0) for some in (demand, known))
    mean: Floats = sums / np.maximum(counts, 1.0)
    return mean


def spans(amounts: NDArray[np.generic], length: int) -> Floats:
    """float64[t - length + 1, n], sums of the amounts [t, n] over every span of that length."""
    sums = running(amounts)
    return sums[length:] - sums[:-length]


def running(amounts: NDArray[np.generic]) -> Floats:
    """float64[t + 1, n], the sum of the amounts [t, n] before each place."""
    sums = np.zeros((len(amounts) + 1, amounts.shape[1]))
    np.cumsum(amounts, axis=0, out=sums[1:])
    return sums
