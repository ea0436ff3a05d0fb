"""Promotions and holidays: a flagged day is like other flagged days, and an ordinary one like the others."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import HOLIDAY, PROMOTION, Panel

Floats = NDArray[np.float64]

FLAGS: Final = frozenset({HOLIDAY, PROMOTION})
_DOUBT: Final = 3.0
"""How many periods with the flags of a step it takes for them to count for half of its forecast."""


@dataclass(frozen=True, slots=True)
class Flags:
    """Which flags a period carries, as one number a period.

    Attributes:
        past: int[n, t], the flags of the last periods.
        future: int[n, h], the flags of those to come.
    """

    past: NDArray[np.int64]
    future: NDArray[np.int64]

    @classmethod
    def of(cls, panel: Panel, periods: int, horizon: int) -> Self | None:
        """The flags of the last periods; None where the panel says nothing of past or future, or no flag."""
        names = [
            name
            for name in sorted(FLAGS & panel.covariates.keys() & panel.future.keys())
            if panel.future[name].shape[1] >= horizon
        ]
        past = np.zeros((len(panel), periods), dtype=np.int64)
        future = np.zeros((len(panel), horizon), dtype=np.int64)
        for bit, name in enumerate(names):
            flagged = (panel.covariates[name] > 0).astype(np.float64)
            past += (replace(panel, values=flagged).tail(periods) > 0) << bit
            future += (panel.future[name][:, :horizon] > 0) << bit
        return cls(past, future) if past.any() or future.any() else None

    def weighted(self, weights: Floats, flags: int) -> Floats:
        """The weights float64[n, v, t] for a step with some flags: past periods with the same count more.

        The two kinds of periods keep their weights among themselves. Those of the same flags count
        n / (n + 3) of the whole when there are n of them, and the others the rest.
        """
        same = (self.past == flags)[:, None]
        count = np.sum(same & (weights > 0), axis=2).max(axis=1)[:, None, None]
        alike, others = (np.sum(weights * some, axis=(1, 2), keepdims=True) for some in (same, ~same))
        share = np.where(others > 0, count / (count + _DOUBT), 1.0)
        each = share / np.where(alike > 0, alike, 1.0), (1 - share) / np.where(others > 0, others, 1.0)
        return weights * np.where(same, *each)
