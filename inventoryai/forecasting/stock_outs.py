"""Days without stock and without a sale: nobody knows what would have sold, so they are not days of 0."""

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.periods import Frequency
from inventoryai.domain.sightings import StockSightings
from inventoryai.forecasting.assembly import Calendar, Days, Products, one_date_a_period

Ints = NDArray[np.int64]

_WIDE = 1 << 32


def stock_out_days(
    seen: StockSightings,
    product: Products,
    day: Days,
    quantity: NDArray[np.float64],
    *,
    calendar: Calendar,
) -> tuple[Ints, Ints]:
    """The days on which a product could not sell, for ``assemble_panel`` to take as unknown.

    They go from the day of a count that found nothing to the day before goods were seen, or sold, again;
    to the end of the history if neither happened. The day of the count is one of them unless something
    was sold on it or there were goods at another moment of it: what was missing in the evening, without a
    sale, was missing in the morning. A sale always shows that there was stock.

    Where lines are one for each week or month of the calendar, the date of a line is not that of a sale:
    then whatever is sold in a period was sold throughout it.

    Args:
        seen: What is known of the stock.
        product: int[m], index of each line's product.
        day: int[m], days since 1970-01-01. Lines may come in any order.
        quantity: float64[m], demand.
        calendar: Where the histories end.

    Returns:
        int64[k] products and int64[k] days before ``calendar.as_of``, each pair once.
    """
    emptied, start, end = _empty_spells(seen.before(calendar.as_of), calendar.as_of)
    if not len(emptied):
        return emptied, start
    known = day < calendar.as_of
    sold = known & (quantity > 0)
    whole = one_date_a_period(product[known], day[known], calendar.frequency)
    frequency = calendar.frequency if whole else Frequency.DAY
    sales = np.unique(_key(product[sold], frequency.of_days(day[sold])))
    period = frequency.of_days(start)
    start = np.where(_among(sales, _key(emptied, period)), frequency.first_days(period + 1), start)
    end = np.minimum(end, _next_sale(sales, emptied, period, frequency, calendar.as_of))
    return _days_of(emptied, start, end)


def _key(product: Products, period: Days) -> Ints:
    """A number of its own for each product and period, in their order; no period is below -2^31."""
    key: Ints = product.astype(np.int64) * _WIDE + (period.astype(np.int64) + _WIDE // 2)
    return key


def _empty_spells(seen: StockSightings, until: int) -> tuple[Ints, Ints, Ints]:
    """Product, first day and the day after the last of each stretch for which a shelf stayed empty.

    One begins with every day at the end of which the shelf was last seen empty, and ends with the next
    day that anything was seen on: an empty shelf seen twice makes two stretches, one after the other.
    """
    product, day = seen.product.astype(np.int64), seen.day.astype(np.int64)
    if not len(seen):
        return product, day, day
    other = (np.diff(product) != 0) | (np.diff(day) != 0)
    first, last = np.flatnonzero(np.r_[True, other]), np.flatnonzero(np.r_[other, True])
    goods = np.add.reduceat(~seen.empty, first, dtype=np.int64) > 0
    same = np.r_[product[first[1:]] == product[first[:-1]], False]
    following = np.where(same, np.r_[day[first[1:]], until], until)
    emptied = seen.empty[last]
    start = day[first] + goods
    return product[first][emptied], start[emptied], following[emptied]


def _among(keys: Ints, sought: Ints) -> NDArray[np.bool_]:
    """bool[m], whether each is one of the keys, which rise."""
    found: NDArray[np.bool_] = np.searchsorted(keys, sought, "right") > np.searchsorted(keys, sought, "left")
    return found


def _next_sale(sales: Ints, product: Ints, period: Ints, frequency: Frequency, until: int) -> Ints:
    """int64[m], the first day of the next period with a sale of the product; ``until`` without one."""
    place = np.searchsorted(sales, _key(product, period), "right")
    following = np.append(sales, -1)[place]
    sold_again = frequency.first_days(following % _WIDE - _WIDE // 2)
    day: Ints = np.where(following // _WIDE == product, sold_again, until)
    return day


def _days_of(product: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Every day of every stretch."""
    lengths = np.maximum(end - start, 0)
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.repeat(product, lengths), np.repeat(start, lengths) + within
