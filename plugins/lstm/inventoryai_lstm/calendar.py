"""Where a period stands in its week, its month and its year."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency

CALENDAR: Final = 12
"""How many numbers say when a period is."""
_YEAR: Final = 365.2425
_MIDDLE: Final = {Frequency.DAY: 0, Frequency.WEEK: 3, Frequency.MONTH: 15}


def calendar_features(frequency: Frequency, ordinals: NDArray[np.int64]) -> NDArray[np.float32]:
    """float32[n, t, CALENDAR], waves of the week, the month and the year.

    A week's place in itself, and a month's in itself, is nothing to be told of: those waves are 0.

    Args:
        frequency: What one period is.
        ordinals: int64[n, t].
    """
    days = frequency.first_days(ordinals) + _MIDDLE[frequency]
    found = np.zeros((*ordinals.shape, CALENDAR), dtype=np.float32)
    year = 2 * np.pi * (days / _YEAR)
    _waves(found[..., 0:4], year, 2)
    if frequency is not Frequency.MONTH:
        months = days.astype("datetime64[D]").astype("datetime64[M]")
        day = days - months.astype("datetime64[D]").astype(np.int64)
        _waves(found[..., 4:6], 2 * np.pi * day / 30.44, 1)
    if frequency is Frequency.DAY:
        _waves(found[..., 6:12], 2 * np.pi * ((days + 3) % 7) / 7, 3)
    return found


def _waves(found: NDArray[np.float32], angle: NDArray[np.float64], harmonics: int) -> None:
    for harmonic in range(harmonics):
        found[..., 2 * harmonic] = np.sin((harmonic + 1) * angle)
        found[..., 2 * harmonic + 1] = np.cos((harmonic + 1) * angle)
