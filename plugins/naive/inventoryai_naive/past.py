"""The past of some products, without its season, and how high it stood at any time."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai_naive.habits import Habits

Floats = NDArray[np.float64]

_CALM: Final = 0.3
"""The weight of a product's overall mean in its level, as a share of what a long history weighs."""
_LOWEST: Final = 0.05
"""No season is lower: demand is divided by it."""


@dataclass(frozen=True, slots=True)
class Past:
    """Histories of some products in rows, the last period last.

    Attributes:
        known: bool[n, rows, row].
        demand: float64[n, rows, row], 0 where it is not known.
        base: float64[n, rows, row], demand without the season of the year; days keep their week.
        index: float64[n, season], how high each of the next periods is beside the mean of its season.
        level: float64[n, rows + 1], the recent mean of ``base`` before each row, and at last now.
    """

    known: NDArray[np.bool_]
    demand: Floats
    base: Floats
    index: Floats
    level: Floats

    @classmethod
    def of(cls, histories: Floats, season: int, habits: Habits) -> Self:
        """Read histories float64[n, rows * row], NaN where they are not known."""
        known = ~np.isnan(histories)
        demand = np.where(known, histories, 0.0)
        if habits.row == 1:
            index = seasonal_index(known, demand, season)
            base = demand / _along(index, demand.shape[1])
        else:
            index, base = np.ones((len(demand), season)), demand
        shape = (len(histories), -1, habits.row)
        seen, base = known.reshape(shape), base.reshape(shape)
        usual = habits.half_lives[len(habits.half_lives) // 2] / habits.row
        return cls(seen, demand.reshape(shape), base, index, _levels(seen, base, usual))

    @property
    def expected(self) -> Floats:
        """float64[n, rows or 1, row], what each period of ``demand`` is at a level of 1."""
        if self.demand.shape[2] == 1:
            return _along(self.index, self.demand.shape[1])[..., None]
        by_day = self.demand.sum(axis=1) / np.maximum(self.known.sum(axis=1), 1)
        mean = by_day.mean(axis=1, keepdims=True)
        expected: Floats = by_day / np.where(mean > 0, mean, 1.0)
        return expected[:, None]


def seasonal_index(known: NDArray[np.bool_], demand: Floats, season: int) -> Floats:
    """float64[n, season]: the mean of demand beside its moving mean, by point of the season.

    Each index is drawn to 1 as far as the differences between the points may be chance: by the share of
    their variance that the scatter within the points explains (Stein's shrinkage). It is 1 for a product
    that has not seen every point twice.

    Args:
        known: bool[n, t].
        demand: float64[n, t], 0 where it is not known.
        season: Periods in a season; column p of the answer is the period p after the last.
    """
    products, length = demand.shape
    turns = length // season
    if turns < 2:  # noqa: PLR2004 - seen twice
        return np.ones((products, season))
    level = _moving_mean(known, demand, season)
    used = (known & (level > 0))[:, -turns * season :].reshape(products, turns, season)
    ratio = demand / np.where(level > 0, level, 1.0)
    ratio = np.where(used, ratio[:, -turns * season :].reshape(used.shape), 0.0)
    seen = used.sum(axis=1)
    mean = ratio.sum(axis=1) / np.maximum(seen, 1)
    centre = mean.mean(axis=1, keepdims=True)
    centre = np.where(centre > 0, centre, 1.0)
    scatter = np.sum(np.where(used, (ratio - mean[:, None]) ** 2, 0.0), axis=(1, 2))
    chance = (
        scatter / np.maximum((seen - 1).sum(axis=1), 1) / np.maximum(seen.mean(axis=1), 1) / centre[:, 0] ** 2
    )
    mean = mean / centre
    spread = np.sum((mean - 1) ** 2, axis=1) / (season - 1)
    real = np.where(spread > 0, np.maximum(spread - chance, 0.0) / np.where(spread > 0, spread, 1.0), 0.0)
    trusted = np.where(seen.min(axis=1) > 1, real, 0.0)[:, None]
    index: Floats = np.maximum(1 + trusted * (mean - 1), _LOWEST)
    return index


def _moving_mean(known: NDArray[np.bool_], demand: Floats, season: int) -> Floats:
    """float64[n, t], the mean of the known periods of one season around each period."""
    length = demand.shape[1]
    first = np.clip(np.arange(length) - season // 2, 0, length - season)
    sums, counts = (running(array) for array in (demand, known))
    mean: Floats = (sums[:, first + season] - sums[:, first]) / np.maximum(
        counts[:, first + season] - counts[:, first], 1.0
    )
    return mean


def running(rows: NDArray[np.generic]) -> Floats:
    """float64[n, t + 1], the sum of the entries before each place."""
    sums = np.zeros((len(rows), rows.shape[1] + 1))
    np.cumsum(rows, axis=1, out=sums[:, 1:])
    return sums


def _levels(known: NDArray[np.bool_], base: Floats, half_life: float) -> Floats:
    """float64[n, rows + 1], exponentially weighted means, calmed by the mean of all; never 0."""
    sums, counts = base.sum(axis=2), known.sum(axis=2, dtype=np.float64)
    rows = sums.shape[1]
    age = np.arange(rows + 1) - np.arange(rows)[:, None]
    fading = np.where(age > 0, np.exp2(-np.maximum(age, 0) / half_life), 0.0)
    calm = _CALM * known.shape[2] / (1 - 0.5 ** (1 / half_life))
    mean = sums.sum(axis=1, keepdims=True) / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    level = (sums @ fading + calm * mean) / (counts @ fading + calm)
    return np.where(level > 0, level, 1.0)


def _along(index: Floats, length: int) -> Floats:
    """float64[n, length], the index of each of the last ``length`` periods."""
    season = index.shape[1]
    return index[:, np.arange(-length, 0) % season]
