"""The weighted past: what was sold before is what will be sold, recent and alike days counting more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel, Prediction

Matrix = NDArray[np.float64]

_PATHS: Final = 500
"""Futures simulated, and entries in the table of a distribution."""
_BLOCK: Final = 16
"""Products worked on at once: few enough for the arrays to stay in a processor's cache."""


@dataclass(frozen=True, slots=True)
class _Habits:
    """What holds unless options say otherwise.

    Attributes:
        half_life: Periods after which an observation counts half.
        off_season: What a period counts for another point of the season.
        season: Points of the season that are told apart; 1 where a history has too few seasons for it.
        window: Periods looked at; what is older weighs next to nothing.
    """

    half_life: float
    off_season: float
    season: int
    window: int


_HABITS: Final = {
    Frequency.DAY: _Habits(half_life=28, off_season=0.3, season=7, window=364),
    Frequency.WEEK: _Habits(half_life=10, off_season=1, season=1, window=156),
    Frequency.MONTH: _Habits(half_life=8, off_season=0.7, season=12, window=96),
}


@dataclass(frozen=True, slots=True)
class Empirical:
    """Demand in a period is drawn from the past, with weights that fade with age and by day of the week.

    Totals are sums over simulated futures, whose periods are drawn with a common correlation: a product
    that sells well this week sells well next week, too.
    """

    half_life: float | None = None
    off_season: float | None = None
    dependence: float = 0.15

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        habits = _HABITS[panel.frequency]
        ranks = _common_ranks(horizon, self.dependence, seed)
        recent = ~np.isnan(panel.tail(habits.window)).all(axis=1)
        groups = (np.flatnonzero(recent), np.flatnonzero(~recent))
        parts = [
            self._block(panel.subset(block), width, ranks, levels)
            for products, width in zip(groups, (habits.window, int(panel.lengths.max())), strict=True)
            for block in _blocks(products)
        ]
        return Prediction.join(parts).subset(np.argsort(np.concatenate(groups)))

    def _block(
        self, panel: Panel, width: int, ranks: NDArray[np.int64], levels: NDArray[np.float64]
    ) -> Prediction:
        """The forecast of a few products from their last ``width`` periods."""
        horizon = len(ranks)
        season = _HABITS[panel.frequency].season
        tables = _Tables(panel.tail(min(width, int(panel.lengths.max()))))
        futures = np.empty((len(panel), horizon, _PATHS))
        for phase in range(min(season, horizon)):
            table = tables.weighted(self._weights(panel.frequency, tables.width, phase))
            for step in range(phase, horizon, season):
                futures[:, step] = table[:, ranks[step]]
        return Prediction.from_samples(futures.swapaxes(1, 2), levels)

    def _weights(self, frequency: Frequency, width: int, phase: int) -> NDArray[np.float64]:
        """float64[width], what each past period counts for the step ``phase`` periods after the first."""
        habits = _HABITS[frequency]
        half_life = habits.half_life if self.half_life is None else self.half_life
        off_season = habits.off_season if self.off_season is None else self.off_season
        age = np.arange(width, 0, -1)
        alike = (age + phase) % habits.season == 0
        # A product not seen for years still has a past: no weight fades to nothing.
        fading = np.maximum(0.5 ** (age / half_life), 1e-12)
        return fading * np.where(alike, 1.0, max(off_season, 1e-6))


class _Tables:
    """The distributions of some products, as tables of equally likely values in rising order."""

    def __init__(self, histories: Matrix) -> None:
        self.width = histories.shape[1]
        self._order = np.argsort(histories, axis=1)
        self._values = np.take_along_axis(histories, self._order, axis=1)
        self._unknown = np.isnan(self._values)
        self._last = self.width - 1 - self._unknown.sum(axis=1, keepdims=True)

    def weighted(self, weights: NDArray[np.float64]) -> Matrix:
        """float64[n, paths]: entry j is the weighted quantile at (j + ½) / paths.

        Args:
            weights: float64[width], what each period of the histories counts.
        """
        products = len(self._values)
        share = np.cumsum(np.where(self._unknown, 0.0, weights[self._order]), axis=1)
        share /= share[:, -1:]
        # An entry belongs to the first value whose share reaches it, so the number of values whose share
        # does not is its place: counted here for all entries at once. The allowance is for rounding.
        passed = np.ceil(share * _PATHS - 0.5 - 1e-9).astype(np.int64)
        cell = np.arange(products)[:, None] * (_PATHS + 1) + passed
        counts = np.bincount(cell.ravel(), minlength=products * (_PATHS + 1))
        place = np.cumsum(counts.reshape(products, -1)[:, :_PATHS], axis=1)
        return np.take_along_axis(self._values, np.minimum(place, self._last), axis=1)


def _common_ranks(horizon: int, dependence: float, seed: int) -> NDArray[np.int64]:
    """int64[h, paths], for each step a shuffle of 0 … paths − 1; the same for all products.

    Every step uses every entry of its table exactly once, so that its quantiles owe nothing to chance.
    The shuffles have a common Gaussian correlation.
    """
    rng = np.random.default_rng(seed)
    common = rng.standard_normal(_PATHS)
    own = rng.standard_normal((horizon, _PATHS))
    scores = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * own
    return np.argsort(np.argsort(scores, axis=1), axis=1)


def _blocks(products: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Some products at a time; none when there are none."""
    for start in range(0, len(products), _BLOCK):
        yield products[start : start + _BLOCK]
