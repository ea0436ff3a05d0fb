"""Stacking: the weights with which several forecasts together would have cost least."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting.evaluation import Window
from inventoryai.forecasting.prediction import Prediction

_STEPS: Final = 6
"""Steps of each window that are looked at, evenly spread: neighbours say much the same."""
_ITERATIONS: Final = 25
_LEVELS: Final = (0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99)
"""Quantile levels that are looked at, where they are among those that were asked for."""
_ROWS: Final = 4_000
"""Rows that a descent looks at, at most: a handful of weights needs no more."""
_PACE: Final = 4.0
"""How far a weight moves in one iteration: e⁴ times for an engine whose gradient is the whole loss."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What m engines said, and what came: r rows, each of a product, a window and a step.

    Half of the rows are demand in a step, half demand summed up to it, over the square root of the steps;
    all are in units of the product's mean absolute difference before the window.

    Attributes:
        predicted: float32[m, r, q], quantiles.
        came: float32[r].
        product: int64[r].
        levels: float32[q].
    """

    predicted: NDArray[np.float32]
    came: NDArray[np.float32]
    product: NDArray[np.int64]
    levels: NDArray[np.float32]

    @classmethod
    def of(cls, windows: Sequence[Window], predictions: Sequence[Sequence[Prediction]]) -> Self:
        """The evidence of past windows, without unknown demand and demand that never changed.

        Args:
            windows: At least one.
            predictions: For each of m engines, one for each window.
        """
        predicted, came, product = [], [], []
        levels = _looked_at(predictions[0][0].levels)
        for place, window in enumerate(windows):
            of_window = [engine[place] for engine in predictions]
            scale = window.scales.change
            usable = np.nan_to_num(scale) > 0
            unit = np.where(usable, scale, 1.0)[:, None]
            for step in _steps(window.actual.shape[1]):
                fair = np.sqrt(step + 1)
                for actual, values in (
                    (window.actual[:, step], [one.quantiles[:, step] for one in of_window]),
                    (
                        window.actual[:, : step + 1].sum(axis=1) / fair,
                        [one.totals[:, step] / fair for one in of_window],
                    ),
                ):
                    known = usable & ~np.isnan(actual)
                    predicted.append(
                        np.stack([(value[:, levels] / unit)[known] for value in values]).astype(np.float32)
                    )
                    came.append((actual / unit[:, 0])[known].astype(np.float32))
                    product.append(window.products[known])
        return cls(
            np.concatenate(predicted, axis=1),
            np.concatenate(came),
            np.concatenate(product),
            predictions[0][0].levels[levels].astype(np.float32),
        )

    def answered(self) -> NDArray[np.float64]:
        """float64[m], the share of the rows that each engine has a number for."""
        if not len(self.came):
            return np.zeros(len(self.predicted))
        share: NDArray[np.float64] = (~np.isnan(self.predicted[:, :, 0])).mean(axis=1, dtype=np.float64)
        return share

    def of_engines(self, engines: NDArray[np.int64]) -> Self:
        """The evidence of some engines: the rows that all of them have a number for."""
        predicted = self.predicted[engines]
        whole = ~np.isnan(predicted[:, :, 0]).any(axis=0)
        return type(self)(predicted[:, whole], self.came[whole], self.product[whole], self.levels)

    def of_rows(self, rows: NDArray[np.bool_]) -> Self:
        """Some of the rows."""
        return type(self)(self.predicted[:, rows], self.came[rows], self.product[rows], self.levels)

    def thinned(self, most: int) -> Self:
        """Rows evenly spread over all, about as many as said, or all where there are no more."""
        rows = np.zeros(len(self.came), dtype=np.bool_)
        rows[:: max(1, -(-len(rows) // most))] = True
        return self.of_rows(rows)

    def losses(self, products: int) -> NDArray[np.float64]:
        """float64[n, m], the mean pinball loss of each engine on each product, NaN where there is no row."""
        counts = np.bincount(self.product, minlength=products).astype(np.float64)
        counts[counts == 0] = np.nan
        columns = []
        for predicted in self.predicted:
            lost = _pinball(self.came[:, None] - predicted, self.levels).mean(axis=1)
            columns.append(np.bincount(self.product, weights=lost, minlength=products) / counts)
        return np.stack(columns, axis=1)


def stacked(evidence: Evidence, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[m], weights summing to 1 whose combination would have had the least pinball loss.

    Exponentiated gradient descent over the simplex (Kivinen & Warmuth 1997), the later half of the
    iterations averaged; few iterations, so that little evidence moves the weights little.

    Args:
        evidence: Of m engines.
        start: float64[m], above 0: where the descent begins.
    """
    weights: NDArray[np.float64] = start / start.sum()
    if not len(evidence.came):
        return weights
    evidence = evidence.thinned(_ROWS)
    averaged = np.zeros(len(weights))
    first = 0.0
    for iteration in range(_ITERATIONS):
        missed = evidence.came[:, None] - np.tensordot(weights.astype(np.float32), evidence.predicted, axes=1)
        slope = np.where(missed > 0, -evidence.levels, 1 - evidence.levels)
        gradient = np.tensordot(evidence.predicted, slope, axes=2) / slope.size
        first = first or max(float(_pinball(missed, evidence.levels).mean(dtype=np.float64)), 1e-12)
        weights = weights * np.exp(-_PACE * np.clip((gradient - weights @ gradient) / first, -5, 5))
        weights = weights / weights.sum()
        if iteration >= _ITERATIONS // 2:
            averaged += weights
    total: NDArray[np.float64] = averaged / averaged.sum()
    return total


def _pinball(missed: NDArray[np.float32], levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The loss of demand minus quantile; see ``measures.pinball_loss``."""
    loss: NDArray[np.float32] = np.maximum(levels * missed, (levels - 1) * missed)
    return loss


def _steps(horizon: int) -> list[int]:
    """Steps spread from the first to the last."""
    spread = np.linspace(0, horizon - 1, min(_STEPS, horizon)).round().astype(np.int64)
    return [int(step) for step in np.unique(spread)]


def _looked_at(levels: NDArray[np.float64]) -> NDArray[np.int64]:
    """The places of some of the levels; of all, where none of those is among them."""
    places = np.flatnonzero(np.isclose(levels[:, None], _LEVELS).any(axis=1))
    return places if len(places) else np.arange(len(levels))
