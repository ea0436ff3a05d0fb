"""Weighted observations as distributions: tables of equally likely values."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ENTRIES: Final = 256
"""How many values a table has; entry j stands for the level (j + 1/2) / 256."""
_ROUNDING: Final = 1e-9
_ABOVE: Final = 1 - (np.arange(ENTRIES) + 0.5) / ENTRIES
"""What lies above each entry."""

_WHOLE: Final = 1e-6
"""How far from a whole number a number of units may be by rounding."""
_MOST: Final = 1e9
"""So many units are not counted one by one."""
_EXACT: Final = 1 << 24
"""Whole numbers below this are float32, which is sorted in less than half the time."""
_CELLS: Final = 1 << 14
"""Entries worked on at once: few enough to need no fresh memory, which costs more than the work."""
_FRACTIONS: Final = (np.arange(ENTRIES) * (np.sqrt(5) - 1) / 2 + _WHOLE) % 1
"""What is added to the entries of a table before their fractions are cut off: spread evenly over 0 to 1
among all of them, and nearly so among any that follow one another (the golden ratio sees to that)."""


class Observations:
    """Values of some products, put in order once, to be weighted in several ways."""

    def __init__(self, values: Floats, known: NDArray[np.bool_]) -> None:
        """Of float64[n, m], of which bool[n, m] are known, at least one of each product."""
        ordered = values if known.all() else np.where(known, values, np.inf)
        self._first = np.arange(len(values))[:, None] * values.shape[1]
        self._order = np.argsort(ordered, axis=1) + self._first
        self._values = np.take(ordered, self._order)
        self._last = self._first + known.sum(axis=1, keepdims=True) - 1

    def table(self, weights: Floats) -> Floats:
        """float64[n, 256], the values that the weights make equally likely, in rising order.

        As little is seen of the extremes, each end of the distribution is left a share of 2/3 of an
        observation (the plotting position that is unbiased for the median). At the lower end it falls
        to the smallest value that carries weight; beyond the largest it is exponential, at the scale
        that leads from the median to there.

        Args:
            weights: float64[n, m], what each value counts; 0 where it is not known.
        """
        products = len(weights)
        share = np.take(weights, self._order)
        np.cumsum(share, axis=1, out=share)
        total = share[:, -1:].copy()
        effective = total**2 / np.einsum("nm,nm->n", weights, weights)[:, None]
        end = (2 / 3) / (effective + 1 / 3)
        # An entry belongs to the first value whose share reaches it, so the number of values whose
        # share does not is its place: counted here for all entries at once.
        share *= ENTRIES * (1 - 2 * end) / total
        share += ENTRIES * end + 0.5 + _ROUNDING
        reached = share.astype(np.intp)
        reached += np.arange(products)[:, None] * (ENTRIES + 1)
        counts = np.bincount(reached.ravel(), minlength=products * (ENTRIES + 1)).reshape(products, -1)
        place = np.cumsum(counts[:, :ENTRIES], axis=1)
        place += self._first
        return _with_tail(np.take(self._values, np.minimum(place, self._last)), end)


def _with_tail(table: Floats, end: Floats) -> Floats:
    """The table float64[n, 256] with its ends, outside the levels end[n, 1] and 1 - end, put right."""
    smallest = np.take_along_axis(table, np.ceil(ENTRIES * end + 0.5).astype(np.intp), axis=1)
    largest = np.take_along_axis(table, (ENTRIES * (1 - end) - 0.5).astype(np.intp), axis=1)
    scale = (largest - table[:, ENTRIES // 2, None]) / np.log(np.maximum(0.5 / end, 2.0))
    first = np.searchsorted(-_ABOVE, -end.max())
    beyond = np.log(end) - np.log(_ABOVE[first:])
    table[:, first:] = np.where(beyond > 0, largest + scale * beyond, table[:, first:])
    return np.maximum(table, smallest)


def put_into_whole_units(tables: Floats, demand: Floats, alike: NDArray[np.bool_]) -> None:
    """Put tables of demand that comes in whole units into whole units: half a bottle is never sold.

    Each value goes to the unit below or above it, so often that the mean stays what it was.

    Args:
        tables: float64[n, t, 256], each in rising order.
        demand: float64[m, n], what was sold. The unit is the least of it above 0, where all of it are
            multiples of that.
        alike: bool[n], whether all tables of a product are the same.
    """
    unit = np.where(demand > 0, demand, np.inf).min(axis=0)
    countable = np.isfinite(unit) & (demand.max(axis=0) < _MOST * unit)
    units = demand / np.where(countable, unit, np.inf)
    whole = countable & (np.abs(units - np.rint(units)).max(axis=0) < _WHOLE)
    several = max(1, _CELLS // tables[0].size)
    for start in range(0, len(tables), several):
        some = start + np.flatnonzero(whole[start : start + several])
        same = alike[some]
        for products, different in ((some[~same], tables.shape[1]), (some[same], 1)):
            if len(products):
                tables[products] = _whole(tables[products, :different], unit[products, None, None])


def _whole(tables: Floats, unit: Floats) -> Floats:
    """As ``put_into_whole_units``, of tables that are a copy."""
    tables /= unit
    tables += _FRACTIONS
    np.floor(tables, out=tables)
    ordered = tables.astype(np.float32) if tables.max() < _EXACT else tables
    ordered.sort(axis=2)
    return np.multiply(ordered, unit, out=tables)
