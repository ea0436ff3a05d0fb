"""Series to learn from: cut anywhere into a past and what came after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import HOLIDAY, PROMOTION, Frequency, Panel
from inventoryai_lstm.histories import CONTEXT, REACH, Floats, Histories, covariate

SHORTEST: Final = 10
"""Periods of the past that every cut leaves: what the engine asks for."""
FOLLOWING: Final = 2
"""Periods that follow every cut, at least."""
_TOLD: Final = 0.6
"""The share of cuts whose covariates are shown, so that the network can do with and without them."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Some pasts, and what came after each: float64[n, h], NaN where nobody knows."""

    histories: Histories
    actual: Floats

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Samples of one frequency and size, as one."""
        first = parts[0].histories

        def joined(name: str) -> NDArray[np.float64]:
            return np.concatenate([getattr(part.histories, name) for part in parts])

        histories = Histories(
            demand=joined("demand"),
            promotion=joined("promotion"),
            holiday=joined("holiday"),
            ends=np.concatenate([part.histories.ends for part in parts]),
            frequency=first.frequency,
            horizon=first.horizon,
        )
        return cls(histories, np.concatenate([part.actual for part in parts]))


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Series of one frequency that end together.

    Attributes:
        demand: float64[n, t], NaN before the first sale and where unknown.
        promotion: float64[n, t].
        holiday: float64[n, t].
        end: The ordinal after the last period.
        frequency: What one period is.
        honest: Whether the calendar means what it says; it does not where days were packed together.
    """

    demand: Floats
    promotion: Floats
    holiday: Floats
    end: int
    frequency: Frequency
    honest: bool = True

    @classmethod
    def of(cls, panel: Panel, until: int = 0) -> Self:
        """The products of a panel, without its last ``until`` periods."""
        longest = int(panel.lengths.max())
        return cls(
            demand=panel.tail(longest)[:, : longest - until],
            promotion=covariate(panel, PROMOTION, longest, 0)[:, : longest - until],
            holiday=covariate(panel, HOLIDAY, longest, 0)[:, : longest - until],
            end=panel.end - until,
            frequency=panel.frequency,
        )

    def begins(self) -> NDArray[np.int64]:
        """int64[n], the place of each first known period; that of the end where there is none."""
        known = ~np.isnan(self.demand)
        begins: NDArray[np.int64] = np.where(known.any(axis=1), np.argmax(known, axis=1), known.shape[1])
        return begins

    def known(self) -> NDArray[np.int64]:
        """int64[n], how many periods there are from the first known one on."""
        known: NDArray[np.int64] = self.demand.shape[1] - self.begins()
        return known

    def reach(self) -> int:
        """Periods of the past that a cut shows: as many as the engine looks at, where there are so many."""
        there = int(self.demand.shape[1])
        return max(CONTEXT[self.frequency], min(REACH[self.frequency], there))

    def sample(self, random: np.random.Generator, count: int, horizon: int, reach: int) -> Sample:
        """So many cuts of products that are drawn with the same chance.

        Raises:
            ValueError: No product is long enough.
        """
        periods, begins, follow = self.demand.shape[1], self.begins(), max(FOLLOWING, horizon // 4)
        able = np.flatnonzero(periods - begins >= SHORTEST + follow)
        if not len(able):
            raise ValueError("no series is long enough to be cut")
        rows = able[random.integers(0, len(able), count)]
        low, high = begins[rows] + SHORTEST, periods - follow
        # Most cuts are late: there the past is long.
        cuts = high - np.floor((high - low + 1) * random.random(count) ** 1.3).astype(np.int64)
        shown = random.random((count, 1)) < _TOLD
        shift = np.zeros(count, dtype=np.int64) if self.honest else random.integers(0, 52, count)
        return self.cut(rows, np.clip(cuts, low, high), (reach, horizon), shown=shown, shift=shift)

    def cut(
        self,
        rows: NDArray[np.int64],
        cuts: NDArray[np.int64],
        size: tuple[int, int],
        *,
        shown: NDArray[np.bool_] | bool = True,
        shift: NDArray[np.int64] | int = 0,
    ) -> Sample:
        """Series cut at their places: so many periods before, and so many after.

        Args:
            rows: int64[m], the series.
            cuts: int64[m], the place of the first period that is to come.
            size: Periods of the past, and of the future.
            shown: bool[m, 1], whose covariates are told.
            shift: int64[m], how much later than it was each cut is told to be.
        """
        reach, horizon = size
        periods = self.demand.shape[1]
        place = cuts[:, None] + np.arange(-reach, horizon)
        inside = (place >= 0) & (place < periods)
        where = (rows[:, None], np.clip(place, 0, periods - 1))
        demand = np.where(inside, self.demand[where], np.nan)
        histories = Histories(
            demand=demand[:, :reach].copy(),
            promotion=np.where(inside & shown, self.promotion[where], 0.0),
            holiday=np.where(inside & shown, self.holiday[where], 0.0),
            ends=self.end - periods + cuts + shift,
            frequency=self.frequency,
            horizon=horizon,
        )
        return Sample(histories, demand[:, reach:].copy())
