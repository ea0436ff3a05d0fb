"""What a day of the week or a month of the year lets one expect, compared with the others."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from inventoryai_intermittent.windows import Matrix, Vector, Window

_SEASONS_SEEN: Final = 3
"""Seasons that must be known of a product before its points are told apart."""
_DOUBT: Final = 10.0
"""Units, times the ratio of variance to mean, that speak for every point being like the others."""
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Seasons:
    """Factors by which demand differs from the level.

    Attributes:
        factors: float64[S, n]; row d holds for the steps d, d + S, … of the horizon, and for the periods
            of the past that are as far from them as whole seasons.
    """

    factors: Matrix

    @classmethod
    def none(cls, products: int, points: int = 1) -> Self:
        """Every point is like the others."""
        return cls(np.ones((points, products)))

    @classmethod
    def of(cls, window: Window, counts: Matrix, known: Matrix, points: int, memory: float) -> Self:
        """Factors of demand seen, each drawn towards 1 by the gamma prior that Poisson counts ask for.

        A point at which s was sold and e expected has factor (s + κ) / (e + κ): a shop that was closed on
        thirty Sundays will be closed, and one slow Tuesday means nothing. κ grows with the dispersion,
        since a single order of a hundred says no more than a single order.

        Args:
            window: Where the ages of periods are taken from.
            counts: float64[T, n], 0 where unknown.
            known: float64[T, n], 1 where known, else 0.
            points: Points of the season, S.
            memory: Half-life of what was seen, in periods.
        """
        products = counts.shape[1]
        if points == 1:
            return cls.none(products)
        weights = 0.5 ** (window.ages / memory)
        alike = (window.ages + np.arange(points)[:, None]) % points == 0
        sold, seen = (alike * weights) @ counts, (alike * weights) @ known
        average = sold.sum(axis=0) / np.maximum(seen.sum(axis=0), _TINY)
        doubt = _DOUBT * _dispersion(counts, known, weights, average)
        expected = seen * average
        factors = (sold + doubt) / (expected + doubt)
        factors /= np.maximum((factors * seen).sum(axis=0) / np.maximum(seen.sum(axis=0), _TINY), _TINY)
        factors[:, known.sum(axis=0) < _SEASONS_SEEN * points] = 1.0
        return cls(factors)

    def past(self, periods: int) -> Matrix:
        """float64[periods, n], the factor of each past period, the last one last."""
        points = len(self.factors)
        return self.factors[np.arange(-periods, 0) % points]


def _dispersion(counts: Matrix, known: Matrix, weights: Vector, average: Vector) -> Vector:
    """float64[n], the variance of demand over its mean, at least 0.3."""
    squares = weights @ (counts * counts) - average * (weights @ counts)
    spread = np.maximum(squares, 0.0) / np.maximum(average * (weights @ known), _TINY)
    return np.maximum(spread, 0.3)
