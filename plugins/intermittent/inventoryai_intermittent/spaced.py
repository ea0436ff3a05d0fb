"""Distributions of many units, in cells that grow wider away from where demand begins."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai_intermittent.nodes import Nodes
from inventoryai_intermittent.windows import Matrix, Vector

CELLS: Final = 64
_BELOW: Final = 6.0
"""Standard deviations below the mean at which the first cell begins."""
_WIDENING: Final = 2.5
_POISSON: Final = 1.001
_HALF_LOG_TWO_PI: Final = 0.9189385332046727


def shares(mean: Vector, ratio: Vector, highest: Vector) -> tuple[Matrix, Matrix]:
    """Cells, and the distribution function at the end of each.

    Args:
        mean: float64[N], above 0.
        ratio: float64[N], variance over mean, above 0.
        highest: float64[N], where the last cell may end.

    Returns:
        float64[N, CELLS + 1], edges, whole numbers; float64[N, CELLS], shares, the last of which is 1.
    """
    edges = _edges(mean, ratio, highest)
    middle = (edges[:, :-1] + edges[:, 1:] - 1) / 2
    terms = np.log(edges[:, 1:] - edges[:, :-1])
    scattered = ratio > _POISSON
    size = np.where(scattered, mean / np.maximum(ratio - 1, _POISSON - 1), 1.0)
    # A Conway–Maxwell–Poisson is a Poisson to a power; at so many units its mean is nearly this.
    tempered = 1 / np.where(scattered, 1.0, ratio)[:, None]
    terms -= tempered * log_gamma(middle + 1)
    place = np.log(np.where(scattered, mean / (mean + size), mean + (1 - ratio) / 2))
    terms += tempered * middle * place[:, None]
    rows = np.flatnonzero(scattered)
    terms[rows] += log_gamma(middle[rows] + size[rows, None])
    terms -= terms.max(axis=1, keepdims=True)
    summed: Matrix = np.cumsum(np.exp(terms, out=terms), axis=1)
    summed /= summed[:, -1:].copy()
    return edges, summed


def read(edges: Matrix, summed: Matrix, whole: NDArray[np.bool_], nodes: Nodes) -> Matrix:
    """float64[N, k], quantiles of a distribution function that is linear within each cell.

    Args:
        edges: float64[N, CELLS + 1]
        summed: float64[N, CELLS], the distribution function at the end of each cell.
        whole: bool[N], whether values are whole units.
        nodes: Which quantiles.
    """
    cell = nodes.reached(summed)
    before = np.concatenate([np.zeros((len(edges), 1)), summed], axis=1)
    cell += np.arange(len(edges))[:, None] * (CELLS + 1)
    left, right = edges.take(cell), edges.take(cell + 1)
    begin, end = before.take(cell), before.take(cell + 1)
    values = np.clip((nodes.levels - begin) / np.maximum(end - begin, 1e-12), 0.0, 1.0)
    values *= right - left
    values += left
    floors = np.minimum(np.floor(values), right - 1)
    chosen: Matrix = np.where(whole[:, None], floors, np.maximum(values - 0.5, 0.0))
    return chosen


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
    answer: Matrix = (far - 0.5) * np.log(far) - far + series - np.log(product) + _HALF_LOG_TWO_PI
    return answer


def _edges(mean: Vector, ratio: Vector, highest: Vector) -> Matrix:
    """float64[N, CELLS + 1], whole numbers: first one by one, then further and further apart."""
    spread = np.sqrt(mean * np.maximum(ratio, 0.3))
    low = np.floor(np.maximum(mean - _BELOW * spread, 0.0))
    span = np.maximum(np.ceil(highest) - low, CELLS)
    place = np.arange(CELLS + 1, dtype=np.float64)
    stretched = place + (span - CELLS)[:, None] * (place / CELLS) ** _WIDENING
    edges: Matrix = low[:, None] + np.floor(stretched + 1e-9)
    return edges
