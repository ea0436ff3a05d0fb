"""From dated lines to a panel: which periods count, where each product begins, what a gap means."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.panel import Panel

Days = NDArray[np.integer]
Products = NDArray[np.integer]

_MOSTLY: Final = 0.5
"""A week or month of which this share of the days is unknown says too little to be used."""


def as_of_day(last_day: int, today: int) -> int:
    """The first day that a forecast knows nothing of.

    It is the day after the last day with sales. When that is today, today is unfinished and left out;
    so are lines dated in the future.

    Args:
        last_day: The last day with any live sales line of the company.
        today: The company's today. Both in days since 1970-01-01.
    """
    return min(last_day + 1, today)


def one_date_a_period(product: Products, day: Days, frequency: Frequency) -> bool:
    """Whether no product has two dates inside one period: the lines are already at that frequency.

    Args:
        product: int[m], the product of each line.
        day: int[m], days since 1970-01-01.
        frequency: What one period is.
    """
    if frequency is Frequency.DAY:
        return True
    return _distinct(_key(product, day)) == _distinct(_key(product, frequency.of_days(day)))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where all histories of a company begin and end. Made once a run and shared by all its chunks.

    Attributes:
        frequency: What one period is.
        as_of: Days since 1970-01-01; lines of this day and later are left out.
        end: Ordinal of the first period after the history, which is the first that is forecast.
        begins: The first day with any line of a live import of the company, where its first week or month may
            have begun before: of that, the days before are unknown. None where all periods are complete.
    """

    frequency: Frequency
    as_of: int
    end: int
    begins: int | None = None

    @classmethod
    def closing(cls, frequency: Frequency, as_of: int, last_complete_line: int | None = None) -> Self:
        """The calendar of a company whose data is known up to ``as_of``.

        A last week or month that is not over by ``as_of`` is dropped.

        Args:
            frequency: What one period is.
            as_of: The first day that is not known.
            last_complete_line: For lines that are already at this frequency (``one_date_a_period``), the
                day of the last one before ``as_of``: its period is complete whatever the calendar says.
        """
        end = frequency.of_day(as_of)
        if last_complete_line is not None:
            end = max(end, frequency.of_day(last_complete_line) + 1)
        return cls(frequency, as_of, end)

    @classmethod
    def of_lines(cls, product: Products, day: Days, *, frequency: Frequency, as_of: int) -> Self:
        """The calendar of lines that are all at hand; arguments as in ``assemble_panel``."""
        before = day < as_of
        if not before.any():
            return cls.closing(frequency, as_of)
        if one_date_a_period(product[before], day[before], frequency):
            return cls.closing(frequency, as_of, int(day[before].max()))
        return replace(cls.closing(frequency, as_of), begins=int(day[before].min()))

    def begun(self, day: Days) -> NDArray[np.bool_]:
        """bool[m], whether the company's data had begun on each of these days."""
        return np.ones(len(day), dtype=np.bool_) if self.begins is None else day >= self.begins

    def days_before(self) -> tuple[int, int]:
        """The first period of the company, and how many of its days came before the company's first line."""
        if self.begins is None:
            return self.end, 0
        period = self.frequency.of_day(self.begins)
        return period, self.begins - self.frequency.first_day(period)


def assemble_panel(
    product: Products,
    day: Days,
    quantity: NDArray[np.float64],
    count: int,
    *,
    calendar: Calendar,
    unknown: tuple[Products, Days] | None = None,
) -> Panel:
    """Lines of demand, summed into one history a product.

    A product begins at its first line, a line of 0 included; periods without a line are 0 from there
    to the end, which is the same for all. In the first week or month of the company, the days before its
    first line are unknown: whoever exports from the 20th on has sold before. A product without a line has a
    history of length 0, or one of which nothing is known if all its days since the first unknown one are
    unknown. A week or month with some unknown days stands for its known ones, and is NaN when half of it is
    unknown, unless it is the company's first and the only one.

    Args:
        product: int[m], index of each line's product, below ``count``.
        day: int[m], days since 1970-01-01. Lines may come in any order.
        quantity: float64[m], demand, at least 0.
        count: How many products the panel has.
        calendar: Where the histories end; the company's, when the lines are those of some products.
        unknown: Products and days, as above, whose demand is not known although the shop was open:
            what was sold on them does not count.
    """
    known = day < calendar.as_of
    hidden = _distinct_before(unknown, calendar.as_of)
    starts = _first_periods(product[known], day[known], count, calendar)
    starts = np.where(starts < calendar.end, starts, _never_known(*hidden, count, calendar))
    cells = _Cells(starts, calendar)
    visible = known & _absent(_key(*hidden), product, day)
    values = cells.sum(product[visible], day[visible], quantity[visible])
    since = calendar.begun(hidden[1])
    missing = cells.sum(hidden[0][since], hidden[1][since], np.ones(since.sum()))
    return Panel(cells.corrected(values, missing), cells.offsets, starts, calendar.frequency)


def _key(product: Products, day: Days) -> NDArray[np.int64]:
    """A number of its own for each pair of a product and a day."""
    key: NDArray[np.int64] = product.astype(np.int64) * (1 << 32) + day.astype(np.int64)
    return key


def _distinct(keys: NDArray[np.int64]) -> int:
    """How many different keys there are; several times as fast as asking ``numpy.unique`` for them."""
    return int(np.count_nonzero(np.diff(np.sort(keys)))) + min(1, len(keys))


def _absent(keys: NDArray[np.int64], product: Products, day: Days) -> NDArray[np.bool_]:
    """bool[m], whether the pair of each line is not among the keys, which rise."""
    if not len(keys):
        return np.ones(len(product), dtype=np.bool_)
    sought = _key(product, day)
    place = np.minimum(np.searchsorted(keys, sought), len(keys) - 1)
    return np.not_equal(keys[place], sought)


def _distinct_before(
    unknown: tuple[Products, Days] | None, as_of: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The unknown pairs of a product and a day before ``as_of``, each once."""
    if unknown is None:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    product, day = (column.astype(np.int64)[unknown[1] < as_of] for column in unknown)
    first = np.unique(_key(product, day), return_index=True)[1]
    return product[first], day[first]


def _first_periods(product: Products, day: Days, count: int, calendar: Calendar) -> NDArray[np.int64]:
    """int64[count], the period of each product's first line, or the end where there is none before it."""
    first = np.full(count, calendar.end, dtype=np.int64)
    np.minimum.at(first, product, calendar.frequency.of_days(day))
    return first


def _never_known(
    product: NDArray[np.int64], day: NDArray[np.int64], count: int, calendar: Calendar
) -> NDArray[np.int64]:
    """int64[count], the first whole period of the products whose days are unknown from the first of them on.

    It is the end where there is none, or where a day after the first unknown one is known.
    """
    first = np.full(count, calendar.as_of, dtype=np.int64)
    np.minimum.at(first, product, day)
    always = np.bincount(product, minlength=count) == calendar.as_of - first
    period = calendar.frequency.of_days(first - 1) + 1
    return np.where(always, np.minimum(period, calendar.end), calendar.end)


class _Cells:
    """The periods of all products, end to end, as places to add to."""

    def __init__(self, starts: NDArray[np.int64], calendar: Calendar) -> None:
        self.calendar = calendar
        self.starts = starts
        lengths = calendar.end - starts
        self.offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])

    def sum(self, product: Products, day: Days, amount: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[total], the amounts of each cell added up; those outside every history are left out."""
        period = self.calendar.frequency.of_days(day)
        inside = (period >= self.starts[product]) & (period < self.calendar.end)
        cell = (self.offsets[:-1] - self.starts)[product] + period
        total = int(self.offsets[-1])
        return np.bincount(cell[inside], weights=amount[inside], minlength=total).astype(np.float64)

    def before(self) -> NDArray[np.float64]:
        """float64[total], how many days of each cell lie before the company's first line."""
        days = np.zeros(int(self.offsets[-1]))
        period, missing = self.calendar.days_before()
        days[self.offsets[:-1][(self.starts == period) & (np.diff(self.offsets) > 0)]] = missing
        return days

    def corrected(self, values: NDArray[np.float64], missing: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sums as they would be had no day been unknown, and none been before the company's first line.

        Args:
            values: float64[total], sums over the known days of each cell.
            missing: float64[total], how many of its days since that line are unknown.
        """
        before = self.before()
        if not missing.any() and not before.any():
            return values
        frequency = self.calendar.frequency
        lengths = np.diff(self.offsets)
        ordinal = np.arange(len(values)) + np.repeat(self.starts - self.offsets[:-1], lengths)
        days = frequency.first_days(ordinal + 1) - frequency.first_days(ordinal)
        # Of a young company, a part of its first week or month is all there is, and better than nothing.
        alone = np.repeat(lengths == 1, lengths) & (missing < _MOSTLY * (days - before))
        enough = (missing + before < _MOSTLY * days) | alone
        share = np.where(enough, (days - missing - before) / days, np.nan)
        whole: NDArray[np.float64] = values / share
        return whole
