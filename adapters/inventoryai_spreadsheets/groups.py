"""Lines brought together by product."""

import numpy as np
from numpy.typing import NDArray

from inventoryai_spreadsheets.cells import Names


def first_seen(index: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The distinct values in order of first appearance, and of each entry its place among them."""
    distinct, first, inverse = np.unique(index, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return distinct[order], place[inverse]


def most_frequent(
    names: Names, sku: NDArray[np.int64], size: int, lines: NDArray[np.bool_]
) -> list[str | None]:
    """The most frequent name of each of ``size`` SKUs, of equals the first; None where there is none.

    Args:
        names: The names of the n lines.
        sku: int64[n], the SKU of each line.
        size: How many SKUs there are.
        lines: bool[n], which lines count.
    """
    chosen: list[str | None] = [None] * size
    given = np.array([value is not None for value in names.values], dtype=bool)
    counted = lines & given[names.index]
    pairs, first, counts = np.unique(
        sku[counted] * len(names.values) + names.index[counted], return_index=True, return_counts=True
    )
    for at in np.lexsort((-first, counts)).tolist():
        owner, value = divmod(int(pairs[at]), len(names.values))
        chosen[owner] = names.values[value]
    return chosen
