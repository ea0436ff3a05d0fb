"""The weighted past: what was sold before, as a distribution."""

import numpy as np
from numpy.typing import NDArray

from inventoryai_intermittent.nodes import Nodes
from inventoryai_intermittent.windows import Matrix, Vector


class Past:
    """The demands of ``n`` products in rising order, ready to be weighted.

    Args:
        demand: float64[T, n].
        counted: bool[T, n], which of them count; a product of which none does sells nothing.
    """

    def __init__(self, demand: Matrix, counted: NDArray[np.bool_]) -> None:
        rows = np.where(counted, demand, np.inf).T
        self._order = np.argsort(rows, axis=1)
        self._values = np.take_along_axis(rows, self._order, axis=1)
        self._counted = np.isfinite(self._values)
        self._last = np.maximum(self._counted.sum(axis=1, keepdims=True) - 1, 0)
        self._values[~self._counted] = 0.0

    def quantiles(self, weights: Vector, nodes: Nodes) -> Matrix:
        """float64[n, k], rising: the smallest demand whose share, with all below it, reaches each level.

        Args:
            weights: float64[T] or float64[n, T], above 0: what each period counts.
            nodes: Which quantiles.
        """
        return self._values_at(nodes.reached(self._shares(weights)))

    def quantiles_alike(
        self, weights: Vector, points: NDArray[np.int64], likeness: Matrix, nodes: Nodes
    ) -> Matrix:
        """As ``quantiles``, of periods that count more the more their point of the season is like another.

        Args:
            weights: float64[T], above 0: what each period counts besides.
            points: int64[T], the point of the season of each period.
            likeness: float64[S, n], what a period at each point counts.
            nodes: Which quantiles.
        """
        if len(likeness) == 1:
            return self.quantiles(weights, nodes)
        alike = np.take_along_axis(likeness.T, points[self._order], axis=1)
        return self._values_at(nodes.reached(self._cumulated(weights[self._order] * alike)))

    def quantiles_if_any(self, chance: Vector, weights: Vector, nodes: Nodes) -> Matrix:
        """As ``quantiles``, of demand that is 0 but with probability ``chance``, float64[n]."""
        none = 1 - chance[:, None]
        values = self._values_at(nodes.reached(none + chance[:, None] * self._shares(weights)))
        values *= nodes.levels > none
        return values

    def _values_at(self, place: NDArray[np.int64]) -> Matrix:
        return np.take_along_axis(self._values, np.minimum(place, self._last), axis=1)

    def _shares(self, weights: Vector) -> Matrix:
        """float64[n, T], the share of each demand and all smaller ones; 0 where nothing counts."""
        if weights.ndim == 1:
            return self._cumulated(weights[self._order])
        return self._cumulated(np.take_along_axis(weights, self._order, axis=1))

    def _cumulated(self, weights: Matrix) -> Matrix:
        """As ``_shares``, of weights that are in the order of the demands already."""
        weights *= self._counted
        shares = np.cumsum(weights, axis=1)
        total = shares[:, -1:]
        shares /= np.where(total > 0, total, 1.0)
        return shares
