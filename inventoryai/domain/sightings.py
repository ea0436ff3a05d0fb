"""When somebody saw an empty shelf, and when there were goods on it: all that a ledger proves of stock.

A count tells what was there, and goods that came show that there were some. What was taken away shows
nothing: sales are not in the ledger, so a sum of changes since the last count is no proof of an empty
shelf.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

_DAY: Final = 86_400
_QUARTER: Final = 900
"""Seconds. For half a century, clocks have been changed on a quarter of an hour and at no other moment."""


@dataclass(frozen=True, slots=True, eq=False)
class StockSightings:
    """What was seen of products, sorted by product and then by moment.

    Attributes:
        product: int32[m], index into the products that were asked for.
        day: int32[m], days since 1970-01-01, in the company's time zone.
        empty: bool[m], whether a count found nothing; else there were goods.
    """

    product: NDArray[np.int32]
    day: NDArray[np.int32]
    empty: NDArray[np.bool_]

    @classmethod
    def of(cls, seen: Sequence[tuple[int, int, bool]]) -> Self:
        """Product, day and whether the shelf was empty: for tests, examples and small numbers."""
        product, day, empty = zip(*seen, strict=True) if seen else ((), (), ())
        return cls(np.array(product, np.int32), np.array(day, np.int32), np.array(empty, np.bool_))

    def __len__(self) -> int:
        return len(self.product)

    def before(self, day: int) -> Self:
        """What was seen before a day."""
        early = self.day < day
        return type(self)(self.product[early], self.day[early], self.empty[early])


def local_days(seconds: NDArray[np.int64], zone: tzinfo) -> NDArray[np.int32]:
    """The day that each moment belongs to in a time zone.

    Args:
        seconds: int64[m], whole seconds since 1970-01-01 in UTC, rounded down.
        zone: Where the day is looked up.

    Returns:
        int32[m], days since 1970-01-01.
    """
    quarters, place = np.unique(seconds // _QUARTER, return_inverse=True)
    offsets = np.array([_offset(quarter * _QUARTER, zone) for quarter in quarters.tolist()], dtype=np.int64)
    days: NDArray[np.int32] = ((seconds + offsets[place]) // _DAY).astype(np.int32)
    return days


def _offset(second: int, zone: tzinfo) -> int:
    """By how many seconds the clocks of a time zone are ahead of UTC at a moment."""
    ahead = datetime.fromtimestamp(second, zone).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds())
