"""The filtered count model: levels that follow demand, and laws around them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Panel, Prediction
from inventoryai_intermittent import kernel, native
from inventoryai_intermittent.futures import PATHS, Tables, forecast
from inventoryai_intermittent.habits import HABITS, Habits
from inventoryai_intermittent.laws import Counts
from inventoryai_intermittent.levels import Filtered, filtered
from inventoryai_intermittent.nodes import Nodes, merged
from inventoryai_intermittent.past import Past
from inventoryai_intermittent.seasons import Seasons, seasonal
from inventoryai_intermittent.windows import Matrix, Vector, Window

_PLAIN, _HURDLE, _PAST = (Nodes(first, 3) for first in range(3))
"""The three laws take turns in the tables: a third of the forecast each."""


@dataclass(frozen=True, slots=True)
class NegativeBinomial:
    """A third each of: a negative binomial, a hurdle, and the weighted past.

    The negative binomial stands around a filtered level. The hurdle filters apart whether anything sells,
    and how much when it does: it has as many zeros as the product has, and one large order does not make
    it expect more orders. The weighted past knows what no law does.
    """

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        habits = HABITS[panel.frequency]

        def law(window: Window, steps: int) -> Tables:
            return _tables(window, habits, steps)

        return forecast(law, panel, habits.window, horizon, levels, seed)


def _tables(window: Window, habits: Habits, horizon: int) -> Tables:
    """The distribution of each point of the season; one for all where no season is to be seen.

    What follows is the model in numpy, for machines without a C compiler; ``native`` does the same steps.
    """
    if kernel.available():
        return native.tables(window, habits, horizon)
    phases = min(habits.season, horizon)
    moving = seasonal(window.ages, window.counts, window.known, habits.season, habits.season_memory)
    if moving.all():
        return _seasoned(window, habits, horizon)
    values = np.empty((len(moving), phases, PATHS), dtype=np.float32)
    dependence = np.empty(len(moving))
    for products, points in ((np.flatnonzero(moving), habits.season), (np.flatnonzero(~moving), 1)):
        if len(products):
            some = _seasoned(window.of_some(products), replace(habits, season=points), horizon)
            values[products], dependence[products] = some.values, some.dependence
    return Tables(values, dependence)


def _seasoned(window: Window, habits: Habits, horizon: int) -> Tables:
    """As ``_tables``, of products that all have a season of as many points."""
    phases = min(habits.season, horizon)
    sold = (window.counts > 0).astype(np.float64)
    demand = _Part.of(window, window.counts, window.known, habits, horizon)
    chance = _Part.of(window, sold, window.known, habits, horizon)
    size = _Part.of(window, np.maximum(window.counts - 1, 0.0), sold, habits, horizon)
    whole = np.repeat(window.whole, phases)
    plain = Counts(demand.means(phases), np.repeat(demand.filtered.ratio, phases), whole)
    beyond = Counts(size.means(phases), np.repeat(size.filtered.ratio, phases), whole)
    table = merged(
        plain.quantiles(_PLAIN),
        beyond.quantiles_beyond_one(np.clip(chance.means(phases), 0.0, 1.0), _HURDLE),
        _drawn(window, demand.seasons, habits, phases),
    )
    return Tables(table.reshape(-1, phases, PATHS), demand.filtered.dependence)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One filtered series a product: its demand, whether it sells, or how much beyond one unit."""

    seasons: Seasons
    filtered: Filtered

    @classmethod
    def of(cls, window: Window, counts: Matrix, known: Matrix, habits: Habits, horizon: int) -> "_Part":
        seasons = Seasons.of(window.ages, counts, known, habits.season, habits.season_memory)
        return cls(seasons, filtered(counts, known, seasons, habits.pace, horizon))

    def means(self, phases: int) -> Vector:
        """float64[n · phases], expected in the first steps, product by product."""
        return (self.filtered.level * self.seasons.factors[:phases]).T.ravel()


def _drawn(window: Window, seasons: Seasons, habits: Habits, phases: int) -> Matrix:
    """float64[n · phases, k], quantiles of the weighted past."""
    recent = np.arange(max(0, len(window.ages) - habits.past_window), len(window.ages))
    known = window.known > 0
    # A product of which nothing is known of late is drawn from all that is known of it.
    counted = known.copy()
    counted[: recent[0]] = known[: recent[0]] & ~known[recent].any(axis=0)
    rows = np.flatnonzero(counted.any(axis=1))
    past = Past(window.counts[rows], counted[rows])
    fading = habits.fading(window.ages[rows])
    points = (-window.ages[rows]).astype(np.int64) % habits.season
    columns = [
        past.quantiles_alike(fading, points, seasons.likeness(phase, habits.off_season), _PAST)
        for phase in range(phases)
    ]
    drawn: Matrix = np.stack(columns, axis=1)
    return drawn.reshape(-1, drawn.shape[2])
