"""Sales as columns, and what a line of a sales file may get wrong.

Sales cross every boundary as numpy columns, never as one Python object a line: a year of a
shop's till is half a million of them.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.errors import Invalid

THOUSANDTHS: Final = 1000
"""Quantities are whole thousandths of a unit: exact for kilograms and litres."""


@dataclass(frozen=True, slots=True)
class SalesColumns:
    """Sales lines, column by column; every array has one entry a line.

    Attributes:
        skus: The distinct SKUs, in order of first appearance.
        sku: int32[n], index into ``skus``.
        day: int32[n], days since 1970-01-01, in the company's time zone.
        quantity: int64[n], thousandths of a unit; negative for a return.
        revenue: int64[n], minor units of the company's currency; negative for a return, 0 if unknown.
        line: int64[n], physical line where the record starts in the file, the header being 1.
    """

    skus: tuple[str, ...]
    sku: NDArray[np.int32]
    day: NDArray[np.int32]
    quantity: NDArray[np.int64]
    revenue: NDArray[np.int64]
    line: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sku)


@dataclass(frozen=True, slots=True)
class DailyTotals:
    """What was sold and returned of each product on each day, sorted by (sku, day), each pair once.

    Attributes:
        skus: The distinct SKUs.
        sku: int32[m], index into ``skus``.
        day: int32[m], days since 1970-01-01.
        sold: int64[m], thousandths, at least 0.
        returned: int64[m], thousandths, at least 0.
        revenue: int64[m], minor units.
    """

    skus: tuple[str, ...]
    sku: NDArray[np.int32]
    day: NDArray[np.int32]
    sold: NDArray[np.int64]
    returned: NDArray[np.int64]
    revenue: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sku)

    def demand(self) -> NDArray[np.float64]:
        """float64[m], units: what was wanted that day, max(0, sold - returned)."""
        demand: NDArray[np.float64] = np.maximum(self.sold - self.returned, 0) / THOUSANDTHS
        return demand


def daily_totals(lines: SalesColumns) -> DailyTotals:
    """Lines of one file summed by product and day.

    A day's returns are kept apart from its sales, so that an order cancelled on the same day
    leaves no demand behind, and a return of last week's goods does not turn demand negative.
    """
    order = np.lexsort((lines.day, lines.sku))
    sku, day, quantity = lines.sku[order], lines.day[order], lines.quantity[order]
    first = np.empty(len(order), dtype=bool)
    first[:1] = True
    first[1:] = (sku[1:] != sku[:-1]) | (day[1:] != day[:-1])
    starts = np.flatnonzero(first)
    if not len(starts):
        none = np.empty(0, dtype=np.int64)
        return DailyTotals(lines.skus, lines.sku[:0], lines.day[:0], none, none, none)
    return DailyTotals(
        skus=lines.skus,
        sku=sku[starts],
        day=day[starts],
        sold=np.add.reduceat(np.maximum(quantity, 0), starts),
        returned=np.add.reduceat(np.maximum(-quantity, 0), starts),
        revenue=np.add.reduceat(lines.revenue[order], starts),
    )


class LineProblem(Invalid):
    """Something wrong with one line of a file; recorded with the import, never raised."""

    column: ClassVar[str] = ""
    """The field that is wrong, where the code alone says it."""
