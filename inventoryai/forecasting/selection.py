"""The automatic plan: from how engines did on past windows to the part each has in every forecast.

Nothing here runs an engine. Weights come from predictions of the past beside what then came: engines are
weighed together for all products of a kind, and each product leans away from that only as far as its own
past supports.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting.evaluation import Window
from inventoryai.forecasting.measures import differences, pinball_loss
from inventoryai.forecasting.prediction import Prediction

Weights = NDArray[np.float64]

LEVELS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""The levels that engines are compared at."""
_SMALLEST: Final = 0.05
"""A part below this is left out: it would cost a whole forecast and change little."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """An engine, and what it would have forecast.

    Attributes:
        engine: Its name.
        predictions: For each window, of its products; NaN for a product that it could not forecast.
    """

    engine: str
    predictions: tuple[Prediction, ...]


def losses(window: Window, prediction: Prediction) -> NDArray[np.float64]:
    """float64[m], what a forecast would have cost each product of a window, NaN where nothing can be said.

    Half of it is the pinball loss of demand summed up to each step, over the square root of the steps;
    half is that of each step by itself; both over the mean absolute difference of the past.
    """
    steps = np.sqrt(np.arange(1, prediction.horizon + 1))
    scale = differences(window.panel, 1, np.abs)
    running = np.cumsum(window.actual, axis=1)
    lost = np.zeros(len(window.products))
    for place, level in enumerate(prediction.levels):
        one = pinball_loss(window.actual, prediction.quantiles[:, :, place], level)
        total = pinball_loss(running, prediction.totals[:, :, place], level)
        lost += (one + total / steps).mean(axis=1) / 2
    usable = np.nan_to_num(scale) > 0
    cost: NDArray[np.float64] = np.where(usable, lost, np.nan) / np.where(usable, scale, 1.0)
    return cost


def combined(predictions: Sequence[Prediction], weights: Weights) -> Prediction:
    """Forecasts averaged, quantile by quantile.

    Averaging quantiles keeps the shape of distributions that differ in level, where mixing them would
    widen it (Lichtendahl, Grushka-Cockayne & Winkler 2013). What holds for each of them holds for the
    average: no crossing, totals that never fall.

    Args:
        predictions: m forecasts of the same n products; one that has no weight may be NaN.
        weights: float64[n, m], each row summing to 1.
    """
    first = predictions[0]
    mean, quantiles, totals = (
        np.zeros_like(first.mean),
        np.zeros_like(first.quantiles),
        np.zeros_like(first.totals),
    )
    for place, one in enumerate(predictions):
        part = weights[:, place, None]
        used = part[:, 0] > 0
        mean[used] += part[used] * one.mean[used]
        quantiles[used] += part[used, :, None] * one.quantiles[used]
        totals[used] += part[used, :, None] * one.totals[used]
    return Prediction(mean, quantiles, totals, first.levels)


def supported(weights: Weights, predictions: Sequence[Prediction]) -> Weights:
    """The weights among the engines that did forecast each product; a row of 0 where none did."""
    answered = np.stack([~np.isnan(one.mean).any(axis=1) for one in predictions], axis=1)
    left = np.where(answered, weights, 0.0)
    total = left.sum(axis=1, keepdims=True)
    shares: Weights = left / np.where(total > 0, total, 1.0)
    return shares


def weigh(
    classes: NDArray[np.int64],
    windows: Sequence[Window],
    candidates: Sequence[Candidate],
    usable: NDArray[np.bool_],
) -> Weights:
    """The part of each candidate in the forecast of each product.

    Args:
        classes: int64[n], the kind of each product's demand.
        windows: Cuts through the past; none where no product is old enough.
        candidates: m engines with their predictions of those windows.
        usable: bool[n, m], whether an engine may be asked about a product.

    Returns:
        float64[n, m], rows summing to 1, or to 0 where no engine is usable.
    """
    lost = _losses(len(classes), windows, candidates)
    weights = np.ones(lost.shape)
    for kind in np.unique(classes):
        alike = lost[classes == kind]
        weights[classes == kind] = _shares(alike if np.isfinite(alike).any() else lost)
    return sparse(np.where(usable, weights, 0.0))


def _shares(lost: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[m]."""
    known = np.isfinite(lost)
    counts = known.sum(axis=0)
    if not counts.any():
        return np.ones(lost.shape[1])
    both = known.all(axis=1) if known.all(axis=1).any() else known.any(axis=1)
    means = np.nanmean(np.where(known[both], lost[both], np.nan), axis=0)
    means = np.where(np.isfinite(means), means, np.nanmax(means))
    return (means / means.min()) ** -4.0


def _losses(products: int, windows: Sequence[Window], candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """float64[n, m], the mean loss of each candidate on each product."""
    lost = np.full((len(windows), products, len(candidates)), np.nan)
    for place, window in enumerate(windows):
        for column, candidate in enumerate(candidates):
            lost[place, window.products, column] = losses(window, candidate.predictions[place])
    known = ~np.isnan(lost)
    counts = known.sum(axis=0)
    mean: NDArray[np.float64] = np.where(known, lost, 0.0).sum(axis=0) / np.where(counts > 0, counts, np.nan)
    return mean


def sparse(weights: Weights) -> Weights:
    """Weights summing to 1 in each row, without parts that are too small to be worth a forecast."""
    total = weights.sum(axis=1, keepdims=True)
    shares = weights / np.where(total > 0, total, 1.0)
    shares = np.where(shares >= np.minimum(_SMALLEST, shares.max(axis=1, keepdims=True)), shares, 0.0)
    total = shares.sum(axis=1, keepdims=True)
    trimmed: Weights = shares / np.where(total > 0, total, 1.0)
    return trimmed
