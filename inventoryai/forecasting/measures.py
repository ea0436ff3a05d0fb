"""How good a forecast was: the measures of the field, one number a product."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction

Column = NDArray[np.float64]

_LAG: Final = {Frequency.DAY: 7, Frequency.WEEK: 1, Frequency.MONTH: 12}
"""How far back the naive forecast looks that MASE compares with."""
_MIDDLE: Final = (0.1, 0.9)
"""The levels whose pinball losses are averaged."""


@dataclass(frozen=True, slots=True, eq=False)
class Scales:
    """How much the demand of each product changes by itself: float64[n] each, NaN where nobody knows.

    Attributes:
        seasonal: Mean absolute change over a season: 7 days, 1 week, 12 months.
        change: Mean absolute change from one period to the next.
        square: Mean squared change from one period to the next.
    """

    seasonal: Column
    change: Column
    square: Column

    @classmethod
    def of(cls, panel: Panel, *, lag: int = 0) -> Self:
        """The scales of what was known.

        Args:
            panel: What was known when forecasts were made.
            lag: Periods of a season, where it is not the usual one.
        """
        seasonal = differences(panel, lag or _LAG[panel.frequency], np.abs)
        return cls(seasonal, differences(panel, 1, np.abs), differences(panel, 1, np.square))


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """The marks of one forecast, or of several averaged: float64[n] each, NaN where nothing can be judged.

    Scaled measures are NaN for a product whose demand never changed; periods of unknown demand do not
    count.

    Attributes:
        mase: Mean absolute error of the median, over the mean absolute seasonal difference of the past
            (Hyndman & Koehler 2006).
        rmsse: Root mean squared error of the mean, over the root mean squared difference of the past
            (Makridakis et al. 2022).
        spl: Pinball loss averaged over steps and over the levels from 0.1 to 0.9 that the forecast has, over
            the mean absolute difference of the past.
        spl95: The same at level 0.95.
        spl99: The same at level 0.99.
        tpl: As ``spl``, of demand summed over all steps.
        absolute_error: |demand − mean|, summed over the steps.
        error: mean − demand, summed over the steps.
        demand: Demand, summed over the steps.
        inside_80: Share of the steps whose demand lay from the 0.1 to the 0.9 quantile, ends included.
        inside_95: From the 0.025 to the 0.975 quantile.
        below_95: Share of the steps whose demand was at most the 0.95 quantile: what a service level
            promises.
        below_99: At most the 0.99 quantile.
        total_below_95: 1 where demand summed over all steps was at most the 0.95 quantile of the total,
            else 0.
    """

    mase: Column
    rmsse: Column
    spl: Column
    spl95: Column
    spl99: Column
    tpl: Column
    absolute_error: Column
    error: Column
    demand: Column
    inside_80: Column
    inside_95: Column
    below_95: Column
    below_99: Column
    total_below_95: Column

    def __len__(self) -> int:
        return len(self.mase)

    @classmethod
    def of(cls, scales: Scales, actual: NDArray[np.float64], found: Prediction) -> Self:
        """Judge a forecast by what came.

        Args:
            scales: Of what was known when it was made.
            actual: float64[n, h], the demand that came, NaN where it is unknown.
            found: The forecast, with the levels that the measures need; a measure without its level is NaN.
        """
        steps = _Judged(actual, found.quantiles, found.levels)
        totals = _Judged(actual.sum(axis=1)[:, None], found.totals[:, -1:], found.levels)
        misses = actual - found.mean
        return cls(
            mase=_ratio(steps.pinball(0.5, 0.5) * 2, scales.seasonal),
            rmsse=np.sqrt(_ratio(_average(misses**2), scales.square)),
            spl=_ratio(steps.pinball(*_MIDDLE), scales.change),
            spl95=_ratio(steps.pinball(0.95, 0.95), scales.change),
            spl99=_ratio(steps.pinball(0.99, 0.99), scales.change),
            tpl=_ratio(totals.pinball(*_MIDDLE), scales.change),
            absolute_error=_sum(np.abs(misses)),
            error=-_sum(misses),
            # Demand of which nothing was forecast is no part of the judgement.
            demand=_sum(np.where(np.isnan(misses), np.nan, actual)),
            inside_80=steps.inside(0.1, 0.9),
            inside_95=steps.inside(0.025, 0.975),
            below_95=steps.inside(None, 0.95),
            below_99=steps.inside(None, 0.99),
            total_below_95=totals.inside(None, 0.95),
        )

    @classmethod
    def averaged(cls, several: Sequence[Self]) -> Self:
        """The mean of each mark over the forecasts that have it.

        Raises:
            ValueError: There are none.
        """
        if not several:
            raise ValueError("nothing to average")
        columns = ([getattr(one, field.name) for one in several] for field in fields(cls))
        return cls(*(_average(np.stack(column, axis=1)) for column in columns))

    def subset(self, products: NDArray[np.int64]) -> Self:
        """The marks of some products, in the order given."""
        return type(self)(*(getattr(self, field.name)[products] for field in fields(self)))

    @classmethod
    def gathered(cls, parts: Sequence[tuple[NDArray[np.int64], Self]], count: int) -> Self:
        """The marks of ``count`` products, of which each part holds some; NaN for those in none of them.

        Args:
            parts: The places of some products, and their marks.
            count: How many products there are.
        """
        columns = [np.full(count, np.nan) for _ in fields(cls)]
        for products, marks in parts:
            for column, field in zip(columns, fields(cls), strict=True):
                column[products] = getattr(marks, field.name)
        return cls(*columns)


MARKS: Final = tuple(field.name for field in fields(Scores))
"""The names of the marks, in the order of ``Scores``."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """Quantiles float64[n, h, q] beside the demand float64[n, h] that came."""

    actual: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    levels: NDArray[np.float64]

    def pinball(self, lowest: float, highest: float) -> Column:
        """float64[n], the loss averaged over the steps and over the levels from lowest to highest."""
        places = np.flatnonzero((self.levels > lowest - _NEAR) & (self.levels < highest + _NEAR))
        if not len(places):
            return np.full(len(self.actual), np.nan)
        summed = np.zeros(self.actual.shape)
        for place in places:
            summed += pinball_loss(self.actual, self.quantiles[:, :, place], self.levels[place])
        return _average(summed / len(places))

    def inside(self, lowest: float | None, highest: float) -> Column:
        """float64[n], the share of the known steps from one quantile to the other, ends included."""
        upper = self._at(highest)
        lower = np.full_like(upper, -np.inf) if lowest is None else self._at(lowest)
        unknown = np.isnan(self.actual) | np.isnan(upper) | np.isnan(lower)
        covered = (lower <= self.actual) & (self.actual <= upper)
        return _average(np.where(unknown, np.nan, covered))

    def _at(self, level: float) -> NDArray[np.float64]:
        place = np.flatnonzero(np.abs(self.levels - level) < _NEAR)
        return self.quantiles[:, :, place[0]] if len(place) else np.full(self.actual.shape, np.nan)


_NEAR: Final = 1e-9


def pinball_loss(
    actual: NDArray[np.float64], quantile: NDArray[np.float64], level: float
) -> NDArray[np.float64]:
    """What a quantile costs: ``level`` for a unit that demand exceeds it, 1 − level for one it stays below.

    Source: Koenker & Bassett (1978). Its mean is least for the true quantile.
    """
    over: NDArray[np.float64] = actual - quantile
    loss: NDArray[np.float64] = np.maximum(level * over, (level - 1) * over)
    return loss


def differences(panel: Panel, lag: int, size: Callable[[Column], Column]) -> Column:
    """float64[n], the mean size of the change over ``lag`` periods, NaN where none is known."""
    if len(panel.values) <= lag:
        return np.full(len(panel), np.nan)
    owners = panel.owners()
    change = size(panel.values[lag:] - panel.values[:-lag])
    counted = (owners[lag:] == owners[:-lag]) & ~np.isnan(change)
    owner = owners[lag:][counted]
    sums, counts = (
        np.bincount(owner, weights=weights, minlength=len(panel)).astype(np.float64)
        for weights in (change[counted], np.ones(len(owner)))
    )
    return _ratio(sums, counts)


def _ratio(value: Column, scale: Column) -> Column:
    """The value over its scale, NaN where the scale is 0 or unknown."""
    usable = np.nan_to_num(scale) > 0
    ratio: Column = np.where(usable, value, np.nan) / np.where(usable, scale, 1.0)
    return ratio


def _average(rows: NDArray[np.float64]) -> Column:
    """float64[n], the mean of what is known in each row, NaN where nothing is."""
    known = ~np.isnan(rows)
    return _ratio(np.where(known, rows, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))


def _sum(rows: NDArray[np.float64]) -> Column:
    """float64[n], the sum of what is known in each row, NaN where nothing is."""
    nothing = np.isnan(rows).all(axis=1)
    summed: Column = np.where(nothing, np.nan, np.nansum(rows, axis=1))
    return summed
