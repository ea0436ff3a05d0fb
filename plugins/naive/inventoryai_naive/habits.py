"""What is tried, and what is usual, for days, weeks and months."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency


@dataclass(frozen=True, slots=True)
class Habits:
    """How the past of one frequency is read.

    Histories are read in rows: a week of seven days, or a single week or month.

    Attributes:
        half_lives: Periods after which an observation counts half: those that are tried.
        off_seasons: What a day counts for another day of the week: those that are tried.
        row: Periods in a row, whose places are told apart: 7 for days, 1 otherwise.
        rows: Rows looked at; what is older weighs next to nothing.
        tests: How many of the last rows are forecast to see which weights are best.
        ahead: How many rows before one of those the last row known to that forecast lies.
        dependence: Correlation of the periods of one future, as long as a history says little of it.
    """

    half_lives: tuple[float, ...]
    off_seasons: tuple[float, ...]
    row: int
    rows: int
    tests: int
    ahead: int
    dependence: float = 0.25

    def chosen(self, half_life: float | None, off_season: float | None) -> Self:
        """The same with what a user insists on; then there is nothing to try."""
        half_lives = self.half_lives if half_life is None else (half_life,)
        off_seasons = self.off_seasons if off_season is None or self.row == 1 else (max(off_season, 1e-6),)
        return replace(self, half_lives=half_lives, off_seasons=off_seasons)

    def ways(self, rows: int, places: int) -> NDArray[np.float64]:
        """float64[places, ways, rows * row], what each past period counts, in every way to weigh it.

        Args:
            rows: Rows of the past.
            places: The first places of the next row, for which it is asked.
        """
        age = np.arange(rows * self.row, 0, -1)
        # No weight fades to nothing: who was not seen for years still has a past.
        fading = np.maximum(np.exp2(-age / np.array(self.half_lives)[:, None, None]), 1e-12)
        alike = (age + np.arange(places)[:, None, None, None]) % self.row == 0
        weights: NDArray[np.float64] = fading * np.where(alike, 1.0, np.array(self.off_seasons)[:, None])
        return weights.reshape(places, -1, rows * self.row)


HABITS: Final = {
    Frequency.DAY: Habits((10, 28, 84), (0.15, 0.5), row=7, rows=39, tests=6, ahead=2),
    Frequency.WEEK: Habits((4, 10, 30), (1,), row=1, rows=156, tests=32, ahead=4),
    Frequency.MONTH: Habits((4, 8, 24), (1,), row=1, rows=96, tests=24, ahead=4),
}
