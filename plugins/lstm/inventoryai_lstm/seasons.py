"""What the same weekday, week or month brought before."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Frequency
from inventoryai_lstm.histories import Floats

_YEARS: Final = {Frequency.DAY: 364, Frequency.WEEK: 52, Frequency.MONTH: 12}
_NEAR: Final = {Frequency.DAY: 3, Frequency.WEEK: 1, Frequency.MONTH: 0}
"""Periods to either side of the one a year ago that are read with it."""
_POOLED: Final = {Frequency.DAY: 7, Frequency.WEEK: 4, Frequency.MONTH: 3}
"""Periods that are summed, to see whether they go together."""
_ENOUGH: Final = 4
"""Sums of which something can be said."""
_FADING: Final = {Frequency.DAY: 10.0, Frequency.WEEK: 2.0, Frequency.MONTH: 3.0}
"""Seasons after which a season counts half."""
_PRIOR: Final = 1.0
"""How many seasons at the usual level are believed in beside those that were seen."""


def phase_means(
    frequency: Frequency, demand: Floats, known: NDArray[np.bool_], horizon: int
) -> tuple[Floats, Floats]:
    """Mean demand and share of periods with any, at the same place of the season.

    Args:
        frequency: What one period is.
        demand: float64[n, t], 0 where unknown.
        known: bool[n, t].
        horizon: Periods to come.

    Returns:
        Two float64[n, t + h], for each period of past and future.
    """
    season, reach = frequency.season, demand.shape[1]
    rows = -(-reach // season)
    fading = np.exp2(-np.arange(rows - 1, -1, -1) / _FADING[frequency])
    weight = _by_phase(known, season, fading)
    # The last column of a row of seasons is the last period, so the first one to come is phase 0.
    place = np.arange(-reach, horizon) % season
    phases = []
    for column in (demand, demand > 0):
        summed = _by_phase(column, season, fading)
        usual = summed.sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-12)
        phases.append(((summed + _PRIOR * usual[:, None]) / (weight + _PRIOR))[:, place])
    return phases[0], phases[1]


def _by_phase(column: NDArray[np.generic], season: int, fading: Floats) -> Floats:
    """float64[n, season], the weighted sum of a column float64[n, t] at each place of the season."""
    rows, (count, reach) = len(fading), column.shape
    padded = np.zeros((count, rows * season))
    padded[:, rows * season - reach :] = column
    return np.einsum("nrs,r->ns", padded.reshape(count, rows, season), fading)


def last_year(
    frequency: Frequency, demand: Floats, known: NDArray[np.bool_], horizon: int
) -> tuple[Floats, Floats]:
    """Mean demand around the same time a year before, and whether any of it is known.

    Returns:
        Two float64[n, t + h], for each period of past and future; 0 where nothing is known.
    """
    year, near, (count, reach) = _YEARS[frequency], _NEAR[frequency], demand.shape
    summed = np.concatenate([np.zeros((count, 1)), np.cumsum(demand, axis=1)], axis=1)
    seen = np.concatenate([np.zeros((count, 1)), np.cumsum(known, axis=1)], axis=1)
    # A horizon of more than a year reads the last year once more.
    centre = np.arange(reach + horizon) - year
    while (late := centre >= reach).any():
        centre = np.where(late, centre - year, centre)
    first, until = np.clip(centre - near, 0, reach), np.clip(centre + near + 1, 0, reach)
    number = seen[:, until] - seen[:, first]
    mean = (summed[:, until] - summed[:, first]) / np.maximum(number, 1.0)
    return np.where(number > 0, mean, 0.0), (number > 0).astype(np.float64)


def pooled_sums(frequency: Frequency, demand: Floats, known: NDArray[np.bool_]) -> Floats:
    """float64[n], how much more sums over some periods vary than if the periods owed each other nothing.

    As the logarithm of the ratio of variances, from -2 to 2; 0 where it cannot be told.
    """
    length = _POOLED[frequency]
    count, reach = demand.shape
    rows = reach // length
    shape = (count, rows, length)
    some = demand[:, reach - rows * length :].reshape(shape)
    whole = known[:, reach - rows * length :].reshape(shape).all(axis=2)
    number = np.maximum(whole.sum(axis=1), 1)
    sums = some.sum(axis=2)
    mean = (sums * whole).sum(axis=1) / number
    between = ((sums - mean[:, None]) ** 2 * whole).sum(axis=1) / number
    within = ((some - mean[:, None, None] / length) ** 2 * whole[:, :, None]).sum(axis=(1, 2)) / number
    enough = (whole.sum(axis=1) >= _ENOUGH) & (within > 0) & (between > 0)
    ratio = np.where(enough, between, 1.0) / np.where(enough, within, 1.0)
    clipped: Floats = np.clip(np.log(ratio), -2.0, 2.0)
    return clipped
