"""The past of some products without its season, and how high it stood at any time."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai_naive.habits import Habits
from inventoryai_naive.seasons import seasonal_index

Floats = NDArray[np.float64]

_CALM: Final = 0.5
"""The weight of a product's overall mean in its level, as a share of what a long history weighs."""


@dataclass(frozen=True, slots=True)
class Past:
    """Histories of some products in rows, the last period last.

    Products are the last axis, so that what is done for a period is done for all of them at once.

    Attributes:
        demand: float64[rows, row, n], 0 where it is not known.
        season: float64[rows, row, n], how high the period is beside the mean of its season; 0 where
            demand is not known.
        base: float64[rows, row, n], demand without its season.
        index: float64[s, n], the season of the next periods.
        level: float64[rows + 1, n], the recent mean of ``base`` before each row, and at last now.
    """

    demand: Floats
    season: Floats
    base: Floats
    index: Floats
    level: Floats

    @classmethod
    def of(cls, histories: Floats, season: int, habits: Habits) -> Self:
        """Read histories float64[n, rows * row], NaN where they are not known."""
        demand = np.ascontiguousarray(histories.T)
        known = ~np.isnan(demand)
        demand = np.where(known, demand, 0.0)
        index = seasonal_index(known, demand, season)
        along = index[np.arange(-len(demand), 0) % season]
        shape = (-1, habits.row, demand.shape[1])
        demand, base, along = (some.reshape(shape) for some in (demand, demand / along, along * known))
        return cls(demand, along, base, index, _levels(demand, along, habits.usual / habits.row))

    @property
    def known(self) -> NDArray[np.bool_]:
        """bool[rows, row, n]."""
        known: NDArray[np.bool_] = self.season > 0
        return known


def _levels(demand: Floats, season: Floats, half_life: float) -> Floats:
    """float64[rows + 1, n], exponentially weighted means of the rows before, never 0.

    They are calmed by the mean of the whole history: without it, the level of a product that sells once
    a month would be next to nothing before each sale, and the sale beside it enormous.
    """
    sums, seasons = demand.sum(axis=1), season.sum(axis=1)
    age = np.arange(len(sums) + 1)[:, None] - np.arange(len(sums))
    fading = np.where(age > 0, np.exp2(-np.maximum(age, 0) / half_life), 0.0)
    calm = _CALM * demand.shape[1] / (1 - 0.5 ** (1 / half_life))
    mean = sums.sum(axis=0) / seasons.sum(axis=0)
    level = (fading @ sums + calm * mean) / (fading @ seasons + calm)
    return np.where(level > 0, level, 1.0)
