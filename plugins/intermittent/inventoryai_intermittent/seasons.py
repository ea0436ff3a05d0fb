"""What a day of the week or a month of the year lets one expect, compared with the others."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai_intermittent.windows import Matrix, Vector

_SEASONS_SEEN: Final = 3
"""Seasons that must be known of a product before its points are told apart."""
_SURE: Final = 1.5
"""How many times what chance gives χ² must be for a season to be believed in: factors are shrunk besides."""
_DOUBT: Final = 10.0
"""Units, times the ratio of variance to mean, that speak for every point being like the others."""
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Seasons:
    """Factors by which demand differs from the level.

    Attributes:
        factors: float64[S, n]; row d holds for the steps d, d + S, … of the horizon, and for the periods
            of the past that are as far from them as whole seasons.
        spent: float64[n], how many observations learning the factors is worth: S − 1 where they are taken as
            seen, 0 where they are all taken to be 1.
    """

    factors: Matrix
    spent: Vector

    @classmethod
    def none(cls, products: int) -> Self:
        """Every point is like the others."""
        return cls(np.ones((1, products)), np.zeros(products))

    @classmethod
    def of(cls, ages: Vector, counts: Matrix, known: Matrix, points: int, memory: float) -> Self:
        """Factors of demand seen, each drawn towards 1 by the gamma prior that Poisson counts ask for.

        A point at which s was sold and e expected has factor (s + κ) / (e + κ): a shop that was closed on
        thirty Sundays will be closed, and one slow Tuesday means nothing. κ grows with the dispersion,
        since a single order of a hundred says no more than a single order.

        Args:
            ages: float64[T], how many periods before the first forecast each lies.
            counts: float64[T, n], 0 where unknown.
            known: float64[T, n], 1 where known, else 0.
            points: Points of the season, S.
            memory: Half-life of what was seen, in periods.
        """
        if points == 1:
            return cls.none(counts.shape[1])
        seen = _Seen.of(ages, counts, known, points, memory)
        doubt = _DOUBT * seen.dispersion
        factors = (seen.sold + doubt) / (seen.expected + doubt)
        usual = (factors * seen.weight).sum(axis=0) / np.maximum(seen.weight.sum(axis=0), _TINY)
        factors /= np.maximum(usual, _TINY)
        spent = (points - 1) * np.mean(seen.expected / (seen.expected + doubt), axis=0)
        return cls(factors, spent)

    def likeness(self, point: int, other: float) -> Matrix:
        """float64[S, n], what a period at each point counts for one at ``point``: 1 at the same.

        Args:
            point: Which one, 0 … S − 1.
            other: What a period counts at another point with the same factor; the less the more they differ.
        """
        nearness = np.maximum(self.factors, _TINY) / np.maximum(self.factors[point], _TINY)
        likeness: Matrix = other * np.minimum(nearness, 1 / nearness) ** 2
        likeness[point] = 1.0
        return likeness

    def past(self, periods: int) -> Matrix:
        """float64[periods, n], the factor of each past period, the last one last."""
        points = len(self.factors)
        return self.factors[np.arange(-periods, 0) % points]


def seasonal(ages: Vector, counts: Matrix, known: Matrix, points: int, memory: float) -> NDArray[np.bool_]:
    """bool[n], whether the points of the season differ by more than chance would have it.

    Pearson's χ² of what was sold at each point against what was expected, its variance inflated by the
    dispersion, has mean S − 1 where points are alike; somewhat more is asked for, and three seasons seen. See
    ``Seasons.of`` for the arguments.
    """
    if points == 1:
        return np.zeros(counts.shape[1], dtype=np.bool_)
    seen = _Seen.of(ages, counts, known, points, memory)
    variance = seen.dispersion * seen.average * seen.squared_weight
    distance = ((seen.sold - seen.expected) ** 2 / np.maximum(variance, _TINY)).sum(axis=0)
    long_enough = known.sum(axis=0) >= _SEASONS_SEEN * points
    found: NDArray[np.bool_] = long_enough & (distance > _SURE * (points - 1))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What was seen of the season, the older the less.

    Attributes:
        sold: float64[S, n], weighted demand at each point.
        expected: float64[S, n], what it would be if the points were alike.
        weight: float64[S, n], of the known periods.
        squared_weight: float64[S, n], sums of their squared weights.
        average: float64[n], demand a period.
        dispersion: float64[n], variance of demand at one point over its mean, at least 0.3.
    """

    sold: Matrix
    expected: Matrix
    weight: Matrix
    squared_weight: Matrix
    average: Vector
    dispersion: Vector

    @classmethod
    def of(cls, ages: Vector, counts: Matrix, known: Matrix, points: int, memory: float) -> Self:
        fading = 0.5 ** (ages / memory)
        weights = ((ages + np.arange(points)[:, None]) % points == 0) * fading
        sold, weight = weights @ counts, weights @ known
        average = sold.sum(axis=0) / np.maximum(weight.sum(axis=0), _TINY)
        squared_weight = (weights * weights) @ known
        squares = fading @ (counts * counts) - (sold * sold / np.maximum(weight, _TINY)).sum(axis=0)
        spread = np.maximum(squares, 0.0) / np.maximum(sold.sum(axis=0), _TINY)
        worth = weight.sum(axis=0) ** 2 / np.maximum(squared_weight.sum(axis=0), _TINY)
        spread *= worth / np.maximum(np.maximum(worth - points, worth / 2), _TINY)
        return cls(
            sold=sold,
            expected=weight * average,
            weight=weight,
            squared_weight=squared_weight,
            average=average,
            dispersion=np.maximum(spread, 0.3),
        )
