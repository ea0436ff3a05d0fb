"""Smoothing over buckets of periods: what is intermittent by the day is not by the month."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai_intermittent.futures import USUAL_DEPENDENCE, Tables, forecast
from inventoryai_intermittent.laws import Counts
from inventoryai_intermittent.nodes import Nodes, merged
from inventoryai_intermittent.windows import Matrix, Vector, Window

PERIODS: Final = {Frequency.DAY: 364, Frequency.WEEK: 156, Frequency.MONTH: 120}
"""Periods looked at."""
_LARGEST: Final = 28
"""Periods of the largest bucket."""
_GRID: Final = (0.05, 0.1, 0.2, 0.3)
_MEMORY: Final = {Frequency.DAY: 112, Frequency.WEEK: 40, Frequency.MONTH: 24}
"""Half-life of past errors, in periods."""
_BELIEVED, _USUAL_RATIO = 5.0, 1.2
"""Periods that the usual ratio of variance to mean counts for, and that ratio."""
_PLAIN, _HURDLE = Nodes(0, 2), Nodes(1, 2)
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Aggregating:
    """An engine: a mean found by aggregation, and a negative binomial around it.

    Half of the law is the plain negative binomial, half one with as many zeros as were seen of late.
    """

    mean: Callable[[Window], Vector]

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        memory = _MEMORY[panel.frequency]

        def law(window: Window, _horizon: int) -> Tables:
            return self._tables(window, memory)

        return forecast(law, panel, PERIODS[panel.frequency], horizon, levels, seed)

    def _tables(self, window: Window, memory: float) -> Tables:
        """The distribution of every step."""
        mean = self.mean(window)
        fading = np.maximum(0.5 ** (window.ages / memory), _TINY)
        weights = window.known * fading[:, None]
        chance, size, ratio = _if_any(window, weights, mean)
        plain = Counts(mean, _ratio(window.counts, weights), window.whole)
        table = merged(
            plain.quantiles(_PLAIN),
            Counts(size, ratio, window.whole).quantiles_beyond_one(chance, _HURDLE),
        )
        return Tables(table[:, None], np.full(len(table), USUAL_DEPENDENCE))


@dataclass(frozen=True, slots=True)
class Adida:
    """Smoothing over buckets as long as the mean interval between sales; each bucket shared out equally.

    Source: Nikolopoulos, K. et al. (2011), An aggregate–disaggregate intermittent demand approach (ADIDA)
    to forecasting, Journal of the Operational Research Society 62.

    Attributes:
        alpha: The smoothing parameter; the one with the least squared error a product, unless given.
    """

    alpha: float | None = None

    def __call__(self, window: Window) -> Vector:
        """float64[n], demand a period."""
        bucket = intervals(window)
        mean = np.zeros(len(bucket))
        for length in np.unique(bucket):
            alike = np.flatnonzero(bucket == length)
            mean[alike] = aggregated(window, alike, int(length), _parameters(self.alpha))
        return mean


@dataclass(frozen=True, slots=True)
class Imapa:
    """The mean of what smoothing says over buckets of 1, 2, … up to the mean interval between sales.

    Source: Petropoulos, F. & Kourentzes, N. (2015), Forecast combinations for intermittent demand, Journal
    of the Operational Research Society 66.

    Attributes:
        alpha: The smoothing parameter; the one with the least squared error at each length, unless given.
    """

    alpha: float | None = None

    def __call__(self, window: Window) -> Vector:
        """float64[n], demand a period."""
        bucket = intervals(window)
        total = np.zeros(len(bucket))
        for length in range(1, int(bucket.max()) + 1):
            reaching = np.flatnonzero(bucket >= length)
            total[reaching] += aggregated(window, reaching, length, _parameters(self.alpha))
        return total / bucket


def intervals(window: Window) -> NDArray[np.int64]:
    """int64[n], known periods a sale, rounded; not so many that history has fewer than two buckets."""
    known, sold = window.known.sum(axis=0), (window.counts > 0).sum(axis=0)
    mean = np.rint(known / np.maximum(sold, 1)).astype(np.int64)
    age = np.where(window.known > 0, window.ages[:, None], 0.0).max(axis=0).astype(np.int64)
    length: NDArray[np.int64] = np.clip(mean, 1, np.minimum(_LARGEST, np.maximum(1, age // 2)))
    return length


def aggregated(window: Window, products: NDArray[np.intp], length: int, alphas: tuple[float, ...]) -> Vector:
    """Simple exponential smoothing of demand a period in buckets, the last of which ends with history.

    A bucket with unknown periods says what the others in it say; one without any known is passed over.

    Args:
        window: The histories.
        products: int[m], which of them.
        length: Periods in a bucket.
        alphas: Smoothing parameters, of which each product gets the one with the least squared error.

    Returns:
        float64[m], demand a period.
    """
    known, sold = (_bucketed(rows[:, products], length) for rows in (window.known, window.counts))
    demand = sold / np.maximum(known, 1.0)
    steps = np.array(alphas)[:, None]
    level = np.zeros((len(alphas), len(products)))
    errors, begun = np.zeros_like(level), np.zeros(len(products), dtype=np.bool_)
    for value, any_known in zip(demand, known > 0, strict=True):
        missed = (value - level) * any_known
        errors += begun * missed * missed
        level += np.where(begun, steps, 1.0) * missed
        begun |= any_known
    best = np.argmin(errors, axis=0)
    chosen: Vector = np.take_along_axis(level, best[None], axis=0)[0]
    return chosen


def _bucketed(rows: Matrix, length: int) -> Matrix:
    """float64[b, m], sums of ``length`` rows; the last is whole, the first has what is left."""
    padded = np.pad(rows, ((-len(rows) % length, 0), (0, 0)))
    sums: Matrix = padded.reshape(-1, length, rows.shape[1]).sum(axis=1)
    return sums


def _if_any(window: Window, weights: Matrix, mean: Vector) -> tuple[Vector, Vector, Vector]:
    """Chance of a sale of late; mean of the size beyond one unit, so that both make ``mean``; its ratio."""
    sold = window.counts > 0
    chance = (weights * sold).sum(axis=0) / np.maximum(weights.sum(axis=0), _TINY)
    chance = np.minimum(chance, mean)
    size = np.maximum(mean / np.maximum(chance, _TINY) - 1, 0.0)
    return chance, size, _ratio(np.maximum(window.counts - 1, 0.0), weights * sold)


def _ratio(counts: Matrix, weights: Matrix) -> Vector:
    """float64[n], weighted variance over weighted mean, drawn towards what is usual."""
    total = weights.sum(axis=0)
    mean = (weights * counts).sum(axis=0) / np.maximum(total, _TINY)
    errors = (weights * (counts - mean) ** 2).sum(axis=0) + _BELIEVED * _USUAL_RATIO * mean
    expected = (total + _BELIEVED) * mean
    ratio: Vector = errors / np.maximum(expected, _TINY)
    return ratio


def _parameters(alpha: float | None) -> tuple[float, ...]:
    return _GRID if alpha is None else (alpha,)
