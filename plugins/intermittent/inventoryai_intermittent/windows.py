"""Histories as tables, in the units that demand comes in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Panel
from inventoryai_intermittent import kernel

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

_CELLS: Final = 100_000
"""Periods worked on at once, of all products: fewer calls of numpy, or memory that is not fresh each time."""
_TRUSTED: Final = 10
"""Sales from which on whole numbers that share a divisor are taken for packs."""
_FINEST: Final = 1e-3
"""The smallest unit looked for, as a part of the smallest demand."""
_PARTS: Final = 200
"""What mean demand counts as where demand has no unit, as with weights: fine enough to be continuous."""
_MOST_UNITS: Final = 1e7
"""A demand of more units is no count: rounding hides whether it is whole."""
_PASSES: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The last ``T`` periods of ``n`` products; the last row is the last period.

    Attributes:
        counts: float64[T, n], demand in units, 0 where it is unknown.
        known: float64[T, n], 1 where demand is known, 0 where it is not.
        unit: float64[n], what one unit is.
        whole: bool[n], whether all demand is whole units; where it is, so are forecasts.
        ages: float64[T], T … 1: how many periods before the first forecast each row lies.
    """

    counts: Matrix
    known: Matrix
    unit: Vector
    whole: NDArray[np.bool_]
    ages: Vector

    @classmethod
    def of(cls, histories: Matrix) -> "Window":
        """From float64[n, T], NaN where demand is unknown or the product is not born yet."""
        if kernel.available():
            return cls._compiled(np.ascontiguousarray(histories))
        demand = np.ascontiguousarray(histories.T)
        known = ~np.isnan(demand)
        demand = np.where(known, demand, 0.0)
        unit, whole = units(demand)
        counts = demand
        if (unit != 1).any():
            counts = demand / unit
            np.rint(counts, out=counts, where=whole)
        ages = np.arange(len(demand), 0, -1, dtype=np.float64)
        return cls(counts, known.astype(np.float64), unit, whole, ages)

    @classmethod
    def _compiled(cls, histories: Matrix) -> "Window":
        """As ``of``, by the compiled kernel."""
        from inventoryai_intermittent import _counts  # noqa: PLC0415 - it may not be there

        products, periods = histories.shape
        counts, known = np.empty((periods, products)), np.empty((periods, products))
        unit, whole = np.empty(products), np.empty(products, dtype=np.bool_)
        _counts.count(histories, counts, known, unit, whole)
        return cls(counts, known, unit, whole, np.arange(periods, 0, -1, dtype=np.float64))

    def of_some(self, products: NDArray[np.intp]) -> "Window":
        """Some of the products, in the order given."""
        return Window(
            counts=self.counts[:, products],
            known=self.known[:, products],
            unit=self.unit[products],
            whole=self.whole[products],
            ages=self.ages,
        )


def windows(panel: Panel, periods: int) -> Iterator[tuple[NDArray[np.int64], Window]]:
    """The products of a panel, some at a time, each with a window in which something is known of it.

    A product that was not seen for longer than ``periods`` gets a window as long as its history.
    """
    longest = int(panel.lengths.max())
    recent = _tails(panel, min(periods, longest))
    seen = ~np.isnan(recent).all(axis=1)
    for products in _blocks(np.flatnonzero(seen), recent.shape[1]):
        yield products, Window.of(recent[products])
    for products in _blocks(np.flatnonzero(~seen), longest):
        yield products, Window.of(_tails(panel.subset(products), longest))


def _tails(panel: Panel, periods: int) -> Matrix:
    """As ``panel.tail``, which asks for each number where it is; whole histories are copied faster."""
    tails = np.full((len(panel), periods), np.nan)
    starts = np.maximum(panel.offsets[:-1], panel.offsets[1:] - periods).tolist()
    for tail, start, stop in zip(tails, starts, panel.offsets[1:].tolist(), strict=True):
        tail[periods - (stop - start) :] = panel.values[start:stop]
    return tails


def units(demand: Matrix) -> tuple[Vector, NDArray[np.bool_]]:
    """The largest unit of which all demands of a product are multiples, found by Euclid's algorithm.

    Pieces sold in sixes are counted in sixes, and cheese sold by the tenth of a kilogram in tenths. Until
    a product has sold ten times, a common divisor of whole numbers may well be chance: the unit is one piece.

    Args:
        demand: float64[T, n], not negative.

    Returns:
        float64[n] the units, and bool[n] whether there is one: where there is not, the unit is a small part
        of mean demand, and demand is as good as continuous.
    """
    sold = demand > 0
    times = sold.sum(axis=0)
    smallest = np.min(demand, axis=0, where=sold, initial=np.inf)
    smallest[times == 0] = 1.0
    unit, whole = _divisors(demand, smallest)
    average = demand.sum(axis=0) / np.maximum(times, 1)
    pieces = (times < _TRUSTED) & (demand == np.rint(demand)).all(axis=0)
    unit = np.where(whole, unit, average / _PARTS)
    return np.where(pieces, 1.0, unit), whole | pieces


def _divisors(demand: Matrix, smallest: Vector) -> tuple[Vector, NDArray[np.bool_]]:
    """Divisors found, starting from each product's smallest demand; and where none was found, False."""
    unit = smallest.copy()
    whole = np.zeros(len(unit), dtype=np.bool_)
    single = (smallest == 1) & (demand == np.rint(demand)).all(axis=0)
    whole[single] = True
    left = np.flatnonzero(~single & (demand.max(axis=0) < _MOST_UNITS * smallest))
    for _ in range(_PASSES):
        if not len(left):
            break
        multiple = demand[:, left] / unit[left]
        rest = np.abs(multiple - np.rint(multiple))
        rest[rest <= 1e-6 * np.maximum(1.0, 1e-3 * multiple)] = np.inf
        least = rest.min(axis=0)
        done = np.isinf(least)
        whole[left[done]] = True
        unit[left[~done]] *= least[~done]
        left = left[~done]
        left = left[unit[left] > _FINEST * smallest[left]]
    return unit, whole


def _blocks(products: NDArray[np.int64], periods: int) -> Iterator[NDArray[np.int64]]:
    """Some products at a time; none when there are none."""
    block = max(1, _CELLS // periods)
    for start in range(0, len(products), block):
        yield products[start : start + block]
