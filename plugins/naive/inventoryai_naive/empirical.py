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

_BLOCK: Final = 16
"""Products worked on at once: few enough for the arrays to stay in a processor's cache."""


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
        orders = rank_orders(horizon, seed)
        blocks = list(_blocks(panel, habits))
        parts: list[Prediction] = []
        for products, rows in blocks:
            some = panel.subset(products)
            past = Past.of(some.tail(rows * habits.row), panel.frequency.season, habits)
            tables = _tables(past, habits, Flags.of(some, rows * habits.row, horizon), horizon)
            which = np.arange(horizon) % tables.shape[1]
            order = nearest(self._together(past, horizon, habits))
            parts.append(Prediction.from_tables(tables, which, orders, levels, order=order))
        return Prediction.join(parts).subset(np.argsort(np.concatenate([products for products, _ in blocks])))

    def _together(self, past: Past, horizon: int, habits: Habits) -> Floats:
        """float64[n], the correlation of the periods of one future."""
        if self.dependence is None:
            return dependence(past, horizon, habits)
        return np.full(len(past.demand), self.dependence)


def _blocks(panel: Panel, habits: Habits) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Some products at a time, of like length, and how many rows of their past are to be read."""
    window = habits.rows * habits.row
    recent = ~np.isnan(panel.tail(window)).all(axis=1)
    # A product not seen for years still has a past: it is looked for from the beginning.
    needed = np.where(recent, np.minimum(panel.lengths, window), panel.lengths)
    by_length = np.argsort(needed + np.where(recent, 0, window), kind="stable")
    for kind in (recent, ~recent):
        products = by_length[kind[by_length]]
        for start in range(0, len(products), _BLOCK):
            block = products[start : start + _BLOCK]
            rows = -(-int(needed[block].max()) // habits.row)
            yield block, max(rows, habits.tests + habits.ahead)


def _tables(past: Past, habits: Habits, flags: Flags | None, horizon: int) -> Floats:
    """float64[n, t, 256], distributions of the next periods; those after the last begin again."""
    season = past.index.shape[1]
    products, length = len(past.base), past.base.shape[1] * habits.row
    beside = past.base / past.level[:, :-1, None] * past.level[:, -1:, None]
    values = np.stack([past.base, beside], axis=1).reshape(products, 2 * length)
    known = past.known.reshape(products, 1, length)
    observations = Observations(values, np.broadcast_to(known, (products, 2, length)).reshape(values.shape))
    shares = choose(past, habits).reshape(products, 2, -1)
    steps = horizon if flags else min(habits.row, horizon)
    tables = np.empty((products, steps, ENTRIES))
    for step in range(steps):
        weights = _weights(shares, known, habits, step)
        if flags:
            weights = flags.weighted(weights, step)
        tables[:, step] = observations.table(weights.reshape(values.shape))
    if habits.row > 1:
        return tables
    periods = np.arange(horizon if flags else min(season, horizon))
    return tables[:, periods % steps] * past.index[:, periods % season, None]


def _weights(shares: Floats, known: NDArray[np.bool_], habits: Habits, step: int) -> Floats:
    """float64[n, 2, length], what each past period counts for a step, as it was and beside its level.

    Args:
        shares: float64[n, 2, ways], how far each way to weigh the past is believed.
        known: bool[n, 1, length].
        habits: The ways, half-lives first.
        step: The period to forecast, 0 being the first.
    """
    age = np.arange(known.shape[2], 0, -1)
    alike = (age + step) % habits.row == 0
    # No weight fades to nothing: who was not seen for years still has a past.
    ways = np.concatenate(
        [
            np.maximum(np.exp2(-age / half_life), 1e-12) * np.where(alike, 1.0, off)
            for half_life in habits.half_lives
            for off in habits.off_seasons
        ]
    ).reshape(-1, len(age))
    mass = known @ ways.T
    return (shares / mass) @ ways * known
