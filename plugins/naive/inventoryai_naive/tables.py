"""Weighted observations as distributions: tables of equally likely values."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ENTRIES: Final = 256
"""How many values a table has; entry j stands for the level (j + 1/2) / 256."""
_ROUNDING: Final = 1e-9
_UNSEEN: Final = 0.05
"""The largest values do not count as seen while together they weigh less than this share of the end."""


class Observations:
    """Values of some products, put in order once, to be weighted in several ways."""

    def __init__(self, values: Floats, known: NDArray[np.bool_]) -> None:
        """Of float64[n, m], of which bool[n, m] are known, at least one of each product."""
        ordered = np.where(known, values, np.inf)
        order = np.argsort(ordered, axis=1)
        self._place = order + np.arange(len(values))[:, None] * values.shape[1]
        self._values = np.take(ordered, self._place)
        self._last = known.sum(axis=1, keepdims=True) - 1

    def table(self, weights: Floats) -> Floats:
        """float64[n, 256], the values that the weights make equally likely, in rising order.

        As little is seen of the extremes, each end of the distribution is left a share of 2/3 of an
        observation (the plotting position that is unbiased for the median). At the lower end it falls
        to the smallest value; beyond the largest it is exponential, at the scale that leads from the
        median to there.

        Args:
            weights: float64[n, m], 0 where values are not known.
        """
        products = len(weights)
        share = np.cumsum(np.take(weights, self._place), axis=1)
        total = share[:, -1:]
        effective = total**2 / np.einsum("nm,nm->n", weights, weights)[:, None]
        end = (2 / 3) / (effective + 1 / 3)
        # An entry belongs to the first value whose share reaches its level, so the number of values
        # whose share does not is its place: counted here for all entries at once.
        share *= (1 - 2 * end) / total * ENTRIES
        last = np.sum(share < (1 - (2 + _UNSEEN) * end) * ENTRIES, axis=1, keepdims=True)
        last = np.minimum(last, self._last)
        share += end * ENTRIES - 0.5 - _ROUNDING
        passed = np.clip(np.ceil(share), 0, ENTRIES).astype(np.intp)
        passed += np.arange(products)[:, None] * (ENTRIES + 1)
        counts = np.bincount(passed.ravel(), minlength=products * (ENTRIES + 1)).reshape(products, -1)
        place = np.minimum(np.cumsum(counts[:, :ENTRIES], axis=1), last)
        return _with_tail(*(np.take_along_axis(self._values, some, axis=1) for some in (place, last)), end)


def _with_tail(table: Floats, largest: Floats, end: Floats) -> Floats:
    """The table with the entries above level 1 - end spread out beyond the largest value."""
    above = 1 - (np.arange(ENTRIES) + 0.5) / ENTRIES
    scale = (largest - table[:, ENTRIES // 2, None]) / np.log(np.maximum(0.5 / end, 2.0))
    return np.where(above < end, largest + scale * np.log(np.maximum(end / above, 1.0)), table)
