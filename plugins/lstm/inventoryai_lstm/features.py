"""What the network is told about each product, its calendar and its covariates; no unit of demand is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency
from inventoryai_lstm.calendar import CALENDAR, calendar_features
from inventoryai_lstm.facts import FACTS, facts, quantum
from inventoryai_lstm.histories import CONTEXT, Floats, Histories
from inventoryai_lstm.seasons import last_year, phase_means
from inventoryai_lstm.weighing import LEVELS, fading, quantiles

_QUICK: Final = {Frequency.DAY: 21.0, Frequency.WEEK: 8.0, Frequency.MONTH: 6.0}
"""Periods after which the past counts half, where the present matters."""
_SLOW: Final = {Frequency.DAY: 120.0, Frequency.WEEK: 35.0, Frequency.MONTH: 30.0}
"""The same where what is rare matters."""
_FAR: Final = 60
"""Steps from which on all are equally far."""

FUTURE: Final = CALENDAR + 9
PAST: Final = CALENDAR + 8
STATIC: Final = FACTS + 2 * len(LEVELS) + len(Frequency)


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """The network's view of some products, float32 but for what undoes the scaling.

    Attributes:
        past: [n, c, PAST], period by period.
        static: [n, STATIC], once a product.
        future: [n, h, FUTURE], what is known of the periods to come.
        base: [n, len(LEVELS)], quantiles of past demand, recent periods counting more, in units of
            ``scale``.
        scale: float64[n], the mean of the same, which demand was divided by; 0 for a product that never sold.
        quantum: float64[n], the least demand there was; 1 where there was none.
        whole: bool[n], whether all demand came in whole multiples of it.
    """

    past: NDArray[np.float32]
    static: NDArray[np.float32]
    future: NDArray[np.float32]
    base: NDArray[np.float32]
    scale: Floats
    quantum: Floats
    whole: NDArray[np.bool_]


def describe(histories: Histories) -> Inputs:
    """What the network is told of some products."""
    frequency = histories.frequency
    known = ~np.isnan(histories.demand)
    weights = [fading(known, half_life[frequency]) for half_life in (_QUICK, _SLOW)]
    both = 0.5 * (weights[0] + weights[1])
    demand = np.where(known, histories.demand, 0.0)
    scale = 0.5 * ((demand * weights[0]).sum(axis=1) + (demand * weights[1]).sum(axis=1))
    unit = np.where(scale > 0, scale, 1.0)[:, None]
    demand = demand / unit
    least, whole = quantum(demand)
    quick, slow, base = quantiles(histories.demand / unit, [*weights, both])
    which = np.eye(len(Frequency))[list(Frequency).index(frequency)]
    static = [facts(frequency, known, demand, weights), np.arcsinh(quick), np.arcsinh(slow)]
    seasonal = _Seasonal.of(histories, known, demand)
    return Inputs(
        past=seasonal.past(known, demand),
        static=np.concatenate([*static, np.tile(which, (len(demand), 1))], axis=1, dtype=np.float32),
        future=seasonal.future(),
        base=base.astype(np.float32),
        scale=scale,
        quantum=least * unit[:, 0],
        whole=whole,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Seasonal:
    """What there is for past and future alike: the calendar, covariates, and what the season brought before.

    Attributes:
        histories: The products.
        calendar: float32[n or 1, t + h, CALENDAR].
        phase: float64[n, t + h], mean demand at the same place of the season.
        selling: float64[n, t + h], the share of periods there that had any.
        year: float64[n, t + h], demand a year before.
        year_known: float64[n, t + h], whether that is known.
    """

    histories: Histories
    calendar: NDArray[np.float32]
    phase: Floats
    selling: Floats
    year: Floats
    year_known: Floats

    @classmethod
    def of(cls, histories: Histories, known: NDArray[np.bool_], demand: Floats) -> Self:
        """Read off the histories."""
        frequency, horizon = histories.frequency, histories.horizon
        return cls(
            histories,
            calendar_features(frequency, histories.ordinals()),
            *phase_means(frequency, demand, known, horizon),
            *last_year(frequency, demand, known, horizon),
        )

    def past(self, known: NDArray[np.bool_], demand: Floats) -> NDArray[np.float32]:
        """float32[n, c, PAST], the last periods before the present."""
        reach = self.histories.reach
        some = slice(reach - CONTEXT[self.histories.frequency], reach)
        columns = [
            np.arcsinh(demand[:, some]),
            known[:, some],
            demand[:, some] > 0,
            np.arcsinh(self.phase[:, some]),
            np.arcsinh(self.year[:, some]),
            self.year_known[:, some],
            self.histories.promotion[:, some],
            self.histories.holiday[:, some],
        ]
        return _beside(self.calendar[:, some], columns)

    def future(self) -> NDArray[np.float32]:
        """float32[n, h, FUTURE], the periods to come."""
        count, some = len(self.histories), slice(self.histories.reach, None)
        ahead = np.arange(1, self.histories.horizon + 1)
        columns = [
            np.arcsinh(self.phase[:, some]),
            self.selling[:, some],
            np.arcsinh(self.year[:, some]),
            self.year_known[:, some],
            self.histories.promotion[:, some],
            self.histories.holiday[:, some],
            np.arcsinh(np.cumsum(self.phase[:, some], axis=1) / ahead),
            np.tile(np.log1p(np.minimum(ahead, _FAR)) / 4, (count, 1)),
            np.tile(1 / np.sqrt(ahead), (count, 1)),
        ]
        return _beside(self.calendar[:, some], columns)


def _beside(calendar: NDArray[np.float32], columns: Sequence[NDArray[np.generic]]) -> NDArray[np.float32]:
    """float32[n, t, f], the calendar and the columns [n, t], period by period."""
    count, periods = columns[0].shape
    found = np.empty((count, periods, CALENDAR + len(columns)), dtype=np.float32)
    found[:, :, :CALENDAR] = calendar
    for place, column in enumerate(columns, start=CALENDAR):
        found[:, :, place] = column
    return found
