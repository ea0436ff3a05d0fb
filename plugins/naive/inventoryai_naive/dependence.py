"""How far the periods of one future go together: a good week is followed by a good week."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai_naive.habits import Habits
from inventoryai_naive.past import Past, running
from inventoryai_naive.tables import ENTRIES

Floats = NDArray[np.float64]

CORRELATIONS: Final = (0.0, 0.02, 0.05, 0.09, 0.14, 0.2, 0.3, 0.45, 0.65, 0.9)
"""The dependences told apart. Rank orders are made once for each of them, and shared by all products."""
_DOUBT: Final = 4.0
"""How many spans of one horizon it takes to believe a history by half."""


def dependence(past: Past, horizon: int, habits: Habits) -> Floats:
    """float64[n], the correlation of the periods of one future, from spans as long as the horizon.

    Were the errors e of a forecast from the level before such a span uncorrelated, the square of their
    sum would on average be the sum of their squares; with a correlation r between any two of m it is
    1 + (m - 1) r times as much. What a short history says is drawn to what is usual.
    """
    rows = min(-(-horizon // habits.row), habits.rows // 4)
    periods = rows * habits.row
    if periods == 1 or past.demand.shape[1] < rows:
        return np.full(len(past.demand), habits.dependence)
    expected = np.where(past.known, past.expected, 0.0)
    level = past.level[:, : past.demand.shape[1] - rows + 1]
    error = _spans(past.demand, rows) - level * _spans(expected, rows)
    squares = _spans(past.demand**2, rows) + level * (
        level * _spans(expected**2, rows) - 2 * _spans(past.demand * expected, rows)
    )
    known = past.known.sum(axis=2)
    counted = running(known)[:, : level.shape[1]] >= periods / 2
    weight = np.where(counted, _spans(past.known, rows) / periods, 0.0)
    excess = np.sum(weight * (error**2 - squares), axis=1) / (periods - 1)
    summed = np.sum(weight * squares, axis=1)
    found = np.where(summed > 0, excess / np.where(summed > 0, summed, 1.0), habits.dependence)
    spans = weight.sum(axis=1) / rows
    trust = spans / (spans + _DOUBT)
    correlation: Floats = trust * found + (1 - trust) * habits.dependence
    return correlation


def nearest(correlation: Floats) -> NDArray[np.intp]:
    """int[n], the place among ``CORRELATIONS`` of the nearest."""
    steps = np.array(CORRELATIONS)
    return np.searchsorted((steps[1:] + steps[:-1]) / 2, correlation)


def rank_orders(horizon: int, seed: int) -> NDArray[np.intp]:
    """int[correlations, h, 256], for each step a shuffle of the entries of a table.

    The shuffles of the steps have a common Gaussian correlation. Every step uses every entry exactly
    once, so that its quantiles owe nothing to chance.
    """
    rng = np.random.default_rng(seed)
    common = rng.standard_normal(ENTRIES)
    own = rng.standard_normal((horizon, ENTRIES))
    share = np.array(CORRELATIONS)[:, None, None]
    scores = np.sqrt(share) * common + np.sqrt(1 - share) * own
    return np.argsort(np.argsort(scores, axis=2), axis=2)


def _spans(amounts: NDArray[np.generic], rows: int) -> Floats:
    """float64[n, rows' - rows + 1], sums of [n, rows', row] over every span of some rows."""
    sums = running(amounts.sum(axis=2))
    return sums[:, rows:] - sums[:, :-rows]
