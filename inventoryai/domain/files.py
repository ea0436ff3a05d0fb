"""Files of sales and of stock: what reading one gives.

A file is judged as a whole first. What is wrong with the whole of it is raised (``unreadable``) and
nothing is taken from it; what is wrong with one line (``sales.LineProblem``) is recorded, and the
other lines are taken.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.periods import as_date
from inventoryai.domain.sales import SalesColumns

DateOrder = Literal["day_first", "month_first"]
DATE_ORDERS: Final[tuple[DateOrder, ...]] = ("day_first", "month_first")

SALES_FIELDS: Final = (
    "date",
    "sku",
    "quantity",
    "unit_price",
    "amount",
    "name",
    "category",
    "external_id",
)
"""The fields of a sales file, the first three of which it must have."""

STOCK_FIELDS: Final = ("sku", "on_hand", "date")
"""The fields of a stock file, the first two of which it must have."""

NO_DAY: Final = np.iinfo(np.int32).min
"""The day of a stock line that names none."""

RECORDED_PROBLEMS: Final = 100_000
"""How many faulty lines are recorded; those beyond are counted."""

VALUE_LENGTH: Final = 200
"""How much of a faulty value is recorded, in characters."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file turned out to be written.

    Attributes:
        encoding: ``utf-8``, ``utf-8-sig``, ``utf-16`` or ``cp1252``.
        compressed: Whether it came gzipped.
        delimiter: The character between fields.
        decimal: The decimal separator, ``.`` or ``,``.
        thousands: The thousands separator that was seen, if any.
        date_order: ``day_first`` or ``month_first``; None where every date says it by itself.
        columns: Field to header, as written in the file.
    """

    encoding: str
    compressed: bool
    delimiter: str
    decimal: str
    thousands: str | None
    date_order: DateOrder | None
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class LineProblems:
    """The lines that were not taken, in the order of the file, one problem each.

    Attributes:
        line: int64[k], the physical line where the record starts; k is at most ``RECORDED_PROBLEMS``.
        code: str[k], the code of a ``LineProblem``.
        column: str[k], the header of the faulty column; empty where the whole line is meant.
        value: str[k], what was written there, cut to ``VALUE_LENGTH`` characters.
        counts: How many lines were rejected for each code: all of them, recorded or not.
    """

    line: NDArray[np.int64]
    code: tuple[str, ...]
    column: tuple[str, ...]
    value: tuple[str, ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        """How many lines were rejected, exactly."""
        return sum(self.counts.values())

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, slots=True)
class ParsedSales:
    """A sales file as understood: ``rows`` = ``accepted`` + ``rejected`` + the sum of ``ignored``.

    Attributes:
        columns: The accepted lines.
        names: str[s], the most frequent name of each of ``columns.skus``, where there is one.
        categories: str[s], likewise.
        has_price: Whether the file has a unit price or an amount; without, revenue is 0 throughout.
        rows: Records below the header, blank lines not counted.
        ignored: Lines understood and left out on purpose, by the code of the reason.
        not_products: The codes taken for till keys, sorted.
        problems: The lines that could not be taken.
        dialect: How the file is written.
    """

    columns: SalesColumns
    names: tuple[str | None, ...]
    categories: tuple[str | None, ...]
    has_price: bool
    rows: int
    ignored: dict[str, int]
    not_products: tuple[str, ...]
    problems: LineProblems
    dialect: Dialect

    @property
    def accepted(self) -> int:
        """How many lines were taken."""
        return len(self.columns)

    @property
    def rejected(self) -> int:
        """How many lines could not be taken."""
        return self.problems.rejected

    @property
    def first_day(self) -> date | None:
        """The earliest day of an accepted line."""
        return as_date(int(self.columns.day.min())) if len(self.columns) else None

    @property
    def last_day(self) -> date | None:
        """The latest day of an accepted line."""
        return as_date(int(self.columns.day.max())) if len(self.columns) else None


@dataclass(frozen=True, slots=True)
class StockColumns:
    """Counts of stock, column by column; every array has one entry a line.

    Attributes:
        skus: The distinct SKUs, in order of first appearance.
        sku: int32[n], index into ``skus``.
        on_hand: int64[n], thousandths of a unit, at least 0.
        day: int32[n], days since 1970-01-01, or ``NO_DAY``.
        line: int64[n], physical line where the record starts, the header being 1.
    """

    skus: tuple[str, ...]
    sku: NDArray[np.int32]
    on_hand: NDArray[np.int64]
    day: NDArray[np.int32]
    line: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sku)

    def latest(self) -> "StockColumns":
        """One line a SKU: a count says how things stand, so the latest replaces those before it.

        The latest is the one of the last day, a line without a day counting as the earliest; of one
        day it is the last in the file.
        """
        return self._chosen(self._last_of(self.sku))

    def daily(self) -> "StockColumns":
        """One line a SKU and day, the last in the file, sorted by SKU and day: what was seen over time.

        A line without a day counts only for a SKU of which no line has one.
        """
        lines = self._last_of(self.sku, self.day)
        undated, sku = self.day[lines] == NO_DAY, self.sku[lines]
        dated = np.zeros(len(self.skus), dtype=np.bool_)
        dated[sku[~undated]] = True
        return self._chosen(lines[~(undated & dated[sku])])

    def _last_of(self, *columns: NDArray[np.int32]) -> NDArray[np.intp]:
        """The latest of the lines that have the same in these columns, which go from SKU to day."""
        order = np.lexsort((self.line, self.day, self.sku))
        if not len(order):
            return order
        changes = np.any([np.diff(column[order]) != 0 for column in columns], axis=0)
        latest: NDArray[np.intp] = order[np.append(changes, True)]
        return latest

    def _chosen(self, lines: NDArray[np.intp]) -> "StockColumns":
        sku, on_hand, day = self.sku[lines], self.on_hand[lines], self.day[lines]
        return StockColumns(self.skus, sku, on_hand, day, self.line[lines])


@dataclass(frozen=True, slots=True)
class ParsedStock:
    """A stock file as understood: ``rows`` = ``accepted`` + ``rejected``."""

    columns: StockColumns
    rows: int
    problems: LineProblems
    dialect: Dialect

    @property
    def accepted(self) -> int:
        """How many lines were taken."""
        return len(self.columns)

    @property
    def rejected(self) -> int:
        """How many lines could not be taken."""
        return self.problems.rejected
