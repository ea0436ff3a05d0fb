"""What a daily forecast says of the total demand over the days to come, certain or uncertain in number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.errors import Invalid
from inventoryai.domain.forecasts import ForecastReason, Reason
from inventoryai.domain.lead_times import LeadTimes
from inventoryai.domain.mixtures import Mixtures
from inventoryai.domain.periods import Frequency

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_ROWS: Final = 1_000
_MOST_KNOTS: Final = 500_000
"""Products worked on at once, and numbers in their mixtures: what stays in a processor's cache."""


class DailyForecastNeeded(Invalid):
    """Lead times are days, and weeks cannot be cut into them."""

    code = "plan.daily_forecast_needed"
    en = "A plan needs a daily forecast; this one is by {frequency}."
    fr = "Un plan a besoin d’une prévision journalière ; celle-ci est par {frequency}."


class ForecastMissing(ForecastReason):
    """The forecast does not hold the product, or not all of its numbers."""

    code = "forecast.missing"
    en = "There is no forecast of this product."
    fr = "Il n’y a pas de prévision pour cet article."


def require_daily(frequency: Frequency) -> None:
    """Only a daily forecast can be planned from.

    Raises:
        DailyForecastNeeded: It is weekly or monthly.
    """
    if frequency is not Frequency.DAY:
        raise DailyForecastNeeded(frequency=frequency.value)


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """A daily forecast of n products over h days, the first of which is today.

    Attributes:
        levels: float64[q], quantile levels, rising, within 0 and 1.
        mean: float64[n, h], expected demand of each day.
        totals: float64[n, h, q], quantiles of demand summed over days 1 to k; they fall neither with
            the level nor with k, as the host has made sure of every forecast it kept.
        failures: Why there is no forecast, by product; what the arrays hold of those is not looked at.
            A product whose numbers are not finite counts as one of them.
    """

    levels: Floats
    mean: Floats
    totals: Floats
    failures: Mapping[int, Reason] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (*self.mean.shape, len(self.levels))
        if self.totals.shape != shape:
            raise ValueError(f"totals must have shape {shape}, not {self.totals.shape}")

    def __len__(self) -> int:
        return len(self.mean)

    @property
    def horizon(self) -> int:
        """How many days ahead it goes."""
        return int(self.mean.shape[1])

    def known(self) -> NDArray[np.bool_]:
        """bool[n]: which products there is a forecast of."""
        finite = np.isfinite(self.mean).all(axis=1) & np.isfinite(self.totals).all(axis=(1, 2))
        known: NDArray[np.bool_] = np.array(finite, dtype=np.bool_)
        known[list(self.failures)] = False
        return known

    def failure(self, product: int) -> Reason:
        """Why there is no forecast of a product."""
        return self.failures.get(product) or Reason(ForecastMissing.code)

    def without(self, failures: Mapping[int, Reason]) -> Self:
        """The same forecast, where more products count as not forecast."""
        return replace(self, failures={**failures, **self.failures})


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Demand over a wait and then a lead time, of g products whose lead times may take equally many days.

    Attributes:
        products: int64[g], which products of the forecast they are.
        levels: float64[q + 1], rising from 0.
        knots: float64[g, h + 1, q + 1], quantiles of the total after 0, 1, … h days, from level 0 on.
        means: float64[g, h + 1], means of those totals.
        first: int64[g], the shortest lead time.
        weights: float64[g, m], probabilities of the lead times from the shortest on.
    """

    products: Ints
    levels: Floats
    knots: Floats
    means: Floats
    first: Ints
    weights: Floats

    @classmethod
    def of(cls, demand: Demand, lead_times: LeadTimes, products: Ints) -> Self:
        """The outlook of some products, whose lead times may take equally many days."""
        knots = np.zeros((len(products), demand.horizon + 1, len(demand.levels) + 1))
        knots[:, 1:, 1:] = demand.totals[products]
        means = np.zeros(knots.shape[:2])
        means[:, 1:] = np.cumsum(demand.mean[products], axis=1)
        distributions = [lead_times[product] for product in products]
        return cls(
            products=products,
            levels=np.concatenate([[0.0], demand.levels]),
            knots=knots,
            means=means,
            first=np.array([one.first for one in distributions], dtype=np.int64),
            weights=np.stack([one.probabilities for one in distributions]),
        )

    def latest_wait(self) -> Ints:
        """int64[g]: the longest wait after which every lead time still ends within the forecast."""
        horizon = self.means.shape[1] - 1
        latest: Ints = horizon - (self.first + self.weights.shape[1] - 1)
        return latest

    def after(self, wait: Ints) -> Mixtures:
        """The distribution of demand over ``wait`` days (int64[g]) and the lead time."""
        return Mixtures(self.levels, self.knots[self._rows(), self._days(wait)], self.weights)

    def mean_after(self, wait: Ints) -> Floats:
        """float64[g]: the mean of demand over ``wait`` days (int64[g]) and the lead time."""
        mean: Floats = (self.weights * self.means[self._rows(), self._days(wait)]).sum(axis=1)
        return mean

    def _rows(self) -> Ints:
        return np.arange(len(self.products))[:, None]

    def _days(self, wait: Ints) -> Ints:
        """int64[g, m]: how many days each total spans."""
        days: Ints = (wait + self.first)[:, None] + np.arange(self.weights.shape[1])
        return days


def outlooks(demand: Demand, lead_times: LeadTimes) -> Iterator[Outlook]:
    """The outlooks of all products that have a forecast, a block at a time."""
    known = np.flatnonzero(demand.known())
    spans = lead_times.spans()[known]
    for span in np.unique(spans):
        alike = known[spans == span]
        block = max(1, min(_MOST_ROWS, _MOST_KNOTS // int(span * (len(demand.levels) + 1))))
        for start in range(0, len(alike), block):
            yield Outlook.of(demand, lead_times, alike[start : start + block])
