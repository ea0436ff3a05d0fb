"""What is known beside demand, as columns of a panel: which days are holidays, which are promotions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inventoryai.forecasting.panel import Panel

HOLIDAY: Final = "holiday"
PROMOTION: Final = "promotion"


@dataclass(frozen=True, slots=True, eq=False)
class Covariate:
    """One covariate of a panel: for a day 0 or 1, for a week or month the share of its days.

    Attributes:
        past: float64[total], beside ``panel.values``.
        future: float64[n, h], the periods to come.
    """

    past: NDArray[np.float64]
    future: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Stretches of days, each of one product of a panel; they may overlap.

    Attributes:
        product: int64[m], index of the product.
        first: int64[m], first day, in days since 1970-01-01.
        until: int64[m], the first day that is no part of it any more.
    """

    product: NDArray[np.int64]
    first: NDArray[np.int64]
    until: NDArray[np.int64]

    @classmethod
    def of(cls, spans: ArrayLike) -> Self:
        """Of rows of (product, first, until)."""
        rows = np.asarray(spans, dtype=np.int64).reshape(-1, 3)
        return cls(rows[:, 0], rows[:, 1], rows[:, 2])


def with_covariates(panel: Panel, columns: Mapping[str, Covariate]) -> Panel:
    """The panel with these columns beside those it has."""
    return replace(
        panel,
        covariates={**panel.covariates, **{name: column.past for name, column in columns.items()}},
        future={**panel.future, **{name: column.future for name, column in columns.items()}},
    )


def covered_days(panel: Panel, horizon: int) -> tuple[int, int]:
    """The first day of a panel, and the first one after its horizon, in days since 1970-01-01.

    Args:
        panel: At least one product.
        horizon: Periods ahead.
    """
    frequency = panel.frequency
    return frequency.first_day(int(panel.starts.min())), frequency.first_day(panel.end + horizon)


def holiday_covariate(panel: Panel, horizon: int, holidays: ArrayLike) -> Covariate:
    """Which periods hold holidays; the same for all products.

    Args:
        panel: At least one product.
        horizon: Periods ahead.
        holidays: Distinct days since 1970-01-01, in any order; those outside the panel do not matter.
    """
    frequency, first, end = panel.frequency, int(panel.starts.min()), panel.end + horizon
    period = frequency.of_days(holidays)
    inside = (period >= first) & (period < end)
    days = np.diff(frequency.first_days(np.arange(first, end + 1)))
    share = np.bincount(period[inside] - first, minlength=end - first) / days
    return Covariate(share[_periods(panel) - first], np.tile(share[panel.end - first :], (len(panel), 1)))


def promotion_covariate(panel: Panel, horizon: int, promotions: Spans) -> Covariate:
    """Which periods of each product are promotions, in its past and in its future.

    Args:
        panel: At least one product.
        horizon: Periods ahead.
        promotions: Of products of the panel; what lies outside a history and the horizon is cut off.
    """
    days = _PromotedDays(panel, horizon, promotions)
    products = np.arange(len(panel))[:, None]
    ahead = np.arange(panel.end, panel.end + horizon)[None, :]
    return Covariate(days.share(panel.owners(), _periods(panel)), days.share(products, ahead))


def _periods(panel: Panel) -> NDArray[np.int64]:
    """int64[total], the ordinal of the period of each value."""
    return np.arange(len(panel.values)) + np.repeat(panel.starts - panel.offsets[:-1], panel.lengths)


class _PromotedDays:
    """How many days of each product were promotions before any day, so that a difference counts a span."""

    def __init__(self, panel: Panel, horizon: int, promotions: Spans) -> None:
        self.frequency = panel.frequency
        begin, end = self.frequency.first_days(panel.starts), self.frequency.first_day(panel.end + horizon)
        product = promotions.product
        first = np.clip(promotions.first, begin[product], end)
        until = np.clip(promotions.until, first, end)

        # One place a day of each product, and one more to end what lasts to the end. A promotion adds 1
        # where it begins and takes it away where it is over: the running sum says how many are on.
        offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(end - begin + 1)])
        self._place = offsets[:-1] - begin
        changes = np.bincount(self._place[product] + first, minlength=offsets[-1]).astype(np.int64)
        changes -= np.bincount(self._place[product] + until, minlength=offsets[-1])
        self._before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.cumsum(changes) > 0)])

    def share(self, product: NDArray[np.int64], period: NDArray[np.int64]) -> NDArray[np.float64]:
        """The share of the days of each period that was or will be a promotion of the product."""
        since, until = self.frequency.first_days(period), self.frequency.first_days(period + 1)
        place = self._place[product]
        days = self._before[place + until] - self._before[place + since]
        share: NDArray[np.float64] = days / (until - since)
        return share
