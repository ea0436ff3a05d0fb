"""Mixtures of piecewise linear distributions: read at a point, inverted and integrated without error.

Each component is what a forecast stores of a total: quantiles at a few levels. Its distribution
function F is linear between them, linear from 0 up to the lowest, and all that lies above the highest
level is a point at the highest quantile. A mixture weighs several such components; its F is linear
between any two neighbouring quantiles of any of them, so its quantiles are found exactly: search the
sorted breakpoints for the piece that crosses the level, and interpolate in it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Mixtures:
    """g mixtures of m components each, all with quantiles at the same q levels.

    Attributes:
        levels: float64[q + 1], rising from 0.
        knots: float64[g, m, q + 1], the quantiles at those levels, never falling, from 0.
        weights: float64[g, m], summing to 1 in each mixture.
    """

    levels: Floats
    knots: Floats
    weights: Floats

    def probability(self, x: Floats, *, below: bool = False) -> Floats:
        """float64[g]: the probability of at most x.

        Args:
            x: float64[g], one point for each mixture.
            below: Of less than x instead, which differs where a probability sits on a point.
        """
        reached, share, low, high = self._pieces(x, below=below)
        inside = self.levels[low] + share * (self.levels[high] - self.levels[low])
        whole = np.where(reached == len(self.levels), 1.0, inside)
        return self._weighed(np.where(reached == 0, 0.0, whole))

    def quantile(self, level: Floats) -> Floats:
        """float64[g]: the smallest x that is reached with at least the probability ``level``.

        Args:
            level: float64[g], above 0 and at most the highest stored level.
        """
        breaks = np.sort(self.knots.reshape(len(self.knots), -1), axis=1)
        rows = np.arange(len(breaks))
        upper = self._first_reaching(breaks, level)
        high, low = breaks[rows, upper], breaks[rows, np.maximum(upper - 1, 0)]
        from_, to = self.probability(low), self.probability(high, below=True)
        crossing = to >= level
        share = np.divide(level - from_, to - from_, out=np.ones_like(level), where=crossing & (to > from_))
        return np.where(crossing, low + share * (high - low), high)

    def idle(self, x: Floats) -> Floats:
        """float64[g]: the integral of F from 0 to x, which is how much of a stock of x is left on average.

        Args:
            x: float64[g]; what is below 0 leaves nothing.
        """
        reached, share, low, high = self._pieces(x, below=False)
        width = np.diff(self.knots, axis=2)
        pieces = np.cumsum(width * (self.levels[1:] + self.levels[:-1]) / 2.0, axis=2)
        passed = np.concatenate([np.zeros_like(pieces[:, :, :1]), pieces], axis=2)
        start = np.take_along_axis(self.knots, low[:, :, None], axis=2)[:, :, 0]
        rise = share * (self.levels[high] - self.levels[low]) / 2.0
        height = np.where(reached == len(self.levels), 1.0, self.levels[low] + rise)
        partial = np.maximum(x[:, None] - start, 0.0) * height
        area = np.take_along_axis(passed, low[:, :, None], axis=2)[:, :, 0] + partial
        return self._weighed(np.where(reached == 0, 0.0, area))

    def _pieces(self, x: Floats, *, below: bool) -> tuple[Ints, Floats, Ints, Ints]:
        """Where x lies in each component: knots reached [g, m], share of the piece, its two knots."""
        point = x[:, None, None]
        reached = ((self.knots < point) if below else (self.knots <= point)).sum(axis=2)
        low = np.maximum(reached - 1, 0)
        high = np.minimum(reached, len(self.levels) - 1)
        start = np.take_along_axis(self.knots, low[:, :, None], axis=2)[:, :, 0]
        width = np.take_along_axis(self.knots, high[:, :, None], axis=2)[:, :, 0] - start
        share = np.divide(x[:, None] - start, width, out=np.zeros_like(start), where=width > 0)
        return reached, share, low, high

    def _first_reaching(self, breaks: Floats, level: Floats) -> Ints:
        """int64[g]: index of the first breakpoint that is reached with at least the probability."""
        rows = np.arange(len(breaks))
        low = np.zeros(len(breaks), dtype=np.int64)
        high = np.full(len(breaks), breaks.shape[1] - 1, dtype=np.int64)
        while (low < high).any():
            middle = (low + high) // 2
            enough = self.probability(breaks[rows, middle]) >= level
            high = np.where(enough, middle, high)
            low = np.where(enough, low, np.minimum(middle + 1, high))
        return low

    def _weighed(self, of_components: Floats) -> Floats:
        weighed: Floats = (self.weights * of_components).sum(axis=1)
        return weighed
