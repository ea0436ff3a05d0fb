"""What is tried, and what is usual, for days, weeks and months."""

from dataclasses import dataclass, replace
from typing import Final, Self

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


HABITS: Final = {
    Frequency.DAY: Habits((10, 28, 84), (0.15, 0.5), row=7, rows=52, tests=8, ahead=2),
    Frequency.WEEK: Habits((4, 10, 30), (1,), row=1, rows=156, tests=32, ahead=4),
    Frequency.MONTH: Habits((4, 8, 24), (1,), row=1, rows=96, tests=24, ahead=4),
}
