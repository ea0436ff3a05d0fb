"""Days, weeks and months as whole numbers, so that time is a column like any other.

A day is the number of days since 1970-01-01. A week is ISO, from Monday to Sunday, and week 0 is the
one that holds 1970-01-01. A month is ``year * 12 + month - 1``.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_DAY_0: Final = date(1970, 1, 1)
_FIRST_MONDAY: Final = -3
"""1969-12-29, the Monday of week 0, as a day."""
_MONTHS_TO_1970: Final = 1970 * 12

_SEASONS: Final = {"day": 7, "week": 52, "month": 12}


def as_date(day: int) -> date:
    """The date of a day."""
    return _DAY_0 + timedelta(days=day)


def as_day(when: date) -> int:
    """The day of a date."""
    return (when - _DAY_0).days


class Frequency(StrEnum):
    """How long one period of a history or a forecast is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def season(self) -> int:
        """How many periods make the season that sales follow: 7 days, 52 weeks, 12 months."""
        return _SEASONS[self.value]

    def of_days(self, days: ArrayLike) -> NDArray[np.int64]:
        """The period that holds each day.

        Args:
            days: Days since 1970-01-01, of any shape.

        Returns:
            int64 ordinals, of the same shape.
        """
        day = np.asarray(days, dtype=np.int64)
        if self is Frequency.DAY:
            return day
        if self is Frequency.WEEK:
            week: NDArray[np.int64] = (day - _FIRST_MONDAY) // 7
            return week
        months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        month: NDArray[np.int64] = months + _MONTHS_TO_1970
        return month

    def first_days(self, ordinals: ArrayLike) -> NDArray[np.int64]:
        """The first day of each period, in days since 1970-01-01; the inverse of ``of_days``."""
        ordinal = np.asarray(ordinals, dtype=np.int64)
        if self is Frequency.DAY:
            return ordinal
        if self is Frequency.WEEK:
            monday: NDArray[np.int64] = ordinal * 7 + _FIRST_MONDAY
            return monday
        months = (ordinal - _MONTHS_TO_1970).astype("datetime64[M]")
        first: NDArray[np.int64] = months.astype("datetime64[D]").astype(np.int64)
        return first

    def of_day(self, day: int) -> int:
        """The period that holds one day."""
        return int(self.of_days(day))

    def first_day(self, ordinal: int) -> int:
        """The first day of one period, in days since 1970-01-01."""
        return int(self.first_days(ordinal))
