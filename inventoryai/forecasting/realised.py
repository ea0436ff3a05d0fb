"""A forecast judged by the sales that have come since it was made."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting.evaluation import window_before
from inventoryai.forecasting.measures import Scores
from inventoryai.forecasting.panel import Panel
from inventoryai.forecasting.prediction import Prediction


@dataclass(frozen=True, slots=True, eq=False)
class Realised:
    """What came of a forecast so far.

    Attributes:
        scores: The marks of n products, NaN for those that had no history when it was made.
        actual: float64[n, k], the demand of its first k periods, which are over; NaN where it is unknown.
    """

    scores: Scores
    actual: NDArray[np.float64]

    @property
    def periods(self) -> int:
        """How many periods of the forecast are over."""
        return int(self.actual.shape[1])


def realised(panel: Panel, first: int, forecast: Prediction) -> Realised | None:
    """Judge a forecast by what came; None while no period of it is over.

    Args:
        panel: Whole histories as they are known today, of the n products of the forecast.
        first: Ordinal of the first period that was forecast; what came before it gives the scales.
        forecast: What was said.
    """
    gone = panel.end - first if len(panel) else 0
    if gone <= 0:
        return None
    periods = min(gone, forecast.horizon)
    window = window_before(panel, gone, periods)
    judged = beginning(forecast, periods).subset(window.products)
    actual = np.full((len(panel), periods), np.nan)
    actual[window.products] = window.actual
    marks = Scores.of(window.scales, window.actual, judged)
    return Realised(Scores.gathered([(window.products, marks)], len(panel)), actual)


def beginning(forecast: Prediction, periods: int) -> Prediction:
    """What a forecast says of its first periods; all that it says of them, as totals begin there, too."""
    return Prediction(
        mean=forecast.mean[:, :periods],
        quantiles=forecast.quantiles[:, :periods],
        totals=forecast.totals[:, :periods],
        levels=forecast.levels,
    )
