"""The weighted past: what was sold before is what will be sold, recent and alike days counting more."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Panel, Prediction
from inventoryai_naive.choice import choose
from inventoryai_naive.dependence import dependence, nearest, rank_orders
from inventoryai_naive.flags import Flags
from inventoryai_naive.habits import HABITS, Habits
from inventoryai_naive.past import Past
from inventoryai_naive.tables import Observations, put_into_whole_units

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

_CELLS: Final = 18_000
"""Past periods worked on at once: few enough for the arrays to stay in a processor's cache."""
_MOST: Final = 128
"""Products worked on at once."""


@dataclass(frozen=True, slots=True)
class Empirical:
    """Demand in a period is drawn from the past, without its season, with weights that fade with age.

    How fast they fade is found out for each product on its own past; so is how far the periods of a
    future go together, which its totals depend on. What an option says is not found out.
    """

    half_life: float | None = None
    dependence: float | None = None

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        habits = HABITS[panel.frequency]
        if self.half_life is not None:
            habits = replace(habits, half_lives=(self.half_life,))
        orders = rank_orders(horizon, seed)
        blocks = list(_blocks(panel, habits))
        parts: list[Prediction] = []
        for products, rows in blocks:
            tables, order = self._read(panel.subset(products), rows, horizon, habits)
            which = np.arange(horizon) % tables.shape[1]
            parts.append(Prediction.from_tables(tables, which, orders, levels, order=order))
        joined, order = Prediction.join(parts), np.concatenate([products for products, _ in blocks])
        return joined if (np.diff(order) > 0).all() else joined.subset(np.argsort(order))

    def _read(self, panel: Panel, rows: int, horizon: int, habits: Habits) -> tuple[Floats, Places]:
        """The distributions float64[n, t, 256] of the next periods of some products, and their rank order.

        Args:
            panel: The products.
            rows: Rows of their past that are read.
            horizon: Periods ahead; their distributions begin again after the last of those returned.
            habits: How the past is read.
        """
        past = Past.of(panel.tail(rows * habits.row), panel.frequency.season, habits)
        tables = _tables(past, habits, Flags.of(panel, rows * habits.row, horizon), horizon)
        if self.dependence is None:
            return tables, nearest(dependence(past, horizon, habits))
        return tables, nearest(np.full(len(panel), self.dependence))


def _blocks(panel: Panel, habits: Habits) -> Iterator[tuple[Places, int]]:
    """Some products at a time, of like length, and how many rows of their past are to be read."""
    window = habits.rows * habits.row
    recent = np.logical_not(np.isnan(panel.values[panel.offsets[1:] - 1]))
    unsure = np.flatnonzero(~recent)
    recent[unsure] = np.logical_not(np.isnan(panel.subset(unsure).tail(window))).any(axis=1)
    # A product not seen for years still has a past: it is looked for from the beginning.
    needed = np.where(recent, np.minimum(panel.lengths, window), panel.lengths)
    rows = np.maximum(-(-needed // habits.row), habits.tests + habits.ahead)
    for kind in (recent, ~recent):
        products = np.flatnonzero(kind)
        products = products[np.argsort(-rows[products], kind="stable")]
        while len(products):
            longest = int(rows[products[0]])
            some = min(_MOST, max(1, _CELLS // (longest * habits.row)))
            yield products[:some], longest
            products = products[some:]


def _tables(past: Past, habits: Habits, flags: Flags | None, horizon: int) -> Floats:
    """float64[n, t, 256], a table for each period of the horizon, or for each that differs."""
    season, products = past.index.shape
    beside = past.base / past.level[:-1, None] * past.level[-1]
    values = np.concatenate([some.reshape(-1, products).T for some in (past.base, beside)], axis=1)
    known = np.ascontiguousarray(past.known.reshape(-1, products).T)
    observations = Observations(values, np.concatenate([known, known], axis=1))
    weights = _weights(past, habits)
    if flags is None:
        periods = np.arange(min(season, horizon))
        tables = observations.table(weights.reshape(values.shape))[:, None]
    else:
        periods = np.arange(horizon)
        kinds, kind = np.unique(flags.future, return_inverse=True)
        fitting = (flags.weighted(weights, some).reshape(values.shape) for some in kinds.tolist())
        by_kind = np.stack([observations.table(some) for some in fitting], axis=1)
        tables = by_kind[np.arange(products)[:, None], kind.reshape(products, horizon)]
    tables = tables * past.index.T[:, periods % season, None]
    alike = np.logical_and(flags is None, (past.index == 1).all(axis=0))
    put_into_whole_units(tables, past.demand.reshape(-1, products), alike)
    return tables


def _weights(past: Past, habits: Habits) -> Floats:
    """float64[n, 2, t], what a past demand counts as it was, and beside the level it then had.

    A period of a low season, whose demand is blown up when its season is taken out, counts less.
    """
    season = past.season.reshape(-1, past.season.shape[2])
    age = np.arange(len(season), 0, -1)
    # No weight fades to nothing: who was not seen for years still has a past.
    fading = np.maximum(np.exp2(-age / np.array(habits.half_lives)[:, None]), 1e-12)
    share = (choose(past, habits) / (fading @ season)).transpose(2, 0, 1)
    faded = (share.reshape(-1, len(fading)) @ fading).reshape(len(share), 2, -1)
    weights: Floats = faded * np.minimum(season, 1.0).T[:, None]
    return weights
