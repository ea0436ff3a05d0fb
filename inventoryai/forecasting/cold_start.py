"""Forecasts of new products, made after others: a named product at X %, or the products of the category.

What is taken over is the *shape* of the others' demand: their forecast divided by its level, which is
its mean over the horizon. The level of the new product is the share of the named one's, or the median of
the category's, corrected by what the product has sold so far. That correction is a shrinkage: ``n``
known periods count n / (n + k), with k half of the periods below which a product is new. It is the
weight that is best when the first guess of a level is off by about half, and single days by about
one and a half times their mean, which is usual for what shops sell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction

NEW_BELOW: Final[Mapping[Frequency, int]] = {Frequency.DAY: 14, Frequency.WEEK: 8, Frequency.MONTH: 6}
"""Known periods below which a product is new."""
_SEASONAL: Final = 2.0
"""How far the new product's few periods may have been above or below the usual, as those of the others."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """After whom a product is forecast.

    Attributes:
        product: Its index in the panel.
        models: Indices of the products that it is forecast after.
        share: What it sells of what they do.
    """

    product: int
    models: tuple[int, ...]
    share: float = 1.0


def new_products(panel: Panel, minimum_history: int = 1) -> NDArray[np.bool_]:
    """bool[n], whether a product has too few known periods to be forecast by itself.

    Args:
        panel: Histories, empty ones too.
        minimum_history: Known periods below which the engine is not asked.
    """
    new: NDArray[np.bool_] = panel.known() < max(NEW_BELOW[panel.frequency], minimum_history)
    return new


def cold_start(
    panel: Panel, prediction: Prediction, likenesses: Sequence[Likeness]
) -> tuple[NDArray[np.int64], Prediction]:
    """Forecasts of new products from those of others.

    Args:
        panel: Histories of the new products and of those that they are forecast after.
        prediction: Of all of them; that of the new ones is not looked at.
        likenesses: One for each new product.

    Returns:
        Places in ``likenesses`` that a forecast could be made of, and their forecasts. Where no
        model is expected to sell anything, there is none.
    """
    shapes: dict[tuple[int, ...], _Shape | None] = {}
    for one in likenesses:
        if one.models not in shapes:
            shapes[one.models] = _Shape.of(panel, prediction, np.array(one.models, dtype=np.int64))
    made = [(place, shapes[one.models]) for place, one in enumerate(likenesses)]
    found = [(place, shape) for place, shape in made if shape is not None]
    parts = [shape.at(_level(panel, likenesses[place], shape), prediction.levels) for place, shape in found]
    places = np.array([place for place, _ in found], dtype=np.int64)
    return places, Prediction.join([prediction.subset([]), *parts])


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """Demand of some products relative to its level, averaged over them.

    Attributes:
        level: The median of their levels.
        mean: float64[h]; quantiles and totals: float64[h, q].
        recent: float64[p], the last periods of the past, NaN where nothing is known of them.
    """

    level: float
    mean: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    totals: NDArray[np.float64]
    recent: NDArray[np.float64]

    @classmethod
    def of(cls, panel: Panel, prediction: Prediction, models: NDArray[np.int64]) -> Self | None:
        """The shape of those that are expected to sell anything; None where nobody is."""
        levels = prediction.mean[models].mean(axis=1)
        models, levels = models[levels > 0], levels[levels > 0]
        if not len(models):
            return None
        forecast = prediction.subset(models)
        past = panel.subset(models).tail(int(panel.lengths.max(initial=0))) / levels[:, None]
        known = np.count_nonzero(~np.isnan(past), axis=0)
        recent = np.where(known > 0, np.nansum(past, axis=0), np.nan) / np.maximum(known, 1)
        return cls(
            level=float(np.median(levels)),
            mean=(forecast.mean / levels[:, None]).mean(axis=0),
            quantiles=(forecast.quantiles / levels[:, None, None]).mean(axis=0),
            totals=(forecast.totals / levels[:, None, None]).mean(axis=0),
            recent=recent,
        )

    def at(self, level: float, levels: NDArray[np.float64]) -> Prediction:
        """The forecast of one product of this shape that sells ``level`` a period."""
        mean, quantiles, totals = (array[None] * level for array in (self.mean, self.quantiles, self.totals))
        return Prediction(mean, quantiles, totals, levels)


def _level(panel: Panel, likeness: Likeness, shape: _Shape) -> float:
    """What a new product sells a period over the horizon, from the first guess and from what it sold."""
    own = panel.history(likeness.product)
    own = own[max(0, len(own) - len(shape.recent)) :]
    known = ~np.isnan(own)
    guess = likeness.share * shape.level
    periods = np.count_nonzero(known)
    if not periods:
        return guess
    beside = shape.recent[len(shape.recent) - len(own) :][known]
    usual = float(np.nanmean(beside)) if not np.isnan(beside).all() else 1.0
    sold = float(own[known].mean()) / min(max(usual, 1 / _SEASONAL), _SEASONAL)
    patience = NEW_BELOW[panel.frequency] / 2
    return (patience * guess + periods * sold) / (patience + periods)
