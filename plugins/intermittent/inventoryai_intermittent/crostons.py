"""Croston's method and its descendants: how often something sells, and how much when it does, apart.

An exponential smoothing is the mean of what was seen, weighted by α (1 − α)^i for what was seen i
observations ago. Taken seriously, the weights are not only a mean but a distribution: the sizes to come are
the sizes seen, as often as they weigh. That, and the smoothed chance of a sale, is the whole law here; half
of it is a negative binomial of the same mean and variance, since the largest order seen is not the largest
that may come.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai_intermittent.futures import USUAL_DEPENDENCE, Tables, forecast
from inventoryai_intermittent.laws import Counts
from inventoryai_intermittent.nodes import Nodes, merged
from inventoryai_intermittent.past import Past
from inventoryai_intermittent.windows import Matrix, Vector, Window

PERIODS: Final = {Frequency.DAY: 546, Frequency.WEEK: 208, Frequency.MONTH: 120}
"""Periods looked at."""
GRID: Final = (0.05, 0.1, 0.2, 0.3)
"""Smoothing parameters tried where none is given, those of Syntetos & Boylan (2005) and one more."""
CHANCE_GRID: Final = (0.01, 0.03, 0.1, 0.2)
"""Smoothing parameters of the chance of a sale: seen in every period, it may be followed more slowly."""
_SEEN, _LAW = Nodes(0, 2), Nodes(1, 2)
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """What smoothing found of ``n`` products.

    Attributes:
        chance: float64[n], that anything sells in a period.
        alpha: float64[n], the smoothing parameter of sizes.
    """

    chance: Vector
    alpha: Vector


@dataclass(frozen=True, slots=True)
class Compound:
    """An engine: something sells with the chance found, and then a size as those seen."""

    smooth: Callable[[Window], Smoothed]

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        return forecast(self._tables, panel, PERIODS[panel.frequency], horizon, levels, seed)

    def _tables(self, window: Window, horizon: int) -> Tables:
        del horizon
        found = self.smooth(window)
        weights = size_weights(window, found.alpha)
        past = Past(window.counts, window.counts > 0)
        mean, variance = _moments(window.counts, weights)
        law = Counts(np.maximum(mean - 1, 0.0), variance / np.maximum(mean - 1, _TINY), window.whole)
        table = merged(
            past.quantiles_if_any(found.chance, weights.T, _SEEN),
            law.quantiles_beyond_one(found.chance, _LAW),
        )
        return Tables(table[:, None], np.full(len(table), USUAL_DEPENDENCE))


@dataclass(frozen=True, slots=True)
class Croston:
    """The smoothed size of a sale over the smoothed interval between sales.

    With size z and interval p smoothed at sales only, demand a period is z / p. Unknown periods do not
    lengthen an interval. Sources: Croston, J. D. (1972), Forecasting and stock control for intermittent
    demands, Operational Research Quarterly 23; and, for ``debiased``, Syntetos, A. A. & Boylan, J. E.
    (2005), The accuracy of intermittent demand estimates, International Journal of Forecasting 21: z / p is
    too much on average, nearly by the factor 1 / (1 − α / 2), because 1 / p is convex.

    Attributes:
        alpha: The smoothing parameter; the one with the least squared error a product, unless given.
        debiased: Whether to multiply by 1 − α / 2 (SBA).
    """

    alpha: float | None = None
    debiased: bool = False

    def __call__(self, window: Window) -> Smoothed:
        """The chance is one over the interval, so that chance times size is Croston's demand."""
        alphas = np.array(GRID if self.alpha is None else (self.alpha,))[:, None]
        correction = 1 - alphas / 2 if self.debiased else np.ones_like(alphas)
        products = window.counts.shape[1]
        size = np.zeros((len(alphas), products))
        interval = np.ones((len(alphas), products))
        waited, errors = np.zeros(products), np.zeros((len(alphas), products))
        begun = np.zeros(products, dtype=np.bool_)
        for demand, known in zip(window.counts, window.known, strict=True):
            errors += (known * begun) * (demand - correction * size / interval) ** 2
            waited += known
            sold = demand > 0
            step = np.where(begun, alphas, 1.0) * sold
            size += step * (demand - size)
            interval += step * (waited - interval)
            waited[sold] = 0.0
            begun |= sold
        best = np.argmin(errors, axis=0)
        chance = np.where(begun, correction / interval, 0.0)
        return Smoothed(np.clip(_pick(chance, best), 0.0, 1.0), alphas[best, 0])


@dataclass(frozen=True, slots=True)
class TeunterSyntetosBabai:
    """Croston's method with the chance of a sale smoothed in every period, so that it fades when sales end.

    Source: Teunter, R. H., Syntetos, A. A. & Babai, M. Z. (2011), Intermittent demand: linking forecasting
    to inventory obsolescence, European Journal of Operational Research 214.

    Attributes:
        alpha: The smoothing parameter of sizes; that of the least squared error, unless given.
        beta: That of the chance, likewise.
    """

    alpha: float | None = None
    beta: float | None = None

    def __call__(self, window: Window) -> Smoothed:
        """Both parameters are chosen apart, by the squared errors of sizes and of sales made or not."""
        sold = (window.counts > 0).astype(np.float64)
        betas = CHANCE_GRID if self.beta is None else (self.beta,)
        alphas = GRID if self.alpha is None else (self.alpha,)
        chance, _ = _smoothing(sold, window.known, betas)
        _, best = _smoothing(window.counts, sold, alphas)
        return Smoothed(np.clip(chance, 0.0, 1.0), np.array(alphas)[best])


def size_weights(window: Window, alpha: Vector) -> Matrix:
    """float64[T, n], what the size of each sale counts in simple smoothing with ``alpha`` float64[n].

    The first size starts the smoothing, so that it counts (1 − α)^i, without the factor α.
    """
    sold = window.counts > 0
    later: NDArray[np.int64] = np.cumsum(sold[::-1], axis=0)[::-1] - sold
    weights = np.where(sold, (1 - alpha) ** later, 0.0)
    first = later == sold.sum(axis=0) - 1
    weights *= np.where(first, 1.0, alpha)
    # Fading to nothing would leave a product without a size.
    return np.maximum(weights, 1e-12)


def _smoothing(
    values: Matrix, known: Matrix, parameters: tuple[float, ...]
) -> tuple[Vector, NDArray[np.intp]]:
    """Simple exponential smoothing with the parameter of the least squared error.

    Started with the mean of the values known, which counts for nothing after a while.

    Args:
        values: float64[T, n], 0 where unknown.
        known: float64[T, n], 1 where known, else 0.
        parameters: What is tried.

    Returns:
        float64[n], the last level; intp[n], which parameter it was smoothed with.
    """
    steps = np.array(parameters)[:, None]
    counted = known.sum(axis=0)
    start = (values * known).sum(axis=0) / np.maximum(counted, 1.0)
    level = np.repeat(start[None], len(steps), axis=0)
    errors = np.zeros_like(level)
    for value, weight in zip(values, known, strict=True):
        missed = (value - level) * weight
        errors += missed * missed
        level += steps * missed
    best = np.argmin(errors, axis=0)
    return _pick(level, best), best


def _moments(counts: Matrix, weights: Matrix) -> tuple[Vector, Vector]:
    """float64[n] each, weighted mean and variance of the sizes sold; 0 where nothing was.

    The variance is that of a size to come: as many sizes as the weights are worth, less two, are known.
    """
    weights = weights * (counts > 0)
    total = np.maximum(weights.sum(axis=0), _TINY)
    mean = (weights * counts).sum(axis=0) / total
    variance = (weights * (counts - mean) ** 2).sum(axis=0) / total
    worth = total * total / np.maximum((weights * weights).sum(axis=0), _TINY)
    return mean, variance * np.minimum(worth / np.maximum(worth - 2, _TINY), 2.0)


def _pick(rows: Matrix, best: NDArray[np.intp]) -> Vector:
    """float64[n], the entry of each column in its best row."""
    picked: Vector = np.take_along_axis(rows, best[None], axis=0)[0]
    return picked
