"""What a planner's word makes of a forecast: other means, and distributions of the same kind around them.

A factor stretches the distribution of a period: every quantile times the factor. So does a mean, by what
it is of the forecast's own, up to three times that; what a planner expects beyond comes like customers
one by one, as a Poisson distribution. Stretching alone would make of "one day in ten somebody buys one"
days of a hundred, and of a forecast of nothing nothing at all.

Totals must agree with their periods, and how periods hang together is known from the totals alone: what a
period adds to each quantile of the total is stretched like the period. So a change of all periods alike
stretches the totals alike, periods that are set to 0 add nothing, and the means of the totals remain the
sums of the means. Changed and unchanged periods are taken to be high together, which errs on the side of
too much stock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.overrides import Override
from inventoryai.domain.periods import Frequency, as_day
from inventoryai.domain.products import ProductId
from inventoryai.forecasting.poisson import poisson_quantiles
from inventoryai.forecasting.prediction import Prediction

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NEVER: Final = int(np.iinfo(np.int64).max)
_STRETCH: Final = 3.0
"""How many times its mean a distribution is stretched to a mean that a planner names."""


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """k overrides as columns, the oldest first.

    Attributes:
        product: int64[k], place of the product in the forecast.
        first: int64[k], the first day that is changed, in days since 1970-01-01.
        until: int64[k], the first day that is not changed any more.
        mean: float64[k], the demand expected of one period; NaN where it is a factor.
        factor: float64[k], times what is forecast; NaN where it is a mean.
        season: What one period of each mean is.
        made: int64[k], the day on which it was said, in UTC.
        expires: int64[k], the day on which it expires; the last there is for never.
    """

    product: Ints
    first: Ints
    until: Ints
    mean: Floats
    factor: Floats
    season: tuple[Frequency, ...]
    made: Ints
    expires: Ints

    @classmethod
    def of(cls, overrides: Sequence[Override], products: Sequence[ProductId]) -> Self:
        """Those that speak of these products."""
        place = {product: index for index, product in enumerate(products)}
        known = [one for one in overrides if one.product_id in place]
        known.sort(key=lambda one: (one.created_at, one.id))
        return cls(
            product=np.array([place[one.product_id] for one in known], dtype=np.int64),
            first=np.array([as_day(one.starts_on) for one in known], dtype=np.int64),
            until=np.array([as_day(one.ends_on) + 1 for one in known], dtype=np.int64),
            mean=np.array([np.nan if one.mean is None else one.mean for one in known], dtype=np.float64),
            factor=np.array([np.nan if one.factor is None else one.factor for one in known], np.float64),
            season=tuple(one.frequency for one in known),
            made=np.array([_day(one.created_at) for one in known], dtype=np.int64),
            expires=np.array([_day(one.expires_at) for one in known], dtype=np.int64),
        )

    def covered(self, edges: Ints, *, foreseen: bool = False) -> Ints:
        """int64[k, h], how many days of each period each of them changes.

        Args:
            edges: int64[h + 1], first days of the periods, and the day after the last.
            foreseen: Leave out what was said of a period after it had begun, or had expired before it did:
                accuracy is judged so.
        """
        days = np.minimum(self.until[:, None], edges[1:]) - np.maximum(self.first[:, None], edges[:-1])
        known = (self.made[:, None] <= edges[:-1]) & (edges[:-1] < self.expires[:, None]) | (not foreseen)
        covered: Ints = np.where(known, np.maximum(days, 0), 0)
        return covered

    def period_days(self, edges: Ints) -> Ints:
        """int64[k, h], how many days one period of each mean has at the time of each period."""
        days = np.empty((len(self.first), len(edges) - 1), dtype=np.int64)
        at = np.maximum(self.first[:, None], edges[:-1])
        for place, season in enumerate(self.season):
            ordinal = season.of_days(at[place])
            days[place] = season.first_days(ordinal + 1) - season.first_days(ordinal)
        return days


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """What changes do to a forecast of n products over h periods; t of the products are touched.

    Attributes:
        last: int64[n, h], which of the changes counts for each period: the one made last; -1 for none.
        rows: int64[t], the products that are touched, rising.
        mean: float64[t, h], their demand as it is expected now.
        stretch: float64[t, h], by what their distributions are stretched.
        extra: float64[t, h], the mean of what comes beside that, one by one.
    """

    last: Ints
    rows: Ints
    mean: Floats
    stretch: Floats
    extra: Floats

    @classmethod
    def of(cls, mean: Floats, changes: Changes, edges: Ints, *, foreseen: bool = False) -> Self:
        """The revision of a forecast with these means, float64[n, h]; ``edges`` as in ``Changes.covered``."""
        covered = changes.covered(edges, foreseen=foreseen)
        last = np.full(mean.shape, -1, dtype=np.int64)
        change, period = np.nonzero(covered)
        np.maximum.at(last, (changes.product[change], period), change)
        rows, period = np.nonzero(last >= 0)
        change, before = last[rows, period], mean[rows, period]
        share = (covered / np.diff(edges))[change, period]
        said = (covered * changes.mean[:, None] / changes.period_days(edges))[change, period]
        by_mean = np.isnan(changes.factor[change])
        stretched = 1 + share * (np.where(by_mean, 0.0, changes.factor[change]) - 1)
        wanted = stretched * before + np.where(by_mean, said, 0.0)
        ratio = np.divide(wanted, before, out=np.ones_like(wanted), where=before > 0)
        after, stretch, extra = mean.copy(), np.ones_like(mean), np.zeros_like(mean)
        after[rows, period] = wanted
        stretch[rows, period] = np.where(by_mean, np.minimum(ratio, _STRETCH), stretched)
        extra[rows, period] = np.where(by_mean, np.maximum(wanted - _STRETCH * before, 0.0), 0.0)
        touched = np.unique(rows)
        return cls(last, touched, after[touched], stretch[touched], extra[touched])

    def means(self, mean: Floats) -> Floats:
        """float64[n, h], the means with those that have changed."""
        return self._with(mean, self.mean)

    def quantiles(self, quantiles: Floats, levels: Floats) -> Floats:
        """float64[n, h, q], the quantiles of each period, of the same shape."""
        changed = self.stretch[:, :, None] * quantiles[self.rows] + poisson_quantiles(self.extra, levels)
        return self._with(quantiles, np.maximum.accumulate(changed, axis=2))

    def totals(self, totals: Floats, levels: Floats) -> Floats:
        """float64[n, h, q], the quantiles of the sums over periods 1 to k."""
        added = np.diff(totals[self.rows], axis=1, prepend=0.0)
        stretched = np.cumsum(self.stretch[:, :, None] * added, axis=1)
        changed = stretched + poisson_quantiles(np.cumsum(self.extra, axis=1), levels)
        rising = np.maximum.accumulate(np.maximum.accumulate(changed, axis=2), axis=1)
        return self._with(totals, rising)

    def _with(self, before: Floats, changed: Floats) -> Floats:
        after = before.copy()
        after[self.rows] = changed
        return after


def _day(moment: datetime | None) -> int:
    return _NEVER if moment is None else as_day(moment.date())


def overridden(forecast: Prediction, changes: Changes, edges: Ints, *, foreseen: bool = False) -> Prediction:
    """The forecast as planners have changed it; of several changes of a period the last one counts.

    Args:
        forecast: What the engines say, of n products.
        changes: What planners say.
        edges: int64[h + 1], first days of the periods, and the day after the last.
        foreseen: Count only what held when each period began: accuracy is judged so.
    """
    revision = Revision.of(forecast.mean, changes, edges, foreseen=foreseen)
    if not len(revision.rows):
        return forecast
    return Prediction(
        mean=revision.means(forecast.mean),
        quantiles=revision.quantiles(forecast.quantiles, forecast.levels),
        totals=revision.totals(forecast.totals, forecast.levels),
        levels=forecast.levels,
    )
