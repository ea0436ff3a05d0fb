"""The last periods of many products as rectangles: what the network is told about is read off these."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import HOLIDAY, PROMOTION, Frequency, Panel

Floats = NDArray[np.float64]

REACH: Final = {Frequency.DAY: 728, Frequency.WEEK: 156, Frequency.MONTH: 96}
"""Periods of the past that are looked at."""
CONTEXT: Final = {Frequency.DAY: 84, Frequency.WEEK: 52, Frequency.MONTH: 36}
"""The last of them, which the network reads one by one."""
HORIZON: Final = {Frequency.DAY: 28, Frequency.WEEK: 13, Frequency.MONTH: 12}
"""Periods that learning looks ahead, where there are so many."""
_MOST: Final = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Some products, each with its past up to its own present.

    Attributes:
        demand: float64[n, t], NaN where it is unknown and before the first sale; the last column is the
            last period of the past.
        promotion: float64[n, t + h], the share of each period, past and to come; 0 where nothing is known.
        holiday: The same for public holidays.
        ends: int64[n], the ordinal of the first period to come.
        frequency: What one period is.
        horizon: Periods to come.
    """

    demand: Floats
    promotion: Floats
    holiday: Floats
    ends: NDArray[np.int64]
    frequency: Frequency
    horizon: int

    @classmethod
    def of(cls, panel: Panel, horizon: int) -> Self:
        """The products of a panel, which have one present."""
        reach = min(REACH[panel.frequency], int(panel.lengths.max()))
        reach = max(reach, CONTEXT[panel.frequency])
        return cls(
            demand=panel.tail(reach),
            promotion=covariate(panel, PROMOTION, reach, horizon),
            holiday=covariate(panel, HOLIDAY, reach, horizon),
            ends=np.full(len(panel), panel.end, dtype=np.int64),
            frequency=panel.frequency,
            horizon=horizon,
        )

    def __len__(self) -> int:
        return len(self.demand)

    @property
    def reach(self) -> int:
        """How many periods of the past there are."""
        return int(self.demand.shape[1])

    def ordinals(self) -> NDArray[np.int64]:
        """int64[n, t + h], or [1, t + h] where all have one present: what each period is."""
        ends = self.ends[:1] if (self.ends == self.ends[0]).all() else self.ends
        return ends[:, None] + np.arange(-self.reach, self.horizon)


def covariate(panel: Panel, name: str, reach: int, horizon: int) -> Floats:
    """float64[n, reach + horizon], one covariate of past and future; 0 where nothing is known."""
    column = np.zeros((len(panel), reach + horizon))
    # Shares of periods; whatever else somebody hands over stays within what single precision can hold.
    if name in panel.covariates:
        past = Panel(panel.covariates[name], panel.offsets, panel.starts, panel.frequency).tail(reach)
        column[:, :reach] = np.nan_to_num(past).clip(-_MOST, _MOST)
    if name in panel.future:
        column[:, reach:] = np.nan_to_num(panel.future[name][:, :horizon]).clip(-_MOST, _MOST)
    return column
