"""The negative binomial and its kin: quantiles for many products at once.

Demand of mean m and variance φm is negative binomial with size m / (φ − 1) where φ > 1 (the form in which
the variance is proportional to the mean), Poisson at φ = 1, and Conway–Maxwell–Poisson where φ < 1.

Source: Snyder, R. D., Ord, J. K. & Beaumont, A. (2012), Forecasting the intermittent demand for slow-moving
inventories: a modelling approach, International Journal of Forecasting 28; Shmueli, G. et al. (2005), A
useful distribution for fitting discrete data: revival of the Conway–Maxwell–Poisson distribution.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai_intermittent import counted, spaced
from inventoryai_intermittent.nodes import Nodes
from inventoryai_intermittent.windows import Matrix, Vector

_ABOVE: Final = 6.0
_TAIL: Final = 8.0
"""A distribution is worked out to so many standard deviations above the mean, and so many times the ratio of
variance to mean: a negative binomial ends like an exponential of that scale."""
_LEAST_MEAN: Final = 1e-9
_LEAST_RATIO: Final = 1e-3
_CELLS: Final = 32_000
"""Numbers worked on at once: few enough to stay in a processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """The law of ``N`` demands.

    Attributes:
        mean: float64[N], mean in units.
        ratio: float64[N], variance over mean.
        whole: bool[N], whether values are whole units.
    """

    mean: Vector
    ratio: Vector
    whole: NDArray[np.bool_]

    def quantiles(self, nodes: Nodes) -> Matrix:
        """float64[N, k], in units, rising."""
        return self._quantiles(np.ones_like(self.mean), nodes)

    def quantiles_beyond_one(self, chance: Vector, nodes: Nodes) -> Matrix:
        """Of a hurdle: 0 but with probability ``chance``, and then one unit more than this law says.

        Args:
            chance: float64[N], of selling at all.
            nodes: Which quantiles.
        """
        values = self._quantiles(chance, nodes)
        values += 1
        values *= nodes.levels > 1 - chance[:, None]
        return values

    def _quantiles(self, chance: Vector, nodes: Nodes) -> Matrix:
        """Of this law with probability ``chance``, and of less than anything with the rest."""
        mean, ratio = np.maximum(self.mean, _LEAST_MEAN), np.maximum(self.ratio, _LEAST_RATIO)
        highest = mean + _ABOVE * np.sqrt(mean * ratio) + _TAIL * np.maximum(ratio, 0.5)
        values = np.empty((len(mean), len(nodes.levels)))
        for rows, cells in _alike(highest):
            some = chance[rows, None]
            if cells:
                shares = counted.shares(mean[rows], ratio[rows], cells)
                values[rows] = nodes.reached(1 - some + some * shares)
            else:
                edges, shares = spaced.shares(mean[rows], ratio[rows], highest[rows])
                far = spaced.read(edges, 1 - some + some * shares, self.whole[rows], nodes)
                values[rows] = far
        return values


def _alike(highest: Vector) -> Iterator[tuple[NDArray[np.intp], int]]:
    """Rows that need as many cells, some at a time; 0 cells where counting one by one would take too many."""
    group = np.searchsorted(counted.LENGTHS, highest)
    lengths = (*counted.LENGTHS, 0)
    for place in np.unique(group):
        rows = np.flatnonzero(group == place)
        block = _CELLS // (lengths[place] or spaced.CELLS)
        for start in range(0, len(rows), block):
            yield rows[start : start + block], lengths[place]
