"""How far the periods of one future go together: a good week is followed by a good week."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai_naive.habits import Habits
from inventoryai_naive.past import Past
from inventoryai_naive.seasons import running, spans
from inventoryai_naive.tables import ENTRIES

Floats = NDArray[np.float64]

CORRELATIONS: Final = (0.0, 0.02, 0.05, 0.09, 0.14, 0.2, 0.3, 0.45, 0.65, 0.9)
"""The dependences told apart. Rank orders are made once for each of them, and shared by all products."""
_DOUBT: Final = 2.0
"""How many spans of one horizon it takes to believe a history by half."""
_HIDDEN: Final = 1.5
"""How much greater a correlation is than it looks: the mean that calms the level has seen the span, too."""


def dependence(past: Past, horizon: int, habits: Habits) -> Floats:
    """float64[n], the correlation of the periods of one future, from spans as long as the horizon.

    Were the errors e of a forecast from the level before such a span uncorrelated, the square of their
    sum would on average be the sum of their squares; with a correlation r between any two of m it is
    1 + (m - 1) r times as much. What a short history says is drawn to what is usual.
    """
    rows = min(-(-horizon // habits.row), habits.rows // 4)
    periods = rows * habits.row
    if periods == 1 or len(past.demand) < rows:
        return np.full(past.demand.shape[2], habits.dependence)
    demand, season = past.demand, past.season
    products = (demand, season, demand**2, demand * season, season**2, past.known)
    sold, expected, sold2, both, expected2, known = (spans(some.sum(axis=1), rows) for some in products)
    level = past.level[: len(sold)]
    error = sold - level * expected
    squares = sold2 - 2 * level * both + level**2 * expected2
    # A span counts as far as it is known, and when there was something to know its level from.
    before = running(past.known.sum(axis=1))[: len(sold)]
    weight = np.where(before >= periods / 2, known / periods, 0.0)
    excess = np.sum(weight * (error**2 - squares), axis=0) / (periods - 1)
    summed = np.sum(weight * squares, axis=0)
    found = np.where(summed > 0, excess / np.where(summed > 0, summed, 1.0), habits.dependence)
    count = weight.sum(axis=0) / rows
    correlation: Floats = habits.dependence + count / (count + _DOUBT) * (_HIDDEN * found - habits.dependence)
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
    places = np.empty(scores.shape, dtype=np.intp)
    np.put_along_axis(places, np.argsort(scores, axis=2), np.arange(ENTRIES)[None, None], axis=2)
    return places
