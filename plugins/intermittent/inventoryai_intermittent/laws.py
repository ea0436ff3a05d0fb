"""The negative binomial and its kin: quantiles for many products at once.

Demand of mean m and variance φm is negative binomial with size m / (φ − 1) where φ > 1 (the form in which
the variance is proportional to the mean), Poisson at φ = 1, and Conway–Maxwell–Poisson where φ < 1.

Source: Snyder, R. D., Ord, J. K. & Beaumont, A. (2012), Forecasting the intermittent demand for slow-moving
inventories: a modelling approach, International Journal of Forecasting 28; Shmueli, G. et al. (2005), A
useful distribution for fitting discrete data: revival of the Conway–Maxwell–Poisson distribution.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai_intermittent.nodes import Nodes
from inventoryai_intermittent.windows import Matrix, Vector

_GRID: Final = 64
"""Cells of a distribution: as many whole numbers, or wider cells further out where these do not suffice."""
_BELOW, _ABOVE = 6.0, 14.0
"""Standard deviations from the mean at which the grid begins and ends."""
_LEAST_MEAN: Final = 1e-9
_LEAST_RATIO: Final = 0.05
_POISSON: Final = 1.001
"""Below this ratio of variance to mean, a negative binomial is a Poisson to all intents."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """The law of ``N`` demands of at least one unit with probability ``chance``, else none.

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
        edges, shares = self._distribution()
        return self._values(edges, shares, nodes)

    def quantiles_beyond_one(self, chance: Vector, nodes: Nodes) -> Matrix:
        """Of a hurdle: 0 but with probability ``chance``, and then one unit more than this law says.

        Args:
            chance: float64[N], of selling at all.
            nodes: Which quantiles.
        """
        edges, shares = self._distribution()
        none = 1 - chance[:, None]
        values = self._values(edges, none + chance[:, None] * shares, nodes) + 1
        values *= nodes.levels > none
        return values

    def _distribution(self) -> tuple[Matrix, Matrix]:
        """Edges float64[N, c + 1] of the cells, and the distribution function at the end of each."""
        mean, ratio = np.maximum(self.mean, _LEAST_MEAN), np.maximum(self.ratio, _LEAST_RATIO)
        edges = _edges(mean, ratio)
        middle = (edges[:, :-1] + edges[:, 1:] - 1) / 2
        terms = np.log(edges[:, 1:] - edges[:, :-1])
        scattered = ratio > _POISSON
        size = np.where(scattered, mean / np.maximum(ratio - 1, _POISSON - 1), 1e9 * np.maximum(mean, 1))
        factorial = log_gamma(middle + 1)
        terms += log_gamma(middle + size[:, None]) - factorial
        terms += middle * np.log(mean / (mean + size))[:, None]
        regular = np.flatnonzero(~scattered)
        if len(regular):
            width = np.log(edges[regular, 1:] - edges[regular, :-1])
            terms[regular] = _conway_maxwell(
                mean[regular], ratio[regular], middle[regular], factorial[regular], width
            )
        return edges, _cumulated(terms)

    def _values(self, edges: Matrix, shares: Matrix, nodes: Nodes) -> Matrix:
        """Quantiles from a distribution function that is linear within each cell."""
        rows = np.arange(len(edges))[:, None]
        cell = nodes.reached(shares)
        left, right = edges[rows, cell], edges[rows, cell + 1]
        end = shares[rows, cell]
        begin = np.where(cell > 0, shares[rows, np.maximum(cell - 1, 0)], 0.0)
        part = np.clip((nodes.levels - begin) / np.maximum(end - begin, 1e-12), 0.0, 1.0)
        values = left + part * (right - left)
        whole = np.minimum(np.floor(values), right - 1)
        return np.where(self.whole[:, None], whole, np.maximum(values - 0.5, 0.0))


def log_gamma(x: Matrix) -> Matrix:
    """The logarithm of Γ(x), x > 0, to about 1e-9: Stirling's series eight above, and back by recurrence."""
    product = x * (x + 1)
    product *= (x + 2) * (x + 3)
    far = x + 4
    product *= far * (x + 5)
    product *= (x + 6) * (x + 7)
    far += 4
    inverse = 1 / far
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260)))
    answer: Matrix = (far - 0.5) * np.log(far) - far + series - np.log(product) + 0.9189385332046727
    return answer


def _edges(mean: Vector, ratio: Vector) -> Matrix:
    """float64[N, c + 1], whole numbers: every one where the grid suffices, else wider apart further out."""
    spread = np.sqrt(mean * np.maximum(ratio, 0.3))
    low = np.floor(np.maximum(mean - _BELOW * spread, 0.0))
    span = np.maximum(np.ceil(mean + _ABOVE * spread + 8) - low, _GRID)
    place = np.arange(_GRID + 1, dtype=np.float64)
    stretched = place + (span - _GRID)[:, None] * (place / _GRID) ** 2.5
    edges: Matrix = low[:, None] + np.floor(stretched + 1e-9)
    return edges


def _conway_maxwell(mean: Vector, ratio: Vector, middle: Matrix, factorial: Matrix, width: Matrix) -> Matrix:
    """Log masses whose mean is ``mean`` and whose variance is about ``ratio`` times that.

    The masses are (λ^k / k!)^ν with ν = 1 / ratio; λ is found by Newton's method from the mean it gives.
    """
    power = 1 / ratio
    tilt = power * np.log(mean + (power - 1) / (2 * power) * np.minimum(mean, 1.0))
    base = width - power[:, None] * factorial
    terms = base + tilt[:, None] * middle
    for _ in range(4):
        masses = np.exp(terms - terms.max(axis=1, keepdims=True))
        masses /= masses.sum(axis=1, keepdims=True)
        found = (masses * middle).sum(axis=1)
        spread = (masses * middle * middle).sum(axis=1) - found * found
        tilt += np.clip((mean - found) / np.maximum(spread, 1e-6), -2.0, 2.0)
        terms = base + tilt[:, None] * middle
    return terms


def _cumulated(terms: Matrix) -> Matrix:
    """The distribution function from log masses that are right up to a factor."""
    terms -= terms.max(axis=1, keepdims=True)
    shares = np.cumsum(np.exp(terms, out=terms), axis=1)
    shares /= shares[:, -1:]
    return shares
