"""A regression for each product, made a distribution by the errors that it makes."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from inventoryai.forecasting import Panel, Prediction

Matrix = NDArray[np.float64]

_YEAR: Final = 365
_LONGEST: Final = 730
"""Periods that are looked at; what is older says little about what is next."""


@dataclass(frozen=True, slots=True)
class RidgeEngine:
    """An ``inventoryai.forecasting.Engine``."""

    alpha: float = 1.0

    def predict(self, panel: Panel, horizon: int, levels: NDArray[np.float64], seed: int) -> Prediction:
        """See ``Engine``."""
        width = min(_LONGEST, int(panel.lengths.max()))
        history = panel.tail(width)
        point, errors = np.empty((len(panel), horizon)), np.full((len(panel), width), np.nan)
        for product in range(len(panel)):
            features = self._features(panel, product, width, horizon)
            known = ~np.isnan(history[product])
            demand = history[product, known]
            scale = demand.max() or 1.0
            model = Ridge(alpha=self.alpha).fit(features[:width][known], demand / scale)
            fitted = model.predict(features) * scale
            errors[product] = history[product] - fitted[:width]
            point[product] = np.maximum(fitted[width:], 0.0)
        return Prediction.from_errors(point, errors, levels, seed, season=panel.frequency.season)

    def _features(self, panel: Panel, product: int, width: int, horizon: int) -> Matrix:
        """float64[width + horizon, features], of the last periods and of those to come."""
        season = panel.frequency.season
        time = np.arange(-width, horizon)
        columns = [time / _YEAR, *(time % season == point for point in range(season))]
        columns += [_covariate(panel, name, product, width, horizon) for name in ("holiday", "promotion")]
        return np.stack(columns, axis=1).astype(np.float64)


def _covariate(panel: Panel, name: str, product: int, width: int, horizon: int) -> Matrix:
    """float64[width + horizon]: 0 before the product began, and where nothing is known."""
    column = np.zeros(width + horizon)
    if name in panel.covariates and name in panel.future:
        past = panel.covariates[name][panel.offsets[product] : panel.offsets[product + 1]][-width:]
        column[width - len(past) : width] = past
        column[width:] = panel.future[name][product, :horizon]
    return column
