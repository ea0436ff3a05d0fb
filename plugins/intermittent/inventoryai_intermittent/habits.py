"""What the filtered count model takes for granted of days, weeks and months."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from inventoryai.forecasting import Frequency
from inventoryai_intermittent.levels import Pace
from inventoryai_intermittent.windows import Vector

_LEAST_WEIGHT: Final = 1e-12
"""What the oldest past counts for at least: a product not seen for years still has one."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What holds for a frequency.

    Attributes:
        pace: Of the levels.
        season: Points of the season that are told apart.
        season_memory: Half-life of what was seen of the season, in periods.
        past_memory: Half-life of the past as a distribution, in periods.
        off_season: What a past period counts for another point of the season.
        window: Periods looked at.
        past_window: Of these, those whose demands are drawn from.
    """

    pace: Pace
    season: int
    season_memory: float
    past_memory: float
    off_season: float
    window: int
    past_window: int

    def fading(self, ages: Vector) -> Vector:
        """float64[T], what a past of these ages counts as a distribution."""
        return np.maximum(0.5 ** (ages / self.past_memory), _LEAST_WEIGHT)


HABITS: Final = {
    Frequency.DAY: Habits(Pace((4, 15, 50, 180), 7, 112, 13), 7, 112, 28, 0.3, 364, 126),
    Frequency.WEEK: Habits(Pace((2, 6, 18, 54), 1, 40, 26), 1, 52, 10, 1, 156, 65),
    Frequency.MONTH: Habits(Pace((2, 6, 18), 1, 24, 12), 12, 60, 8, 1, 96, 60),
}
