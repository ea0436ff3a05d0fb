"""Lines brought together by product."""

import numpy as np
from numpy.typing import NDArray

from inventoryai_spreadsheets.cells import read_names
from inventoryai_spreadsheets.tables import Table


def first_seen(index: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The distinct values in order of first appearance, and of each entry its place among them."""
    distinct, first, inverse = np.unique(index, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return distinct[order], place[inverse]


def most_frequent(
    table: Table, field: str, sku: NDArray[np.int64], size: int, lines: NDArray[np.bool_]
) -> tuple[str | None, ...]:
    """The most frequent text of a column for each of ``size`` SKUs, of equals the first; None without any.

    Args:
        table: The lines.
        field: Whose column; a field that the file does not have gives None throughout.
        sku: int64[n], the SKU of each line.
        size: How many SKUs there are.
        lines: bool[n], which lines count.
    """
    chosen: list[str | None] = [None] * size
    column = table.columns.get(field)
    if column is not None:
        texts = read_names(column)
        text = texts.index[column.codes]
        counted = lines & np.array([value is not None for value in texts.values], dtype=bool)[text]
        pairs, first, counts = np.unique(
            sku[counted] * len(texts.values) + text[counted], return_index=True, return_counts=True
        )
        for at in np.lexsort((-first, counts)).tolist():
            owner, value = divmod(int(pairs[at]), len(texts.values))
            chosen[owner] = texts.values[value]
    return tuple(chosen)
