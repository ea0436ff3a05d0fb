"""The weighted past: what was sold before is what will be sold, recent and alike days counting more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Panel, Prediction
from inventoryai_naive.choice import choose
from inventoryai_naive.dependence import dependence, nearest, rank_orders
from inventoryai_naive.flags import Flags
from inventoryai_naive.habits import HABITS, Habits
from inventoryai_naive.past import Past
from inventoryai_naive.tables import ENTRIES, Observations

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

_CELLS: Final = 9_000
"""Past periods worked on at once: few enough for the arrays to stay in a processor's cache."""
_MOST: Final = 64
"""Products worked on at once."""
_BLOCKS: Final = 3
"""Blocks of products whose totals are made at once."""


@dataclass(frozen=True, slots=True)
class Empirical:
    """Demand in a period is drawn from the past, with weights that fade with age and by day of the week.

    How fast they fade is found out for each product on its own past; so is how far the periods of a
    future go together, which its totals depend on. What an option says is not found out.
    """

    half_life: float | None = None
    off_season: float | None = None
    dependence: float | None = None

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        habits = HABITS[panel.frequency].chosen(self.half_life, self.off_season)
        blocks = list(_blocks(panel, habits))
        longest = max(rows for _, rows in blocks)
        reading = _Reading(habits, horizon, self.dependence, habits.ways(longest, min(habits.row, horizon)))
        orders = rank_orders(horizon, seed)
        parts: list[Prediction] = []
        for start in range(0, len(blocks), _BLOCKS):
            some = blocks[start : start + _BLOCKS]
            found = [reading.of(panel.subset(products), rows) for products, rows in some]
            tables, order = (np.concatenate(arrays) for arrays in zip(*found, strict=True))
            which = np.arange(horizon) % tables.shape[1]
            parts.append(Prediction.from_tables(tables, which, orders, levels, order=order))
        return Prediction.join(parts).subset(np.argsort(np.concatenate([products for products, _ in blocks])))


def _blocks(panel: Panel, habits: Habits) -> Iterator[tuple[Places, int]]:
    """Some products at a time, of like length, and how many rows of their past are to be read."""
    window = habits.rows * habits.row
    recent = np.logical_not(np.isnan(panel.tail(window))).any(axis=1)
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


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the past of every product is read.

    Attributes:
        habits: What is tried.
        horizon: Periods ahead.
        dependence: The correlation of the periods of one future; None to find it out.
        ways: float64[places of a row, ways, length], see ``Habits.ways``.
    """

    habits: Habits
    horizon: int
    dependence: float | None
    ways: Floats

    def of(self, panel: Panel, rows: int) -> tuple[Floats, Places]:
        """The distributions float64[n, t, 256] of the next periods of some products, and their rank order.

        Args:
            panel: The products.
            rows: Rows of their past that are read.
        """
        past = Past.of(panel.tail(rows * self.habits.row), panel.frequency.season, self.habits)
        tables = self._tables(past, Flags.of(panel, rows * self.habits.row, self.horizon))
        if self.dependence is None:
            return tables, nearest(dependence(past, self.horizon, self.habits))
        return tables, nearest(np.full(len(panel), self.dependence))

    def _tables(self, past: Past, flags: Flags | None) -> Floats:
        """float64[n, t, 256], a table for each period of the horizon, or as many as differ."""
        products = len(past.base)
        beside = past.base / past.level[:, :-1, None] * past.level[:, -1:, None]
        values = np.concatenate([past.base.reshape(products, -1), beside.reshape(products, -1)], axis=1)
        known = past.known.reshape(products, -1)
        observations = Observations(values, np.concatenate([known, known], axis=1))
        steps = self.horizon if flags else min(self.habits.row, self.horizon)
        tables = np.empty((products, steps, ENTRIES))
        for step, weights in enumerate(self._weights(past, steps)):
            fitting = flags.weighted(weights, step) if flags else weights
            tables[:, step] = observations.table(fitting.reshape(values.shape))
        if self.habits.row > 1:
            return tables
        periods = np.arange(self.horizon if flags else min(past.index.shape[1], self.horizon))
        return tables[:, periods % steps] * past.index[:, periods % past.index.shape[1], None]

    def _weights(self, past: Past, steps: int) -> Iterator[Floats]:
        """float64[n, 2, length] for each step: what a past demand counts as it was, and beside its level."""
        known = past.known.reshape(len(past.known), -1).astype(np.float64)
        products, length = known.shape
        ways = self.ways[..., -length:]
        mass = (known @ ways.reshape(-1, length).T).reshape(products, len(ways), -1)
        believed = choose(past, self.habits).reshape(products, 2, -1)
        for step in range(steps):
            place = step % len(ways)
            share = (believed / mass[:, place, None]).reshape(2 * products, -1)
            yield (share @ ways[place]).reshape(products, 2, length) * known[:, None]
