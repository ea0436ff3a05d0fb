"""Which quantiles of a law go into a table, and how they are read off a distribution function."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventoryai_intermittent.futures import PATHS
from inventoryai_intermittent.windows import Matrix, Vector


@dataclass(frozen=True, slots=True)
class Nodes:
    """Every ``stride``-th of the levels (j + ½) / PATHS, from the ``first`` on.

    Laws that share a table take turns: the merged quantiles of all are those of their mixture in equal
    parts, and laws that agree give exactly the table that either would give alone.
    """

    first: int = 0
    stride: int = 1

    @property
    def levels(self) -> Vector:
        """float64[k], the levels, rising."""
        return (np.arange(self.first, PATHS, self.stride) + 0.5) / PATHS

    def reached(self, shares: Matrix) -> NDArray[np.int64]:
        """int64[N, k], for each level the first column whose share reaches it.

        Args:
            shares: float64[N, c], a distribution function, rising to 1; the last column may be short of it.
        """
        count = len(range(self.first, PATHS, self.stride))
        # A column passes all levels up to its share. The allowance is for rounding.
        passed = np.ceil((shares * PATHS - (0.5 + self.first)) / self.stride - 1e-9).astype(np.int64)
        np.clip(passed, 0, count, out=passed)
        rows = len(shares)
        passed += np.arange(rows)[:, None] * (count + 1)
        tally = np.bincount(passed.ravel(), minlength=rows * (count + 1)).reshape(rows, -1)
        place = np.cumsum(tally[:, :count], axis=1)
        reached: NDArray[np.int64] = np.minimum(place, shares.shape[1] - 1)
        return reached


def merged(*tables: Matrix) -> NDArray[np.float32]:
    """float32[N, PATHS], rising: the mixture of laws that took turns."""
    entries = np.empty((len(tables[0]), sum(table.shape[1] for table in tables)), dtype=np.float32)
    start = 0
    for table in tables:
        entries[:, start : start + table.shape[1]] = table
        start += table.shape[1]
    entries.sort(axis=1)
    return entries
