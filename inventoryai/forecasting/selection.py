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
from inventoryai.forecasting.prediction import Prediction
from inventoryai.forecasting.stacking import Evidence, stacked

Weights = NDArray[np.float64]

LEVELS: Final = (0.025, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99)
"""The levels that engines are compared at."""
_ENOUGH: Final = 0.5
"""An engine that answered for less than this share of what the most able did cannot be compared with it."""
_FEW: Final = 5.0
"""Equal weights count as much as this many products."""
_SIMILAR: Final = 50.0
"""The weights of all products count as much as this many products of a kind."""
_SPARE: Final = 0.1
"""What every engine is left with before the products of a kind are stacked: none is out from the start."""
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

    Engines are stacked for all products, then for those of each kind, which lean towards the weights of
    all the more the fewer they are; a product then leans towards the engines that cost it less than that.

    Args:
        classes: int64[n], the kind of each product's demand.
        windows: Cuts through the past; none where no product is old enough.
        candidates: m engines with their predictions of those windows.
        usable: bool[n, m], whether an engine may be asked about a product.

    Returns:
        float64[n, m], rows summing to 1, or to 0 where no engine is usable.
    """
    weights = np.full((len(classes), len(candidates)), 1 / len(candidates))
    if windows:
        evidence = Evidence.of(windows, [candidate.predictions for candidate in candidates])
        answered = evidence.answered()
        judged = np.flatnonzero(answered > _ENOUGH * answered.max())
        if len(judged):
            weights[:] = 0.0
            weights[:, judged] = _weighed(classes, evidence.of_engines(judged))
    weights = np.where(usable, weights, 0.0)
    without = weights.sum(axis=1) == 0
    return sparse(np.where(without[:, None], usable.astype(np.float64), weights))


def _weighed(classes: NDArray[np.int64], evidence: Evidence) -> Weights:
    """float64[n, m], the parts of engines that have all been judged."""
    engines = len(evidence.predicted)
    even = np.full(engines, 1 / engines)
    everywhere = _leaning(stacked(evidence, even), even, len(np.unique(evidence.product)), _FEW)
    weights = np.tile(everywhere, (len(classes), 1))
    for kind in np.unique(classes):
        alike = classes == kind
        rows = alike[evidence.product]
        own = stacked(evidence.of_rows(rows), _leaning(everywhere, even, 1, _SPARE))
        count = len(np.unique(evidence.product[rows]))
        weights[alike] = _leaning(own, everywhere, count, _SIMILAR)
    lost = evidence.losses(len(classes))
    expected = (weights * lost).sum(axis=1, keepdims=True)
    better = np.divide(expected - lost, expected, out=np.zeros_like(lost), where=np.nan_to_num(expected) > 0)
    leaning: Weights = weights * np.exp(np.nan_to_num(better))
    leaning /= leaning.sum(axis=1, keepdims=True)
    return leaning


def _leaning(own: Weights, general: Weights, products: int, against: float) -> Weights:
    """Weights found on some products, leaning towards general ones the more the fewer they are."""
    return (products * own + against * general) / (products + against)


def sparse(weights: Weights) -> Weights:
    """Weights summing to 1 in each row, without parts that are too small to be worth a forecast."""
    total = weights.sum(axis=1, keepdims=True)
    shares = weights / np.where(total > 0, total, 1.0)
    shares = np.where(shares >= np.minimum(_SMALLEST, shares.max(axis=1, keepdims=True)), shares, 0.0)
    total = shares.sum(axis=1, keepdims=True)
    trimmed: Weights = shares / np.where(total > 0, total, 1.0)
    return trimmed
