"""What is tried, and what is usual, for days, weeks and months."""

from dataclasses import dataclass
from typing import Final

from inventoryai.forecasting import Frequency


@dataclass(frozen=True, slots=True)
class Habits:
    """How the past of one frequency is read.

    Attributes:
        half_lives: Periods after which an observation counts half: those that are tried, the usual one
            in the middle.
        row: Periods that are judged together: a week of days, or a single week or month.
        rows: Rows looked at; what is older weighs next to nothing.
        tests: How many of the last rows are forecast to see which weights are best.
        ahead: How many rows before one of those the last row known to that forecast lies.
        dependence: Correlation of the periods of one future, as long as a history says little of it.
    """

    half_lives: tuple[float, ...]
    row: int
    rows: int
    tests: int
    ahead: int
    dependence: float = 0.25

    @property
    def usual(self) -> float:
        """The half-life of which nobody is surprised."""
        return self.half_lives[len(self.half_lives) // 2]


HABITS: Final = {
    Frequency.DAY: Habits((10, 28, 84), row=7, rows=39, tests=8, ahead=2),
    Frequency.WEEK: Habits((4, 10, 30), row=1, rows=156, tests=26, ahead=4),
    Frequency.MONTH: Habits((4, 8, 24), row=1, rows=96, tests=18, ahead=4),
}
