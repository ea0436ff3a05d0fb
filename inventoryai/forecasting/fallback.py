"""What the host forecasts itself when no engine can: last season again, or the mean. No plugin needed."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction

SEASONAL_NAIVE: Final = "fallback.seasonal_naive"
MEAN: Final = "fallback.mean"

_SEASONS: Final = {Frequency.DAY: 8, Frequency.WEEK: 3, Frequency.MONTH: 4}
"""How many seasons back the last season, and the mistakes of repeating it, are read from."""
_PATHS: Final = 200


def fall_back(
    panel: Panel, horizon: int, levels: tuple[float, ...], seed: int
) -> tuple[Prediction, list[str]]:
    """A forecast of every product, and what made each.

    Seasonal naive for a product that has a known demand at every point of the season and has seen
    some of them twice; the mean of all that is known for the others.

    Args:
        panel: Products with at least one known period each.
        horizon: Periods ahead.
        levels: Rising, within 0 and 1.
        seed: Where random draws come from.

    Returns:
        The prediction, and ``SEASONAL_NAIVE`` or ``MEAN`` for each product.
    """
    season = panel.frequency.season
    recent = panel.tail(_SEASONS[panel.frequency] * season)
    mistakes = recent[:, season:] - recent[:, :-season]
    last = _last_season(recent, season)
    seasonal: NDArray[np.bool_] = np.logical_not(
        np.isnan(last).any(axis=1) | np.isnan(mistakes).all(axis=1), dtype=np.bool_
    )

    mean = _means(panel)[:, None]
    steps = np.arange(horizon) % season
    point = np.where(seasonal[:, None], last[:, steps], mean)
    errors = np.where(seasonal[:, None], mistakes, (recent - mean)[:, season:])
    prediction = Prediction.from_errors(point, errors, levels, seed, season=season, paths=_PATHS)
    return prediction, [SEASONAL_NAIVE if yes else MEAN for yes in seasonal.tolist()]


def _last_season(recent: NDArray[np.float64], season: int) -> NDArray[np.float64]:
    """float64[n, season], the latest known demand at each point of the season, NaN where there is none."""
    turns = recent.reshape(len(recent), recent.shape[1] // season, season)
    latest: NDArray[np.float64] = turns[:, 0]
    for turn in range(1, turns.shape[1]):
        latest = np.where(np.isnan(turns[:, turn]), latest, turns[:, turn])
    return latest


def _means(panel: Panel) -> NDArray[np.float64]:
    """float64[n], the mean of the known periods of each product, 0 where there are none."""
    sums = np.bincount(panel.owners(), weights=np.nan_to_num(panel.values), minlength=len(panel))
    means: NDArray[np.float64] = sums / np.maximum(panel.known(), 1)
    return means
