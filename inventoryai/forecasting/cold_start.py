"""Forecasts of new products, made after others: a named product at X %, or the products of the category.

A new product might be like any of those it is forecast after, so its demand is the mixture of theirs,
each brought to the level that the new product would then have. That level is first guessed: the share
of the level of the named product; for one of a category, halfway (as a ratio) from the median level of
the category to the model's own, as one bestseller says little of a newcomer, and more than nothing.
Then it is corrected by what the product has sold so far, on the days on which it did. That is a
shrinkage: ``n`` known periods count n / (n + k), k being a quarter of the periods below which a product
is new. Two to four days were best on daily sales of three shops whose products were made new.

Where its own sales lift it far above a model, as above a predecessor that has all but ended, the shape of
the model says little: "one day in ten somebody buys one" is not made into days of a hundred. Beyond three
times the model, or what was guessed if that is more, demand comes like customers one by one, as a Poisson
distribution.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.poisson import poisson_quantiles
from inventoryai.forecasting.prediction import Prediction

NEW_BELOW: Final[Mapping[Frequency, int]] = {Frequency.DAY: 14, Frequency.WEEK: 8, Frequency.MONTH: 6}
"""Known periods below which a product is new."""
_SEASONAL: Final = 2.0
"""How far the new product's few periods may have been above or below the usual, as those of the others."""
_STRETCH: Final = 3.0
"""How many times its own level a model's distribution is stretched by what the new product has sold."""
_ROUNDING: Final = 1e-9
"""Chances that add up to a level but for so much reach it."""


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
    models: dict[tuple[int, ...], _Models] = {}
    for one in likenesses:
        if one.models not in models:
            models[one.models] = _Models.of(panel, prediction, np.array(one.models, dtype=np.int64))
    places = [place for place, one in enumerate(likenesses) if len(models[one.models].levels)]
    unsold: dict[Likeness, Prediction] = {}
    parts = [prediction.subset([])]
    for one in (likenesses[place] for place in places):
        sold, periods = _sold(panel.history(one.product), models[one.models].recent)
        # What has sold nothing yet is like all others that have not: they may be many.
        alike = replace(one, product=0)
        part = unsold.get(alike) if periods == 0 else None
        part = part or models[one.models].at(one.share, sold, periods, NEW_BELOW[panel.frequency] / 4)
        if periods == 0:
            unsold[alike] = part
        parts.append(part)
    return np.array(places, dtype=np.int64), Prediction.join(parts)


@dataclass(frozen=True, slots=True, eq=False)
class _Models:
    """The products, of those named, that are expected to sell anything.

    Attributes:
        forecast: Theirs, of m products.
        levels: float64[m], mean demand a period over the horizon.
        guesses: float64[m], the level of a product that is like each of them.
        recent: float64[p], what they sold in the last periods of the past, relative to their level.
    """

    forecast: Prediction
    levels: NDArray[np.float64]
    guesses: NDArray[np.float64]
    recent: NDArray[np.float64]

    @classmethod
    def of(cls, panel: Panel, prediction: Prediction, models: NDArray[np.int64]) -> Self:
        """Of products of a panel, by their places."""
        levels = prediction.mean[models].mean(axis=1)
        models, levels = models[levels > 0], levels[levels > 0]
        past = panel.subset(models).tail(int(panel.lengths.max(initial=0))) / levels[:, None]
        known = np.count_nonzero(~np.isnan(past), axis=0)
        recent = np.where(known > 0, np.nansum(past, axis=0), np.nan) / np.maximum(known, 1)
        middle = np.median(levels) if len(levels) else 0.0
        return cls(prediction.subset(models), levels, np.sqrt(levels) * np.sqrt(middle), recent)

    def at(self, share: float, sold: float, periods: int, patience: float) -> Prediction:
        """The forecast of one product that sold so much a period, over so many periods."""
        level = (patience * share * self.guesses + periods * sold) / (patience + periods)
        factor = level / self.levels
        stretch = np.minimum(factor, np.maximum(_STRETCH, share * self.guesses / self.levels))
        found, each = self.forecast, stretch[:, None, None]
        extra = (found.mean * (factor - stretch)[:, None]).mean(axis=0)
        totals = _mixture(found.totals * each, found.levels)
        return Prediction(
            mean=(found.mean * factor[:, None]).mean(axis=0)[None],
            quantiles=_with_customers(_mixture(found.quantiles * each, found.levels), extra, found.levels),
            totals=np.maximum.accumulate(_with_customers(totals, np.cumsum(extra), found.levels), axis=1),
            levels=found.levels,
        )


def _sold(own: NDArray[np.float64], recent: NDArray[np.float64]) -> tuple[float, int]:
    """What a product sold in a usual period, and over how many known ones.

    Args:
        own: float64[length], its history.
        recent: float64[p], p at least its length, what was usual in the same periods.
    """
    known = ~np.isnan(own)
    if not known.any():
        return 0.0, 0
    beside = recent[len(recent) - len(own) :][known]
    # Models that sold nothing at all then are over, or not there yet: they do not say that times were bad.
    usual = float(np.nanmean(beside)) if np.nansum(beside) > 0 else 1.0
    # A model that sold next to nothing then is being replaced, most likely by the newcomer itself.
    usual = min(usual, _SEASONAL) if usual >= 1 / _SEASONAL else 1.0
    return float(own[known].mean()) / usual, int(known.sum())


def _with_customers(
    quantiles: NDArray[np.float64], extra: NDArray[np.float64], levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """float64[1, h, q], quantiles of a product, with what others buy beside, one by one.

    Args:
        quantiles: float64[h, q].
        extra: float64[h], the mean of what comes beside; 0 throughout leaves everything as it is.
        levels: float64[q], rising.
    """
    if not extra.any():
        return quantiles[None]
    more: NDArray[np.float64] = np.maximum.accumulate(quantiles + poisson_quantiles(extra, levels), axis=1)
    return more[None]


def _mixture(quantiles: NDArray[np.float64], levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[h, q], quantiles of a number that is, with equal chances, any of m others.

    Each quantile stands for the levels nearer to it than to its neighbours.

    Args:
        quantiles: float64[m, h, q], of each of the others.
        levels: float64[q], rising.
    """
    count, steps, _ = quantiles.shape
    edges = np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2, [1.0]])
    chances = np.tile(np.diff(edges) / count, count)
    points = quantiles.swapaxes(0, 1).reshape(steps, -1)
    order = np.argsort(points, axis=1, kind="stable")
    below = np.cumsum(chances[order], axis=1)
    place = np.stack([np.searchsorted(row, levels - _ROUNDING) for row in below])
    mixed: NDArray[np.float64] = np.take_along_axis(np.take_along_axis(points, order, axis=1), place, axis=1)
    return mixed
